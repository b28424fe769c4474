"""Vector index: ids and vectors in a vector store, built from library.db, verified against it.

Below EXACT_SEARCH_BELOW vectors exact search is both faster and complete, so no index is built.
Above it the index answers for the ids up to its watermark, and exact search for the few that came
later. The index grows in segments, each a collection of as many vectors as serves the store best:
each costs as much as the one before, and only the last one changes. A server may hold the index
instead, for libraries past one machine; while it can't be reached, exact search answers. Each build
has a folder of its own (a generation); a damaged one is dropped and built anew, since Chroma's own
repair was seen to lose vectors without a word.
"""

import logging
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NoReturn, cast

import apsw
import numpy as np

from core.base.data_key import data_key
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.library.embedding.vector_types import Ids, Vectors
from core.library.index.index_generations import IndexGenerations
from core.library.index.index_segment import IndexSegment
from core.library.index.vector_store import OpenVectorStore, VectorStoreError

EXACT_SEARCH_BELOW = 32_000
"""Vectors up to which exact search answers alone: it is complete, and as fast. On one core 10,000
clustered vectors took 1 ms exactly; 100,000 took 11 ms, and 6 ms by the index (recall@50 .994):
`tests/benchmarks/scale.py`."""
BATCH_VECTORS = 128
"""Vectors added at once: about 0.15 s, so that no search waits long."""
_REMOVED_AT_ONCE = 1_000
_NEVER = sys.maxsize
_log = logging.getLogger(__name__)


def _exact_search_limit(server: str) -> int:
    """Return the vectors from which an index is built.

    Chroma encrypts nothing: where the data folder is encrypted, exact search answers alone, over
    vectors in memory, reduced where they are many (`reduced_vectors.py`). A server of the person's
    own holds vectors and numbers, no text.
    """
    return EXACT_SEARCH_BELOW if server or data_key() is None else _NEVER


