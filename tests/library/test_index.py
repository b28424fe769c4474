"""The Chroma index equals the records or is built anew; exact search answers meanwhile."""

import json
from collections.abc import Iterator
from pathlib import Path

import apsw
import numpy as np
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.library.embedding.sentence_transformer_embedder import Vectors
from core.library.index import vector_index as index_module
from core.library.index.chroma_store import open_folder_client
from core.library.index.exact_search import ExactSearch, exact_cosines
from core.library.index.index_segment import IndexSegment
from core.library.index.vector_index import VectorIndex
from core.library.store.library_records import LibraryRecords

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


def built(folder: Path, connection: apsw.Connection) -> VectorIndex:
    index = VectorIndex(folder, connection, exact_below=100)
    for _ in index.update_in_steps():
        pass
    return index


def agreement(index: VectorIndex, connection: apsw.Connection) -> float:
    exact = list(ExactSearch(connection).nearest_cosines(query(), 20))
    found = list(exact_cosines(connection, index.nearest_ids(query(), 20), query()))
    return len(set(exact) & set(found)) / len(exact)


def generation(folder: Path) -> str:
    return str(json.loads((folder / "current.json").read_bytes())["generation"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    path.mkdir()
    return path


@pytest.fixture
def filled(records: LibraryRecords) -> apsw.Connection:
    fill(records.connection)
    return records.connection


def test_a_small_library_has_no_index(folder: Path, records: LibraryRecords) -> None:
    fill(records.connection, 20)
    index = built(folder, records.connection)
    assert index.watermark == 0
    assert index.nearest_ids(query(), 5) == []
    assert list(folder.iterdir()) == []


def test_the_index_finds_what_exact_search_finds(folder: Path, filled: apsw.Connection) -> None:
    index = built(folder, filled)
    assert index.watermark == COUNT
    assert agreement(index, filled) == 1.0
    index.close()


def test_a_clean_end_keeps_the_index(folder: Path, filled: apsw.Connection) -> None:
    built(folder, filled).close()
    before = generation(folder)
    again = built(folder, filled)
    assert generation(folder) == before
    assert agreement(again, filled) == 1.0
    again.close()


def test_new_and_deleted_vectors_are_followed(folder: Path, filled: apsw.Connection) -> None:
    index = built(folder, filled)
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


def test_after_an_unclean_end_equal_vectors_are_kept(folder: Path, filled: apsw.Connection) -> None:
    built(folder, filled).close()
    mark_open(folder, "open")
    index = built(folder, filled)
    assert generation(folder) == "g0001"
    assert index.watermark == COUNT
    index.close()


def test_after_an_unclean_end_a_different_vector_is_noticed(
    folder: Path, filled: apsw.Connection
) -> None:
    built(folder, filled).close()
    mark_open(folder, "open")
    filled.execute("UPDATE vector SET data = ? WHERE id = 7", (query().astype("<f2").tobytes(),))
    index = built(folder, filled)
    assert generation(folder) == "g0002"
    assert agreement(index, filled) == 1.0
    index.close()


def test_an_unreadable_state_file_means_a_fresh_build(
    folder: Path, filled: apsw.Connection
) -> None:
    built(folder, filled).close()
    (folder / "current.json").write_bytes(b"{")
    index = built(folder, filled)
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
    folder: Path, filled: apsw.Connection
) -> None:
    index = built(folder, filled)
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
    monkeypatch.setattr(index_module, "SEGMENT_VECTORS", 150)
    monkeypatch.setattr(index_module, "BATCH_VECTORS", 40)
    return 150


@pytest.mark.usefixtures("small_segments")
def test_an_index_of_several_segments_answers_as_one(folder: Path, filled: apsw.Connection) -> None:
    index = built(folder, filled)
    assert index.watermark == COUNT
    assert agreement(index, filled) == 1.0
    index.close()
    again = built(folder, filled)
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
    sizes = list(collections(folder).values())
    assert (len(sizes), max(sizes), sum(sizes)) == (4, 150, COUNT + 99)


def collections(folder: Path) -> dict[str, int]:
    client = open_folder_client(folder / generation(folder))
    found = {each.name: each.count() for each in client.list_collections()}
    client.close()
    return dict(sorted(found.items()))


@pytest.mark.usefixtures("small_segments")
def test_a_segment_that_lost_a_vector_is_noticed(folder: Path, filled: apsw.Connection) -> None:
    built(folder, filled).close()
    client = open_folder_client(folder / generation(folder))
    name = sorted(each.name for each in client.list_collections())[1]
    client.get_collection(name, embedding_function=None).delete(ids=["200"])
    client.close()
    again = built(folder, filled)
    assert generation(folder) == "g0002"
    assert agreement(again, filled) == 1.0
    again.close()


@pytest.mark.usefixtures("small_segments")
def test_many_deletions_build_the_index_anew(folder: Path, filled: apsw.Connection) -> None:
    fill(filled, 500, seed=3)
    index = built(folder, filled)
    filled.execute("DELETE FROM vector WHERE id % 6")
    for _ in range(2):  # the first finds what is gone, the second that little is left
        for _step in index.update_in_steps():
            pass
    assert generation(folder) == "g0002"
    assert agreement(index, filled) == 1.0
    index.close()
    assert list(collections(folder).values()) == [150]


def test_an_opening_that_is_broken_off_goes_on(folder: Path, filled: apsw.Connection) -> None:
    built(folder, filled).close()
    index = VectorIndex(folder, filled, exact_below=100)
    steps = index.update_in_steps()
    next(steps)
    del steps  # something else had to be done first
    for _ in index.update_in_steps():
        pass
    assert generation(folder) == "g0001"
    assert index.watermark == COUNT
    assert agreement(index, filled) == 1.0
    index.close()
    assert list(collections(folder).values()) == [COUNT]


def test_a_library_that_shrinks_and_grows_again_holds_each_vector_once(
    folder: Path, filled: apsw.Connection
) -> None:
    index = built(folder, filled)
    filled.execute("DELETE FROM vector WHERE id > 60")
    for _ in index.update_in_steps():
        pass
    assert index.watermark == 0  # exact search is enough
    fill(filled, 200, seed=4)
    for _ in index.update_in_steps():
        pass
    assert agreement(index, filled) == 1.0
    index.close()
    assert list(collections(folder).values()) == [260]


@pytest.mark.parametrize("damage", ["none", "cut", "one less", "one segment less"])
@pytest.mark.usefixtures("small_segments")
def test_a_clean_end_keeps_the_ids_for_the_next_start(
    folder: Path, filled: apsw.Connection, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folder, filled).close()
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
    index = built(folder, filled)
    assert bool(read) == (damage != "none")
    assert not kept.exists()  # only true until something changes
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    assert agreement(index, filled) == 1.0
    index.close()


def test_a_server_that_was_away_keeps_its_build(
    folder: Path, filled: apsw.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folder, filled).close()
    index = VectorIndex(folder, filled, exact_below=100)
    with monkeypatch.context() as patch:
        patch.setattr(index._generations, "last_generation", lambda: 1 / 0)  # as a server may
        with pytest.raises(ZeroDivisionError):
            list(index.update_in_steps())
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    index.close()


def test_a_server_that_breaks_off_keeps_its_build(
    folder: Path, filled: apsw.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folder, filled).close()
    index = VectorIndex(folder, filled, exact_below=100)
    index._generations.name = "g0001"
    monkeypatch.setattr(index, "_server", "http://127.0.0.1:9")  # only in what a fault means
    with monkeypatch.context() as patch:
        patch.setattr(IndexSegment, "warm_up", lambda _segment: 1 / 0)
        with pytest.raises(LibraryError) as caught:
            list(index.update_in_steps())
    assert caught.value.code == ErrorCode.INDEX_SERVER_REFUSED
    assert index.watermark == 0
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    with monkeypatch.context() as patch:
        patch.setattr(IndexSegment, "read_ids", lambda *_some: 1 / 0)
        with pytest.raises(LibraryError):
            list(index.verify_in_steps())
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    index.close()
