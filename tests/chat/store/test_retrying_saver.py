"""Turns that the disk refuses are kept until it takes them, all of them and no others."""

from collections.abc import Iterator

import pytest

from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver


@pytest.fixture
def chats(root: Paths) -> Iterator[ChatDatabase]:
    made = ChatDatabase(root.chats, root.backups)
    yield made
    made.close()


class FullDisk:
    """Refuses turns while it is full."""

    def __init__(self, chats: ChatDatabase, patch: pytest.MonkeyPatch) -> None:
        self.is_full = True
        self._save = chats.save_turns
        patch.setattr(chats, "save_turns", self._save_or_refuse)

    def _save_or_refuse(self, conversation: Conversation, turns: list[Turn]) -> None:
        if self.is_full:
            raise StorageError(ErrorCode.DISK_FULL, path="chats.db")
        self._save(conversation, turns)


def asked(chat: Conversation, number: int) -> Turn:
    return Turn(
        turn_id=f"{chat.chat_id}-{number}", parent_id=chat.leaf_id, role=Role.USER,
        state=TurnState.DONE, text=f"question {number}", created=float(number),
    )  # fmt: skip


def test_all_turns_that_waited_are_saved(
    chats: ChatDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, reports = FullDisk(chats, monkeypatch), list[StorageError | None]()
    saver = RetryingSaver(chats, reports.append)
    chat = chats.new_conversation("t")
    for number in (1, 2):
        turn = asked(chat, number)
        chat = chat.with_turn(turn)
        saver.save_turns(chat, turn)
    disk.is_full = False
    saver.retry_saving(now=True)
    texts = [turn.text for turn in chats.load_conversation(chat.chat_id).turns.values()]
    assert texts == ["question 1", "question 2"]
    assert [error and error.code for error in reports] == [ErrorCode.DISK_FULL, None]


def test_a_deleted_chat_that_waited_does_not_come_back(
    chats: ChatDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(chats, monkeypatch)
    saver = RetryingSaver(chats, lambda _error: None)
    chat = chats.new_conversation("t")
    turn = asked(chat, 1)
    saver.save_turns(chat.with_turn(turn), turn)
    saver.discard_chat(chat.chat_id)
    disk.is_full = False
    saver.retry_saving(now=True)
    assert chats.chat_ids() == frozenset()
