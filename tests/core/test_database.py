"""Databases: migrated after a copy, never opened by an older program, put aside when damaged."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from core.base.database import Migration, back_up, open_database, storage_error, transaction
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths

FIRST: list[Migration] = [("1 things", "CREATE TABLE things (name TEXT) STRICT")]
SECOND: list[Migration] = [
    *FIRST,
    ("2 sizes", "ALTER TABLE things ADD COLUMN size INTEGER; CREATE INDEX by_size ON things(size)"),
]


def names(connection: apsw.Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute("SELECT name FROM things ORDER BY name")]


def fill(root: Paths, migrations: list[Migration], *things: str) -> None:
    with closing(open_database(root.chats, migrations, root.backups)) as connection:
        for name in things:
            with transaction(connection):
                connection.execute("INSERT INTO things (name) VALUES (?)", (name,))


def test_a_new_database_gets_every_migration_and_no_backup(root: Paths) -> None:
    fill(root, SECOND, "cup")
    with closing(open_database(root.chats, SECOND, root.backups)) as connection:
        assert names(connection) == ["cup"]
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("foreign_keys") == 1
    assert list(root.backups.iterdir()) == []


def test_a_copy_is_made_before_a_migration(root: Paths) -> None:
    fill(root, FIRST, "cup")
    fill(root, SECOND, "plate")
    (copy,) = root.backups.iterdir()
    assert copy.name == "chats-before-2 sizes.db"
    with closing(open_database(copy, FIRST, root.backups)) as connection:
        assert names(connection) == ["cup"]


def test_a_migration_may_be_a_function_and_runs_once(root: Paths) -> None:
    calls: list[int] = []

    def change(connection: apsw.Connection) -> None:
        calls.append(1)
        connection.execute("UPDATE things SET name = upper(name)")

    fill(root, FIRST, "cup")
    for _ in range(2):
        fill(root, [*FIRST, ("2 upper", change)])
    assert calls == [1]


def test_a_migration_that_fails_changes_nothing(root: Paths) -> None:
    fill(root, FIRST, "cup")
    broken: list[Migration] = [*FIRST, ("2 broken", "DELETE FROM things; SELECT * FROM nothing")]
    with pytest.raises(apsw.SQLError):
        open_database(root.chats, broken, root.backups)
    with closing(open_database(root.chats, FIRST, root.backups)) as connection:
        assert names(connection) == ["cup"]


def test_a_newer_file_is_refused_and_left_as_it_is(root: Paths) -> None:
    fill(root, SECOND, "cup")
    before = {path.name: path.read_bytes() for path in root.root.glob("chats*")}
    with pytest.raises(StorageError) as caught:
        open_database(root.chats, FIRST, root.backups)
    assert caught.value.code is ErrorCode.DATABASE_NEWER
    assert {path.name: path.read_bytes() for path in root.root.glob("chats*")} == before


@pytest.mark.parametrize(
    "damage", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_file_is_kept_beside_a_new_one(root: Paths, damage: bytes) -> None:
    root.chats.write_bytes(damage)
    root.chats.with_name("chats.db-wal").write_bytes(b"old log")
    fill(root, FIRST, "cup")
    kept = [path for path in root.root.glob("chats.db.damaged-*") if not path.name.endswith("-wal")]
    assert [path.read_bytes() for path in kept] == [damage]


def test_a_file_damaged_twice_is_kept_twice(root: Paths) -> None:
    for damage in (b"first damage" * 100, b"second damage" * 100):
        root.chats.write_bytes(damage)
        fill(root, FIRST)
    assert len(list(root.root.glob("chats.db.damaged-*"))) == 2


def test_an_empty_file_is_a_new_database(root: Paths) -> None:
    root.chats.touch()
    fill(root, FIRST, "cup")
    assert list(root.root.glob("*damaged*")) == []


def test_a_transaction_is_all_or_nothing(root: Paths) -> None:
    with closing(open_database(root.chats, FIRST, root.backups)) as connection:

        def half() -> None:
            with transaction(connection):
                connection.execute("INSERT INTO things VALUES ('cup')")
                raise KeyError("in the middle")

        with pytest.raises(KeyError):
            half()
        assert names(connection) == []
        assert not connection.in_transaction


def test_committed_rows_survive_a_killed_process(root: Paths) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from core.base.database import open_database, transaction\n"
        f"connection = open_database(Path({str(root.chats)!r}), {FIRST!r}, Path('.'))\n"
        "for name in ('cup', 'plate'):\n"
        "    with transaction(connection):\n"
        "        connection.execute('INSERT INTO things VALUES (?)', (name,))\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "connection.execute(\"INSERT INTO things VALUES ('unfinished')\")\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode != 0
    with closing(open_database(root.chats, FIRST, root.backups)) as connection:
        assert names(connection) == ["cup", "plate"]


def test_a_backup_is_whole_or_absent(root: Paths) -> None:
    fill(root, FIRST, "cup")
    target = root.backups / "copy.db"
    with closing(open_database(root.chats, FIRST, root.backups)) as connection:
        target.with_name("copy.db.part").write_bytes(b"of an interrupted copy")
        back_up(connection, target)
    with closing(apsw.Connection(str(target))) as copy:
        assert names(copy) == ["cup"]
    assert [path.name for path in root.backups.iterdir()] == ["copy.db"]


def test_a_folder_where_the_file_should_be_says_so(root: Paths) -> None:
    root.chats.mkdir()
    with pytest.raises(StorageError) as caught:
        open_database(root.chats, FIRST, root.backups)
    assert caught.value.code is ErrorCode.DATABASE_NO_FILE


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB that can really be full."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.name == "nt" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk; the simulated one is tested everywhere")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def leave_free(folder: Path, free: int) -> Path:
    """Fill the disk up to `free` bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    os.truncate(filler, filler.stat().st_size - free)
    return filler


