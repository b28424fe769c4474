"""Tests for versions and numbers that a statement and its source write in two ways."""

import pytest

from core.chat.citations.alike_spellings import spelled_alike
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_features import answer_features
from core.chat.conversations.conversation import Source


def _asked(answer: str, text: str) -> list[tuple[str, str]]:
    source = Source(
        n=1, folder_id="f", folder="Work", file="guide.md", path="", page=None, heading="",
        text=text, content_hash="", score=1.0,
    )  # fmt: skip
    return AnswerJudgement(answer, [source]).statements()


def test_a_judge_reads_versions_alike() -> None:
    [(said, read)] = _asked(
        "This guide helps you migrate from 3 to 4.", "This guide helps you migrate from v3 to v4."
    )
    assert said == read


@pytest.mark.parametrize(
    ("said", "read", "expected"),
    [
        ("It needs v3.1.", "Version 3.1 is needed.", "It needs 3.1."),
        ("It needs version 3.", "It needs v3.1.", "It needs version 3."),
        ("It needs v3.", "It needs v3, not the 3 of old.", "It needs v3."),
        ("A V8 engine drives it.", "An engine drives it.", "A V8 engine drives it."),
        ("It runs in dev3.", "It runs in 3 places.", "It runs in dev3."),
    ],
)
def test_other_letters_stay(said: str, read: str, expected: str) -> None:
    assert spelled_alike(said, read)[0] == expected
    assert spelled_alike(read, said)[1] == expected


@pytest.mark.parametrize(
    ("said", "read", "expected"),
    [
        ("It rests 9 hours.", "It rests for nine hours.", "It rests for 9 hours."),
        ("Nach 21 Tagen.", "Nach einundzwanzig Tagen.", "Nach 21 Tagen."),
        ("Au bout de 99 jours.", "Après quatre-vingt-dix-neuf jours.", "Après 99 jours."),
        ("Son 31 días.", "Son treinta y un días.", "Son 31 días."),
        ("Na 22 dagen.", "Na tweeëntwintig dagen.", "Na 22 dagen."),
        ("Na 39 dagen.", "Na negenendertig dagen.", "Na 39 dagen."),
        ("São 14 dias.", "São catorze dias.", "São 14 dias."),
        ("It costs 250 euros.", "Zweihundertfünfzig Euro kostet es.", "250 Euro kostet es."),
        ("It is 9 hours.", "It is nine or 9 hours.", "It is nine or 9 hours."),
        ("It is 3 days.", "It is on the third day.", "It is on the third day."),
        ("It is 9.5 hours.", "It is nine hours.", "It is nine hours."),
        ("It is 20 days.", "It is twenty-one days.", "It is twenty-one days."),
    ],
)
def test_a_judge_reads_numbers_alike(said: str, read: str, expected: str) -> None:
    assert spelled_alike(said, read)[1] == expected


def test_a_statement_in_words_is_read_in_the_figures_of_its_source() -> None:
    said, read = spelled_alike("It rests for nine hours.", "Resting: 9 hours, then 35 minutes.")
    assert (said, read) == ("It rests for 9 hours.", "Resting: 9 hours, then 35 minutes.")


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("It takes twenty-one days.", {"21"}),
        ("Quatre-vingts francs et dix-sept sous.", {"80", "17"}),
        ("Zweihundertfünfzig Gramm.", {"250"}),
        ("Twenty, five or six cents.", {"20", "5", "6"}),
        ("One of us has a quince.", set()),
        ("One hundred and five euros.", {"105"}),
    ],
)
def test_numbers_in_words_are_read_whole(sentence: str, numbers: set[str]) -> None:
    assert answer_features(sentence).numbers == numbers
