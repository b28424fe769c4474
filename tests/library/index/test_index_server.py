"""An index on a server: Chroma on loopback, the one address that gets through; and others."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import numpy as np
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import program_folder
from core.courier.connection.contact_log import DONE, FAILED, OPEN, read_contacts
from core.library.index import index_generations
from core.library.index.index_segment import IndexSegment
from core.library.index.index_server import ServerKind, parse_index_server
from core.library.index.index_stores import LoggedStores, open_index_store
from core.library.index.vector_index import VectorIndex
from core.library.index.vector_store import OpenVectorStore
from core.library.store.library_records import LibraryRecords
from tests.fakes.memory_vector_store import MemoryVectorStore, MemoryVectorStores
from tests.library.index.test_vector_index import (
    COUNT,
    agreement,
    built,
    fill,
    generation,
    query,
)

SCRIPT = """
import json, socket, sys
from pathlib import Path
import numpy as np
from core.ipc import network_lock
network_lock.lock_network()
from core.library.index.chroma_store import open_chroma_store
from core.library.index.vector_index import VectorIndex
from core.library.store.library_records import LibraryRecords
from core.library.index.exact_search import ExactSearch, exact_cosines
from core.base.paths import Paths
from tests.library.index.test_vector_index import fill, query
paths, url = Paths(Path(sys.argv[1])), sys.argv[2]
paths.create_folders()
records = LibraryRecords(paths)
if not records.connection.execute("SELECT count(*) FROM vector").fetchone()[0]:
    fill(records.connection)
index = VectorIndex(
    paths.index, records.connection, open_chroma_store, exact_below=100, server=url
)
failed = ""
try:
    for _ in index.update_in_steps(): pass
except Exception as error:
    failed = getattr(error, "code", repr(error))
exact = list(ExactSearch(records.connection).nearest_cosines(query(), 20))
found = list(exact_cosines(records.connection, index.nearest_ids(query(), 20), query()))
try:
    socket.create_connection(("127.0.0.1", 11), timeout=1)
    refused = False
except network_lock.NetworkLockedError:
    refused = True
told = dict(watermark=index.watermark, same=found == exact, refused=refused, failed=failed,
            generation=index.generation_name)
index.close()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("chroma")
    port = random.randint(20_000, 60_000)
    program = Path(sys.executable).with_name("chroma")
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(program), "run", "--path", str(folder / "data"), "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 60
        while b"localhost" not in log.read_bytes() and time.monotonic() < deadline:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        yield f"http://localhost:{port}"
        process.terminate()
        process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    path.mkdir()
    return path


@pytest.fixture
def filled(records: LibraryRecords) -> apsw.Connection:
    fill(records.connection)
    return records.connection


@pytest.fixture
def open_store() -> OpenVectorStore:
    return MemoryVectorStores().open_store


