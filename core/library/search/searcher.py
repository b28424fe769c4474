"""Searcher: both rankings fused, reranked and diversified into hits with a verdict on them."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, cast

import apsw
from msgspec import structs

from core.library.filesystem.missing_files import IsMissing, never_missing
from core.library.filesystem.path_encoding import display_name
from core.library.search.document_need import CERTAIN_NEED, document_need
from core.library.search.other_subject import (
    SAME_SUBJECT,
    OtherSubject,
    other_subject,
    words_stand_together,
)
from core.library.search.query_syntax import phrase_expression, quoted_phrases, without_quotes
from core.library.search.rank_fusion import CandidateRankings, fuse_rankings
from core.library.search.relevance_judge import (
    EXAMINED_PASSAGES,
    FoundPassage,
    RelevanceJudge,
)
from core.library.search.reranker import Reranker
from core.library.search.result_diversity import PassageCandidate, select_diverse
from core.library.search.search_scope import SearchScope
from core.library.store.content_records import file_hash
from core.library.text.passage_splitter import title_path
from core.messages import NO_FILTERS, SearchFilters, SearchHit, SearchVerdict

CANDIDATES_PER_HIT = 8
"""Passages considered for each hit asked for: repeats are dropped, neighbours merged."""
CLEARLY_SURER = 2.0
"""How many times as sure a passage must be to go before the first. Chosen on 120 questions of
invented notes (packaging/training/evidence_notes.jsonl): the right passage comes first 10 times
more and never less; of 60 of SQuAD 2.0's development part 4 times more and never less."""

_Place = tuple[str, bytes, int, int, int, int | None, str, str]


@dataclass(frozen=True, slots=True)
class RankingResult:
    """Scores by passage id: fused ones, best first, and those of each ranking; times in seconds."""

    scores: Mapping[int, float]
    vector: Mapping[int, float]
    keyword: Mapping[int, float]
    vector_seconds: float
    keyword_seconds: float


class JudgedHits(NamedTuple):
    """Hits, best first, and the verdict on them; the rest is as in SearchDone."""

    hits: tuple[SearchHit, ...]
    verdict: SearchVerdict
    confidence: float
    threshold: float
    other: OtherSubject = SAME_SUBJECT
    missing_value: str = ""
    need: float = CERTAIN_NEED


