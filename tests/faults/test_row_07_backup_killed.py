"""Fault 7: the program is killed while it makes a backup, comes back from one, or exports."""

import random
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from core.base.paths import Paths
from core.chat.store.chat_backups import list_backups, make_backup
from core.chat.store.chat_database import ChatDatabase
from tests.chat.saved_chats import CHATS, save_chats
from tests.faults import dying_program

pytestmark = pytest.mark.slow

_DAY = 86_400.0
_BACKING_UP = """
import sys, time
from pathlib import Path
from core.base.paths import Paths
from core.chat.store.chat_backups import make_backup
paths = Paths(Path(sys.argv[1]))
print("ready", flush=True)
for day in range(2, 100000):
    make_backup(paths.chats, paths.backups, day * 86_400.0)
    print(day, flush=True)
"""
_COMING_BACK = """
import sys
from pathlib import Path
from tests.faults import dying_program
dying_program.kill_at_statement(int(sys.argv[2]))
from core.base.paths import Paths
from core.chat.store.chat_database import ChatDatabase
paths = Paths(Path(sys.argv[1]))
chats = ChatDatabase(paths.chats, paths.backups)
print(dying_program.count_statements())
"""
_EXPORTING = """
import sys
from pathlib import Path
from core.chat.export.chat_export import write_export
print("ready", flush=True)
for number in range(100000):
    write_export(Path(sys.argv[1]), str(number % 10).encode() * 300_000)
"""


@pytest.mark.parametrize("seed", range(dying_program.KILLS))
def test_a_killed_backup_leaves_those_before_it(root: Paths, seed: int) -> None:
    save_chats(root)
    make_backup(root.chats, root.backups, _DAY)
    lines = dying_program.run_and_kill(
        _BACKING_UP, root.root, dice=random.Random(seed), longest=0.3
    )
    assert lines[0] == "ready"
    kept = list_backups(root.backups)
    assert kept
    assert [chats_in(copy) for copy in kept] == [CHATS] * len(kept)


def test_chats_that_come_back_from_a_backup_come_back_whole(root: Paths) -> None:
    texts = save_chats(root)
    make_backup(root.chats, root.backups, _DAY)
    damaged = b"no database at all" * 500

    def damage() -> None:
        for file in root.root.glob("chats.db*"):
            file.unlink()
        root.chats.write_bytes(damaged)

    damage()
    _code, (statements,) = dying_program.run_to_end(_COMING_BACK, root.root, "-1")
    for number in dying_program.spread(int(statements), 10):
        damage()
        code, _lines = dying_program.run_to_end(_COMING_BACK, root.root, str(number))
        assert code == -9
        chats = ChatDatabase(root.chats, root.backups)
        assert {chat.chat_id for chat in chats.list_chats()} == set(texts), f"statement {number}"
        chats.close()
        assert [chats_in(copy) for copy in list_backups(root.backups)] == [CHATS]


@pytest.mark.parametrize("seed", range(dying_program.KILLS))
def test_an_export_over_an_older_one_is_the_old_or_the_new(tmp_path: Path, seed: int) -> None:
    target = tmp_path / "chats.html"
    target.write_bytes(b"-" * 300_000)
    dying_program.run_and_kill(_EXPORTING, target, dice=random.Random(seed), longest=0.2)
    content = target.read_bytes()
    assert len(content) == 300_000
    assert len(set(content)) == 1


def chats_in(path: Path) -> int:
    with closing(apsw.Connection(str(path))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(str(connection.execute("SELECT count(*) FROM chats").fetchall()[0][0]))
