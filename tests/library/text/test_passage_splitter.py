"""Passages keep tables under their heads, lists with their lead-in, and say where they stand."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.base.paths import embedding_model
from core.library.extractors import file_formats
from core.library.text.embedder_token_counter import EmbedderTokenCounter
from core.library.text.passage_splitter import (
    PASSAGE_TOKENS,
    SplitText,
    split_in_steps,
    text_to_embed,
)
from core.library.text.section_grouping import group_into_sections
from core.messages import DocumentPage
from tests.library.text.whole_document import split_document

WINDOW = 256


@pytest.fixture(scope="module")
def counter() -> EmbedderTokenCounter:
    return EmbedderTokenCounter(embedding_model())


def cut_text(counter: EmbedderTokenCounter, text: str, *, line: int | None = None) -> SplitText:
    page = DocumentPage(number=1, heading="", text=text, line=line)
    return split_document((page,), "a.txt", counter, WINDOW)


def texts_of(document: SplitText) -> list[str]:
    return [document.text[p.start : p.end] for p in document.passages]


def table(rows: int) -> str:
    lines = [
        f"{n} | Garage Timm no. {n} | oil, filters and brake fluid | {n * 17}" for n in range(rows)
    ]
    return "\n".join(["date | workshop | work | cost EUR", *lines])


def test_each_part_of_a_long_table_has_its_head(counter: EmbedderTokenCounter) -> None:
    document = cut_text(counter, f"What the car cost:\n\n{table(60)}\n\nThat was all.")
    texts = texts_of(document)
    assert len(texts) > 5
    assert texts[0].startswith("What the car cost:")
    for text in texts[:-1]:
        assert "date | workshop | work | cost EUR" in text
    rows = [line for text in texts for line in text.split("\n") if "Garage" in line]
    assert rows == table(60).split("\n")[1:]
    for section in group_into_sections(document):
        assert "date | workshop" in document.text[section.start : section.end]


def test_a_markdown_table_repeats_its_head_with_the_rule(counter: EmbedderTokenCounter) -> None:
    rows = "\n".join(f"| part {n} | a sentence that says what part {n} is for |" for n in range(40))
    document = cut_text(counter, f"| name | use |\n| --- | --- |\n{rows}")
    assert len(document.passages) > 3
    for text in texts_of(document):
        assert text.startswith("| name | use |\n| --- | --- |\n| part")


def test_a_row_is_not_torn_and_knows_its_line(counter: EmbedderTokenCounter) -> None:
    document = cut_text(counter, table(60), line=5)
    lines = ["", "", "", "", "", *table(60).split("\n")]
    for passage, text in zip(document.passages, texts_of(document), strict=True):
        first_row = next(line for line in text.split("\n") if "Garage" in line)
        assert passage.line is not None
        assert first_row in (lines[passage.line], lines[passage.line + 1])


def test_a_wide_head_is_not_repeated(counter: EmbedderTokenCounter) -> None:
    head = " | ".join(f"column {n}" for n in range(60))
    row = " | ".join(str(n) for n in range(60))
    document = cut_text(counter, "\n".join([head, *[row] * 10]))
    assert document.text.count("column 59") == 1


def test_a_list_is_not_torn_from_the_line_that_leads_into_it(counter: EmbedderTokenCounter) -> None:
    filler = " ".join(f"The tenant of flat {n} pays small repairs himself." for n in range(12))
    items = "\n".join(f"- the boiler of flat {n} is looked after by the landlord" for n in range(9))
    for size in range(8, 12):
        some = ". ".join(filler.split(". ")[:size])
        texts = texts_of(cut_text(counter, f"{some}.\n\nThe landlord pays for:\n\n{items}"))
        (leading,) = [text for text in texts if "pays for:" in text]
        assert "- the boiler of flat 0" in leading


def test_a_paragraph_that_fits_is_kept_whole(counter: EmbedderTokenCounter) -> None:
    paragraphs = [
        " ".join(f"Sentence {n} of part {part} says something." for n in range(10))
        for part in range(6)
    ]
    texts = texts_of(cut_text(counter, "\n\n".join(paragraphs)))
    for paragraph in paragraphs:
        assert any(paragraph in text for text in texts)


@pytest.mark.parametrize(
    "sentence",
    [
        "会議は四月十五日の午後三時に大阪支店で開かれます。",
        "资料将在前一天发放给各位同事！",
        "متى يبدأ الاجتماع في المكتب؟ ",
        "बैठक अप्रैल में दिल्ली के कार्यालय में होगी। ",
        "Η συνάντηση θα γίνει στο γραφείο της Αθήνας. ",
        "Совещание пройдёт пятнадцатого апреля в Москве. ",
    ],
)
def test_sentences_of_other_languages_stay_whole(
    counter: EmbedderTokenCounter, sentence: str
) -> None:
    texts = texts_of(cut_text(counter, sentence * 30))
    assert len(texts) > 1
    for text in texts:
        assert text.startswith(sentence.strip())
        assert text.endswith(sentence.strip())


def test_writing_without_full_stops_is_cut_between_its_phrases(
    counter: EmbedderTokenCounter,
) -> None:
    phrase = "การประชุมจะจัดขึ้นในวันที่สิบห้าเมษายน "
    texts = texts_of(cut_text(counter, phrase * 400))
    assert len(texts) > 1
    for text in texts[:-1]:
        assert text.rstrip().endswith("เมษายน")


def test_a_word_without_end_is_cut_between_letters_with_their_signs(
    counter: EmbedderTokenCounter,
) -> None:
    texts = texts_of(cut_text(counter, "e\u0301" * 900))
    assert "".join(texts) == "e\u0301" * 900
    assert all(text.startswith("e") for text in texts)


def test_functions_stand_in_the_title_path(counter: EmbedderTokenCounter) -> None:
    code = "import os\n\n\nclass Reader:\n" + "".join(
        f"    # number {n}\n    def read_{n}(self):\n        return {n}\n\n" for n in range(20)
    )
    pages = file_formats.extract_content(code.encode(), "tools.py").pages
    document = split_document(pages, "tools.py", counter, WINDOW)
    titles = [passage.title for passage in document.passages]
    assert titles[0] == "tools"
    assert "tools > class Reader > read_7()" in titles
    seventh = document.passages[titles.index("tools > class Reader > read_7()")]
    assert document.text[seventh.start : seventh.end].startswith("# number 7\n")
    assert seventh.line == code[: code.index("    # number 7")].count("\n") + 1


pieces = st.lists(
    st.sampled_from(
        [
            "The rent is due.",
            "The landlord pays for:\n",
            "- the roof\n- the boiler",
            "a | b | c\n" + "one | two words | three more words\n" * 30,
            "会議は大阪で開かれます。" * 20,
            "word " * 300,
            "x" * 700,
            "ไม่มีจุด " * 60,
            "\n",
        ]
    ),
    min_size=1,
    max_size=12,
).map("\n\n".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=3))
def test_nothing_is_lost_and_all_stays_in_order(
    counter: EmbedderTokenCounter, texts: list[str]
) -> None:
    pages = tuple(
        DocumentPage(number=n, heading=f"Part {n}", text=text.strip(), line=1)
        for n, text in enumerate(texts, 1)
    )
    document = split_document(pages, "rental agreement.docx", counter, WINDOW)
    for before, after in itertools.pairwise(document.passages):
        assert before.end <= after.start
        assert (before.page or 0) <= (after.page or 0)
    for page in pages:
        own = [p for p in document.passages if p.page == page.number]
        covered = "".join(document.text[p.start : p.end] for p in own)
        left = "".join(covered.split())
        for piece in page.text.split():
            at = left.find(piece)
            assert at >= 0
            left = left[at + len(piece) :]
        for passage in own:
            body = document.text[passage.start : passage.end]
            assert counter.count_tokens(text_to_embed(body, passage.title)) + 2 <= WINDOW
            assert passage.tokens <= max(PASSAGE_TOKENS, WINDOW)
            line = page.text.split("\n")[(passage.line or 1) - 1]
            assert body.split("\n")[0].strip() in line or "a | b | c" in body


def test_a_text_without_paragraphs_is_cut_in_short_steps(counter: EmbedderTokenCounter) -> None:
    page = DocumentPage(number=None, heading="", text="The pump was started again. " * 9000)
    *waits, document = split_in_steps((page,), "pump.log", counter, WINDOW)
    assert document is not None
    assert len(waits) > len(document.text) // 50_000 + len(document.passages) // 100
    assert all(text.endswith("again.") for text in texts_of(document))
