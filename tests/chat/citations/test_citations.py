"""Citations: what supports a sentence, and what only claims to."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chat.citations.answer_sentences import answer_sentence_spans
from core.chat.citations.citation_markers import strip_markers
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_features import answer_features
from core.chat.citations.shown_passages import show_cited_parts
from core.chat.conversations.conversation import Citation, Source


def source(n: int, text: str) -> Source:
    return Source(
        n=n,
        folder_id="f",
        folder="Home",
        file=f"{n}.txt",
        path=f"/home/{n}.txt",
        page=None,
        heading="",
        text=text,
        content_hash="",
        score=1.0,
    )


WATERING = source(1, "The long beds are watered every second Friday by the group that has the key.")
RENT = source(2, "The monthly rent is 740 euros, due on the third working day of each month.")
TOOLS = source(3, "Tools are cleaned and hung up in the shed after use.")
ALL = (WATERING, RENT, TOOLS)


def cite(raw: str, sources: Sequence[Source]) -> tuple[str, tuple[Citation, ...]]:
    judged = AnswerJudgement(raw, sources).result()
    return judged.text, judged.citations


def cited(answer: str) -> list[tuple[str, int]]:
    text, citations = cite(answer, ALL)
    return [(text[c.start : c.end], c.n) for c in citations]


def test_each_sentence_gets_the_passage_that_supports_it() -> None:
    answer = "The long beds are watered every second Friday. The rent is 740 euros a month."
    assert cited(answer) == [
        ("The long beds are watered every second Friday.", 1),
        ("The rent is 740 euros a month.", 2),
    ]


def test_a_citation_names_the_sentence_of_its_source() -> None:
    passage = source(
        1, "Pets need consent. The rent is 740 euros a month.\nTools stay in the shed."
    )
    _, (citation,) = cite("The rent is 740 euros.", [passage])
    said = passage.text[citation.source_start : citation.source_end]
    assert said == "The rent is 740 euros a month."


SECTION = (
    "The garden has two gates. "
    + "Nobody lives there, and it has been so for a long time. " * 12
    + "The north gate is closed at nine. The key hangs in the shed. "
    + "The south gate is never closed."
)

AROUND = "so for a long time. The north gate is closed at nine. The key hangs in the shed."


@pytest.mark.parametrize(
    ("passage", "shown"),
    [
        ("The north gate is closed at nine.", "The north gate is closed at nine."),
        (
            "The key hangs in the shed.",
            AROUND + " The south gate is never closed.",
        ),
        (
            "The garden has two gates.",
            AROUND,
        ),
    ],
)
def test_what_is_shown_of_a_section_holds_what_is_cited(passage: str, shown: str) -> None:
    read = source(1, SECTION)
    judged = AnswerJudgement("The north gate is closed at nine.", [read]).result()
    (source_,), moved = show_cited_parts([source(1, passage)], [read], judged)
    (citation,), (sentence,) = moved.citations, moved.sentences
    assert (sentence.source_start, sentence.source_end) == (
        citation.source_start,
        citation.source_end,
    )
    said = source_.text[citation.source_start : citation.source_end]
    assert said == "The north gate is closed at nine."
    assert source_.text.endswith(shown)
    assert len(source_.text) < len(shown) + 80


@pytest.mark.parametrize(
    "sentence",
    [
        "The moon landing was broadcast on television worldwide.",
        "The monthly rent is 750 euros, due on the third working day.",
    ],
    ids=["told by no passage", "a wrong figure"],
)
def test_a_sentence_that_no_passage_supports_is_not_cited(sentence: str) -> None:
    assert cited(sentence) == []


def test_a_marker_without_support_is_removed() -> None:
    text, citations = cite("Penguins live in the Antarctic [1].", ALL)
    assert text == "Penguins live in the Antarctic."
    assert citations == ()


def test_markers_move_to_the_right_number() -> None:
    assert cited("Tools are cleaned and hung up in the shed [2].") == [
        ("Tools are cleaned and hung up in the shed.", 3)
    ]


def test_without_sources_nothing_is_touched() -> None:
    assert cite("a[1] and [2].", ()) == ("a[1] and [2].", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Use `items[1]` here [2].\n```\nx = a[3]\n```",
            "Use `items[1]` here.\n```\nx = a[3]\n```",
        ),
        ("x = a[1] + b[2]", "x = a[1] + b[2]"),
        ("a[1] and b[2]", "a[1] and b[2]"),
        ("x = [1]", "x = [1]"),
        ("Watered on Friday[1].", "Watered on Friday."),
        ("It is due (see [1], p. 3).", "It is due."),
        ("It is due (in part [1]).", "It is due (in part)."),
        ("It is due.\nSource: [1], [2] and [3]", "It is due."),
        ("It is due.\n[1]\nThen not.", "It is due.\nThen not."),
        ("[1] The beds", "The beds"),
        ("- [1] The beds [2][3].", "- The beds."),
        ("`x` [1] foo", "`x` foo"),
        ("In [2023], [a link](x) and [1](y)", "In [2023], [a link](x) and [1](y)"),
    ],
)
def test_markers_go_and_the_text_stays_whole(text: str, expected: str) -> None:
    assert strip_markers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Weber came at 3.30 p.m. He left.", ["Dr. Weber came at 3.30 p.m.", "He left."]),
        ("水をやる。終わり。", ["水をやる。", "終わり。"]),
        ("- first\n- second", ["- first", "- second"]),
        ("one line\nanother", ["one line", "another"]),
        ("1. The rent is due.\n2. Tools.", ["1. The rent is due.", "2. Tools."]),
        ("Der Vertrag beginnt am 1. März 2023.", ["Der Vertrag beginnt am 1. März 2023."]),
        ("Paid by 28 Feb. 2026. Then not.", ["Paid by 28 Feb. 2026.", "Then not."]),
        ("It is due (see, p. 3). Then.", ["It is due (see, p. 3).", "Then."]),
        ("Kleintiere, z. B. Hamster, sind erlaubt.", ["Kleintiere, z. B. Hamster, sind erlaubt."]),
        ("No. Pets are out.", ["No.", "Pets are out."]),
        ("No end", ["No end"]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in answer_sentence_spans(text)] == expected


def supports(sentence: str, *passages: str) -> list[int]:
    """Return the numbers that `sentence` is cited with."""
    _, citations = cite(sentence, [source(n, text) for n, text in enumerate(passages, start=1)])
    return [citation.n for citation in citations]


OTHER = "Tools are cleaned and hung up in the shed after use."


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The rent is 1250 euros.", "The rent is 1,250 euros a month."),
        ("The rent is 1.250 euros.", "The rent is 1 250 euros a month."),
        ("Die Miete beträgt 1.250,00 Euro.", "Die Miete beträgt 1250 Euro."),
        ("It is due on the 3rd working day.", "The rent is due on the third working day."),
        ("Die Frist beträgt 3 Monate.", "Die Frist beträgt drei Monate zum Quartal."),
        ("The notice period is 1 month.", "The notice period is one month."),
        ("The lease began on 1 March 2023.", "Lease, signed: it began 01.03.2023."),
        ("Der Vertrag beginnt am 1. März 2023.", "Der Vertrag beginnt am 2023-03-01."),
        ("The lease began on March 1, 2023.", "The lease began on 1 March 2023."),
        ("The office phone is 030/123-45 67.", "The office: phone (030) 1234567."),
        ("The shed opens at 9:00.", "The shed opens at 9.00 every day."),
        ("The answer to this question is: 1,250 euros.", "The deposit is 1,250 euros."),
        ("Die Antwort auf die Frage lautet: 740 Euro.", "Die Miete beträgt 740 Euro."),
        ("Selon le contexte fourni, le loyer est de 740 euros.", "Le loyer est de 740 euros."),
        ("La respuesta según el contexto es 740 euros.", "El alquiler es de 740 euros."),
        ("The deposit isn't returned within six weeks.", "The deposit is not returned in 6 weeks."),
        ("The rent is 740 euros (page 12).", "The rent is 740 euros."),
        ("1. The rent is 740 euros.", "The rent is 740 euros."),
        ("Friday", "The beds are watered on Friday."),
    ],
)
def test_the_same_in_other_words_is_cited(sentence: str, passage: str) -> None:
    assert supports(sentence, passage, OTHER) == [1]


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The rent is 1,520 euros a month.", "The rent is 1,250 euros a month."),
        ("The deposit is returned within eight weeks.", "The deposit is returned within 6 weeks."),
        ("The lease began on 1 April 2023.", "The lease began on 1 March 2023."),
        ("The next meeting is on June 9.", "Minutes of 14 June. Next meeting: 9 July."),
        ("The board approved the new fence.", "The board did not approve the new fence."),
        ("The notice period is 1 month.", "The notice period of a tenant is three months."),
        ("The office phone is 030/123-45 68.", "The office: phone (030) 1234567."),
        (
            "The deposit is not returned within six weeks.",
            "The deposit is returned within six weeks of moving out.",
        ),
        (
            "The deposit is returned within six weeks.",
            "The deposit isn't returned within six weeks.",
        ),
        (
            "Pets are allowed without the written consent of the owner.",
            "Pets are allowed only with the written consent of the owner.",
        ),
        ("Haustiere sind ohne Zustimmung erlaubt.", "Haustiere sind nur mit Zustimmung erlaubt."),
        (
            "Haustiere sind ohne Zustimmung erlaubt.",
            "Haustiere sind ohne Zustimmung des Vermieters nicht erlaubt.",
        ),
        ("Les chiens sont autorisés au jardin.", "Les chiens ne sont pas autorisés au jardin."),
        ("Los perros no pueden entrar al patio.", "Los perros pueden entrar al patio."),
        ("WhatsApp was acquired by Apple.", "In 2014 WhatsApp was acquired by Facebook."),
        ("2.", "The rent rose by 2 percent.\n\nThe rent."),
    ],
)
def test_what_the_passage_does_not_say_is_not_cited(sentence: str, passage: str) -> None:
    whole = f"{sentence}\nThat is all." if sentence == "2." else sentence
    assert supports(whole, passage, OTHER) == []


def test_a_negation_elsewhere_in_the_passage_does_not_matter() -> None:
    passage = "Cats are not allowed in the yard. The rent is 740 euros, not due before the third."
    assert supports("The rent is 740 euros a month.", passage, OTHER) == [1]


def test_two_passages_support_a_sentence_of_two_facts_together() -> None:
    sentence = "The long beds are watered every second Friday, and the monthly rent is 740 euros."
    assert supports(sentence, WATERING.text, RENT.text, OTHER) == [1, 2]
    assert supports(sentence.replace("740", "750"), WATERING.text, RENT.text, OTHER) == []


def test_words_meet_across_endings() -> None:
    assert answer_features("renewed").words == answer_features("renews").words
    assert answer_features("740").words == {"740"}
    assert len(answer_features("会議は午後三時").words) > 2


pieces = st.sampled_from(
    [
        "[1]",
        " [2, 3]",
        "(see [1])",
        "`a[1]`",
        "1.",
        "\n",
        " ",
        "1 March",
        "01.03.23",
        "99/99/2023",
        "+49 (30) 12-34",
        "1 250,00",
        "no",
        "n't",
        "ne",
        "pas",
        "three",
        "Weber",
        "- ",
        "。",
        "٣",
        "²",
    ]
)


@given(st.lists(pieces, max_size=25).map("".join), st.text(max_size=80))
def test_any_answer_and_passage_can_be_read(answer: str, passage: str) -> None:
    text, citations = cite(answer, [source(1, passage), source(2, answer)])
    assert all(0 <= c.start < c.end <= len(text) for c in citations)
    assert all(text[c.start : c.end] == text[c.start : c.end].strip() for c in citations)