class Searcher:
    """Searches one library; `reranker` may be set at any time, None for the default one."""

    def __init__(
        self,
        connection: apsw.Connection,
        rankings: CandidateRankings,
        judge: RelevanceJudge,
        is_missing: IsMissing = never_missing,
        default_reranker: Reranker | None = None,
        foreign_question_reranker: Reranker | None = None,
        embedder_name: str = "",
    ) -> None:
        """Files that are gone by now (`is_missing`) are not found, though the records have them.

        `default_reranker` works where `reranker` is None; `foreign_question_reranker` works after
        either, on questions in a language that the embedder doesn't know. `embedder_name` is its
        folder's, for what was fitted to its vectors.
        """
        self._is_missing = is_missing
        self._connection = connection
        self._rankings = rankings
        self._judge = judge
        self._default_reranker = default_reranker
        self._foreign_question_reranker = foreign_question_reranker
        self._embedder_name = embedder_name
        self.reranker: Reranker | None = None

    def search_passages(
        self, question: str, folder_ids: Sequence[str], k: int, filters: SearchFilters = NO_FILTERS
    ) -> JudgedHits:
        """Return up to `k` hits, best first, and whether they answer the question."""
        scope = SearchScope(tuple(folder_ids), filters)
        ranked = self.rank_passages(question, scope)
        count = max(k, EXAMINED_PASSAGES)
        scores = self.rerank_passages(question, ranked)
        chosen = select_diverse(self._locate(scores, scope, count * CANDIDATES_PER_HIT), count)
        hits = self._hits(chosen)
        plain, passages = without_quotes(question), self._found_passages(question, hits, ranked)
        assessed = self._judge.assess(plain, passages)
        verdict = assessed.verdict
        other = SAME_SUBJECT
        if verdict is not SearchVerdict.NOTHING:
            examined = passages[:EXAMINED_PASSAGES]
            other = other_subject(plain, examined, words_stand_together(self._connection, scope))
        if other.found:
            verdict = SearchVerdict.ON_TOPIC
        judged = [
            structs.replace(hit, confidence=own)
            for hit, own in zip(hits, assessed.passages, strict=False)
        ]
        if verdict is SearchVerdict.ANSWERED:
            judged = surest_first(judged)
        need = document_need(self._embedder_name, self._rankings.question_vector(plain))
        return JudgedHits(
            tuple(judged[:k]), verdict, assessed.confidence, assessed.threshold,
            other, assessed.missing_value, need,
        )  # fmt: skip

    def _found_passages(
        self, question: str, hits: Sequence[SearchHit], ranked: RankingResult
    ) -> list[FoundPassage]:
        """Return the hits as they are judged; those that only words found get their cosines."""
        beyond = [hit.passage_id for hit in hits if hit.passage_id not in ranked.vector]
        cosines = {
            **ranked.vector,
            **self._rankings.passage_cosines(without_quotes(question), beyond),
        }
        return [
            FoundPassage(
                hit.text, title_path(hit.file, hit.heading), cosines.get(hit.passage_id, 0.0)
            )
            for hit in hits
        ]

    def all_passages(self) -> tuple[SearchHit, ...]:
        """Return every passage as a hit, in reading order; for libraries of a few documents."""
        ids = [row[0] for row in self._connection.execute("SELECT id FROM passage ORDER BY id")]
        found = self._locate(dict.fromkeys(cast("list[int]", ids), 1.0), SearchScope(), len(ids))
        return self._hits(found)

    def rank_passages(self, question: str, scope: SearchScope) -> RankingResult:
        """Return both rankings, fused; passages must hold the phrases in quotation marks."""
        quoted = tuple(phrase_expression(phrase) for phrase in quoted_phrases(question))
        scope, text = replace(scope, phrases=quoted), without_quotes(question)
        began = time.perf_counter()
        vector = self._rankings.rank_by_vector(text, scope)
        halfway = time.perf_counter()
        keyword = self._rankings.rank_by_keyword(text, scope)
        ended = time.perf_counter()
        beyond = self._rankings.passage_cosines(text, keyword.keys() - vector.keys())
        foreign = self._rankings.foreign_passages(text, vector)
        fused = fuse_rankings(vector, keyword, beyond, foreign)
        return RankingResult(fused, vector, keyword, halfway - began, ended - halfway)

    def rerank_passages(self, question: str, ranked: RankingResult) -> Mapping[int, float]:
        """Return the fused scores after reranking; unchanged if there is no reranker."""
        scores, text = ranked.scores, without_quotes(question)
        for reranker in (self.reranker or self._default_reranker, self._foreign_question_reranker):
            if reranker is not None:
                scores = reranker.rerank(text, scores, self._text)
        return scores

    def _text(self, passage_id: int) -> str:
        row = self._connection.execute(
            "SELECT substr(text, start + 1, length) FROM passage"
            " JOIN section ON section.id = section_id WHERE passage.id = ?",
            (passage_id,),
        ).fetchone()
        return cast("str", row[0]) if row else ""

    def _locate(
        self, scores: Mapping[int, float], scope: SearchScope, count: int
    ) -> list[PassageCandidate]:
        """Return the first `count` passages that have a file in the scope, with their places."""
        condition, values = scope.file_condition
        statement = (
            "SELECT folder_id, path, section_id, start, length, page, heading,"  # noqa: S608
            " substr(text, start + 1, length) FROM (SELECT * FROM passage WHERE id = ?)"
            f" AS passage JOIN section ON section.id = section_id JOIN (SELECT content_id AS held,"
            f" folder_id, path FROM file WHERE {condition}) ON held = passage.content_id"
            " ORDER BY path, folder_id"
        )
        roots = {folder_id: root for folder_id, (_name, root) in self._folders().items()}
        found: list[PassageCandidate] = []
        for id_, score in scores.items():
            places = cast("Iterator[_Place]", self._connection.execute(statement, (id_, *values)))
            row = next((each for each in places if self._is_there(roots, each[0], each[1])), None)
            if row is None:
                continue
            folder_id, path, section_id, start, length, page, heading, text = row
            end, file = start + length, (folder_id, path)
            found.append(
                PassageCandidate(
                    id_, id_, id_, score, file, section_id, start, end, page, heading, text
                )
            )
            if len(found) == count:
                break
        return found

    def _is_there(self, roots: Mapping[str, str], folder_id: str, path: bytes) -> bool:
        return not self._is_missing(roots[folder_id], os.fsdecode(path))

    def _folders(self) -> dict[str, tuple[str, str]]:
        """Return the name and the path of every folder, by id."""
        rows = self._connection.execute("SELECT id, name, path FROM folder")
        return {cast("str", id_): (name, os.fsdecode(path)) for id_, name, path in rows}

    def _hits(self, chosen: Sequence[PassageCandidate]) -> tuple[SearchHit, ...]:
        roots = self._folders()
        return tuple(
            self._hit(rank, found, roots[found.file[0]])
            for rank, found in enumerate(chosen, start=1)
        )

    def _hit(self, rank: int, found: PassageCandidate, folder: tuple[str, str]) -> SearchHit:
        name, root = folder
        row = self._connection.execute(
            "SELECT text, hash, (SELECT line FROM passage WHERE id = ?)"
            " FROM section JOIN content ON content.id = content_id WHERE section.id = ?",
            (found.first, found.section_id),
        ).fetchone()
        section, content_hash, line = cast("tuple[str, str, int | None]", row)
        relative = os.fsdecode(found.file[1])
        return SearchHit(
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
            content_hash=file_hash(content_hash),
            score=min(1.0, max(0.0, found.score)),
        )


def surest_first(hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return hits, best first, with that one at their head which the verdict rests on.

    That is the surest of those that were examined, where it is clearly surer than the first: a
    model with room for one passage reads it.
    """
    place = max(range(len(hits[:EXAMINED_PASSAGES])), key=lambda each: hits[each].confidence)
    if hits[place].confidence < CLEARLY_SURER * hits[0].confidence:
        return list(hits)
    surest = structs.replace(hits[place], score=hits[0].score)
    ordered = [surest, *hits[:place], *hits[place + 1 :]]
    return [structs.replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]
