"""library.db keeps each text once and forgets what nothing refers to."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.filesystem.path_encoding import display_name
from core.library.store import content_records
from core.library.store import file_records as files_module
from core.library.store.library_records import FolderRecord, LibraryRecords
from tests.library.shelving import counts, put

EMPTY = dict.fromkeys(
    (
        "folder",
        "file",
        "content",
        "section",
        "passage",
        "vector",
        "section_words",
        "passage_words",
    ),
    0,
)


def tidy(records: LibraryRecords) -> None:
    for _step in records.contents.delete_orphans():
        pass


def remove(records: LibraryRecords, folder_id: str) -> None:
    for _step in records.remove_folder_in_steps(folder_id):
        pass
    tidy(records)


def remove_file(records: LibraryRecords, folder: FolderRecord, relative: str) -> None:
    records.remove_files([records.known_files(folder.id)[relative]])
    tidy(records)


def test_folder_names_are_unique(records: LibraryRecords) -> None:
    names = [records.add_folder(f"/{parent}/papers").name for parent in "abc"]
    assert names == ["papers", "papers 2", "papers 3"]


def test_adding_a_folder_again_is_the_same_folder(records: LibraryRecords) -> None:
    assert records.add_folder("/a/papers") == records.add_folder("/a/papers")


def test_an_unknown_folder_is_an_error(records: LibraryRecords) -> None:
    with pytest.raises(InglenookError) as caught:
        records.get_folder("nobody")
    assert caught.value.code == ErrorCode.FOLDER_UNKNOWN


def test_putting_a_file_twice_changes_nothing(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due. It is 1145 euros.")
    once = counts(records)
    assert put(records, folder, "a.txt", "The rent is due. It is 1145 euros.") == 0
    assert counts(records) == once


def test_a_copy_under_the_same_name_costs_nothing(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due.")
    once = counts(records)
    assert put(records, folder, "moved/a.txt", "The rent is due.") == 0
    assert counts(records) == {**once, "file": 2}


def test_removing_one_of_two_copies_keeps_the_text(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due.")
    put(records, folder, "b/a.txt", "The rent is due.")
    remove_file(records, folder, "a.txt")
    assert counts(records)["passage"] == 1
    remove_file(records, folder, "b/a.txt")
    assert counts(records) == {**EMPTY, "folder": 1}


def test_removing_a_folder_leaves_nothing(records: LibraryRecords) -> None:
    kept = records.add_folder("/kept")
    put(records, kept, "a.txt", "The rent is due.")
    before = counts(records)
    folder = records.add_folder("/papers")
    put(records, folder, "b.txt", "The boiler was serviced.")
    records.skip_file(folder.id, ScannedEntry("c.pdf", 1, 1), ErrorCode.FILE_BROKEN, {})
    remove(records, folder.id)
    assert counts(records) == before


def test_a_changed_file_leaves_no_old_text(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due.")
    put(records, folder, "a.txt", "The rent is not due any more.")
    tidy(records)
    assert counts(records) == {**dict.fromkeys(EMPTY, 1)}


@pytest.fixture
def long_text(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a text that is kept in several steps, and the same again when it changed."""
    monkeypatch.setattr(files_module, "_LONG_PASSAGES", 3)
    monkeypatch.setattr(content_records, "_SECTIONS_A_STEP", 1)
    return " ".join(f"Fact {n}: crate {n * n} holds {n} apples." for n in range(300))


