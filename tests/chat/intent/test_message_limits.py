"""Limits of what is talk, a task, a question about the library and a sum."""

import datetime as dt

import pytest

from core.chat.intent.library_question import read_library_question
from core.chat.intent.message_intent import LONGEST, Intent, library_question, message_intent
from core.chat.tools.number_reading import read_number_words
from core.chat.tools.sum_reading import read_sum

TODAY = dt.datetime(2026, 11, 26, 15, 0, tzinfo=dt.UTC)


def test_talk_has_an_end() -> None:
    few, many = "thanks " * 9, "thanks " * (LONGEST // 7 + 2)
    assert message_intent(few, has_history=False) is Intent.TALK
    assert message_intent(many, has_history=False) is Intent.QUESTION


@pytest.mark.parametrize("text", ["Das hat mir sehr geholfen?", "was hat mir geholfen"])
def test_words_of_thanks_can_ask(text: str) -> None:
    assert message_intent(text.rstrip("?").replace("was ", "das "), has_history=True) is Intent.TALK
    assert message_intent(text, has_history=True) is Intent.QUESTION


def test_nothing_is_reworded_before_something_was_said() -> None:
    assert message_intent("make it shorter", has_history=True) is Intent.TASK
    assert message_intent("make it shorter", has_history=False) is Intent.QUESTION


def test_a_question_of_many_words_is_about_what_is_said_in_files() -> None:
    few = library_question("show me the documents about red roses")
    assert few is not None
    assert few.words == ("red", "roses")
    assert library_question("show me the documents about red roses beside old walls") is None
    assert library_question(f"show me the documents about {'r' * 200}") is None


@pytest.mark.parametrize(
    ("text", "words", "types"),
    [
        ("how many emails are there?", (), ("eml", "msg", "mbox")),
        ("文件夹里有多少文件？", (), ()),
        ("which files of newsletters were changed this week?", (), ()),
        ("which contracts were changed this week?", ("contracts",), ()),
    ],
)
def test_words_that_ask_are_not_looked_up(
    text: str, words: tuple[str, ...], types: tuple[str, ...]
) -> None:
    read = library_question(text)
    assert read is not None
    assert (read.words, read.types) == (words, types)


def test_a_year_begins_in_january() -> None:
    read = read_library_question("what changed this year?", TODAY)
    assert read is not None
    assert read.since == dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp()


@pytest.mark.parametrize("text", ["15 % of 80 + 2", "05 + 3"])
def test_a_sum_that_may_mean_two_is_none(text: str) -> None:
    assert read_sum(text.removeprefix("0").removesuffix(" + 2")) is not None
    assert read_sum(text) is None


def test_french_counts_on_from_ten() -> None:
    assert read_number_words("dix-sept") == 17
    assert read_number_words("soixante-dix-huit") == 78
