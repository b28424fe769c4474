"""Each kind of damage is found and mended, and what is whole is let alone."""

from collections.abc import Callable

import apsw
import numpy as np
import pytest

from core.base.paths import Paths
from core.library.index.chroma_store import open_chroma_store
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.library_integrity_check import LibraryIntegrityCheck
from core.library.store.file_records import FileRecords
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.messages import LibraryVerified
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import counts, put


@pytest.fixture
def folder(records: LibraryRecords) -> FolderRecord:
    folder = records.add_folder("/papers")
    for number in range(12):
        put(records, folder, f"{number}.txt", f"Crate {number} holds {number} ripe apples.")
    return folder


Verify = Callable[[], LibraryVerified]


@pytest.fixture
def verify(records: LibraryRecords, root: Paths) -> Verify:
    def run() -> LibraryVerified:
        index = VectorIndex(root.index, records.connection, open_chroma_store)
        check = LibraryIntegrityCheck(records, index, ScriptedEmbedder())
        assert all(check.check_in_steps())
        return check.check_result("check")

    return run


def found(verified: LibraryVerified) -> dict[str, int]:
    return {finding.kind: finding.count for finding in verified.findings}


def test_what_is_whole_is_let_alone(
    records: LibraryRecords, folder: FolderRecord, verify: Verify
) -> None:
    before = counts(records)
    verified = verify()
    assert (verified.passages, verified.vectors, found(verified)) == (12, 12, {})
    assert counts(records) == before


def vectors(records: LibraryRecords) -> list[bytes]:
    rows = records.connection.execute(
        "SELECT data FROM passage JOIN vector ON vector.id = vector_id ORDER BY passage.id"
    )
    return [bytes(row[0]) for row in rows]


FLIPPED = np.flip(np.eye(32, dtype="<f2")[3]).tobytes()


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 64, b"\xff" * 64, FLIPPED], ids=["empty", "zeros", "no number", "another"]
)
def test_a_damaged_vector_is_made_anew(
    records: LibraryRecords, folder: FolderRecord, verify: Verify, data: bytes
) -> None:
    before = vectors(records)
    records.connection.execute("UPDATE vector SET data = ? WHERE id = 5", (data,))
    assert found(verify()) == {"vectors": 1}
    assert vectors(records) == before
    assert found(verify()) == {}


def test_words_that_are_missing_are_indexed_again(
    records: LibraryRecords, folder: FolderRecord, verify: Verify
) -> None:
    def holders() -> int:
        asked = "SELECT count(*) FROM passage_words WHERE passage_words MATCH '\"crate\"'"
        return int(str(records.connection.execute(asked).fetchall()[0][0]))

    before = counts(records)
    records.connection.execute("DELETE FROM passage_words WHERE rowid < 4")
    records.connection.execute("DELETE FROM section_words WHERE rowid = 7")
    assert found(verify()) == {"words": 4}
    assert (holders(), counts(records)) == (12, before)


def test_a_damaged_word_index_is_made_anew(
    records: LibraryRecords, folder: FolderRecord, verify: Verify
) -> None:
    before = counts(records)
    records.connection.execute("UPDATE passage_words_data SET block = x'00' WHERE id > 10")
    assert found(verify()) == {"words": 12}
    assert counts(records) == before
    assert found(verify()) == {}


def test_a_text_that_is_not_whole_is_read_again(
    records: LibraryRecords, folder: FolderRecord, verify: Verify
) -> None:
    records.connection.execute("PRAGMA foreign_keys = OFF")
    records.connection.execute("UPDATE passage SET length = 1000 WHERE id = 2")
    records.connection.execute("DELETE FROM passage WHERE id = 9")
    assert found(verify())["texts"] == 2
    waiting = {name for name, file in records.known_files(folder.id).items() if file.waiting}
    assert waiting == {"1.txt", "8.txt"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE content SET pages = substr(pages, 1, length(pages) - 1) WHERE id = 3",
        "UPDATE section SET text = CAST(x'c3c3c3' || CAST(text AS BLOB) AS TEXT) WHERE id = 3",
        "UPDATE passage SET heading = CAST(x'ff' AS TEXT) WHERE id = 3",
    ],
    ids=["pages", "text", "heading"],
)
def test_a_text_that_cant_be_decoded_is_read_again(
    records: LibraryRecords, folder: FolderRecord, verify: Verify, statement: str
) -> None:
    records.connection.execute(statement)
    assert found(verify()) == {"texts": 1}
    waiting = {name for name, file in records.known_files(folder.id).items() if file.waiting}
    assert waiting == {"2.txt"}
    assert counts(records)["content"] == 11
    assert found(verify()) == {}


def test_vectors_of_nothing_are_removed(
    records: LibraryRecords, folder: FolderRecord, verify: Verify
) -> None:
    records.connection.execute("INSERT INTO vector (key, data) VALUES (x'01', ?)", (FLIPPED,))
    assert found(verify()) == {"leftovers": 1}
    assert counts(records)["vector"] == 12


def test_pages_that_sqlite_finds_damaged_end_the_check(
    records: LibraryRecords, root: Paths, folder: FolderRecord
) -> None:
    (page,) = records.connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'passage_vector'"
    ).fetchone() or (0,)
    size = int(str(records.connection.pragma("page_size")))
    records.close()
    with root.library.open("r+b") as file:
        file.seek((int(str(page)) - 1) * size)
        file.write(b"\xff" * size)
    damaged = FileRecords(apsw.Connection(str(root.library)))
    index = VectorIndex(root.index, damaged.connection, open_chroma_store)
    check = LibraryIntegrityCheck(damaged, index, ScriptedEmbedder())
    with pytest.raises(apsw.CorruptError):
        list(check.check_in_steps())
    damaged.connection.close()


def test_an_index_that_differs_is_found_and_built_anew(
    records: LibraryRecords, folder: FolderRecord, root: Paths
) -> None:
    index = VectorIndex(root.index, records.connection, open_chroma_store, exact_below=1)
    list(index.update_in_steps())
    assert index.watermark == 12
    # The records stay whole, but two ids stand for each other's vectors.
    five, six = vectors(records)[4:6]
    execute = records.connection.execute
    execute("UPDATE vector SET data = iif(id = 5, ?, ?) WHERE id IN (5, 6)", (six, five))
    execute("UPDATE passage SET vector_id = 11 - vector_id WHERE vector_id IN (5, 6)")
    check = LibraryIntegrityCheck(records, index, ScriptedEmbedder())
    assert all(check.check_in_steps())
    assert found(check.check_result("check")) == {"index": 1}
    list(index.update_in_steps())
    again = LibraryIntegrityCheck(records, index, ScriptedEmbedder())
    assert all(again.check_in_steps())
    assert found(again.check_result("again")) == {}
    index.close()
