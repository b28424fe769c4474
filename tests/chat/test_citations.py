"""Citations: what supports a sentence, and what only claims to."""

import pytest

from core.chat.citations import cite, sentences, strip_markers, words
from core.chat.conversation import Source


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


def cited(answer: str) -> list[tuple[str, int]]:
    text, citations = cite(answer, ALL)
    return [(text[c.start : c.end], c.n) for c in citations]


def test_each_sentence_gets_the_passage_that_supports_it() -> None:
    answer = "The long beds are watered every second Friday. The rent is 740 euros a month."
    assert cited(answer) == [
        ("The long beds are watered every second Friday.", 1),
        ("The rent is 740 euros a month.", 2),
    ]


def test_a_sentence_no_passage_supports_gets_none() -> None:
    assert cited("The moon landing was broadcast on television worldwide.") == []


def test_a_wrong_figure_is_not_supported() -> None:
    assert cited("The monthly rent is 750 euros, due on the third working day.") == []


def test_a_marker_without_support_is_removed() -> None:
    text, citations = cite("Penguins live in the Antarctic [1].", ALL)
    assert text == "Penguins live in the Antarctic."
    assert citations == ()


def test_the_models_own_marker_counts_where_it_is_nearly_supported() -> None:
    plain = "Watering the beds happens on a Friday, done by volunteers of the association."
    claimed = plain.replace(".", " [1].")
    assert [n for _, n in cited(claimed)] == [1]


def test_markers_move_to_the_right_number() -> None:
    assert cited("Tools are cleaned and hung up in the shed [2].") == [
        ("Tools are cleaned and hung up in the shed.", 3)
    ]


def test_brackets_in_code_stay() -> None:
    text, markers = strip_markers("Use `items[1]` here [2].\n```\nx = a[3]\n```")
    assert text == "Use `items[1]` here.\n```\nx = a[3]\n```"
    assert [n for _, n in markers] == [2]


def test_without_sources_nothing_is_touched() -> None:
    assert cite("a[1] and [2].", ()) == ("a[1] and [2].", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Weber came at 3.30 p.m. He left.", ["Dr. Weber came at 3.30 p.m.", "He left."]),
        ("水をやる。終わり。", ["水をやる。", "終わり。"]),
        ("- first\n- second", ["- first", "- second"]),
        ("No end", ["No end"]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_words_meet_across_endings() -> None:
    assert words("renewed")[0] == words("renews")[0]
    assert words("740") == ["740"]
    assert len(words("会議は午後三時")) > 2