@pytest.mark.parametrize("free", range(0, 81920, 8192))
def test_a_full_disk_says_so_and_keeps_what_was_saved(tiny_disk: Path, free: int) -> None:
    path = tiny_disk / "chats.db"
    saved = []
    filler = leave_free(tiny_disk, free)

    def write_until_full() -> None:
        with closing(open_database(path, FIRST, tiny_disk)) as connection:
            for number in range(100):
                with transaction(connection):
                    text = f"{number:03}" + "x" * 3000
                    connection.execute("INSERT INTO things VALUES (?)", (text,))
                saved.append(text)

    with pytest.raises(StorageError) as caught:
        write_until_full()
    assert caught.value.code is ErrorCode.DISK_FULL
    filler.unlink()
    with closing(open_database(path, FIRST, tiny_disk)) as connection:
        assert names(connection) == saved


def test_a_database_that_another_program_writes_is_said_to_be_held(root: Paths) -> None:
    fill(root, FIRST, "cup")
    with closing(apsw.Connection(str(root.chats))) as other:
        other.execute("BEGIN IMMEDIATE").fetchall()
        with pytest.raises(StorageError) as caught:
            fill(root, FIRST, "plate")
    assert caught.value.code is ErrorCode.DATABASE_HELD
    assert "Another program is using" in str(caught.value)
    fill(root, FIRST, "plate")
    with closing(open_database(root.chats, FIRST, root.backups)) as connection:
        assert names(connection) == ["cup", "plate"]


@pytest.mark.parametrize(
    ("error", "free", "code"),
    [
        (apsw.FullError, 10**9, ErrorCode.DISK_FULL),
        (apsw.IOError, 0, ErrorCode.DISK_FULL),
        (apsw.IOError, 10**9, ErrorCode.ROOT_UNWRITABLE),
        (apsw.ReadOnlyError, 0, ErrorCode.ROOT_UNWRITABLE),
        (apsw.BusyError, 0, ErrorCode.DATABASE_HELD),
    ],
)
def test_a_refusal_has_a_name(
    root: Paths,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[str], apsw.Error],
    free: int,
    code: ErrorCode,
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert storage_error(error("refused"), root.chats).code is code
