"""Prints how well search finds on retrieval sets, and how sure it is that the fusion gains.

Usage: python tests/benchmarks/retrieval.py [--cache DIR] [--embedder DIR] [--no-judge]
       [--no-sentences] [--questions N] PATH...
What `inglenook eval retrieval` says of one set, for several, with 95 % intervals, and plain
reciprocal rank fusion; "search" is what a search returns, "ask" what an answer would rest on:
nothing for a refused question. A PATH is a folder (corpus.jsonl, queries.jsonl, qrels.tsv), or a
.jsonl of questions with passage, passage_id and lang a line, of which each language is a set, or
one of notes with the questions that each answers or not (packaging/training/evidence_notes.jsonl).
At most `--questions` are asked of each. `--no-sentences` leaves passages in their fused order.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.base.paths import judge_model
from core.library.judging.judge import Judge
from core.library.judging.learned_judge import LearnedJudge
from core.library.search.search_scope import SearchScope
from core.library.tasks.retrieval_evaluation import (
    METRICS,
    RetrievalEvaluator,
    RetrievalSet,
    Scores,
    paired_bootstrap,
    score_ranking,
)
from tests.benchmarks.corpus import open_set, sample_questions

_RRF_K = 60
"""As in the paper of Cormack, Clarke and Büttcher (SIGIR 2009)."""


class _FusedOrder:
    """A Reranker that leaves all as it is."""

    def rerank(
        self, _question: str, scores: Mapping[int, float], _text_of: Callable[[int], str]
    ) -> dict[int, float]:
        """Return the scores."""
        return dict(scores)


def main() -> None:
    """Measure each set, then the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--embedder", type=Path)
    parser.add_argument("--no-judge", action="store_true")
    parser.add_argument("--no-sentences", action="store_true")
    parser.add_argument("--questions", type=int, default=1_000_000)
    options = parser.parse_args()
    cache = options.cache or Path(tempfile.mkdtemp())
    judge = None if options.no_judge else LearnedJudge(judge_model())
    every: dict[str, list[Scores]] = defaultdict(list)
    for path in options.sets:
        for source in [path] if path.is_dir() else _as_sets(path, cache):
            for way, scores in _measure(source, cache, judge, options).items():
                every[way].append(scores)
    _say("\nmean of the sets, ndcg@10")
    for way, of_sets in every.items():
        _say(f"{way:12}{_mean_of_sets([scores[:, 0] for scores in of_sets])}")
    for way in ("vector", "bm25"):
        pairs = zip(every["fused"], every[way], strict=True)
        _say(f"fused - {way}: {_mean_of_sets([ours[:, 0] - one[:, 0] for ours, one in pairs])}")


def _measure(
    source: Path, cache: Path, judge: Judge | None, options: argparse.Namespace
) -> dict[str, Scores]:
    asked, library = open_set(source, cache, options.embedder)
    sample_questions(asked, options.questions)
    with library:
        searcher = library.new_searcher(judge)
        if options.no_sentences:
            searcher.reranker = _FusedOrder()
        measure = RetrievalEvaluator(asked, searcher, library)
        for _step in measure.evaluate_in_steps():
            pass
        scores = {**measure.scores, "plain rrf": _plain_fusion(asked, measure)}
        _print(asked, scores, measure)
    return scores


def _as_sets(path: Path, cache: Path) -> Iterator[Path]:
    """Write the questions of each language with their passages as a retrieval set."""
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if "answered" in entries[0]:
        yield _set_of_notes(entries, cache / "sets" / path.stem)
        return
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_language[entry["lang"]].append(entry)
    for language, those in by_language.items():
        folder = cache / "sets" / f"{path.parent.name}-{language}"
        folder.mkdir(parents=True, exist_ok=True)
        passages = {each["passage_id"]: each["passage"] for each in those}
        _write(folder / "corpus.jsonl", [{"id": id_, "text": passages[id_]} for id_ in passages])
        _write(
            folder / "queries.jsonl",
            [{"id": each["id"], "text": each["question"]} for each in those],
        )
        grades = [f"{each['id']}\t{each['passage_id']}\t1\n" for each in those]
        (folder / "qrels.tsv").write_text("".join(grades), encoding="utf-8")
        yield folder


