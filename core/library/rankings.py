"""Asks both rankings about a question: nearest vectors and best keywords, as passage ids."""

from collections.abc import Sequence
from typing import cast

import apsw
import numpy as np

from core.library.embedder import Embeds, Vectors
from core.library.index import VectorIndex
from core.library.keywords import keyword_scores
from core.library.vectors import ExactVectors, Ids, cosines

CANDIDATES = 200
"""How deep each ranking is read before fusion."""


class Rankings:
    """Both rankings of one library, restricted to folders."""

    def __init__(
        self, connection: apsw.Connection, embedder: Embeds, index: VectorIndex | None = None
    ) -> None:
        self._connection = connection
        self._embedder = embedder
        self._index = index
        self._exact = ExactVectors(connection)

    def by_vector(self, question: str, scope: Sequence[str]) -> dict[int, float]:
        """Return the passages nearest to the question with their cosines, best first."""
        query = self._embedder.embed([question])[0]
        found: dict[int, float] = {}
        for id_, score in self._nearest(query, scope).items():
            for (passage_id,) in self._connection.execute(
                "SELECT id FROM passage WHERE vector_id = ?", (id_,)
            ):
                found[cast("int", passage_id)] = score
        return found

    def _nearest(self, query: Vectors, scope: Sequence[str]) -> dict[int, float]:
        """Ask the index about all folders together; some of them are searched exactly."""
        everything = self._is_everything(scope)
        if self._index is None or not self._index.watermark or not everything:
            allowed = None if everything else self._allowed(scope)
            return self._exact.nearest(query, CANDIDATES, allowed=allowed)
        indexed = cosines(self._connection, self._index.nearest(query, CANDIDATES), query)
        newer = self._exact.nearest(query, CANDIDATES, above=self._index.watermark)
        both = sorted({**indexed, **newer}.items(), key=lambda item: -item[1])
        return dict(both[:CANDIDATES])

    def _is_everything(self, scope: Sequence[str]) -> bool:
        row = self._connection.execute("SELECT count(*) FROM folder").fetchone()
        return row is not None and len(set(scope)) == row[0]

    def by_keyword(self, question: str, scope: Sequence[str]) -> dict[int, float]:
        """Return the passages with the question's words and their BM25 scores, best first."""
        return keyword_scores(self._connection, question, scope, CANDIDATES)

    def _allowed(self, scope: Sequence[str]) -> Ids:
        marks = ",".join("?" * len(scope))
        rows = self._connection.execute(
            "SELECT DISTINCT vector_id FROM passage WHERE content_id IN"  # noqa: S608 - marks only
            f" (SELECT content_id FROM file WHERE folder_id IN ({marks}))",
            tuple(scope),
        )
        return np.array([row[0] for row in rows], np.int64)