class VectorIndex:
    """Index of one library; the child's main thread calls it. `update_in_steps` builds it."""

    def __init__(
        self,
        folder: Path,
        connection: apsw.Connection,
        open_store: OpenVectorStore,
        *,
        exact_below: int | None = None,
        server: str = "",
    ) -> None:
        """`server` is the address of a vector server, "" for stores in `folder`.

        `exact_below` is how many vectors are searched without an index, None for the usual number.
        """
        self._connection = connection
        limit = _exact_search_limit(server) if exact_below is None else exact_below
        self._exact_below = limit
        self._server = server
        self._generations = IndexGenerations(folder, open_store, server)
        self._segments: list[IndexSegment] = []
        self._opening: Iterator[None] | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._verified = False
        self.filters_itself = bool(server)
        """Whether its store looks among given ids at no more cost than among all."""
        self.watermark = 0
        """Highest vector id in the index; 0 while it can't be searched."""

    @property
    def generation_name(self) -> str:
        """Name of the open generation."""
        return self._generations.name

    @property
    def vector_count(self) -> int:
        """Number of vectors in the index."""
        return sum(len(segment.ids) for segment in self._segments)

    def nearest_ids(self, query: Vectors, count: int, among: Ids | None = None) -> list[int]:
        """Return the ids of about the `count` nearest vectors up to the watermark, best first.

        Only those `among` these ids are looked at, if they are given. Some may have been deleted
        since. Empty while the index can't be searched.
        """
        if not self.watermark:
            return []
        try:
            return self._search_segments(query, count, among)
        except VectorStoreError:
            if not self._server:
                raise
            _log.exception("the index server doesn't answer")  # exact search does
            self._close_segments()
            return []

    def _search_segments(self, query: Vectors, count: int, among: Ids | None) -> list[int]:
        """Search all segments at once, each on a thread; return the ids of the nearest."""
        if len(self._segments) == 1:
            found = [self._segments[0].nearest_vectors(query, count, among)]
        else:
            self._pool = self._pool or ThreadPoolExecutor(os.cpu_count(), "index")
            search = partial(IndexSegment.nearest_vectors, query=query, count=count, among=among)
            found = list(self._pool.map(search, self._segments))
        ids = np.concatenate([ids for ids, _cosines in found])
        cosines = np.concatenate([cosines for _ids, cosines in found])
        nearest = np.argsort(-cosines, kind="stable")[:count]
        return cast("list[int]", ids[nearest].tolist())

    def update_in_steps(self) -> Iterator[None]:
        """Update the index from the records; yields between short steps.

        Ends at once when there is nothing to do. May be closed at any yield.
        """
        (wanted,) = self._connection.execute("SELECT count(*) FROM vector").fetchone() or (0,)
        if wanted < self._exact_below:
            self.watermark = 0
            return
        yield from self._open()
        if self._is_scattered():
            self._close_segments()
            self._start_generation()
        self.watermark = self._highest()
        yield from self._remove_deleted(wanted)
        yield from self._add_missing()

    def verify_in_steps(self) -> Iterator[bool]:
        """Compare all ids and vectors with the records; yields True after each step if they agree.

        Otherwise yields False and ends: then exact search answers, and the next `update_in_steps`
        builds another generation. An index that is not open yet is compared when it opens.
        """
        if not self._segments:
            return
        try:
            for same in self._read(self._segments, with_vectors=True):
                if not same:
                    break
                yield True
            else:
                if self._agrees(self._segments):
                    return
        except Exception as error:  # noqa: BLE001 - the border: a damaged store may hold anything
            self._close_segments()
            if self._server:
                self._keep_for_later(error)
            _log.exception("index %s can't be read; it is built anew", self.generation_name)
        _log.warning("index %s differs from the records; it is built anew", self.generation_name)
        self._close_segments()
        self._generations.write_state("opening")
        yield False

    def close(self) -> None:
        """Close the index and mark it clean, so that the next start needn't compare it."""
        if not self._generations.is_open:
            return
        segments, verified = self._segments, self._verified
        self._close_segments()
        if segments:
            self._generations.save_ids(segments)
        self._generations.write_state("clean" if verified else "open")

    # ------------------------------------------------------------ opening

    def _open(self) -> Iterator[None]:
        if self._segments:
            return
        opening = self._opening or self._reopen()
        self._opening = None
        for _step in opening:
            self._opening = opening  # the next update goes on with it if this one is closed
            yield
            self._opening = None
        if not self._segments:
            self._start_generation()
        yield

    def _reopen(self) -> Iterator[None]:
        """Open the generation of an earlier process, if it is clean or still equals the records."""
        generation, state = self._generations.last_generation()
        if self._server:
            self._generations.open_store()  # a server that is away is no reason to build a new one
        if state not in {"clean", "open"}:
            return
        self._generations.name = generation
        self._generations.write_state(
            "opening"
        )  # if this process dies in here, the next one builds a new one
        try:
            segments, differs = self._generations.open_generation(generation), False
            recorded = self._generations.pop_saved_ids() if state == "clean" else []
            if not (
                len(recorded) == len(segments)
                and all(map(IndexSegment.accept_ids, segments, recorded))
            ):
                for same in self._read(segments, with_vectors=state != "clean"):
                    differs |= not same
                    yield
            for segment in segments:
                segment.prepare_search()
                yield
            if differs or not self._agrees(segments):
                _log.warning("index %s differs from the records; it is built anew", generation)
                self._close_segments()
                return
        except Exception as error:  # noqa: BLE001 - the border: a damaged store may hold anything
            self._close_segments()
            if self._server:
                self._keep_for_later(error)
            _log.exception("index %s can't be read; it is built anew", generation)
            return
        self._segments = segments
        self._verified = True
        self._generations.write_state("open")

    def _read(self, segments: list[IndexSegment], *, with_vectors: bool) -> Iterator[bool]:
        """Read the ids of segments; yields after each step whether their vectors are right."""
        for segment in segments:
            yield from segment.read_ids(self._connection if with_vectors else None)

    def _agrees(self, segments: list[IndexSegment]) -> bool:
        """Return whether each id of the records, up to the highest held, is held exactly once.

        Ids that the records no longer have don't matter: `update_in_steps` removes them.
        """
        held = np.concatenate([np.empty(0, np.int64), *(segment.ids for segment in segments)])
        recorded = self._recorded_ids(int(held.max(initial=0)))
        return len(np.unique(held)) == len(held) and not len(np.setdiff1d(recorded, held))

    def _start_generation(self) -> None:
        self._generations.start_generation()
        self._segments = [self._generations.new_segment(1)]
        self._verified = True
        self.watermark = 0
        self._generations.write_state("open")

    def _close_segments(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        self._generations.close()
        self._pool = None
        self._segments = []
        self._verified = False
        self.watermark = 0

    def _keep_for_later(self, error: Exception) -> NoReturn:
        """Keep the generation of a server that broke off: it is compared when it answers again."""
        self._generations.write_state("open")
        detail = _("it doesn't answer")
        raise LibraryError(
            ErrorCode.INDEX_SERVER_REFUSED, url=self._server, detail=detail
        ) from error

    # ------------------------------------------------------------ updating

    def _is_scattered(self) -> bool:
        """Return whether so much was deleted that half of the segments would be enough."""
        most = self._generations.max_segment_vectors
        return len(self._segments) > 2 + 2 * self.vector_count // most

    def _remove_deleted(self, wanted: int) -> Iterator[None]:
        """Remove ids that the records no longer have; `wanted` is the number of their vectors."""
        query = "SELECT count(*) FROM vector WHERE id > ?"
        (newer,) = self._connection.execute(query, (self.watermark,)).fetchone() or (0,)
        if self.vector_count == wanted - newer:
            return
        recorded = self._recorded_ids(self.watermark)
        for segment in self._segments:
            gone = np.setdiff1d(segment.ids, recorded, assume_unique=True)
            for start in range(0, len(gone), _REMOVED_AT_ONCE):
                segment.remove_vectors(gone[start : start + _REMOVED_AT_ONCE])
                yield

    def _recorded_ids(self, highest: int) -> Ids:
        """Return the ids of the records up to `highest`."""
        rows = self._connection.execute("SELECT id FROM vector WHERE id <= ?", (highest,))
        return np.array([row[0] for row in rows], np.int64)

    def _highest(self) -> int:
        return max((int(part.ids[-1]) for part in self._segments if len(part.ids)), default=0)

    def _add_missing(self) -> Iterator[None]:
        mark, most = self.watermark, self._generations.max_segment_vectors
        while True:
            rows = self._connection.execute(
                "SELECT id, data FROM vector WHERE id > ? ORDER BY id LIMIT ?",
                (mark, BATCH_VECTORS),
            ).fetchall()
            if not rows:
                break
            if len(self._segments[-1].ids) >= most:
                self._segments.append(self._generations.new_segment(len(self._segments) + 1))
            segment = self._segments[-1]
            rows = rows[: most - len(segment.ids)]
            ids = np.array([row[0] for row in rows], np.int64)
            data = np.frombuffer(b"".join(cast("bytes", row[1]) for row in rows), "<f2")
            segment.add_vectors(ids, data.reshape(len(rows), -1).astype(np.float32))
            self.watermark = mark = int(ids[-1])
            yield
