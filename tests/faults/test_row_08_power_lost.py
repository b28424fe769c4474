"""Fault 8: the power fails; and 18: a database without its log, or with another's."""

import os
import random
import shutil
import sys
import time
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from core.base.paths import Paths
from core.chat.conversations.conversation import TurnState
from core.chat.store.chat_database import ChatDatabase
from tests.benchmarks.kills.written_answers import assert_sound
from tests.chat.saved_chats import save_chats
from tests.faults import dying_program
from tests.faults.disks import cut_power, drive, format_image, needs_disks

if sys.platform == "win32":
    pytest.skip("pipes are read as on Unix here", allow_module_level=True)

pytestmark = pytest.mark.slow

_MEGABYTES = 48
_SAVING = """
import sys, time
from pathlib import Path
from core.base.paths import Paths
from core.chat.conversations.conversation import Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase
from tests.chat.saved_chats import done_turn
paths = Paths(Path(sys.argv[1]))
paths.create_folders()
chats = ChatDatabase(paths.chats, paths.backups)
for number in range(100000):
    question = done_turn(f"q{number}", None, Role.USER, "What? " * 300)
    chat = chats.new_conversation(f"Chat {number}").with_turn(question)
    chats.save_turns(chat, [question])
    print(chat.chat_id, flush=True)
"""


@needs_disks
@pytest.mark.parametrize("seed", range(dying_program.KILLS))
def test_what_was_shown_as_saved_is_on_the_drive(tmp_path: Path, seed: int) -> None:
    image = format_image(tmp_path / "drive", _MEGABYTES)
    with drive(image, tmp_path / "disk") as disk:
        process = dying_program.start(_SAVING, disk / "root")
        assert process.stdout is not None
        told = [process.stdout.readline().strip()]
        time.sleep(random.Random(seed).uniform(0.0, 0.6))
        process.stdout.flush()
        told += _lines_so_far(process.stdout.fileno())
        after = cut_power(image, tmp_path / "after")
        dying_program.kill_group(process)
    assert len(told) > 1
    with drive(after, tmp_path / "again") as disk:
        paths = Paths(disk / "root")
        chats = ChatDatabase(paths.chats, paths.backups)
        assert not chats.was_damaged
        assert set(told) <= chats.chat_ids()
        chats.close()
        assert_sound(paths.chats)


def _lines_so_far(descriptor: int) -> list[str]:
    """Return the whole lines that were written by now, without waiting for more."""
    os.set_blocking(descriptor, False)
    read = b""
    try:
        while piece := os.read(descriptor, 65536):
            read += piece
    except BlockingIOError:
        pass
    os.set_blocking(descriptor, True)
    return [line.decode() for line in read.split(b"\n")[:-1] if line]


@pytest.mark.parametrize("left", ["no log", "no index of the log", "the log of another"])
def test_a_database_without_its_own_log_opens(root: Paths, tmp_path: Path, left: str) -> None:
    texts = save_chats(root)
    live = _copy_while_open(root, tmp_path)
    log, index = (live.chats.with_name(live.chats.name + end) for end in ("-wal", "-shm"))
    if left == "no log":
        log.unlink()
    if left == "the log of another":
        other = Paths(tmp_path / "other")
        other.create_folders()
        save_chats(other)
        shutil.copy(_copy_while_open(other, tmp_path / "more").chats.with_name(log.name), log)
    index.unlink(missing_ok=True)
    chats = ChatDatabase(live.chats, live.backups)
    assert set(texts) <= chats.chat_ids()
    states = {
        each.state
        for chat in chats.list_chats()
        for each in chats.load_conversation(chat.chat_id).turns.values()
    }
    assert states == {TurnState.DONE}
    chats.close()


def _copy_while_open(root: Paths, place: Path) -> Paths:
    """Copy a database and its log as they lie on the disk while a change is only in the log."""
    copy = Paths(place / "copied")
    copy.create_folders()
    with closing(apsw.Connection(str(root.chats))) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE chats SET updated = updated + 1")
        for file in root.root.glob("chats.db*"):
            shutil.copy(file, copy.root / file.name)
    assert len(list(copy.root.glob("chats.db*"))) == 3
    return copy
