"""Asks both rankings about a question: nearest vectors and best keywords, as passage ids."""

from typing import cast

import apsw
import numpy as np

from core.library.embedder import Embeds, Vectors
from core.library.index import VectorIndex
from core.library.keywords import Keywords
from core.library.scope import Scope
from core.library.vectors import ExactVectors, Ids, cosines

CANDIDATES = 200
"""How deep each ranking is read before fusion."""


class Rankings:
    """Both rankings of one library, restricted to a scope."""

    def __init__(
        self, connection: apsw.Connection, embedder: Embeds, index: VectorIndex | None = None
    ) -> None:
        self._connection = connection
        self._embedder = embedder
        self._index = index
        self._exact = ExactVectors(connection)
        self._keywords = Keywords(connection)

    def by_vector(self, question: str, scope: Scope) -> dict[int, float]:
        """Return the passages nearest to the question with their cosines, best first."""
        query = self._embedder.embed([question])[0]
        found: dict[int, float] = {}
        for id_, score in self._nearest(query, scope).items():
            for (passage_id,) in self._connection.execute(
                "SELECT id FROM passage WHERE vector_id = ?", (id_,)
            ):
                found[cast("int", passage_id)] = score
        return found

    def _nearest(self, query: Vectors, scope: Scope) -> dict[int, float]:
        """Ask the index about all folders together; some of them are searched exactly."""
        everything = scope.is_everything(self._connection)
        if self._index is None or not self._index.watermark or not everything:
            allowed = None if everything else self._allowed(scope)
            return self._exact.nearest(query, CANDIDATES, allowed=allowed)
        indexed = cosines(self._connection, self._index.nearest(query, CANDIDATES), query)
        newer = self._exact.nearest(query, CANDIDATES, above=self._index.watermark)
        both = sorted({**indexed, **newer}.items(), key=lambda item: -item[1])
        return dict(both[:CANDIDATES])

    def by_keyword(self, question: str, scope: Scope) -> dict[int, float]:
        """Return the passages with the question's words and their BM25 scores, best first."""
        return self._keywords.scores(question, scope, CANDIDATES)

    def _allowed(self, scope: Scope) -> Ids:
        contents, values = scope.contents
        statement = f"SELECT DISTINCT vector_id FROM passage WHERE content_id IN ({contents})"  # noqa: S608 - marks only
        if scope.phrases:
            statement += " AND id IN (SELECT rowid FROM passage_words WHERE passage_words MATCH ?)"
            values = (*values, " AND ".join(scope.phrases))
        return np.array([row[0] for row in self._connection.execute(statement, values)], np.int64)
