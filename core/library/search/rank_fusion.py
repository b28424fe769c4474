"""Rank fusion: both rankings of a question and their fusion into one.

How much each counts is learned (`core.library.search.fusion_weights`). A passage in another
language than the question can't hold its words: its cosine stands for them.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import cast

import apsw
import numpy as np

from core.base.text_language import detect_language
from core.library.embedding.embedder import QueryEmbedder
from core.library.embedding.vector_types import Ids, Vectors
from core.library.index.exact_search import ExactSearch, SubsetSearch, exact_cosines
from core.library.index.vector_index import VectorIndex
from core.library.search.fusion_weights import vector_share
from core.library.search.keyword_ranking import KeywordRanking
from core.library.search.search_scope import SearchScope
from core.library.search.tie_order import order_ties

CANDIDATES = 200
"""Passages of each ranking that are fused."""
_MOST_SENT = 50_000
"""Ids that are sent to a server with a question: 400 kB."""
_WIDE_SHARE = 0.1
"""Share of the indexed vectors in a scope from which the index is wanted, for at most 4,000."""
_SPARE = 2
_DETECTED_PASSAGES, _DETECTED_CHARACTERS = 50, 400
"""Nearest passages whose language is looked at, and characters of each: 5 ms."""


class CandidateRankings:
    """The vector ranking and the keyword ranking of one library, restricted to a scope."""

    def __init__(
        self,
        connection: apsw.Connection,
        embedder: QueryEmbedder,
        index: VectorIndex | None = None,
        *,
        multilingual: bool = False,
    ) -> None:
        self._connection = connection
        self._embedder = embedder
        self._index = index
        self._is_multilingual = multilingual
        self._exact = ExactSearch(connection)
        self._subset = SubsetSearch(connection)
        self._scoped = ScopedVectors(connection)
        self._keywords = KeywordRanking(connection)
        self._last: tuple[str, Vectors] | None = None  # a question and its vector

    def rank_by_vector(self, question: str, scope: SearchScope) -> dict[int, float]:
        """Return the passages nearest to the question with their cosines, best first."""
        query = self._embedder.embed([question])[0]
        self._last = question, query
        found: dict[int, float] = {}
        for id_, score in self._nearest(query, scope).items():
            for (passage_id,) in self._connection.execute(
                "SELECT id FROM passage WHERE vector_id = ?", (id_,)
            ):
                found[cast("int", passage_id)] = score
        return order_ties(self._connection, found)

    def _nearest(self, query: Vectors, scope: SearchScope) -> dict[int, float]:
        """Search the index, and exactly what is not in it yet; without an index all exactly."""
        allowed = None
        if not scope.is_whole_library(self._connection):
            allowed = self._scoped.vector_ids(scope)
        if self._index is None or not self._index.watermark:
            return self._exact.nearest_cosines(query, CANDIDATES, allowed=allowed)
        mark = self._index.watermark
        indexed = self._indexed(self._index, query, allowed)
        newer = self._exact.nearest_cosines(query, CANDIDATES, allowed=allowed, above=mark)
        both = sorted({**indexed, **newer}.items(), key=lambda item: -item[1])
        return dict(both[:CANDIDATES])

    def _indexed(self, index: VectorIndex, query: Vectors, allowed: Ids | None) -> dict[int, float]:
        """Return the nearest vectors up to the watermark, only of `allowed` if that is given.

        A server looks among the allowed ones itself. The index in a folder knows no scope: it is
        asked for so many that enough of them should be allowed. If few are allowed, or too few of
        them found, the allowed ones are searched exactly.
        """
        if allowed is None:
            return exact_cosines(self._connection, index.nearest_ids(query, CANDIDATES), query)
        older = allowed[allowed <= index.watermark]
        if index.filters_itself and len(older) <= _MOST_SENT:
            near_ids = index.nearest_ids(query, CANDIDATES, older)
            if len(near_ids) == min(CANDIDATES, len(older)):
                return exact_cosines(self._connection, near_ids, query)
        if len(older) >= _WIDE_SHARE * index.vector_count:
            wanted = _SPARE * CANDIDATES * index.vector_count // len(older)
            near = np.array(index.nearest_ids(query, wanted), np.int64)
            near = near[np.isin(near, older, assume_unique=True)][:CANDIDATES]
            if len(near) == CANDIDATES:
                return exact_cosines(self._connection, near.tolist(), query)
        return self._subset.nearest_cosines(query, CANDIDATES, older)

    def rank_by_keyword(self, question: str, scope: SearchScope) -> dict[int, float]:
        """Return the passages with the question's words and their keyword scores, best first."""
        return self._keywords.keyword_scores(question, scope, CANDIDATES)

    def foreign_passages(self, question: str, passage_ids: Iterable[int]) -> set[int]:
        """Return those of the first passages that are in another language than the question.

        None if the embedder knows one language only: their cosines mean nothing then.
        """
        language = detect_language(question) if self._is_multilingual else ""
        if not language:
            return set()
        rows = self._connection.execute(
            "SELECT passage.id, substr(text, start + 1, min(length, ?)) FROM json_each(?)"
            " JOIN passage ON passage.id = value JOIN section ON section.id = section_id",
            (_DETECTED_CHARACTERS, json.dumps(list(islice(passage_ids, _DETECTED_PASSAGES)))),
        )
        return {
            cast("int", id_)
            for id_, text in rows
            if detect_language(cast("str", text)) not in {"", language}
        }

    def question_vector(self, question: str) -> Vectors:
        """Return the vector of a question; at once for the one ranked last."""
        if self._last is None or self._last[0] != question:
            self._last = question, self._embedder.embed([question])[0]
        return self._last[1]

    def passage_cosines(self, question: str, passage_ids: Iterable[int]) -> dict[int, float]:
        """Return the cosines of passages and a question; fast for the question ranked last."""
        rows = self._connection.execute(
            "SELECT passage.id, data FROM json_each(?) JOIN passage ON passage.id = value"
            " JOIN vector ON vector.id = vector_id",
            (json.dumps(list(passage_ids)),),
        ).fetchall()
        if not rows:
            return {}
        data = np.frombuffer(b"".join(cast("bytes", row[1]) for row in rows), "<f2")
        query = self.question_vector(question)
        scores = data.reshape(len(rows), -1).astype(np.float32) @ query
        return {
            cast("int", row[0]): score for row, score in zip(rows, scores.tolist(), strict=True)
        }


