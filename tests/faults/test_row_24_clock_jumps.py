"""Fault 24: the clock of the machine is set a year back, then ten years on."""

import re
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.chat.conversations.conversation import Role
from core.chat.store.chat_backups import list_backups, make_backup
from core.chat.store.chat_database import ChatDatabase
from tests.chat.saved_chats import done_turn, save_chats

_YEAR = 365 * 86_400.0
_NOW = 1_800_000_000.0
_REPOSITORY = Path(__file__).resolve().parents[2]
_LOOK_BACK_INTO_LOGS = {"core/app/api/api_service.py"}
"""It counts what is dated within the last minutes, for a person to read; nothing waits for it."""


def test_turns_keep_their_order_whatever_the_clock_says(root: Paths) -> None:
    clock = _NOW
    chats = ChatDatabase(root.chats, root.backups, clock=lambda: clock)
    chat = chats.new_conversation("Long")
    parent = None
    for number, moment in enumerate((_NOW, _NOW - _YEAR, _NOW + 10 * _YEAR, _NOW)):
        clock = moment
        role = Role.ASSISTANT if number % 2 else Role.USER
        each = done_turn(f"t{number}", parent, role, f"Text {number}")
        chat = chat.with_turn(each)
        chats.save_turns(chat, [each])
        parent = each.turn_id
    chats.close()
    chats = ChatDatabase(root.chats, root.backups)
    path = chats.load_conversation(chat.chat_id).path()
    assert [each.text for each in path] == [f"Text {number}" for number in range(4)]
    chats.close()


@pytest.mark.parametrize("jump", [-_YEAR, 10 * _YEAR])
def test_backups_are_neither_lost_nor_stopped(root: Paths, jump: float) -> None:
    save_chats(root)
    make_backup(root.chats, root.backups, _NOW)
    make_backup(root.chats, root.backups, _NOW + jump)
    names = {path.name for path in list_backups(root.backups)}
    assert len(names) == 2
    make_backup(root.chats, root.backups, _NOW + 86_400.0)
    assert len(list_backups(root.backups)) == 3


def test_a_clock_set_back_empties_no_trash(root: Paths) -> None:
    clock = _NOW
    chats = ChatDatabase(root.chats, root.backups, clock=lambda: clock)
    question = done_turn("q", None, Role.USER, "Keep me")
    chat = chats.new_conversation("Thrown away").with_turn(question)
    chats.save_turns(chat, [question])
    chats.organizer.trash_chat(chat.chat_id)
    clock = _NOW - _YEAR
    assert not chats.organizer.expired_chat_ids()
    chats.close()


def test_no_wait_goes_by_the_clock_of_the_wall() -> None:
    """What waits, times out or paces itself uses a clock that can't be set."""
    compared = re.compile(r"time\.time\(\) *[-+<>]|[<>] *time\.time\(\)")
    found = {
        path.relative_to(_REPOSITORY).as_posix()
        for folder in ("core", "desktop")
        for path in (_REPOSITORY / folder).rglob("*.py")
        if compared.search(path.read_text("utf-8"))
    }
    assert found == _LOOK_BACK_INTO_LOGS
