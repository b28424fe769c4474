"""Retrieval evaluation: retrieval sets, ranking metrics and their measurement."""

import math
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import numpy.typing as npt

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.library.search.search_scope import SearchScope
from core.library.search.searcher import Searcher
from core.library.tasks.retrieval_set_files import find_set_files
from core.library.tasks.task_context import TaskContext
from core.library.tasks.temporary_library import TemporaryLibrary
from core.messages import (
    DocumentPage,
    EvaluateRetrieval,
    EvaluationProgress,
    RankingMetrics,
    RetrievalEvaluated,
    SearchVerdict,
)


class RetrievalSetEntry(msgspec.Struct, frozen=True):
    """A document, or a question (without a title)."""

    id: str
    text: str
    title: str


class _EntryLine(msgspec.Struct, frozen=True):
    """A line as it stands in the file; BEIR calls the id “_id”."""

    text: str
    id: str = ""
    beir_id: str = msgspec.field(name="_id", default="")
    title: str = ""


class RetrievalSet:
    """One set. The corpus is read line by line; questions without any grade are left out.

    `unanswerable` are those whose grades are all 0. Raises LibraryError, which names the file and
    line that can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = find_set_files(folder)
        self._decoder = msgspec.json.Decoder(_EntryLine, strict=False)
        self.grades = self._read_grades()
        queries = self._entries(self._files.queries)
        graded = {query.id: query.text for query in queries if query.id in self.grades}
        self.queries = {
            id_: text
            for id_, text in graded.items()
            if any(grade > 0 for grade in self.grades[id_].values())
        }
        self.unanswerable = [text for id_, text in graded.items() if id_ not in self.queries]
        if not self.queries:
            raise self._refused(
                self._files.grades,
                _("no question of {file} has an answer").format(file=self._files.queries),
            )
        self.documents = sum(1 for _entry in self._lines(self._files.corpus))

    @property
    def name(self) -> str:
        """What the set is called: its folder."""
        return self.folder.resolve().name

    def corpus_entries(self) -> Iterator[RetrievalSetEntry]:
        """Yield the documents in order."""
        yield from self._entries(self._files.corpus)

    def _read_grades(self) -> dict[str, dict[str, int]]:
        grades: dict[str, dict[str, int]] = {}
        for number, line in self._lines(self._files.grades):
            try:
                query, document, grade = line.split("\t")
                grades.setdefault(query, {})[document] = int(grade)
            except ValueError as error:
                if number == 1:  # some sets have a line of heads
                    continue
                raise self._refused(self._files.grades, _("line {n}").format(n=number)) from error
        return grades

    def _entries(self, name: str) -> Iterator[RetrievalSetEntry]:
        for number, line in self._lines(name):
            try:
                read = self._decoder.decode(line)
            except (ValueError, RecursionError) as error:
                raise self._refused(name, _("line {n}").format(n=number)) from error
            id_ = read.id or read.beir_id
            if not id_:
                raise self._refused(name, _("line {n}").format(n=number))
            yield RetrievalSetEntry(id=id_, text=read.text, title=read.title)

    def _lines(self, name: str) -> Iterator[tuple[int, str]]:
        try:
            with (self.folder / name).open(encoding="utf-8-sig") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield number, line.rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            detail = getattr(error, "strerror", None) or _("it is no text")
            raise self._refused(name, detail) from error

    def _refused(self, file: str, detail: str) -> LibraryError:
        return LibraryError(ErrorCode.SET_REFUSED, path=str(self.folder), file=file, detail=detail)


METRICS = ("ndcg@10", "recall@10", "mrr@10", "hit@5")

Scores = npt.NDArray[np.float64]
"""One row per question, one column per metric."""


def score_ranking(ranked: Sequence[str], grades: Mapping[str, int]) -> list[float]:
    """Return the METRICS of one ranking, best document first; some grade must be above 0.

    nDCG has linear gains, and the best 10 of all graded documents as its ideal.
    """
    gains = [max(0, grades.get(document, 0)) for document in ranked[:10]]
    ideal = sorted((max(0, grade) for grade in grades.values()), reverse=True)[:10]
    relevant = sum(grade > 0 for grade in grades.values())
    first = next((rank for rank, gain in enumerate(gains, 1) if gain > 0), 0)
    return [
        _discounted(gains) / _discounted(ideal),
        sum(gain > 0 for gain in gains) / relevant,
        1 / first if first else 0.0,
        float(any(gain > 0 for gain in gains[:5])),
    ]


_BOOTSTRAP_ROUNDS = 2000


def paired_bootstrap(differences: Scores) -> tuple[float, float]:
    """Return between which two means, with 95 % confidence, the mean difference lies."""
    generator = np.random.default_rng(1)
    picks = generator.integers(0, len(differences), (_BOOTSTRAP_ROUNDS, len(differences)))
    low, high = np.percentile(differences[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


RANKING_METHODS = ("vector", "bm25", "fused", "reranked", "search", "ask")
_HITS = 10
LONGEST_TITLE = 150
_PROGRESS_SECONDS = 0.2


def evaluate_retrieval(request: EvaluateRetrieval, context: TaskContext) -> Iterator[bool]:
    """Send EvaluationProgress and at last RetrievalEvaluated; yields after each short step.

    The embedder is loaded. May be closed at any yield: nothing is left behind. Raises LibraryError.
    """
    retrieval_set = RetrievalSet(Path(request.path))
    folder = Path(tempfile.mkdtemp(prefix="evaluation-", dir=context.paths.library_folder))
    try:
        with TemporaryLibrary(
            context.paths, context.embedder, file=folder / "library.db"
        ) as library:
            progress = _Progress(request.request_id, context.send)
            for done in library.add_documents(corpus_documents(retrieval_set)):
                progress.report_progress("reading", done, retrieval_set.documents)
                yield True
            searcher = library.new_searcher(context.judge)
            searcher.reranker = context.searcher.reranker
            evaluator = RetrievalEvaluator(retrieval_set, searcher, library)
            for done, _step in enumerate(evaluator.evaluate_in_steps(), 1):
                progress.report_progress("asking", done, evaluator.questions)
                yield True
            context.send(evaluator.evaluation_result(request.request_id))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def corpus_documents(retrieval_set: RetrievalSet) -> Iterator[tuple[str, tuple[DocumentPage, ...]]]:
    """Yield each document as a file: in a folder with its place in the corpus, named by its title.

    One that is only a title has that for its text, too.
    """
    for place, entry in enumerate(retrieval_set.corpus_entries()):
        title = " ".join(entry.title.replace("/", " ").split())[:LONGEST_TITLE]
        text = entry.text.strip() or title
        yield f"{place}/{title}.txt", (DocumentPage(number=None, heading="", text=text),)


class RetrievalEvaluator:
    """Searches for every question of a set by each method, and scores the documents found.

    `scores` (a row a question) and `seconds` (of one question) are by method, once
    `evaluate_in_steps` has ended. "search" is what a search returns, "ask" what an answer rests on:
    nothing for a refused question.
    """

    def __init__(
        self, retrieval_set: RetrievalSet, searcher: Searcher, library: TemporaryLibrary
    ) -> None:
        self._retrieval_set = retrieval_set
        self.searcher = searcher
        self._library = library
        self._ids = [entry.id for entry in retrieval_set.corpus_entries()]
        self.scores: dict[str, Scores] = {}
        self.seconds: dict[str, float] = {}
        self._kept = self._refused = 0

    @property
    def questions(self) -> int:
        """Number of questions, those without an answer included."""
        return len(self._retrieval_set.queries) + len(self._retrieval_set.unanswerable)

    def evaluate_in_steps(self) -> Iterator[None]:
        """Ask one question a step."""
        rows: dict[str, list[list[float]]] = {method: [] for method in RANKING_METHODS}
        seconds = dict.fromkeys(RANKING_METHODS, 0.0)
        for query, text in self._retrieval_set.queries.items():
            ranked = {**self._rank_by_each_method(text), **self._search(text)}
            for method, (ranking, took) in ranked.items():
                rows[method].append(
                    score_ranking(self.ranked_documents(ranking), self._retrieval_set.grades[query])
                )
                seconds[method] += took
            yield
        for text in self._retrieval_set.unanswerable:
            found = self.searcher.search_passages(text, (), _HITS)
            self._refused += found.verdict is not SearchVerdict.ANSWERED
            yield
        self.scores = {method: np.array(values) for method, values in rows.items() if values}
        self.seconds = {
            method: seconds[method] / len(self._retrieval_set.queries) for method in self.scores
        }

    def _rank_by_each_method(self, text: str) -> dict[str, tuple[Iterable[int], float]]:
        """Return for each method the passages, best first, and its seconds."""
        began = time.perf_counter()
        ranked = self.searcher.rank_passages(text, SearchScope())
        fused = time.perf_counter()
        methods: dict[str, tuple[Iterable[int], float]] = {
            "vector": (ranked.vector, ranked.vector_seconds),
            "bm25": (ranked.keyword, ranked.keyword_seconds),
            "fused": (ranked.scores, fused - began),
        }
        if self.searcher.reranker is not None:
            better = self.searcher.rerank_passages(text, ranked)
            methods["reranked"] = (better, time.perf_counter() - began)
        return methods

    def _search(self, text: str) -> dict[str, tuple[Iterable[int], float]]:
        """Return what a search returns, and what an answer would rest on."""
        began = time.perf_counter()
        found = self.searcher.search_passages(text, (), _HITS)
        took = time.perf_counter() - began
        passages = [hit.passage_id for hit in found.hits]
        is_kept = found.verdict is SearchVerdict.ANSWERED
        self._kept += is_kept
        return {"search": (passages, took), "ask": (passages if is_kept else (), took)}

    def ranked_documents(self, passages: Iterable[int]) -> list[str]:
        """Return the first ten documents that hold these passages, each at its best one."""
        found: dict[str, None] = {}
        for passage_id in passages:
            (path,) = self._library.records.connection.execute(
                "SELECT path FROM file JOIN passage USING (content_id) WHERE passage.id = ?",
                (passage_id,),
            ).fetchone() or (b"",)
            place = cast("bytes", path).partition(b"/")[0]
            found[self._ids[int(place)]] = None
            if len(found) == 10:
                break
        return list(found)

    def evaluation_result(self, request_id: str) -> RetrievalEvaluated:
        """Return the means over all questions; once `evaluate_in_steps` has ended."""
        metrics = {method: self._mean_metrics(method) for method in self.scores}
        better = max(("vector", "bm25"), key=lambda method: metrics[method].ndcg)
        low, high = paired_bootstrap(self.scores["fused"][:, 0] - self.scores[better][:, 0])
        (passages,) = self._library.records.connection.execute(
            "SELECT count(*) FROM passage"
        ).fetchone() or (0,)
        unanswerable = len(self._retrieval_set.unanswerable)
        return RetrievalEvaluated(
            request_id=request_id,
            name=self._retrieval_set.name,
            documents=len(self._ids),
            passages=cast("int", passages),
            queries=len(self._retrieval_set.queries),
            vector=metrics["vector"],
            bm25=metrics["bm25"],
            fused=metrics["fused"],
            reranked=metrics.get("reranked"),
            search=metrics["search"],
            ask=metrics["ask"],
            kept=self._kept / len(self._retrieval_set.queries),
            unanswerable=unanswerable,
            refused=self._refused / unanswerable if unanswerable else None,
            low=low,
            high=high,
        )

    def _mean_metrics(self, method: str) -> RankingMetrics:
        means: Mapping[str, float] = dict(
            zip(METRICS, self.scores[method].mean(axis=0).tolist(), strict=True)
        )
        return RankingMetrics(
            ndcg=means["ndcg@10"],
            recall=means["recall@10"],
            mrr=means["mrr@10"],
            hit=means["hit@5"],
            milliseconds=1000 * self.seconds[method],
        )


class _Progress:
    def __init__(self, request_id: str, send: Callable[[msgspec.Struct], None]) -> None:
        self._request_id = request_id
        self._send = send
        self._last = 0.0

    def report_progress(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= _PROGRESS_SECONDS:
            self._last = now
            self._send(
                EvaluationProgress(request_id=self._request_id, step=step, done=done, total=total)
            )
