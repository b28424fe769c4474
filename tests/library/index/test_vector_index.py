"""The index equals the records or is built anew; exact search answers meanwhile."""

import json
from collections.abc import Iterator
from pathlib import Path

import apsw
import numpy as np
import pytest

from core.library.embedding.vector_types import Vectors
from core.library.index import chroma_store
from core.library.index import vector_index as index_module
from core.library.index.chroma_store import open_chroma_store
from core.library.index.exact_search import ExactSearch, exact_cosines
from core.library.index.index_segment import IndexSegment
from core.library.index.vector_index import VectorIndex
from core.library.index.vector_store import OpenVectorStore
from core.library.store.library_records import LibraryRecords
from tests.fakes import memory_vector_store
from tests.fakes.memory_vector_store import MemoryVectorStores

COUNT = 400
DIMENSIONS = 32


def fill(connection: apsw.Connection, count: int = COUNT, seed: int = 1) -> None:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    connection.executemany(
        "INSERT INTO vector (key, data) VALUES (randomblob(16), ?)",
        [(row.astype("<f2").tobytes(),) for row in rows],
    )


def query(seed: int = 9) -> Vectors:
    row = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), np.float32)


def built(
    folder: Path, connection: apsw.Connection, open_store: OpenVectorStore = open_chroma_store
) -> VectorIndex:
    index = VectorIndex(folder, connection, open_store, exact_below=100)
    for _ in index.update_in_steps():
        pass
    return index


def agreement(index: VectorIndex, connection: apsw.Connection) -> float:
    exact = list(ExactSearch(connection).nearest_cosines(query(), 20))
    found = list(exact_cosines(connection, index.nearest_ids(query(), 20), query()))
    return len(set(exact) & set(found)) / len(exact)


def generation(folder: Path) -> str:
    return str(json.loads((folder / "current.json").read_bytes())["generation"])


@pytest.fixture(params=["chroma", "memory"])
def open_store(request: pytest.FixtureRequest) -> OpenVectorStore:
    return open_chroma_store if request.param == "chroma" else MemoryVectorStores().open_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    path.mkdir()
    return path


@pytest.fixture
def filled(records: LibraryRecords) -> apsw.Connection:
    fill(records.connection)
    return records.connection


def test_a_small_library_has_no_index(
    folder: Path, records: LibraryRecords, open_store: OpenVectorStore
) -> None:
    fill(records.connection, 20)
    index = built(folder, records.connection, open_store)
    assert index.watermark == 0
    assert index.nearest_ids(query(), 5) == []
    assert list(folder.iterdir()) == []


