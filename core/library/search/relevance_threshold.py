"""Relevance threshold: whether the passages found are about the question at all.

Evidence is the cosine of a passage plus the share of the question's words it holds, each weighted
by how rare it is in this library (its idf). A word the passage lacks counts for as much as the
nearest word it has ("bike" for "bicycle"), if that is near enough. All of it is absolute: cosines
belong to the embedder, not to a folder, and the share corrects itself by the folder's own counts,
so one threshold serves all folders. What it lets through, measured: of questions to other
collections at most 15 in a hundred (from .85 on hardly fewer with each step), of answerable ones
nearly all in English, 77 in a hundred in German, whose words change more; .95 would cost every
eighth of those.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import cast

import apsw
import numpy as np

from core.library.embedding.embedder import QueryEmbedder
from core.library.embedding.vector_types import Vectors
from core.library.search.keyword_ranking import STOP_WORDS, WordStatistics, informative_words
from core.library.text.combining_marks import MARK_LETTERS, encode_marks
from core.library.text.script_tokens import needs_tokenizing

MIN_EVIDENCE = 0.9
EXAMINED_PASSAGES = 5
"""Number of the best passages that are examined."""
BACKGROUND_PASSAGES = 10_000
"""Passages counted in addition to the real ones: a few notes tell little about rare words."""
SIMILAR_WORD_COSINE = 0.6
"""Cosine of two single words from which one counts for the other."""
_BATCH = 64
_KEPT_WORDS = 5000
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARK_LETTERS}]){{3,}}")
_MARK = re.compile(f"[{MARK_LETTERS}]")


class RelevanceThreshold:
    """A RelevanceJudge by evidence. Word vectors are kept: words come again."""

    def __init__(self, connection: apsw.Connection, embedder: QueryEmbedder) -> None:
        self._connection = connection
        self._embedder = embedder
        self._statistics = WordStatistics(connection)
        self._word_vectors: dict[str, Vectors] = {}

    def has_relevant_passage(
        self, question: str, passage_ids: Sequence[int], cosines: Mapping[int, float]
    ) -> bool:
        """Return whether one of the first passages reaches MIN_EVIDENCE."""
        examined = passage_ids[:EXAMINED_PASSAGES]
        weights = self._weights(question)
        found = {id_: self._words_in_passage(weights, id_) for id_ in examined}
        missing = {
            id_: MIN_EVIDENCE - cosines.get(id_, 0.0) - _share(weights, found[id_])
            for id_ in examined
        }
        # The exact words first: for most questions they are enough, without the model.
        if any(missing_evidence <= 0 for missing_evidence in missing.values()):
            return True
        return any(
            self._nearly_held(weights, found[id_], id_) >= missing_evidence
            for id_, missing_evidence in missing.items()
        )

    def _weights(self, question: str) -> dict[str, float]:
        """Return the idf of each informative word, as a share of their sum."""
        total = self._statistics.passage_count + BACKGROUND_PASSAGES
        weights = {
            word: math.log(total / (self._statistics.document_frequency(word) + 1))
            for word in dict.fromkeys(informative_words(question))
        }
        total_weight = sum(weights.values()) or 1.0
        return {word: weight / total_weight for word, weight in weights.items()}

    def _words_in_passage(self, words: Mapping[str, float], passage_id: int) -> set[str]:
        holds = "SELECT count(*) FROM passage_words WHERE passage_words MATCH ? AND rowid = ?"
        return {word for word in words if self._count(holds, f'"{word}"', passage_id)}

    def _nearly_held(self, weights: Mapping[str, float], found: set[str], passage_id: int) -> float:
        """Return the weight of missing words for which the passage has a similar one."""
        unfound = [word for word in weights if word not in found and _has_meaning(word)]
        words = self._words_of(passage_id)
        if not unfound or not words:
            return 0.0
        nearness = (self._vectors(unfound) @ self._vectors(words).T).max(axis=1)
        return sum(
            weights[word] * float(near)
            for word, near in zip(unfound, nearness, strict=True)
            if near >= SIMILAR_WORD_COSINE
        )

    def _words_of(self, passage_id: int) -> list[str]:
        row = self._connection.execute(
            "SELECT substr(text, start + 1, length) FROM passage"
            " JOIN section ON section.id = section_id WHERE passage.id = ?",
            (passage_id,),
        ).fetchone()
        text = cast("str", row[0]) if row else ""
        words = dict.fromkeys(word.lower() for word in _WORD.findall(encode_marks(text)))
        return [word for word in words if word not in STOP_WORDS and _has_meaning(word)]

    def _vectors(self, words: Sequence[str]) -> Vectors:
        fresh = [word for word in words if word not in self._word_vectors]
        if len(self._word_vectors) + len(fresh) > _KEPT_WORDS:
            self._word_vectors.clear()
            fresh = list(words)
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            self._word_vectors.update(zip(batch, self._embedder.embed(batch), strict=True))
        return np.stack([self._word_vectors[word] for word in words])

    def _count(self, statement: str, *values: str | int) -> int:
        return cast("tuple[int]", self._connection.execute(statement, values).fetchone())[0]


def _share(weights: Mapping[str, float], found: set[str]) -> float:
    return sum(weights[word] for word in found)


def _has_meaning(word: str) -> bool:
    """Return whether the vector of a word means anything.

    All bigrams of characters are near each other, and so are words with combining marks, which the
    model doesn't know.
    """
    return not needs_tokenizing(word) and _MARK.search(word) is None
