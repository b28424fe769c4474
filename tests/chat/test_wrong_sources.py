"""What a person says of a wrong source is kept with the answer, and goes with its chat."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chat.chats import Chats
from core.chat.conversation import Role, Turn, TurnState


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    kept = Chats(tmp_path / "chats.db", tmp_path / "backups")
    yield kept
    kept.close()


def answered(chats: Chats) -> tuple[str, Turn]:
    chat = chats.new("Beds")
    turn = Turn(
        turn_id="answer",
        parent_id=None,
        role=Role.ASSISTANT,
        state=TurnState.DONE,
        text="Friday.",
        created=1.0,
    )
    chats.save(chat.with_turn(turn), [turn])
    return chat.chat_id, turn


def test_it_is_kept_and_taken_back(chats: Chats) -> None:
    _chat_id, turn = answered(chats)
    assert chats.wrong_sources.mark("answer", 2, wrong=True)
    assert chats.wrong_sources.mark("answer", 2, wrong=True)
    assert chats.wrong_sources.mark("answer", 3, wrong=True)
    assert chats.wrong_sources.of("answer") == {2, 3}
    assert chats.wrong_sources.mark("answer", 2, wrong=False)
    assert chats.wrong_sources.of("answer") == {3}
    assert chats.wrong_sources.of("another") == set()
    chats.save(chats.load(_chat_id), [turn])
    assert chats.wrong_sources.of("answer") == {3}


def test_an_answer_that_is_not_on_disk_keeps_nothing(chats: Chats) -> None:
    assert not chats.wrong_sources.mark("temporary", 1, wrong=True)
    assert chats.wrong_sources.of("temporary") == set()


def test_it_goes_with_its_chat(chats: Chats) -> None:
    chat_id, _turn = answered(chats)
    chats.wrong_sources.mark("answer", 1, wrong=True)
    chats.delete(chat_id)
    assert chats.wrong_sources.of("answer") == set()
