"""What a person says of a wrong source is kept with the answer, and goes with its chat."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chat.conversations.conversation import Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[ChatDatabase]:
    kept = ChatDatabase(tmp_path / "chats.db", tmp_path / "backups")
    yield kept
    kept.close()


def answered(chats: ChatDatabase) -> tuple[str, Turn]:
    chat = chats.new_conversation("Beds")
    turn = Turn(
        turn_id="answer",
        parent_id=None,
        role=Role.ASSISTANT,
        state=TurnState.DONE,
        text="Friday.",
        created=1.0,
    )
    chats.save_turns(chat.with_turn(turn), [turn])
    return chat.chat_id, turn


def test_it_is_kept_and_taken_back(chats: ChatDatabase) -> None:
    _chat_id, turn = answered(chats)
    assert chats.wrong_sources.mark_source("answer", 2, wrong=True)
    assert chats.wrong_sources.mark_source("answer", 2, wrong=True)
    assert chats.wrong_sources.mark_source("answer", 3, wrong=True)
    assert chats.wrong_sources.wrong_source_numbers("answer") == {2, 3}
    assert chats.wrong_sources.mark_source("answer", 2, wrong=False)
    assert chats.wrong_sources.wrong_source_numbers("answer") == {3}
    assert chats.wrong_sources.wrong_source_numbers("another") == set()
    chats.save_turns(chats.load_conversation(_chat_id), [turn])
    assert chats.wrong_sources.wrong_source_numbers("answer") == {3}


def test_an_answer_that_is_not_on_disk_keeps_nothing(chats: ChatDatabase) -> None:
    assert not chats.wrong_sources.mark_source("temporary", 1, wrong=True)
    assert chats.wrong_sources.wrong_source_numbers("temporary") == set()


def test_it_goes_with_its_chat(chats: ChatDatabase) -> None:
    chat_id, _turn = answered(chats)
    chats.wrong_sources.mark_source("answer", 1, wrong=True)
    chats.delete_chat(chat_id)
    assert chats.wrong_sources.wrong_source_numbers("answer") == set()
