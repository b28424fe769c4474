"""Data files and databases under a key: nothing is plain on disk, another key is no damage."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from core.base import data_files
from core.base.data_key import KEY_BYTES, use_data_key
from core.base.database import Migration, connect_database, open_database, transaction
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.base.settings.app_settings import MODEL, Settings
from tests.fakes.toy_cipher import ToyCipher

KEY, OTHER = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)
SECRET = "Aunt Mathilda's recipe"
FIRST: list[Migration] = [("1 things", "CREATE TABLE things (name TEXT) STRICT")]
SECOND: list[Migration] = [*FIRST, ("2 sizes", "ALTER TABLE things ADD COLUMN size INTEGER")]


def with_key(key: bytes) -> None:
    use_data_key(lambda: key, ToyCipher)


@pytest.fixture(autouse=True)
def _plain_again() -> Iterator[None]:
    yield
    use_data_key(lambda: None)


def fill(root: Paths, migrations: list[Migration], name: str) -> None:
    with (
        closing(open_database(root.chats, migrations, root.backups)) as connection,
        transaction(connection),
    ):
        connection.execute("INSERT INTO things (name) VALUES (?)", (name,))


def names(root: Paths, migrations: list[Migration]) -> list[str]:
    with closing(open_database(root.chats, migrations, root.backups)) as connection:
        return [str(row[0]) for row in connection.execute("SELECT name FROM things")]


def plain_files(root: Paths) -> list[str]:
    """Return the files that show the secret to whoever has no key."""
    files = (path for path in root.root.rglob("*") if path.is_file())
    return [path.name for path in files if SECRET.encode() in path.read_bytes()]


# ---------------------------------------------------------------- databases


def test_a_database_without_a_key_is_plain(root: Paths) -> None:
    fill(root, FIRST, SECRET)
    assert plain_files(root) == ["chats.db"]
    with closing(apsw.Connection(str(root.chats))) as connection:
        assert connection.execute("SELECT name FROM things").fetchall() == [(SECRET,)]


def test_a_database_with_a_key_can_t_be_read_without(root: Paths) -> None:
    with_key(KEY)
    fill(root, FIRST, SECRET)
    assert plain_files(root) == []
    with closing(apsw.Connection(str(root.chats))) as connection, pytest.raises(apsw.NotADBError):
        connection.execute("SELECT name FROM things").fetchall()
    assert names(root, FIRST) == [SECRET]


def test_the_log_beside_an_open_database_is_encrypted_too(root: Paths) -> None:
    with_key(KEY)
    with closing(open_database(root.chats, FIRST, root.backups)) as connection:
        with transaction(connection):
            connection.execute("INSERT INTO things VALUES (?)", (SECRET,))
        assert root.chats.with_name("chats.db-wal").stat().st_size > 0
        assert plain_files(root) == []


@pytest.mark.parametrize("key", [OTHER, KEY], ids=["another key", "a key for a plain file"])
def test_a_wrong_key_is_told_and_leaves_the_file_as_it_is(root: Paths, key: bytes) -> None:
    if key is OTHER:
        with_key(KEY)
    fill(root, FIRST, SECRET)
    before = root.chats.read_bytes()
    with_key(key)
    with pytest.raises(StorageError) as caught:
        open_database(root.chats, FIRST, root.backups)
    assert caught.value.code is ErrorCode.DATA_KEY_WRONG
    assert str(root.chats) in caught.value.message
    assert caught.value.hint
    assert root.chats.read_bytes() == before
    assert not list(root.root.glob("*damaged*"))


def test_the_copy_before_a_migration_has_the_same_key(root: Paths) -> None:
    with_key(KEY)
    fill(root, FIRST, SECRET)
    assert names(root, SECOND) == [SECRET]
    (copy,) = root.backups.iterdir()
    assert plain_files(root) == []
    with closing(connect_database(copy)) as connection:
        assert connection.execute("SELECT name FROM things").fetchall() == [(SECRET,)]


def test_a_database_in_memory_takes_a_key(root: Paths) -> None:
    with_key(KEY)
    with closing(open_database(Path(":memory:"), FIRST, root.backups)) as connection:
        connection.execute("INSERT INTO things VALUES ('cup')")
        assert connection.execute("SELECT name FROM things").fetchall() == [("cup",)]


def test_a_key_of_another_length_is_a_mistake_of_ours(root: Paths) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        connect_database(root.chats, key_provider=lambda: b"short")


# ---------------------------------------------------------------- files


def test_a_file_is_read_as_it_was_written(root: Paths) -> None:
    for key in (None, KEY):
        if key:
            with_key(key)
        path = root.root / f"kept-{bool(key)}.json"
        data_files.write_data_file(path, b"[", bytearray(SECRET.encode()), b"]")
        assert data_files.read_data_file(path) == f"[{SECRET}]".encode()
        with data_files.open_data_file(path) as file:
            assert (file.read(1), file.read(4)) == (b"[", b"Aunt")
    assert plain_files(root) == ["kept-False.json"]


def test_lines_are_read_as_they_were_written(root: Paths) -> None:
    with_key(KEY)
    data_files.write_data_lines(root.contacts, [SECRET.encode(), b""])
    data_files.append_data_line(root.contacts, b"and more")
    with root.contacts.open("ab") as file:
        file.write(b"torn by a ki")
    assert data_files.read_data_lines(root.contacts) == [SECRET.encode(), b"", b"and more"]
    assert plain_files(root) == []


def test_plain_lines_are_plain(root: Paths) -> None:
    data_files.append_data_line(root.contacts, b"one")
    data_files.append_data_line(root.contacts, b"two")
    assert root.contacts.read_bytes() == b"one\ntwo\n"
    assert data_files.read_data_lines(root.contacts) == [b"one", b"two"]


def test_another_key_is_no_damage(root: Paths) -> None:
    with_key(KEY)
    Settings(root.settings).set_value(MODEL, SECRET)
    data_files.write_data_lines(root.contacts, [SECRET.encode()])
    assert plain_files(root) == []
    with_key(OTHER)
    for path, read in (
        (root.settings, data_files.read_data_file),
        (root.contacts, data_files.read_data_lines),
        (root.settings, Settings),
    ):
        with pytest.raises(StorageError) as caught:
            read(path)
        assert caught.value.code is ErrorCode.DATA_KEY_WRONG
    with_key(KEY)
    assert Settings(root.settings).get_value(MODEL) == SECRET


def test_nothing_is_written_plain_for_want_of_a_cipher(root: Paths) -> None:
    use_data_key(lambda: KEY)
    with pytest.raises(RuntimeError):
        data_files.write_data_file(root.settings, SECRET.encode())
    assert not root.settings.exists()


def test_no_damaged_file_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    names = []
    for content in (b"1", b"2", b"3"):
        path = tmp_path / "settings.json"
        path.write_bytes(content)
        aside = data_files.move_damaged_aside(path)
        assert aside.read_bytes() == content
        names.append(aside.name)
    assert names == [
        "settings.damaged.json",
        "settings.damaged-2.json",
        "settings.damaged-3.json",
    ]
