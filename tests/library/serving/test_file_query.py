"""File query: files counted by name, folder, title, text, ending and time."""

import pytest

from core.library.serving.file_query import query_files
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.messages import FilesFound, QueryFiles
from tests.library.shelving import put


@pytest.fixture
def folder(records: LibraryRecords) -> FolderRecord:
    made = records.add_folder("/papers")
    put(records, made, "contracts/lease.md", "The rent is 900 euros a month.")
    put(records, made, "work contract.txt", "Anna works 38 hours.")
    put(records, made, "Mietvertrag.txt", "Die Miete ist 900 Euro.")
    put(records, made, "offer.md", "The contract would run until May.")
    return made


def find(
    records: LibraryRecords, folder: FolderRecord, *words: str, types: tuple[str, ...] = ()
) -> FilesFound:
    return query_files(
        records, QueryFiles(request_id="1", folder_ids=(folder.id,), words=words, types=types)
    )


def test_names_folders_and_titles_count_and_texts_apart(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    found = find(records, folder, "contracts")
    assert [each.file for each in found.files] == [
        "contracts/lease.md",
        "work contract.txt",
        "offer.md",
    ]
    assert (found.total, found.mentions) == (2, 1)
    assert found.files[2].mentions
    assert found.files[2].text == "The contract would run until May."
    assert found.files[0].path.endswith("lease.md")


def test_a_plural_with_another_vowel_is_found_in_a_compound(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    assert [each.file for each in find(records, folder, "Verträge").files] == ["Mietvertrag.txt"]


def test_endings_are_counted(records: LibraryRecords, folder: FolderRecord) -> None:
    assert find(records, folder).types == {"md": 2, "txt": 2}
    assert find(records, folder, types=("md",)).total == 2


def test_a_folder_that_is_gone_holds_nothing(records: LibraryRecords, folder: FolderRecord) -> None:
    asked = QueryFiles(request_id="1", folder_ids=("gone",))
    assert query_files(records, asked).total == 0


def test_a_time_without_changes_has_no_files(records: LibraryRecords, folder: FolderRecord) -> None:
    asked = QueryFiles(request_id="1", folder_ids=(folder.id,), since=1e9)
    assert query_files(records, asked).total == 0