class ScopedVectors:
    """Vectors of a scope; the last result is reused until something is written."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._last: tuple[SearchScope, int] | None = None
        self._ids: Ids = np.empty(0, np.int64)

    def vector_ids(self, scope: SearchScope) -> Ids:
        """Return their ids, ascending."""
        # One connection writes, so its count of changes shows whether there is anything new.
        now = (scope, self._connection.total_changes())
        if now != self._last:
            self._ids, self._last = self._read(scope), now
        return self._ids

    def _read(self, scope: SearchScope) -> Ids:
        contents, values = scope.content_query
        statement = f"SELECT DISTINCT vector_id FROM passage WHERE content_id IN ({contents})"  # noqa: S608 - marks only
        if scope.phrases:
            statement += " AND id IN (SELECT rowid FROM passage_words WHERE passage_words MATCH ?)"
            values = (*values, " AND ".join(scope.phrases))
        return np.array(
            sorted(row[0] for row in self._connection.execute(statement, values)), np.int64
        )


def fuse_rankings(
    vector: Mapping[int, float],
    keyword: Mapping[int, float],
    beyond: Mapping[int, float] | None = None,
    foreign: Collection[int] = (),
) -> dict[int, float]:
    """Return passage ids with a fused score between 0 and 1, best first.

    Scores are added, not ranks: ranks lose how far ahead a hit is. `beyond` are cosines of passages
    that only the keywords found. `foreign` are passages in another language than the question.
    """
    vector_scores, keyword_scores = scaled_rankings(vector, keyword, beyond)
    share = vector_share(vector, keyword, beyond or {})
    # The less the vectors are trusted, the less they can stand for words.
    trust = min(1.0, 2 * share)
    for id_ in foreign:
        imputed = trust * vector_scores.get(id_, 0.0)
        keyword_scores[id_] = max(keyword_scores.get(id_, 0.0), imputed)
    fused = {
        id_: share * vector_scores.get(id_, 0.0) + (1 - share) * keyword_scores.get(id_, 0.0)
        for id_ in {**vector, **keyword}
    }
    best = sorted(fused.items(), key=lambda item: -item[1])
    return {id_: max(0.0, score) for id_, score in best}


def scaled_rankings(
    vector: Mapping[int, float],
    keyword: Mapping[int, float],
    beyond: Mapping[int, float] | None,
) -> tuple[dict[int, float], dict[int, float]]:
    """Return both rankings scaled so that the best score of each is 1.

    The worst is 0, since passages that it doesn't list may have as much; keyword scores from 0 if
    the list is complete. Scores of passages `beyond` the vector ranking may be below 0.
    """
    complete = len(keyword) < CANDIDATES
    keyword_scores = _scaled(keyword, 0.0 if complete else min(keyword.values()))
    return _scaled(vector, min(vector.values(), default=0.0), beyond), keyword_scores


def _scaled(
    ranking: Mapping[int, float], low: float, beyond: Mapping[int, float] | None = None
) -> dict[int, float]:
    high = max(ranking.values(), default=low)
    if high <= low:
        return dict.fromkeys(ranking, 1.0)
    scores = {**(beyond or {}), **ranking}
    return {id_: (score - low) / (high - low) for id_, score in scores.items()}
