"""What the index may expect of a vector store, of each implementation alike."""

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from core.library.embedding.vector_types import Ids, Vectors
from core.library.index.chroma_store import open_chroma_store
from core.library.index.postgres_store import PostgresStore
from core.library.index.qdrant_store import QdrantStore
from core.library.index.vector_store import (
    PAGE_VECTORS,
    OpenVectorStore,
    VectorCollection,
    VectorStore,
    VectorStoreError,
)
from tests.fakes.memory_vector_store import MemoryVectorStores

pytestmark = pytest.mark.filterwarnings("ignore:Local mode performs exact:UserWarning")

WIDTH = 16
STORES: dict[str, Callable[[], OpenVectorStore]] = {
    "chroma": lambda: open_chroma_store,
    "memory": lambda: MemoryVectorStores().open_store,
    "qdrant": lambda: open_local_qdrant,
}


def open_local_qdrant(folder: Path, _server: str) -> VectorStore:
    """Open a store of Qdrant's client in this process, as it would be on a server."""
    qdrant_client = pytest.importorskip("qdrant_client")
    return QdrantStore(qdrant_client.QdrantClient(path=str(folder)))


@pytest.fixture(scope="module")
def postgres() -> Iterator[OpenVectorStore]:
    """A PostgreSQL of its own with pgvector, in which each folder is a schema."""
    psycopg, pgserver = pytest.importorskip("psycopg"), pytest.importorskip("pgserver")
    # As root it runs as another account, which may not enter the folders of pytest.
    folder = tempfile.mkdtemp(prefix="postgres-")
    server = pgserver.get_server(folder)

    def open_store(folder: Path, _server: str) -> VectorStore:
        schema = "s" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        return PostgresStore(psycopg.connect(server.get_uri(), autocommit=True), schema)

    yield open_store
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=[*STORES, pytest.param("postgres", marks=pytest.mark.slow)])
def open_store(request: pytest.FixtureRequest) -> OpenVectorStore:
    if request.param == "postgres":
        opened: OpenVectorStore = request.getfixturevalue("postgres")
        return opened
    return STORES[request.param]()


@pytest.fixture
def store(open_store: OpenVectorStore, tmp_path: Path) -> Iterator[VectorStore]:
    opened = open_store(tmp_path / "store", "")
    yield opened
    with contextlib.suppress(VectorStoreError):
        opened.close()


@pytest.fixture
def collection(store: VectorStore) -> VectorCollection:
    return store.create_collection("vectors-g0001-0001")


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int64)


def vectors(count: int, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, WIDTH)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def all_ids(collection: VectorCollection) -> list[int]:
    return sorted(id_ for page in collection.read_ids() for id_ in page.tolist())


def test_a_new_store_has_no_collections(store: VectorStore) -> None:
    assert list(store.collection_names()) == []
    assert store.max_collection_vectors >= PAGE_VECTORS


def test_a_new_collection_is_empty(collection: VectorCollection) -> None:
    assert collection.vector_count == 0
    assert all_ids(collection) == []
    assert list(collection.read_vectors()) == []
    collection.prepare_search()
    found, cosines = collection.nearest_vectors(vectors(1)[0], 5)
    assert (len(found), len(cosines)) == (0, 0)


def test_what_is_added_is_held(collection: VectorCollection) -> None:
    rows = vectors(5)
    collection.add_vectors(ids(1, 2, 40), rows[:3])
    collection.add_vectors(ids(41, 7_000_000_000), rows[3:])
    assert collection.vector_count == 5
    assert all_ids(collection) == [1, 2, 40, 41, 7_000_000_000]
    ((page, held),) = collection.read_vectors()
    assert (page.dtype.name, held.dtype.name, held.shape) == ("int64", "float32", (5, WIDTH))
    order = np.argsort(page)
    assert np.allclose(held[order], rows, atol=1e-6)


def test_the_nearest_come_first_with_their_cosines(collection: VectorCollection) -> None:
    rows, query = vectors(60), vectors(1, seed=2)[0]
    numbers = np.arange(101, 161)
    collection.add_vectors(numbers, rows)
    collection.prepare_search()
    found, cosines = collection.nearest_vectors(query, 10)
    exact = rows @ query
    best = np.argsort(-exact)[:10]
    assert (found.dtype.name, cosines.dtype.name) == ("int64", "float32")
    assert found.tolist() == numbers[best].tolist()
    assert np.allclose(cosines, exact[best], atol=1e-5)


def test_only_those_are_found_among_which_is_looked(collection: VectorCollection) -> None:
    rows = vectors(60)
    collection.add_vectors(np.arange(1, 61), rows)
    among = np.arange(2, 61, 7)
    found, cosines = collection.nearest_vectors(rows[0], 5, among)
    exact = rows[among - 1] @ rows[0]
    assert found.tolist() == among[np.argsort(-exact)[:5]].tolist()
    assert np.allclose(cosines, np.sort(exact)[::-1][:5], atol=1e-5)


