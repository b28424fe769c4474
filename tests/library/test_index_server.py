"""An index in a Chroma server on loopback: the one address that gets through the network lock."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import program_folder
from core.library.index.index_server import parse_index_server

SCRIPT = """
import json, socket, sys
from pathlib import Path
import numpy as np
from core.ipc import network_lock
network_lock.lock_network()
from core.library.index.vector_index import VectorIndex
from core.library.store.library_records import LibraryRecords
from core.library.index.exact_search import ExactSearch, exact_cosines
from core.base.paths import Paths
from tests.library.test_index import fill, query
paths, url = Paths(Path(sys.argv[1])), sys.argv[2]
paths.create_folders()
records = LibraryRecords(paths)
if not records.connection.execute("SELECT count(*) FROM vector").fetchone()[0]:
    fill(records.connection)
index = VectorIndex(paths.index, records.connection, exact_below=100, server=url)
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


def test_addresses() -> None:
    assert parse_index_server("http://localhost").port == 8000
    server = parse_index_server("https://[fd00::1]:8443/")
    assert (server.host, server.port, server.encrypted) == ("fd00::1", 8443, True)
