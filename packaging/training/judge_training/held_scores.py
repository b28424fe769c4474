"""Held scores: what a judge says of documents that it was not trained on, by source."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.library.judging.learned_judge import LearnedJudge
from judge_training.parallel_pairs import ParallelRow
from judge_training.training_mix import is_held
from judge_training.training_pairs import (
    Label,
    Pair,
    QuestionRow,
    QuestionSource,
    StatementRow,
    parallel_pairs,
    read_rows,
    statement_pairs,
)

_SEED = 5


class HeldScore(NamedTuple):
    """A pair of a source with the judge's raw scores: one of the answer head, or three."""

    source: str
    pair: Pair
    scores: tuple[float, ...]


def held_pairs(folder: Path, limit: int) -> Iterator[tuple[str, Pair]]:
    """Yield source and pair of at most `limit` held rows of each source; the same each time."""
    for path in sorted(folder.glob("*.jsonl")):
        rng = Random(_SEED)  # noqa: S311 - no secret is made of it
        rows = [row for row in read_rows(path) if is_held(path.stem, row.group)]
        questions = QuestionSource([row for row in rows if isinstance(row, QuestionRow)], rng)
        for row in rng.sample(rows, min(limit, len(rows))):
            if isinstance(row, QuestionRow):
                yield from ((path.stem, pair) for pair in questions.pairs(row))
            elif isinstance(row, StatementRow):
                yield from ((path.stem, pair) for pair in statement_pairs(row, row, rng))
            elif isinstance(row, ParallelRow):
                yield from ((path.stem, pair) for pair in parallel_pairs(row, rng))


def held_scores(judge: LearnedJudge, folder: Path, limit: int) -> list[HeldScore]:
    """Return the raw scores of all held pairs."""
    found = []
    for source, pair in held_pairs(folder, limit):
        if pair.statement:
            [scores] = judge.statement_scores(pair.question, [(pair.statement, pair.evidence)])
        else:
            [scores] = judge.answer_scores(pair.question, [pair.evidence])
        found.append(HeldScore(source, pair, tuple(scores)))
    return found


def area_under_curve(right: npt.ArrayLike, wrong: npt.ArrayLike) -> float:
    """Return the chance that a right one has the higher score (Mann and Whitney 1947)."""
    first, second = np.asarray(right, dtype=float), np.asarray(wrong, dtype=float)
    ranks = np.concatenate([first, second]).argsort().argsort()[: len(first)] + 1
    return float((ranks.sum() - len(first) * (len(first) + 1) / 2) / (len(first) * len(second)))


def source_areas(scores: list[HeldScore]) -> dict[str, dict[str, float]]:
    """Return areas under the curve by source, of those with a dozen of each kind.

    `answered` of question and passage, `supported` and `contradicted` of statement and evidence,
    each against the rest.
    """
    areas: dict[str, dict[str, float]] = {}
    for source in sorted({score.source for score in scores}):
        mine = [score for score in scores if score.source == source]
        kinds = {
            "answered": [(s.scores[0], s.pair.label == 1) for s in mine if not s.pair.statement],
            "supported": [
                (s.scores[0] - max(s.scores[1:]), s.pair.label == Label.SUPPORTED)
                for s in mine
                if s.pair.statement
            ],
            "contradicted": [
                (s.scores[1] - max(s.scores[0], s.scores[2]), s.pair.label == Label.CONTRADICTED)
                for s in mine
                if s.pair.statement
            ],
        }
        for kind, values in kinds.items():
            right = [value for value, is_right in values if is_right]
            wrong = [value for value, is_right in values if not is_right]
            if min(len(right), len(wrong)) >= 12:
                areas.setdefault(source, {})[kind] = round(area_under_curve(right, wrong), 3)
    return areas