def _set_of_notes(notes: Sequence[dict[str, Any]], folder: Path) -> Path:
    """Write notes with what they answer; a question that none answers has the grade 0."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = [
        (question, n, grade)
        for n, note in enumerate(notes)
        for kind, grade in (("answered", 1), ("unanswerable", 0))
        for question in note[kind]
    ]
    corpus = [{"id": str(n), "text": note["passage"]} for n, note in enumerate(notes)]
    _write(folder / "corpus.jsonl", corpus)
    _write(folder / "queries.jsonl", [{"id": f"q{n}", "text": q[0]} for n, q in enumerate(asked)])
    grades = [f"q{n}\t{note}\t{grade}\n" for n, (_text, note, grade) in enumerate(asked)]
    (folder / "qrels.tsv").write_text("".join(grades), encoding="utf-8")
    return folder


def _write(path: Path, entries: Sequence[dict[str, str]]) -> None:
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries]
    path.write_text("".join(lines), encoding="utf-8")


def _reciprocal_rank_fusion(
    vector: Mapping[int, float], keyword: Mapping[int, float]
) -> dict[int, float]:
    """Return the sums of reciprocal ranks: what nearly every other program fuses by."""
    fused: dict[int, float] = {}
    for ranking in (vector, keyword):
        for rank, id_ in enumerate(sorted(ranking, key=lambda id_: -ranking[id_]), 1):
            fused[id_] = fused.get(id_, 0.0) + 1 / (_RRF_K + rank)
    return dict(sorted(fused.items(), key=lambda item: -item[1]))


def _plain_fusion(asked: RetrievalSet, measure: RetrievalEvaluator) -> Scores:
    rows = []
    for query, text in asked.queries.items():
        ranked = measure.searcher.rank_passages(text, SearchScope())
        plain = _reciprocal_rank_fusion(ranked.vector, ranked.keyword)
        rows.append(score_ranking(measure.ranked_documents(plain), asked.grades[query]))
    return np.array(rows)


def _print(asked: RetrievalSet, scores: dict[str, Scores], measure: RetrievalEvaluator) -> None:
    evaluated = measure.evaluation_result("")
    _say(f"\n{asked.name}: {len(asked.queries)} questions, {evaluated.passages} passages")
    _say(f"{'':12}{'95 %':>24}" + "".join(f"{metric:>11}" for metric in (*METRICS, "ms")))
    for way, values in scores.items():
        means: Sequence[float] = values.mean(axis=0).tolist()
        low, high = paired_bootstrap(values[:, 0])
        row = "".join(f"{value:11.3f}" for value in means)
        interval = f"[{low:.3f}, {high:.3f}]"
        _say(f"{way:12}{interval:>24}{row}{1000 * measure.seconds.get(way, 0.0):11.1f}")
    for way in ("vector", "bm25"):
        low, high = paired_bootstrap(scores["fused"][:, 0] - scores[way][:, 0])
        _say(f"fused - {way}: 95 % between {low:+.3f} and {high:+.3f}")
    refused = (
        "" if evaluated.refused is None else f", of the others refused {evaluated.refused:.3f}"
    )
    _say(f"of the answerable questions kept {evaluated.kept:.3f}{refused}")


def _mean_of_sets(of_sets: Sequence[Scores]) -> str:
    """Return the mean of the sets' means, and between which ones it lies, questions drawn anew."""
    generator = np.random.default_rng(1)
    means = [
        values[generator.integers(0, len(values), (2000, len(values)))].mean(axis=1)
        for values in of_sets
    ]
    low, high = np.percentile(np.mean(means, axis=0), [2.5, 97.5])
    return f"{np.mean([values.mean() for values in of_sets]):.3f} [{low:.3f}, {high:.3f}]"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
