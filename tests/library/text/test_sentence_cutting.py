"""Sentences, passages and sections: nothing lost, nothing torn, everything within its window."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.base.paths import embedding_model
from core.base.sentences import sentence_spans
from core.library.text import embedder_token_counter
from core.library.text.embedder_token_counter import EmbedderTokenCounter
from core.library.text.passage_splitter import (
    SplitText,
    split_in_steps,
    text_to_embed,
    title_path,
)
from core.library.text.section_grouping import (
    OVERLAP_TOKENS,
    SECTION_TOKENS,
    group_into_sections,
)
from core.messages import DocumentPage
from tests.library.text.whole_document import split_document

WINDOW = 256


@pytest.fixture(scope="module")
def counter() -> EmbedderTokenCounter:
    return EmbedderTokenCounter(embedding_model())


def page(text: str, heading: str = "", number: int | None = None) -> DocumentPage:
    return DocumentPage(number=number, heading=heading, text=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith pays 3.50 euros, e.g. today.", ["Dr. Smith pays 3.50 euros, e.g. today."]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("First\n\nSecond", ["First", "Second"]),
        ("List:\n- one\n- two", ["List:", "- one", "- two"]),
        ("| a | b |\n| 1 | 2 |", ["| a | b |", "| 1 | 2 |"]),
        ("会議は三時です。資料は前日。", ["会議は三時です。", "資料は前日。"]),
        ("Das ist z.B. Nr. 5. Über alles.", ["Das ist z.B. Nr. 5.", "Über alles."]),
        ("Dne 3. října začala zima. Pak.", ["Dne 3. října začala zima.", "Pak."]),
        ("Ціна 5 тис. грн. за штуку. Далі.", ["Ціна 5 тис. грн. за штуку.", "Далі."]),
        ("Con l’avv. Donati e il sig. Ferri.", ["Con l’avv. Donati e il sig. Ferri."]),
        ("O godz. 17:30 w sali nr. 112.", ["O godz. 17:30 w sali nr. 112."]),
        ("Dat zegt dhr. Jansen. Klaar.", ["Dat zegt dhr. Jansen.", "Klaar."]),
        ("डॉ. शर्मा आए। वे बैठे।", ["डॉ. शर्मा आए।", "वे बैठे।"]),
        ("It is John’s. The rest is not.", ["It is John’s.", "The rest is not."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


@given(st.text(alphabet="ab .!?\n-|。é", max_size=300))
def test_sentences_lose_nothing(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


words = st.lists(
    st.sampled_from(
        ["rent", "boiler", "is", "E18.", "paid!", "\n\n", "x" * 30, "Ümlaut", "- item"]
    ),
    max_size=900,
).map(" ".join)


@settings(max_examples=30)
@given(st.lists(words, min_size=1, max_size=4))
def test_passages_fit_the_window_and_cover_the_text(
    counter: EmbedderTokenCounter, texts: list[str]
) -> None:
    pages = tuple(page(text, heading=f"Part {n}", number=n) for n, text in enumerate(texts, 1))
    document = split_document(pages, "rental agreement.docx", counter, WINDOW)
    for passage in document.passages:
        body = document.text[passage.start : passage.end]
        assert counter.count_tokens(text_to_embed(body, passage.title)) + 2 <= WINDOW
        assert passage.heading == f"Part {passage.page}"
    covered = "".join(document.text[p.start : p.end] for p in document.passages)
    assert "".join(covered.split()) == "".join("".join(texts).split())


@settings(max_examples=30)
@given(st.lists(words, min_size=1, max_size=4))
def test_sections_hold_their_passages_whole(
    counter: EmbedderTokenCounter, texts: list[str]
) -> None:
    pages = tuple(page(text, heading=f"Part {n}") for n, text in enumerate(texts))
    document = split_document(pages, "a.txt", counter, WINDOW)
    found = group_into_sections(document)
    order = [index for section in found for index in range(section.first, section.last)]
    assert order == list(range(len(document.passages)))
    for section in found:
        assert counter.count_tokens(document.text[section.start : section.end]) <= SECTION_TOKENS
        for passage in document.passages[section.first : section.last]:
            assert section.start <= passage.start
            assert passage.end <= section.end


def long_document(counter: EmbedderTokenCounter) -> SplitText:
    text = " ".join(f"Sentence number {n} tells what happened on day {n}." for n in range(400))
    return split_document((page(text),), "diary.txt", counter, WINDOW)


def test_sections_overlap(counter: EmbedderTokenCounter) -> None:
    document = long_document(counter)
    found = group_into_sections(document)
    assert len(found) > 2
    for before, after in itertools.pairwise(found):
        overlap = counter.count_tokens(document.text[after.start : before.end])
        assert 0 < overlap <= OVERLAP_TOKENS


def test_a_heading_ends_a_passage_and_stands_in_its_title(counter: EmbedderTokenCounter) -> None:
    document = split_document(
        (page("A.", "Home"), page("B.", "Home > Rent")), "my_flat.md", counter, WINDOW
    )
    titles = [passage.title for passage in document.passages]
    assert titles == ["my flat > Home", "my flat > Home > Rent"]


def test_a_title_is_words_not_a_file_name() -> None:
    assert title_path("Rental_agreement-v2.docx", "§8 Notice") == "Rental agreement-v2 > §8 Notice"


def test_no_text_gives_no_passages(counter: EmbedderTokenCounter) -> None:
    document = split_document((page(" \n "),), "a.txt", counter, WINDOW)
    assert document.passages == ()
    assert group_into_sections(document) == ()


@given(
    st.lists(st.sampled_from(["rent", "E18.", "paid!", "\n\n", "家賃", "é"])).map(" ".join),
    st.integers(8, 40),
)
def test_slices_have_the_tokens_of_the_whole_text(
    counter: EmbedderTokenCounter, text: str, size: int
) -> None:
    *_, whole = counter.map_in_steps(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedder_token_counter, "_SLICE", size)
        *_, sliced = counter.map_in_steps(text)
    assert whole is not None
    assert sliced is not None
    for at in range(len(text) + 1):
        assert sliced.count_tokens(0, at) == whole.count_tokens(0, at)


def test_a_long_document_is_cut_in_short_steps(counter: EmbedderTokenCounter) -> None:
    pages = tuple(page("The tenant pays small repairs. " * 30, number=n) for n in range(300))
    *waits, document = split_in_steps(pages, "manual.pdf", counter, WINDOW)
    assert waits == [None] * len(waits)
    assert len(waits) > 10
    assert document is not None
    assert document.passages == split_document(pages, "manual.pdf", counter, WINDOW).passages
