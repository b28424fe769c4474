"""Finds the passages that answer a question: rankings fused, none below the floor."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import apsw

from core.library.floor import Floor
from core.library.fusion import fuse
from core.library.names import display_name
from core.library.rankings import Rankings
from core.messages import Hit

MAX_PER_FILE = 3

_Row = tuple[int, str, int, int, int | None, str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage both rankings have been asked about."""

    passage_id: int
    score: float
    vector_score: float
    keyword_score: float


class Searcher:
    """Searches one library."""

    def __init__(self, connection: apsw.Connection, rankings: Rankings, floor: Floor) -> None:
        self._connection = connection
        self._rankings = rankings
        self._floor = floor

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
        """Return what both rankings found, fused, best first; nothing if it is below the floor."""
        vector = self._rankings.by_vector(question, scope)
        keyword = self._rankings.by_keyword(question, scope)
        fused = fuse(vector, keyword)
        if not self._floor.is_reached(question, list(fused), vector):
            return []
        return [
            Candidate(id_, score, vector.get(id_, 0.0), keyword.get(id_, 0.0))
            for id_, score in fused.items()
        ]

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
        rows = self._connection.execute("SELECT id, name, path FROM folder")
        roots = {cast("str", id_): (name, os.fsdecode(path)) for id_, name, path in rows}
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
        self,
        rank: int,
        candidate: Candidate,
        place: tuple[str, bytes],
        roots: Mapping[str, tuple[str, str]],
    ) -> Hit:
        folder_id, relative = place
        folder, root = roots[folder_id]
        row = self._connection.execute(
            "SELECT section.id, section.text, start, length, page, heading, hash FROM passage"
            " JOIN section ON section.id = section_id"
            " JOIN content ON content.id = passage.content_id WHERE passage.id = ?",
            (candidate.passage_id,),
        ).fetchone()
        section_id, section, start, length, page, heading, content_hash = cast("_Row", row)
        path = Path(root) / os.fsdecode(relative)
        return Hit(
            rank=rank,
            passage_id=candidate.passage_id,
            section_id=section_id,
            folder_id=folder_id,
            folder=folder,
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
