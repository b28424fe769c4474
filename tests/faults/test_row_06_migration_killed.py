"""Fault 6: the program is killed while it changes the form of a database."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from core.base.database import open_database
from core.base.paths import Paths
from core.chat.conversations.conversation import Role
from core.chat.store.chat_database import MIGRATIONS, ChatDatabase
from tests.chat.saved_chats import done_turn
from tests.faults import dying_program

pytestmark = pytest.mark.slow

_OPENING = """
import sys
from pathlib import Path
from tests.faults import dying_program
dying_program.kill_at_statement(int(sys.argv[2]))
from core.base.database import open_database
from core.base.paths import Paths
from core.chat.store.chat_database import MIGRATIONS
paths = Paths(Path(sys.argv[1]))
connection = open_database(paths.chats, MIGRATIONS, paths.backups)
print(dying_program.count_statements())
"""
_PLACES = 12
_OLD = 3
"""Migrations that the old version knew."""


@pytest.fixture
def old_root(root: Paths) -> Callable[[int], Paths]:
    """Make roots with chats of an old version: a table of today's, and most migrations missing."""

    def make(number: int) -> Paths:
        paths = Paths(root.root / f"old {number}")
        paths.create_folders()
        with closing(open_database(paths.chats, MIGRATIONS[:_OLD], paths.backups)) as connection:
            connection.execute(
                "INSERT INTO chats (chat_id, title, created, updated) VALUES ('c', 'Old', 1.0, 1.0)"
            )
        return paths

    return make


def test_the_form_is_the_old_or_the_new_and_nothing_is_lost(
    old_root: Callable[[int], Paths],
) -> None:
    _code, (statements,) = dying_program.run_to_end(_OPENING, old_root(-1).root, "-1")
    assert int(statements) > 2 * (len(MIGRATIONS) - _OLD)
    for number in dying_program.spread(int(statements), _PLACES):
        paths = old_root(number)
        code, _lines = dying_program.run_to_end(_OPENING, paths.root, str(number))
        assert code == -9
        done = migrations_done(paths.chats)
        assert done == [name for name, _change in MIGRATIONS[: len(done)]]
        if len(done) > _OLD:
            (copy,) = paths.backups.glob("chats-before-*.db")
            assert titles(copy) == ["Old"]
        chats = ChatDatabase(paths.chats, paths.backups)
        assert [chat.title for chat in chats.list_chats()] == ["Old"]
        question = done_turn("q", None, Role.USER, "Still there?")
        chats.save_turns(chats.load_conversation("c").with_turn(question), [question])
        chats.close()
        assert migrations_done(paths.chats) == [name for name, _change in MIGRATIONS]


def migrations_done(path: Path) -> list[str]:
    with closing(apsw.Connection(str(path))) as connection:
        rows = connection.execute("SELECT name FROM migrations ORDER BY rowid")
        return [str(name) for (name,) in rows]


def titles(path: Path) -> list[str]:
    with closing(apsw.Connection(str(path))) as connection:
        return [str(title) for (title,) in connection.execute("SELECT title FROM chats")]
