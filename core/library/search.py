"""Finds the passages that answer a question: rankings fused, none below the floor."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

import apsw

from core.library.diversity import Found, choose
from core.library.floor import Floor
from core.library.fusion import fuse
from core.library.names import display_name
from core.library.rankings import Rankings
from core.library.scope import Scope
from core.library.wanted import phrase_expression, phrases, unquoted
from core.messages import Filters, Hit

LOOKED_AT = 8
"""So many passages are looked at for each that is asked for: repeats go, neighbours join."""
EVERYTHING = Filters()

_Place = tuple[str, bytes, int, int, int, int | None, str, str]


class Reranks(Protocol):
    """Puts the first passages of a ranking into a better order."""

    def order(
        self, question: str, scores: Mapping[int, float], text_of: Callable[[int], str]
    ) -> dict[int, float]:
        """Return all of `scores`, best first, each between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was found, by passage id: fused scores, best first, and those of both rankings."""

    scores: Mapping[int, float]
    vector: Mapping[int, float]
    keyword: Mapping[int, float]
    vector_seconds: float
    keyword_seconds: float


class Searcher:
    """Searches one library; `reranker` may be set at any time."""

    def __init__(self, connection: apsw.Connection, rankings: Rankings, floor: Floor) -> None:
        self._connection = connection
        self._rankings = rankings
        self._floor = floor
        self.reranker: Reranks | None = None

    def search(
        self, question: str, folder_ids: Sequence[str], k: int, filters: Filters = EVERYTHING
    ) -> tuple[Hit, ...]:
        """Return up to `k` hits, best first; none when nothing stands above the floor."""
        scope = Scope(tuple(folder_ids), filters)
        ranked = self.rank(question, scope)
        if not self._floor.is_reached(unquoted(question), list(ranked.scores), ranked.vector):
            return ()
        found = self._places(self.reranked(question, ranked), scope, k * LOOKED_AT)
        return self._hits(choose(found, k), ranked)

    def everything(self) -> tuple[Hit, ...]:
        """Return every passage as a hit, in reading order; for libraries of a few documents."""
        ids = [row[0] for row in self._connection.execute("SELECT id FROM passage ORDER BY id")]
        found = self._places(dict.fromkeys(cast("list[int]", ids), 1.0), Scope(), len(ids))
        return self._hits(found, Ranked({}, {}, {}, 0.0, 0.0))

    def rank(self, question: str, scope: Scope) -> Ranked:
        """Return what both rankings found, fused. What stands in quotation marks must be said."""
        quoted = tuple(phrase_expression(phrase) for phrase in phrases(question))
        scope, text = replace(scope, phrases=quoted), unquoted(question)
        began = time.perf_counter()
        vector = self._rankings.by_vector(text, scope)
        halfway = time.perf_counter()
        keyword = self._rankings.by_keyword(text, scope)
        ended = time.perf_counter()
        beyond = self._rankings.cosines(text, keyword.keys() - vector.keys())
        fused = fuse(vector, keyword, beyond)
        return Ranked(fused, vector, keyword, halfway - began, ended - halfway)

    def reranked(self, question: str, ranked: Ranked) -> Mapping[int, float]:
        """Return the fused scores as the reranker puts them, as they are where there is none."""
        if self.reranker is None:
            return ranked.scores
        return self.reranker.order(unquoted(question), ranked.scores, self._text)

    def _text(self, passage_id: int) -> str:
        row = self._connection.execute(
            "SELECT substr(text, start + 1, length) FROM passage"
            " JOIN section ON section.id = section_id WHERE passage.id = ?",
            (passage_id,),
        ).fetchone()
        return cast("str", row[0]) if row else ""

    def _places(self, scores: Mapping[int, float], scope: Scope, count: int) -> list[Found]:
        """Return where the first `count` passages stand, best first, only files of the scope."""
        condition, values = scope.files
        statement = (
            "SELECT folder_id, path, section_id, start, length, page, heading,"  # noqa: S608
            " substr(text, start + 1, length) FROM (SELECT * FROM passage WHERE id = ?)"
            f" AS passage JOIN section ON section.id = section_id JOIN (SELECT content_id AS held,"
            f" folder_id, path FROM file WHERE {condition}) ON held = passage.content_id"
            " ORDER BY path LIMIT 1"
        )
        found: list[Found] = []
        for id_, score in scores.items():
            row = self._connection.execute(statement, (id_, *values)).fetchone()
            if row is None:
                continue
            folder_id, path, section_id, start, length, page, heading, text = cast("_Place", row)
            end, file = start + length, (folder_id, path)
            found.append(
                Found(id_, id_, id_, score, file, section_id, start, end, page, heading, text)
            )
            if len(found) == count:
                break
        return found

    def _hits(self, chosen: Sequence[Found], ranked: Ranked) -> tuple[Hit, ...]:
        rows = self._connection.execute("SELECT id, name, path FROM folder")
        roots = {cast("str", id_): (name, os.fsdecode(path)) for id_, name, path in rows}
        return tuple(
            self._hit(rank, found, roots[found.file[0]], ranked)
            for rank, found in enumerate(chosen, start=1)
        )

    def _hit(self, rank: int, found: Found, folder: tuple[str, str], ranked: Ranked) -> Hit:
        name, root = folder
        row = self._connection.execute(
            "SELECT text, hash, (SELECT line FROM passage WHERE id = ?)"
            " FROM section JOIN content ON content.id = content_id WHERE section.id = ?",
            (found.first, found.section_id),
        ).fetchone()
        section, content_hash, line = cast("tuple[str, str, int | None]", row)
        relative = os.fsdecode(found.file[1])
        return Hit(
            rank=rank,
            passage_id=found.passage_id,
            section_id=found.section_id,
            folder_id=found.file[0],
            folder=name,
            file=display_name(relative),
            path=display_name(str(Path(root) / relative)),
            page=found.page,
            line=line,
            heading=found.heading,
            text=section[found.start : found.end],
            section=section,
            content_hash=content_hash.rpartition(" ")[2],  # what is read again has a word before
            score=min(1.0, max(0.0, found.score)),
            vector_score=ranked.vector.get(found.passage_id, 0.0),
            keyword_score=ranked.keyword.get(found.passage_id, 0.0),
        )
