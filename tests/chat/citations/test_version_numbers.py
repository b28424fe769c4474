"""Tests for versions that a statement and its source write in two ways."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.version_numbers import spelled_alike
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
