"""Modes of the data folder: closed to others, whoever made it and whatever lies in it."""

import os
import stat
from pathlib import Path

import apsw
import pytest

from core.base import private_files
from core.base.data_files import append_data_line, write_data_file
from core.base.database import connect_database
from core.base.paths import Paths

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has access lists")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _open_by_default() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


@posix_only
def test_a_folder_that_was_there_is_closed(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "root")
    paths.root.mkdir(mode=0o755)
    paths.create_folders()
    paths.chats.write_bytes(b"")
    inside = paths.states / "chat" / "a.state"
    inside.parent.mkdir(mode=0o755)
    inside.write_bytes(b"")
    assert paths.close_to_others()
    assert [mode(each) for each in (paths.root, inside.parent)] == [0o700, 0o700]
    assert [mode(each) for each in (paths.chats, inside)] == [0o600, 0o600]
    assert not paths.close_to_others()


@posix_only
def test_every_file_that_lies_in_the_root_is_closed(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "root")
    paths.create_folders()
    named = (getattr(paths, name) for name in dir(Paths) if not name.startswith("_"))
    files = [each for each in named if isinstance(each, Path) and each.parent == paths.root]
    files = [each for each in files if each.suffix or each.name == paths.lock.name]
    for file in files:
        file.write_bytes(b"")
    assert paths.tunings in files
    paths.close_to_others()
    assert {file.name: mode(file) for file in files} == {file.name: 0o600 for file in files}


@posix_only
def test_files_of_others_and_links_keep_their_rights(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "root")
    paths.create_folders()
    own, outside = paths.root / "holiday.jpg", tmp_path / "outside"
    for file in (own, outside):
        file.write_bytes(b"")
    (paths.logs / "link").symlink_to(outside)
    paths.close_to_others()
    assert [mode(own), mode(outside)] == [0o644, 0o644]


@posix_only
def test_a_model_is_closed_unless_it_is_another_programs_too(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "root")
    paths.create_folders()
    outside, copied, linked = tmp_path / "m.gguf", paths.models / "m.gguf", paths.models / "l.gguf"
    for file in (outside, copied):
        file.write_bytes(b"GGUF")
    linked.hardlink_to(outside)
    paths.close_to_others()
    assert [mode(copied), mode(linked)] == [0o600, 0o644]


@posix_only
def test_what_lies_in_a_folder_that_is_a_link_keeps_its_rights(tmp_path: Path) -> None:
    paths, shared = Paths(tmp_path / "root"), tmp_path / "shared"
    paths.create_folders()
    shared.mkdir(mode=0o755)
    (shared / "m.gguf").write_bytes(b"GGUF")
    paths.models.rmdir()
    paths.models.symlink_to(shared)
    paths.close_to_others()
    assert [mode(shared), mode(shared / "m.gguf")] == [0o755, 0o644]


@posix_only
def test_what_is_written_is_private_from_its_first_moment(tmp_path: Path) -> None:
    write_data_file(tmp_path / "settings.json", b"{}")
    append_data_line(tmp_path / "contacts.jsonl", b"{}")
    connection = connect_database(tmp_path / "chats.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE words (word)")
    written = sorted(tmp_path.iterdir())
    assert len(written) == 5  # the database with its log and shared memory
    assert {mode(file) for file in written} == {0o600}
    connection.close()


def test_a_database_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(apsw.CantOpenError):
        connect_database(tmp_path / "none.db", flags=apsw.SQLITE_OPEN_READWRITE)
    assert not (tmp_path / "none.db").exists()


def test_the_access_list_of_windows_names_the_user_and_the_system(tmp_path: Path) -> None:
    command = private_files.windows_access_command(tmp_path, "eva")
    assert command[0].endswith("icacls.exe")
    assert command[1:] == [
        str(tmp_path),
        "/inheritance:r",
        "/grant:r",
        "eva:(OI)(CI)F",
        "*S-1-5-18:(OI)(CI)F",
        "/Q",
    ]
