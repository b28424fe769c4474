"""Answers that repeat themselves are noticed; what repeats rightly is not."""

import random

import pytest

from core.chat.answering.repetition import RepetitionCheck

SENTENCE = "The north gate is closed at nine in the evening. "
LETTER = (
    "I hope this message finds you well. I am writing to let you know that the trip was wonderful"
    " and that I enjoyed every moment of it. "
)
CHORUS = "Row, row, row your boat,\nGently down the stream,\nMerrily, merrily, merrily, merrily,\n"


def noticed_at(text: str) -> int:
    """Return after how many characters the check says so, -1 for never."""
    check = RepetitionCheck()
    for start in range(0, len(text), 5):
        if check.add_text(text[start : start + 5]):
            return start
    return -1


def shuffled() -> str:
    chosen = random.Random(1)  # a loop that changes the order of what it repeats
    pieces = (SENTENCE, LETTER, "It is a long way to the sea and back again, my friend. ")
    return "".join(chosen.choice(pieces) for _ in range(60))


def coin_tosses(*sides: str) -> str:
    chosen = random.Random(2)
    return "".join(chosen.choice(sides) for _ in range(600))


def stuttered(words: tuple[str, ...], between: tuple[str, ...], glue: str) -> str:
    chosen = random.Random(3)  # no block is the same twice, and no eight words stood before
    pieces = (
        glue.join([chosen.choice(words)] * chosen.randint(4, 9) + [chosen.choice(between)])
        for _ in range(200)
    )
    return glue.join(pieces)


STRAY = tuple(f"{first}{last}" for first in ("sl", "th", "r", "del") for last in ("in", "ate", "y"))


@pytest.mark.parametrize(
    ("text", "by"),
    [
        pytest.param("Here it is. " + SENTENCE * 40, 700, id="a sentence"),
        pytest.param("Dear Marta,\n\n" + LETTER * 20, 1500, id="a paragraph"),
        pytest.param("the " * 300, 500, id="a word"),
        pytest.param("ha" * 600, 500, id="a syllable"),
        pytest.param("- Check the filter\n" * 60, 500, id="a list entry"),
        pytest.param("门在晚上九点关闭。" * 60, 400, id="without spaces"),
        pytest.param(shuffled(), 3600, id="in changing order"),
        pytest.param(
            stuttered(("silver", "gold", "coin"), STRAY, " "), 1500, id="words, some others"
        ),
        pytest.param(stuttered(("ver", "mer"), STRAY, ""), 700, id="syllables, some others"),
        pytest.param('```json\n{"a": 1},\n' + '{"a": 1, "b": "text"},\n' * 200, 2500, id="code"),
    ],
)
def test_a_loop_is_noticed(text: str, by: int) -> None:
    assert 0 < noticed_at(text) < by


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(map(str, range(1, 301))), id="numbers"),
        pytest.param(", ".join(map(str, range(1000))), id="numbers in a row"),
        pytest.param("\n".join(f"{n}. Check room {n}" for n in range(1, 200)), id="list"),
        pytest.param(
            "\n".join(f"{n} bottles of beer on the wall, {n} bottles." for n in range(99, 0, -1)),
            id="song with numbers",
        ),
        pytest.param((CHORUS + "Life is but a dream.\n\n") * 3, id="a round, sung three times"),
        pytest.param("| x | y |\n|---|---|\n" + "| 0 | 0 |\n" * 60, id="table of zeros"),
        pytest.param("```\n" + "0 0 0 0 0 0 0 0\n" * 40 + "```", id="matrix in code"),
        pytest.param(coin_tosses("Heads, ", "Tails, "), id="coin tosses"),
        pytest.param(coin_tosses("0", "1"), id="random bits"),
        pytest.param(coin_tosses("yes ", "no "), id="votes"),
        pytest.param("-" * 600 + "\n" + "=" * 600, id="rules"),
        pytest.param("\n" * 900 + " " * 900, id="space"),
        pytest.param(SENTENCE * 3 + LETTER * 2, id="said again for emphasis"),
    ],
)
def test_what_repeats_rightly_is_let_alone(text: str) -> None:
    assert noticed_at(text) == -1