def test_the_index_finds_what_exact_search_finds(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    index = built(folder, filled, open_store)
    assert index.watermark == COUNT
    assert agreement(index, filled) == 1.0
    index.close()


def test_a_clean_end_keeps_the_index(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    built(folder, filled, open_store).close()
    before = generation(folder)
    again = built(folder, filled, open_store)
    assert generation(folder) == before
    assert agreement(again, filled) == 1.0
    again.close()


def test_new_and_deleted_vectors_are_followed(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    index = built(folder, filled, open_store)
    nearest = index.nearest_ids(query(), 1)[0]
    filled.execute("DELETE FROM vector WHERE id = ?", (nearest,))
    fill(filled, 50, seed=2)
    for _ in index.update_in_steps():
        pass
    assert nearest not in index.nearest_ids(query(), 20)
    assert agreement(index, filled) == 1.0
    index.close()


def spoil(folder: Path, how: str) -> None:
    files = sorted(path for path in folder.glob("g*/**/*") if path.is_file())
    for path in files:
        if path.suffix == ".bin":
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // 2] if how == "cut" else bytes(len(data)))
        elif how == "database" and path.suffix == ".sqlite3":
            path.write_bytes(b"no database at all")


@pytest.mark.parametrize("how", ["cut", "zero", "database"])
def test_a_damaged_index_is_built_anew(folder: Path, filled: apsw.Connection, how: str) -> None:
    built(folder, filled).close()
    mark_open(folder, "opening" if how != "database" else "open")
    spoil(folder, how)
    index = built(folder, filled)
    assert generation(folder) == "g0002"
    assert agreement(index, filled) == 1.0
    index.close()


def mark_open(folder: Path, state: str) -> None:
    """Leave the state file as a killed process would."""
    content = {"generation": generation(folder), "state": state}
    (folder / "current.json").write_text(json.dumps(content))


def test_after_an_unclean_end_equal_vectors_are_kept(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    built(folder, filled, open_store).close()
    mark_open(folder, "open")
    index = built(folder, filled, open_store)
    assert generation(folder) == "g0001"
    assert index.watermark == COUNT
    index.close()


def test_after_an_unclean_end_a_different_vector_is_noticed(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    built(folder, filled, open_store).close()
    mark_open(folder, "open")
    filled.execute("UPDATE vector SET data = ? WHERE id = 7", (query().astype("<f2").tobytes(),))
    index = built(folder, filled, open_store)
    assert generation(folder) == "g0002"
    assert agreement(index, filled) == 1.0
    index.close()


def test_an_unreadable_state_file_means_a_fresh_build(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    built(folder, filled, open_store).close()
    (folder / "current.json").write_bytes(b"{")
    index = built(folder, filled, open_store)
    assert agreement(index, filled) == 1.0
    index.close()


def test_nothing_a_folder_names_is_built(folder: Path, filled: apsw.Connection) -> None:
    built(folder, filled).close()
    from chromadb.utils import embedding_functions  # noqa: PLC0415 - after the door has opened

    assert embedding_functions.known_embedding_functions == {}
    assert embedding_functions.sparse_known_embedding_functions == {}


def test_exact_search_above_a_watermark(filled: apsw.Connection) -> None:
    exact = ExactSearch(filled)
    everything = exact.nearest_cosines(query(), COUNT)
    newer = exact.nearest_cosines(query(), COUNT, above=300)
    assert newer == {id_: score for id_, score in everything.items() if id_ > 300}
    assert exact.nearest_cosines(query(), COUNT) == everything


def test_exact_search_within_some(filled: apsw.Connection) -> None:
    allowed = np.array([3, 5, 8], np.int64)
    assert set(ExactSearch(filled).nearest_cosines(query(), 10, allowed=allowed)) == {3, 5, 8}


def test_a_check_finds_what_changed_behind_an_open_index(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    index = built(folder, filled, open_store)
    assert all(index.verify_in_steps())
    filled.execute("UPDATE vector SET data = ? WHERE id = 7", (query().astype("<f2").tobytes(),))
    assert list(index.verify_in_steps())[-1] is False
    assert index.watermark == 0  # so that exact search answers for all of it meanwhile
    for _ in index.update_in_steps():
        pass
    assert generation(folder) == "g0002"
    assert all(index.verify_in_steps())
    assert agreement(index, filled) == 1.0
    index.close()


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> int:
    """Make an index of several segments affordable."""
    for module in (chroma_store, memory_vector_store):
        monkeypatch.setattr(module, "MAX_COLLECTION_VECTORS", 150)
    monkeypatch.setattr(index_module, "BATCH_VECTORS", 40)
    return 150


@pytest.mark.usefixtures("small_segments")
def test_an_index_of_several_segments_answers_as_one(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    index = built(folder, filled, open_store)
    assert index.watermark == COUNT
    assert agreement(index, filled) == 1.0
    index.close()
    again = built(folder, filled, open_store)
    assert generation(folder) == "g0001"
    assert agreement(again, filled) == 1.0
    # One vector goes from the first, and what comes goes into the last and a new one.
    nearest = again.nearest_ids(query(), 1)[0]
    filled.execute("DELETE FROM vector WHERE id = ?", (nearest,))
    fill(filled, 100, seed=2)
    for _ in again.update_in_steps():
        pass
    assert nearest not in again.nearest_ids(query(), 50)
    assert agreement(again, filled) == 1.0
    assert all(again.verify_in_steps())
    again.close()
    sizes = list(collections(folder, open_store).values())
    assert (len(sizes), max(sizes), sum(sizes)) == (4, 150, COUNT + 99)


def collections(folder: Path, open_store: OpenVectorStore) -> dict[str, int]:
    store = open_store(folder / generation(folder), "")
    found = {name: store.open_collection(name).vector_count for name in store.collection_names()}
    store.close()
    return found


@pytest.mark.usefixtures("small_segments")
def test_a_segment_that_lost_a_vector_is_noticed(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    built(folder, filled, open_store).close()
    store = open_store(folder / generation(folder), "")
    store.open_collection(store.collection_names()[1]).remove_vectors(np.array([200], np.int64))
    store.close()
    again = built(folder, filled, open_store)
    assert generation(folder) == "g0002"
    assert agreement(again, filled) == 1.0
    again.close()


@pytest.mark.usefixtures("small_segments")
def test_many_deletions_build_the_index_anew(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    fill(filled, 500, seed=3)
    index = built(folder, filled, open_store)
    filled.execute("DELETE FROM vector WHERE id % 6")
    for _ in range(2):  # the first finds what is gone, the second that little is left
        for _step in index.update_in_steps():
            pass
    assert generation(folder) == "g0002"
    assert agreement(index, filled) == 1.0
    index.close()
    assert list(collections(folder, open_store).values()) == [150]


def test_an_opening_that_is_broken_off_goes_on(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    built(folder, filled, open_store).close()
    index = VectorIndex(folder, filled, open_store, exact_below=100)
    steps = index.update_in_steps()
    next(steps)
    del steps  # something else had to be done first
    for _ in index.update_in_steps():
        pass
    assert generation(folder) == "g0001"
    assert index.watermark == COUNT
    assert agreement(index, filled) == 1.0
    index.close()
    assert list(collections(folder, open_store).values()) == [COUNT]


def test_a_library_that_shrinks_and_grows_again_holds_each_vector_once(
    folder: Path, filled: apsw.Connection, open_store: OpenVectorStore
) -> None:
    index = built(folder, filled, open_store)
    filled.execute("DELETE FROM vector WHERE id > 60")
    for _ in index.update_in_steps():
        pass
    assert index.watermark == 0  # exact search is enough
    fill(filled, 200, seed=4)
    for _ in index.update_in_steps():
        pass
    assert agreement(index, filled) == 1.0
    index.close()
    assert list(collections(folder, open_store).values()) == [260]


@pytest.mark.parametrize("damage", ["none", "cut", "one less", "one segment less"])
@pytest.mark.usefixtures("small_segments")
def test_a_clean_end_keeps_the_ids_for_the_next_start(
    folder: Path,
    filled: apsw.Connection,
    damage: str,
    monkeypatch: pytest.MonkeyPatch,
    open_store: OpenVectorStore,
) -> None:
    built(folder, filled, open_store).close()
    kept = folder / "ids.npz"
    with np.load(kept) as file:
        ids = [file[name] for name in file.files]
    assert [len(each) for each in ids] == [150, 150, 100]
    if damage == "cut":
        kept.write_bytes(kept.read_bytes()[:500])
    elif damage != "none":
        ids = ids[:-1] if damage == "one segment less" else [*ids[:-1], ids[-1][:-1]]
        np.savez(kept, *ids)
    read: list[IndexSegment] = []
    original = IndexSegment.read_ids

    def noted(segment: IndexSegment, records: apsw.Connection | None = None) -> Iterator[bool]:
        read.append(segment)
        yield from original(segment, records)

    monkeypatch.setattr(IndexSegment, "read_ids", noted)
    index = built(folder, filled, open_store)
    assert bool(read) == (damage != "none")
    assert not kept.exists()  # only true until something changes
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    assert agreement(index, filled) == 1.0
    index.close()
