"""Index segment: one Chroma collection, and the vector ids it holds."""

from collections.abc import Iterator
from typing import Any

import apsw
import numpy as np

from core.library.embedding.sentence_transformer_embedder import Vectors
from core.library.index.exact_search import Ids

# Measured on clustered vectors, the hardest: with Chroma's defaults (16, 100, 100) recall@50 fell
# to .72. What is looked through while searching restores it at a third of what a denser graph
# (32, 200) costs while building: `tests/benchmarks/scale.py`.
# Chroma writes a whole graph each time `sync_threshold` vectors came to it (by default 1,000), and
# adds again what came after the last time when it opens a folder. With 2,000 a segment of 100,000
# writes 3 GB while it is built, and opens in half a second to two.
HNSW_CONFIGURATION = {
    "hnsw": {
        "space": "ip",
        "ef_construction": 100,
        "max_neighbors": 16,
        "ef_search": 800,
        "sync_threshold": 2_000,
    }
}
_PAGE = 1_000
_SAME_COSINE = 0.999
_NOTHING: Ids = np.empty(0, np.int64)


class IndexSegment:
    """A collection whose ids are known without asking it. Raises whatever Chroma raises."""

    def __init__(self, collection: Any) -> None:  # noqa: ANN401 - an untyped library
        self._collection = collection
        self.ids: Ids = _NOTHING
        """The ids it holds, ascending; `read_ids` brings those of a collection that was there."""

    def nearest_with_distances(self, query: Vectors, count: int) -> list[tuple[float, int]]:
        """Return about the `count` nearest as distance and id, best first."""
        answer = self._collection.query(
            query_embeddings=[query.tolist()], n_results=count, include=["distances"]
        )
        ids = (int(id_) for id_ in answer["ids"][0])
        return list(zip(answer["distances"][0], ids, strict=True))

    def add_vectors(self, ids: list[int], vectors: list[Vectors]) -> None:
        """Add vectors whose ids come after all it holds."""
        self._collection.add(ids=[str(id_) for id_ in ids], embeddings=vectors)
        self.ids = np.concatenate([self.ids, np.array(ids, np.int64)])

    def remove_vectors(self, ids: Ids) -> None:
        """Remove some of what it holds."""
        self._collection.delete(ids=[str(id_) for id_ in ids])
        self.ids = np.setdiff1d(self.ids, ids, assume_unique=True)

    def warm_up(self) -> None:
        """Have Chroma load the graph, and add to it what it had only written down."""
        some = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        if len(some):
            self.nearest_with_distances(np.asarray(some[0], np.float32), 1)

    def accept_ids(self, ids: Ids) -> bool:
        """Believe that it holds these ids if it holds as many; returns whether it does."""
        if self._collection.count() != len(ids):
            return False
        self.ids = ids
        return True

    def read_ids(self, records: apsw.Connection | None = None) -> Iterator[bool]:
        """Learn which ids it holds, a page at a time; yields after each whether all is well.

        With records, each vector is compared with the one they hold: False where one differs.
        """
        pages = [_NOTHING]
        for offset in range(0, self._collection.count(), _PAGE):
            page = self._collection.get(
                limit=_PAGE, offset=offset, include=["embeddings"] if records else []
            )
            pages.append(np.array([int(id_) for id_ in page["ids"]], np.int64))
            yield not records or _same(records, page["ids"], page["embeddings"])
        self.ids = np.sort(np.concatenate(pages))


def _same(records: apsw.Connection, ids: list[str], embeddings: Any) -> bool:  # noqa: ANN401 - Chroma's own type
    for id_, embedding in zip(ids, embeddings, strict=True):
        row = records.execute("SELECT data FROM vector WHERE id = ?", (int(id_),)).fetchone()
        if row is None:  # deleted since: `upkeep` removes it
            continue
        kept = np.frombuffer(row[0], "<f2").astype(np.float32)
        if float(kept @ np.asarray(embedding, np.float32)) < _SAME_COSINE:
            return False
    return True
