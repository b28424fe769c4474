"""The index: ids and vectors in Chroma, built from library.db and never trusted blindly.

Below EXACT_BELOW vectors exact search is both faster and complete, so no index is built. Above it
the index answers for the ids up to its watermark, and exact search for the few that came later.
A Chroma server may hold the index instead, for libraries past one machine; while it can't be
reached, exact search answers. Each build has a folder of its own (a generation); a damaged one is
dropped and built anew, since Chroma's own repair was seen to lose vectors without a word.
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import apsw
import numpy as np

from core.library.chroma import folder_client, server_client
from core.library.embedder import Vectors
from core.library.index_server import index_server
from core.storage import write_aside

EXACT_BELOW = 32_000
"""Vectors up to which exact search answers alone: it is complete, and as fast. On one core 20,000
clustered vectors took 5 ms exactly and 8 ms by the index (recall@50 .9998), 100,000 took 23 and 9
(.994): `tests/benchmarks/scale.py`."""
BATCH = 128
"""Vectors added at once: about 0.15 s, so that a search never waits long."""
_READ = 1000
_SAME_COSINE = 0.999
_STATE = "current.json"
_COLLECTION = "vectors"
# Measured on clustered vectors, the hardest: with Chroma's defaults (16, 100, 100) recall@50 fell
# to .72. What is looked through while searching restores it at a tenth of what a denser graph
# (32, 200) costs while building: 60,000 vectors took 60 s instead of 180, recall .995.
# Chroma writes the whole graph at each synchronisation, by default after each 1,000 vectors, and
# adds again what came after the last one when it opens a folder that was not closed.
_CONFIGURATION = {
    "hnsw": {
        "space": "ip",
        "ef_construction": 100,
        "max_neighbors": 16,
        "ef_search": 800,
        "sync_threshold": 5_000,
    }
}
_log = logging.getLogger(__name__)


class VectorIndex:
    """One library's index. Owned by one process; `upkeep` is what builds it, step by step."""

    def __init__(
        self,
        folder: Path,
        connection: apsw.Connection,
        *,
        exact_below: int = EXACT_BELOW,
        server: str = "",
    ) -> None:
        """`server` is the address of a Chroma server, "" for a folder of our own."""
        self._folder = folder
        self._connection = connection
        self._exact_below = exact_below
        self._server = server
        self._client: Any = None
        self._collection: Any = None
        self.generation = ""
        """The name of the build that is open."""
        self._verified = False
        self.watermark = 0
        """Highest vector id the index holds; 0 while it can't be asked."""

    def nearest(self, query: Vectors, count: int) -> list[int]:
        """Return the ids of about the `count` nearest vectors up to the watermark, best first.

        Some may have been deleted since. Empty while the index can't be asked.
        """
        if not self.watermark:
            return []
        try:
            answer = self._collection.query(
                query_embeddings=[query.tolist()], n_results=count, include=[]
            )
        except Exception:  # the border: Chroma raises anything, and exact search answers
            if not self._server:
                raise
            _log.exception("the index server doesn't answer")
            self._forget()
            return []
        return [int(id_) for id_ in answer["ids"][0]]

    def upkeep(self) -> Iterator[None]:
        """Bring the index in step with the records; yields between short steps.

        Ends at once when there is nothing to do. May be dropped at any yield.
        """
        (wanted,) = self._connection.execute("SELECT count(*) FROM vector").fetchone() or (0,)
        if wanted < self._exact_below:
            self.watermark = 0
            return
        yield from self._open()
        yield from self._remove_deleted()
        yield from self._add_missing()

    def verify(self) -> Iterator[bool]:
        """Compare all ids and vectors with the records, True after each step while they agree.

        False, and the end, when they don't: then exact search answers, and the next `upkeep` builds
        another generation. An index that is not open yet compares itself when it opens.
        """
        if self._collection is None:
            return
        try:
            for highest in self._compare(with_vectors=True):
                if highest < 0:
                    break
                yield True
            else:
                return
        except Exception:  # noqa: BLE001 - the border: Chroma raises anything over a damaged folder
            _log.exception("index %s can't be read; it is built anew", self.generation)
        _log.warning("index %s differs from the records; it is built anew", self.generation)
        self._forget()
        self._write_state("opening")
        yield False

    def close(self) -> None:
        """Close cleanly, so that the next start needs no verification."""
        if self._client is None:
            return
        with contextlib.suppress(Exception):  # a server may be gone
            self._client.close()
        self._client = self._collection = None
        self.watermark = 0
        self._write_state("clean" if self._verified else "open")

    # ------------------------------------------------------------ opening

    def _open(self) -> Iterator[None]:
        if self._collection is not None:
            return
        generation, state, server = self._read_state()
        if self._server:
            self._connect()  # one that is away is no reason to build anew
        if state in {"clean", "open"} and server == self._server:
            yield from self._reopen(generation, trusted=state == "clean")
        if self._collection is None:
            self._begin()
        yield

    def _reopen(self, generation: str, *, trusted: bool) -> Iterator[None]:
        """Open what an earlier process left. Whoever dies in here finds "opening" next time."""
        self.generation = generation
        self._write_state("opening")
        try:
            self._connect()
            self._collection = self._client.get_collection(self._name, embedding_function=None)
            watermark = 0
            for highest in self._compare(with_vectors=not trusted):
                watermark = highest
                yield
        except Exception:  # noqa: BLE001 - the border: Chroma raises anything over a damaged folder
            _log.exception("index %s can't be read; it is built anew", generation)
            self._forget()
            return
        if watermark < 0:
            _log.warning("index %s differs from the records; it is built anew", generation)
            self._forget()
            return
        self._verified = True
        self.watermark = watermark
        self._write_state("open")

    def _compare(self, *, with_vectors: bool) -> Iterator[int]:
        """Yield the highest id so far; -1 as soon as ids or vectors differ from the records."""
        found = set()
        for offset in range(0, self._collection.count(), _READ):
            page = self._collection.get(
                limit=_READ, offset=offset, include=["embeddings"] if with_vectors else []
            )
            ids = [int(id_) for id_ in page["ids"]]
            found.update(ids)
            if with_vectors and not self._same(ids, page["embeddings"]):
                yield -1
                return
            yield max(found)
        highest = max(found, default=0)
        rows = self._connection.execute("SELECT id FROM vector WHERE id <= ?", (highest,))
        missing = {cast("int", row[0]) for row in rows} - found
        yield -1 if missing else highest

    def _same(self, ids: list[int], embeddings: Any) -> bool:  # noqa: ANN401 - Chroma's own type
        for id_, embedding in zip(ids, embeddings, strict=True):
            kept = self._vectors([id_])
            if len(kept) and float(kept[0] @ np.asarray(embedding, np.float32)) < _SAME_COSINE:
                return False
        return True

    def _begin(self) -> None:
        """Start a generation of its own, and drop all others."""
        names = [*(path.name for path in self._folder.glob("g*")), self._read_state()[0]]
        numbers = [int(name[1:]) for name in names if name[1:].isdigit()]
        self.generation = f"g{max(numbers, default=0) + 1:04d}"
        for path in self._folder.glob("g*"):
            shutil.rmtree(path, ignore_errors=True)
        self._write_state("opening")
        self._connect()
        self._drop_others()
        self._collection = self._client.create_collection(
            self._name, embedding_function=None, configuration=_CONFIGURATION
        )
        self._verified = True
        self.watermark = 0
        self._write_state("open")

    @property
    def _name(self) -> str:
        """The collection: on a server, one for each library and generation."""
        if not self._server:
            return _COLLECTION
        return f"{self._prefix}-{self.generation}"

    @property
    def _prefix(self) -> str:
        whose = hashlib.blake2b(os.fsencode(self._folder), digest_size=8).hexdigest()
        return f"inglenook-{whose}"

    def _connect(self) -> None:
        if self._server:
            self._client = server_client(index_server(self._server))
        else:
            self._client = folder_client(self._folder / self.generation)

    def _drop_others(self) -> None:
        """Drop the earlier generations that a server holds of this library."""
        if not self._server:
            return
        for collection in self._client.list_collections():
            if collection.name.startswith(self._prefix):
                self._client.delete_collection(collection.name)

    def _forget(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close()
        self._client = self._collection = None
        self.watermark = 0

    # ------------------------------------------------------------ keeping in step

    def _remove_deleted(self) -> Iterator[None]:
        held: set[int] = set()
        for offset in range(0, self._collection.count(), _READ * 10):
            page = self._collection.get(limit=_READ * 10, offset=offset, include=[])
            held.update(int(id_) for id_ in page["ids"])
            yield
        kept = {cast("int", row[0]) for row in self._connection.execute("SELECT id FROM vector")}
        gone = sorted(held - kept)
        for start in range(0, len(gone), _READ):
            self._collection.delete(ids=[str(id_) for id_ in gone[start : start + _READ]])
            yield

    def _add_missing(self) -> Iterator[None]:
        mark = self.watermark
        while True:
            rows = self._connection.execute(
                "SELECT id, data FROM vector WHERE id > ? ORDER BY id LIMIT ?", (mark, BATCH)
            ).fetchall()
            if not rows:
                break
            self._collection.add(
                ids=[str(row[0]) for row in rows],
                embeddings=[
                    np.frombuffer(cast("bytes", row[1]), "<f2").astype(np.float32) for row in rows
                ],
            )
            mark = cast("int", rows[-1][0])
            self.watermark = mark
            yield

    def _vectors(self, ids: list[int]) -> list[Vectors]:
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(
            f"SELECT data FROM vector WHERE id IN ({marks}) ORDER BY id",  # noqa: S608 - marks only
            tuple(ids),
        )
        return [np.frombuffer(cast("bytes", row[0]), "<f2").astype(np.float32) for row in rows]

    # ------------------------------------------------------------ state

    def _read_state(self) -> tuple[str, str, str]:
        """Return generation, state and server as they were kept."""
        try:
            kept = json.loads((self._folder / _STATE).read_bytes())
            return str(kept["generation"]), str(kept["state"]), str(kept.get("server", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return "", "", ""

    def _write_state(self, state: str) -> None:
        content = {"generation": self.generation, "state": state, "server": self._server}
        write_aside(self._folder / _STATE, json.dumps(content).encode())


def forget_index(folder: Path) -> None:
    """Make the next start build the index anew: ids of another library.db mean other vectors."""
    (folder / _STATE).unlink(missing_ok=True)
