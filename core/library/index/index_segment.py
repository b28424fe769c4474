"""Index segment: one collection of the vector store, and the vector ids it holds."""

from collections.abc import Iterator

import apsw
import numpy as np

from core.library.embedding.vector_types import Cosines, Ids, Vectors
from core.library.index.vector_store import VectorCollection

_SAME_COSINE = 0.999
_NO_IDS: Ids = np.empty(0, np.int64)


class IndexSegment:
    """A collection whose ids are known without asking it. Raises VectorStoreError."""

    def __init__(self, collection: VectorCollection) -> None:
        self._collection = collection
        self.ids: Ids = _NO_IDS
        """The ids it holds, ascending; `read_ids` brings those of a collection that was there."""

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        """Return ids and cosines of about the `count` nearest, best first. Any thread."""
        if among is not None:
            among = among[np.isin(among, self.ids, assume_unique=True)]
            if not len(among):
                return _NO_IDS, np.empty(0, np.float32)
        return self._collection.nearest_vectors(query, count, among)

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors whose ids come after all it holds, ascending."""
        self._collection.add_vectors(ids, vectors)
        self.ids = np.concatenate([self.ids, ids])

    def remove_vectors(self, ids: Ids) -> None:
        """Remove some of what it holds."""
        self._collection.remove_vectors(ids)
        self.ids = np.setdiff1d(self.ids, ids, assume_unique=True)

    def prepare_search(self) -> None:
        """Load now what the first search would wait for."""
        self._collection.prepare_search()

    def accept_ids(self, ids: Ids) -> bool:
        """Take these for the ids it holds, if it holds as many; return whether it does."""
        if self._collection.vector_count != len(ids):
            return False
        self.ids = ids
        return True

    def read_ids(self, records: apsw.Connection | None = None) -> Iterator[bool]:
        """Ask the collection for its ids, a page at a time; yields True after each.

        With records, each vector is compared with the one they hold: False where one differs.
        """
        pages = [_NO_IDS]
        if records is None:
            for ids in self._collection.read_ids():
                pages.append(ids)
                yield True
        else:
            for ids, vectors in self._collection.read_vectors():
                pages.append(ids)
                yield _are_equal(records, ids, vectors)
        self.ids = np.sort(np.concatenate(pages))


def _are_equal(records: apsw.Connection, ids: Ids, vectors: Vectors) -> bool:
    """Return whether the vectors are those of the records, as far as these still have them."""
    for id_, vector in zip(ids.tolist(), vectors, strict=True):
        row = records.execute("SELECT data FROM vector WHERE id = ?", (id_,)).fetchone()
        if row is None:  # deleted since: `update_in_steps` of the index removes it
            continue
        recorded = np.frombuffer(row[0], "<f2").astype(np.float32)
        if float(recorded @ vector) < _SAME_COSINE:
            return False
    return True
