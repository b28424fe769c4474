"""Finds the passages that answer a question: both rankings, fused, one file not filling the list."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw
import numpy as np

from core.library.embedder import Embedder
from core.library.fusion import fuse
from core.library.keywords import best_matches
from core.library.records import display_name
from core.library.vectors import ExactVectors, Ids
from core.messages import Hit

CANDIDATES = 200
"""How deep each ranking is read before fusion."""
MAX_PER_FILE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage both rankings have been asked about."""

    passage_id: int
    score: float
    vector_score: float
    keyword_score: float


class Searcher:
    """Searches one library; asks the embedder for the question's vector."""

    def __init__(self, connection: apsw.Connection, embedder: Embedder) -> None:
        self._connection = connection
        self._embedder = embedder
        self._exact = ExactVectors(connection)

    def search(self, question: str, folder_ids: Sequence[str], k: int) -> tuple[Hit, ...]:
        """Return up to `k` hits, best first; none when nothing stands above the floor."""
        scope = self._scope(folder_ids)
        candidates = self._candidates(question, scope)
        return self._hits(candidates, scope, k)

    def _scope(self, folder_ids: Sequence[str]) -> tuple[str, ...]:
        if folder_ids:
            return tuple(folder_ids)
        return tuple(row[0] for row in self._connection.execute("SELECT id FROM folder"))

    def _candidates(self, question: str, scope: Sequence[str]) -> list[Candidate]:
        vector = self._by_vector(question, scope)
        keyword = self._by_keyword(question, scope)
        fused = fuse(vector, keyword)
        return [
            Candidate(id_, score, vector.get(id_, 0.0), keyword.get(id_, 0.0))
            for id_, score in fused.items()
        ]

    def _by_vector(self, question: str, scope: Sequence[str]) -> dict[int, float]:
        query = self._embedder.embed([question])[0]
        ids, scores = self._exact.nearest(query, CANDIDATES, self._allowed(scope))
        found: dict[int, float] = {}
        for id_, score in zip(ids.tolist(), scores.tolist(), strict=True):
            for (passage_id,) in self._connection.execute(
                "SELECT id FROM passage WHERE vector_id = ?", (id_,)
            ):
                found[passage_id] = score
        return found

    def _allowed(self, scope: Sequence[str]) -> Ids:
        marks = ",".join("?" * len(scope))
        rows = self._connection.execute(
            "SELECT DISTINCT vector_id FROM passage WHERE content_id IN"  # noqa: S608 - marks only
            f" (SELECT content_id FROM file WHERE folder_id IN ({marks}))",
            tuple(scope),
        )
        return np.fromiter((row[0] for row in rows), np.int64)

    def _by_keyword(self, question: str, scope: Sequence[str]) -> dict[int, float]:
        found = best_matches(self._connection, question, CANDIDATES)
        return {id_: score for id_, score in found.items() if self._file_of(id_, scope)}

    def _file_of(self, passage_id: int, scope: Sequence[str]) -> tuple[str, bytes] | None:
        """Return (folder id, relative path) of a file in `scope` that holds the passage."""
        marks = ",".join("?" * len(scope))
        row: tuple[str, bytes] | None = self._connection.execute(
            "SELECT folder_id, file.path FROM passage JOIN file USING (content_id)"  # noqa: S608
            f" WHERE passage.id = ? AND folder_id IN ({marks}) ORDER BY file.path LIMIT 1",
            (passage_id, *scope),
        ).fetchone()
        return row

    def _hits(
        self, candidates: Sequence[Candidate], scope: Sequence[str], k: int
    ) -> tuple[Hit, ...]:
        roots = dict(self._connection.execute("SELECT id, path FROM folder").fetchall())
        hits: list[Hit] = []
        per_file: Counter[bytes] = Counter()
        for candidate in candidates:
            if len(hits) == k:
                break
            place = self._file_of(candidate.passage_id, scope)
            if place is None or per_file[place[1]] == MAX_PER_FILE:
                continue
            per_file[place[1]] += 1
            hits.append(self._hit(len(hits) + 1, candidate, place, roots))
        return tuple(hits)

    def _hit(
        self, rank: int, candidate: Candidate, place: tuple[str, bytes], roots: Mapping[str, bytes]
    ) -> Hit:
        folder_id, relative = place
        section_id, section, start, length, page, heading, content_hash = self._connection.execute(
            "SELECT section.id, section.text, start, length, page, heading, hash FROM passage"
            " JOIN section ON section.id = section_id"
            " JOIN content ON content.id = passage.content_id WHERE passage.id = ?",
            (candidate.passage_id,),
        ).fetchone()
        path = Path(os.fsdecode(roots[folder_id])) / os.fsdecode(relative)
        return Hit(
            rank=rank,
            passage_id=candidate.passage_id,
            section_id=section_id,
            folder_id=folder_id,
            file=display_name(os.fsdecode(relative)),
            path=display_name(str(path)),
            page=page,
            heading=heading,
            text=section[start : start + length],
            section=section,
            content_hash=content_hash,
            score=min(1.0, max(0.0, candidate.score)),
            vector_score=candidate.vector_score,
            keyword_score=candidate.keyword_score,
        )