def test_nearly_all_of_the_fifty_nearest_are_found(collection: VectorCollection) -> None:
    random = np.random.default_rng(3)
    centres = random.normal(size=(40, WIDTH))
    spread = centres[random.integers(0, 40, 2000)] + 0.3 * random.normal(size=(2000, WIDTH))
    rows: Vectors = (spread / np.linalg.norm(spread, axis=1, keepdims=True)).astype(np.float32)
    for start in range(0, 2000, 250):
        collection.add_vectors(np.arange(start, start + 250), rows[start : start + 250])
    shares = []
    for query in rows[::200]:
        found, _cosines = collection.nearest_vectors(query, 50)
        shares.append(len(np.intersect1d(found, np.argsort(-(rows @ query))[:50])) / 50)
    assert np.mean(shares) >= 0.99


def test_fewer_than_asked_for_are_all_found(collection: VectorCollection) -> None:
    collection.add_vectors(ids(1, 2, 3), vectors(3))
    found, _cosines = collection.nearest_vectors(vectors(1)[0], 10)
    assert sorted(found.tolist()) == [1, 2, 3]


def test_what_is_removed_is_neither_held_nor_found(collection: VectorCollection) -> None:
    rows = vectors(4)
    collection.add_vectors(ids(1, 2, 3, 4), rows)
    collection.remove_vectors(ids(2, 3))
    collection.remove_vectors(ids(3, 99))  # gone, and never there
    assert (collection.vector_count, all_ids(collection)) == (2, [1, 4])
    found, _cosines = collection.nearest_vectors(rows[1], 4)
    assert sorted(found.tolist()) == [1, 4]


def test_a_long_collection_is_read_in_pages(collection: VectorCollection) -> None:
    count = 2 * PAGE_VECTORS + 10
    rows = vectors(count)
    for start in range(0, count, 250):
        some = np.arange(start + 1, min(start + 250, count) + 1)
        collection.add_vectors(some, rows[start : start + 250])
    pages = list(collection.read_ids())
    assert max(map(len, pages)) <= PAGE_VECTORS
    assert all_ids(collection) == list(range(1, count + 1))
    for page, held in collection.read_vectors():
        assert len(page) <= PAGE_VECTORS
        assert np.allclose(held, rows[page - 1], atol=1e-6)


def test_collections_of_a_store_are_apart(store: VectorStore) -> None:
    for name in ("b-1", "a-1", "a-2"):
        store.create_collection(name)
    store.open_collection("a-1").add_vectors(ids(1), vectors(1))
    assert store.open_collection("b-1").vector_count == 0
    assert list(store.collection_names()) == ["a-1", "a-2", "b-1"]
    store.drop_collection("a-1")
    assert list(store.collection_names()) == ["a-2", "b-1"]


def test_a_store_that_opens_again_holds_the_same(
    open_store: OpenVectorStore, tmp_path: Path
) -> None:
    rows = vectors(30)
    first = open_store(tmp_path / "store", "")
    first.create_collection("kept-1").add_vectors(np.arange(1, 31), rows)
    first.close()
    again = open_store(tmp_path / "store", "")
    collection = again.open_collection("kept-1")
    collection.prepare_search()
    assert collection.vector_count == 30
    assert collection.nearest_vectors(rows[6], 1)[0].tolist() == [7]
    again.close()
    another = open_store(tmp_path / "another", "")
    assert list(another.collection_names()) == []
    another.close()


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.open_collection("missing"),
        lambda store: store.drop_collection("missing"),
        lambda store: store.create_collection("there"),
        lambda store: store.open_collection("there").add_vectors(ids(5), np.ones((1, 3), "f4")),
    ],
    ids=["open a missing one", "drop a missing one", "create one twice", "another width"],
)
def test_what_can_t_be_done_is_an_error_of_the_store(
    store: VectorStore, use: Callable[[VectorStore], object]
) -> None:
    store.create_collection("there").add_vectors(ids(1), vectors(1))
    with pytest.raises(VectorStoreError):
        use(store)


def test_a_dropped_collection_answers_nothing(store: VectorStore) -> None:
    collection = store.create_collection("there")
    store.drop_collection("there")
    for use in (lambda: collection.vector_count, lambda: list(collection.read_ids())):
        with pytest.raises(VectorStoreError):
            use()
    with pytest.raises(VectorStoreError):
        collection.nearest_vectors(vectors(1)[0], 1)


def test_a_damaged_chroma_folder_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database at all")
    with pytest.raises(VectorStoreError):
        open_chroma_store(tmp_path, "")