def run(root: Path, url: str) -> dict[str, object]:
    """Build and ask an index in a process of its own, as the library child is one."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(root), url],
        cwd=program_folder(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.slow
def test_a_server_holds_the_index_and_nothing_else_is_reached(tmp_path: Path, server: str) -> None:
    told = run(tmp_path, server)
    assert told["failed"] == ""
    assert (told["watermark"], told["same"], told["refused"]) == (400, True, True)
    again = run(tmp_path, server)
    assert (again["watermark"], again["generation"]) == (400, told["generation"])
    # One that is away costs nothing but time, and is asked again when it is back.
    away = run(tmp_path, "http://127.0.0.1:9")
    assert (away["watermark"], away["failed"]) == (0, ErrorCode.INDEX_SERVER_REFUSED)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "http://example.org:8000",
        "ftp://127.0.0.1:8000",
        "http://127.0.0.1:99999",
        "http://name:word@127.0.0.1:8000",
        "http://127.0.0.1:8000/path",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(LibraryError) as caught:
        parse_index_server(url)
    assert caught.value.code == ErrorCode.INDEX_SERVER_REFUSED


@pytest.mark.parametrize(
    ("url", "kind", "port", "user", "database"),
    [
        ("http://localhost", ServerKind.CHROMA, 8000, "", ""),
        ("qdrant+http://127.0.0.1", ServerKind.QDRANT, 6333, "", ""),
        ("qdrant+https://127.0.0.1:7000", ServerKind.QDRANT, 7000, "", ""),
        ("postgresql://me@127.0.0.1/docs", ServerKind.POSTGRES, 5432, "me", "docs"),
    ],
)
def test_kinds_of_servers(url: str, kind: ServerKind, port: int, user: str, database: str) -> None:
    server = parse_index_server(url)
    assert (server.kind, server.port, server.user, server.database) == (kind, port, user, database)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(LibraryError, match=r"\.pgpass") as caught:
        parse_index_server("postgresql://me:secret@127.0.0.1/docs")
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("url", ["qdrant+http://127.0.0.1:9", "postgresql://me@127.0.0.1:9/docs"])
def test_a_server_that_is_away_is_refused_and_logged(url: str, tmp_path: Path) -> None:
    stores = LoggedStores(open_index_store, tmp_path / "contacts.jsonl")
    with pytest.raises(LibraryError) as caught:
        stores.open_store(tmp_path, url)
    assert caught.value.code == ErrorCode.INDEX_SERVER_REFUSED
    (contact,) = read_contacts(tmp_path / "contacts.jsonl")
    assert (contact.host, contact.port, contact.why) == ("127.0.0.1", 9, "index")
    assert contact.outcome == FAILED


def test_a_contact_with_a_server_ends_with_its_store(tmp_path: Path) -> None:
    path = tmp_path / "contacts.jsonl"
    stores = LoggedStores(MemoryVectorStores().open_store, path)
    stores.open_store(tmp_path / "index", "").close()
    assert read_contacts(path) == ()
    store = stores.open_store(tmp_path / "index", "http://127.0.0.1:8000")
    collection = store.create_collection("a")
    collection.add_vectors(np.array([1]), np.ones((1, 3), np.float32))
    assert [each.outcome for each in read_contacts(path)] == [OPEN]
    collection.nearest_vectors(np.ones(3, np.float32), 1)
    store.close()
    (contact,) = read_contacts(path)
    assert (contact.outcome, contact.requests) == (DONE, 2)
    assert (contact.sent, contact.received) == (8 + 12 + 12, 8 + 4)


def test_addresses() -> None:
    assert parse_index_server("http://localhost").port == 8000
    server = parse_index_server("https://[fd00::1]:8443/")
    assert (server.host, server.port, server.encrypted) == ("fd00::1", 8443, True)


def test_a_server_that_was_away_keeps_its_build(
    folder: Path,
    filled: apsw.Connection,
    monkeypatch: pytest.MonkeyPatch,
    open_store: OpenVectorStore,
) -> None:
    built(folder, filled, open_store).close()
    index = VectorIndex(folder, filled, open_store, exact_below=100)
    with monkeypatch.context() as patch:
        patch.setattr(index._generations, "last_generation", lambda: 1 / 0)  # as a server may
        with pytest.raises(ZeroDivisionError):
            list(index.update_in_steps())
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    index.close()


def test_a_server_that_breaks_off_keeps_its_build(
    folder: Path,
    filled: apsw.Connection,
    monkeypatch: pytest.MonkeyPatch,
    open_store: OpenVectorStore,
) -> None:
    built(folder, filled, open_store).close()
    index = VectorIndex(folder, filled, open_store, exact_below=100)
    index._generations.name = "g0001"
    monkeypatch.setattr(index, "_server", "http://127.0.0.1:9")  # only in what a fault means
    with monkeypatch.context() as patch:
        patch.setattr(IndexSegment, "prepare_search", lambda _segment: 1 / 0)
        with pytest.raises(LibraryError) as caught:
            list(index.update_in_steps())
    assert caught.value.code == ErrorCode.INDEX_SERVER_REFUSED
    assert index.watermark == 0
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    with monkeypatch.context() as patch:
        patch.setattr(IndexSegment, "read_ids", lambda *_some: 1 / 0)
        with pytest.raises(LibraryError) as caught:
            list(index.verify_in_steps())
    assert caught.value.code == ErrorCode.INDEX_SERVER_REFUSED
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
    index.close()


def test_libraries_on_one_server_are_apart(
    records: LibraryRecords, filled: apsw.Connection, tmp_path: Path
) -> None:
    stores, url = MemoryVectorStores(), "http://127.0.0.1:8000"
    indexes = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        index = VectorIndex(tmp_path / name, filled, stores.open_store, exact_below=9, server=url)
        for _ in index.update_in_steps():
            pass
        indexes.append(index)
    assert [len(each) for each in stores.kept[url].values()] == [COUNT, COUNT]
    kept = dict(stores.kept[url])
    indexes[0].close()
    index_generations.invalidate_index(tmp_path / "one")
    for _ in indexes[0].update_in_steps():
        pass
    # Its earlier build went, the other library's stayed.
    assert [stores.kept[url][name] is vectors for name, vectors in kept.items()] == [False, True]
    assert [len(each) for each in stores.kept[url].values()] == [COUNT, COUNT]
    assert agreement(indexes[0], filled) == agreement(indexes[1], filled) == 1.0


class AwayStores(MemoryVectorStores):
    """A server that can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = False

    def open_store(self, folder: Path, server: str) -> MemoryVectorStore:
        if self.is_away:
            raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server, detail="")
        return super().open_store(folder, server)


def test_while_a_server_is_away_nothing_is_dropped(folder: Path, filled: apsw.Connection) -> None:
    stores = AwayStores()
    index = VectorIndex(folder, filled, stores.open_store, exact_below=100, server="there")
    list(index.update_in_steps())
    index.close()
    stores.is_away = True
    with pytest.raises(LibraryError) as caught:
        list(index.update_in_steps())
    assert caught.value.code == ErrorCode.INDEX_SERVER_REFUSED
    assert (index.watermark, index.nearest_ids(query(), 3)) == (0, [])
    stores.is_away = False
    list(index.update_in_steps())
    assert (generation(folder), index.watermark) == ("g0001", COUNT)