def test_a_long_file_is_kept_as_in_one_step(
    records: LibraryRecords, long_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", long_text)
    in_steps = counts(records)
    monkeypatch.setattr(files_module, "_LONG_PASSAGES", 10**6)
    remove(records, folder.id)
    put(records, records.add_folder("/papers"), "a.txt", long_text)
    assert counts(records) == in_steps


def test_a_long_file_survives_that_orphans_are_dropped_meanwhile(
    records: LibraryRecords, long_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = records.add_folder("/papers"), records.add_folder("/other")
    put_ahead = records.contents.store_content_ahead

    def interrupted(*arguments: object) -> Iterator[int]:
        for number, step in enumerate(put_ahead(*arguments)):  # type: ignore[arg-type] # as they came
            yield step
            if number == 1:
                tidy(records)

    monkeypatch.setattr(records.contents, "store_content_ahead", interrupted)
    put(records, folder, "a.txt", long_text)
    assert records.describe_folder(folder).passages > 3
    remove(records, other.id)
    assert counts(records)["content"] == 1


def test_a_long_file_that_was_not_finished_leaves_nothing(
    records: LibraryRecords, long_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = records.add_folder("/papers")

    def stopped(*_: object) -> bool:
        raise KeyError("the sync was stopped")

    with monkeypatch.context() as patch:
        patch.setattr(records.contents, "publish_content", stopped)
        with pytest.raises(KeyError):
            put(records, folder, "a.txt", long_text)
    assert records.describe_folder(folder).files == 0
    tidy(records)
    assert counts(records) == {**EMPTY, "folder": 1}


def test_skipped_files_keep_their_reason(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    records.skip_file(
        folder.id, ScannedEntry("b.pdf", 1, 1), ErrorCode.FILE_TOO_LARGE, {"size": "300 MB"}
    )
    records.skip_file(folder.id, ScannedEntry("a.pdf", 1, 1), ErrorCode.FILE_BROKEN, {})
    listed = [(file.name, file.code, file.facts) for file in records.list_skipped_files(folder.id)]
    assert listed == [
        ("a.pdf", ErrorCode.FILE_BROKEN, {}),
        ("b.pdf", ErrorCode.FILE_TOO_LARGE, {"size": "300 MB"}),
    ]


def test_counts_of_a_folder(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due.")
    records.skip_file(folder.id, ScannedEntry("b.pdf", 1, 1), ErrorCode.FILE_BROKEN, {})
    state = records.describe_folder(folder)
    assert (state.files, state.indexed, state.skipped, state.passages) == (2, 1, 1, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_name_of_odd_bytes_is_kept_and_can_be_shown(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    name = os.fsdecode(b"caf\xe9.txt")
    put(records, folder, name, "The rent is due.")
    assert name in records.known_files(folder.id)
    assert display_name(name) == r"caf\udce9.txt"
    assert records.contents.file_pages(folder.id, display_name(name)) is not None


def test_the_text_of_a_file_comes_back_as_it_was_read(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due.")
    pages = records.contents.file_pages(folder.id, "a.txt")
    assert pages is not None
    assert [(page.number, page.text) for page in pages] == [(1, "The rent is due.")]


def test_a_full_disk_leaves_nothing_half(records: LibraryRecords) -> None:
    folder = records.add_folder("/papers")
    put(records, folder, "a.txt", "The rent is due.")
    before = counts(records)
    ((pages,),) = records.connection.execute("PRAGMA page_count").fetchall()
    records.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(InglenookError) as caught:
        put(records, folder, "b.txt", "The boiler was serviced in May. " * 3000)
    assert caught.value.code == ErrorCode.DISK_FULL
    assert counts(records) == before
    records.connection.execute("PRAGMA max_page_count = 1000000")
    put(records, folder, "b.txt", "The boiler was serviced in May.")
    assert counts(records)["file"] == 2


@pytest.mark.parametrize(("column", "in_index"), [("id", False), ("path", False), ("path", True)])
def test_a_changed_bit_in_a_folders_row_makes_no_second_folder(
    root: Paths, tmp_path: Path, column: str, *, in_index: bool
) -> None:
    """Each stands in the table and in an index; the disk or the files tell which one is right."""
    root.create_folders()
    documents = tmp_path / "papers of mine"
    documents.mkdir()
    records = LibraryRecords(root)
    folder = records.add_folder(str(documents))
    put(records, folder, "a.txt", "Ripe apples.")
    records.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    records.close()
    value = os.fsencode(folder.path) if column == "path" else folder.id.encode()
    data = bytearray(root.library.read_bytes())
    places = [at for at in range(len(data)) if data.startswith(value, at)]
    next_value = b"waiting" if column == "path" else folder.name.encode()
    table = next(at for at in places if data.startswith(next_value, at + len(value)))
    place = next(at for at in places if at != table) if in_index else table
    data[place + len(value) - 2] ^= 1
    root.library.write_bytes(data)
    records = LibraryRecords(root)
    try:
        assert records.add_folder(str(documents)).path == folder.path
        assert [(each.id, each.path) for each in records.active_folders()] == [
            (folder.id, folder.path)
        ]
        assert records.connection.execute("PRAGMA integrity_check").get == "ok"
    finally:
        records.close()
