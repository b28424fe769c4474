"""Evaluation summary: means with their intervals, the refusal table, calibration, of one run."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from core.evaluation.answer_record import AnswerRecord, EvaluationRun
from core.evaluation.answer_scores import SCORE_NAMES, is_right
from core.evaluation.bootstrap import MeanEstimate, PairedDifference, compare_pairs, estimate_mean
from core.evaluation.calibration import Calibration, measure_calibration
from core.evaluation.overlap_packages import OverlapPackages

Progress = Callable[[int, int], None]


class RefusalTable(Struct, frozen=True, kw_only=True):
    """Numbers of replies: what can be answered and what can't, by what was answered and refused."""

    answerable_answered: int = 0
    answerable_refused: int = 0
    unanswerable_answered: int = 0
    unanswerable_refused: int = 0

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean of the shares treated rightly on both sides; None while a side is empty."""
        answerable = self.answerable_answered + self.answerable_refused
        unanswerable = self.unanswerable_answered + self.unanswerable_refused
        if not answerable or not unanswerable:
            return None
        kept = self.answerable_answered / answerable
        return (kept + self.unanswerable_refused / unanswerable) / 2


class EvaluationSummary(Struct, frozen=True, kw_only=True):
    """What a run came to. `failed` questions got no reply and count nowhere else.

    `calibration` is that of the application's confidence that the documents answer a question.
    `groups` are the mean share that is right by kind and by language, where a set tells them.
    `ratings` counts a person's (good, bad).
    """

    run: EvaluationRun
    questions: int
    failed: int
    scores: dict[str, MeanEstimate]
    right: MeanEstimate | None
    corpus_bleu: float | None
    refusals: RefusalTable
    calibration: Calibration | None
    groups: dict[str, MeanEstimate]
    verdicts: dict[str, int]
    ratings: tuple[int, int]
    median_seconds: float
    missing: tuple[str, ...]


def summarize_run(
    run: EvaluationRun, records: Sequence[AnswerRecord], packages: OverlapPackages
) -> EvaluationSummary:
    """Return what the records of a run come to."""
    answered = [record for record in records if not record.problem]
    rights = [(record, float(is_right(record))) for record in answered]
    ratings = [record.rating for record in records if record.rating]
    return EvaluationSummary(
        run=run,
        questions=len(records),
        failed=len(records) - len(answered),
        scores=_score_estimates(answered),
        right=estimate_mean([right for _record, right in rights]) if rights else None,
        corpus_bleu=_corpus_bleu(answered, packages),
        refusals=count_refusals(answered),
        calibration=measure_calibration(
            [
                (record.confidence, record.answerable)
                for record in answered
                if record.confidence is not None
            ]
        ),
        groups=_groups(rights),
        verdicts=_counts([record.verdict for record in answered if record.verdict]),
        ratings=(sum(each > 0 for each in ratings), sum(each < 0 for each in ratings)),
        median_seconds=_median([record.seconds for record in answered]),
        missing=tuple(packages.missing),
    )


def count_refusals(records: Sequence[AnswerRecord]) -> RefusalTable:
    """Return how many were answered and refused, on both sides."""
    counts = _counts(
        [
            ("answerable_" if record.answerable else "unanswerable_")
            + ("refused" if record.is_refused else "answered")
            for record in records
        ]
    )
    return RefusalTable(**counts)


def compare_runs(
    first: Sequence[AnswerRecord], second: Sequence[AnswerRecord]
) -> dict[str, PairedDifference]:
    """Return for each score, and for "right", the difference on the questions that both have."""
    others = {record.id: record for record in second if not record.problem}
    pairs = [(one, others[one.id]) for one in first if not one.problem and one.id in others]
    found: dict[str, PairedDifference] = {}
    if pairs:
        found["right"] = compare_pairs(
            [float(is_right(one)) for one, _other in pairs],
            [float(is_right(other)) for _one, other in pairs],
        )
    for name in SCORE_NAMES:
        both = [
            (one.scores[name], other.scores[name])
            for one, other in pairs
            if name in one.scores and name in other.scores
        ]
        if both:
            found[name] = compare_pairs([one for one, _ in both], [other for _, other in both])
    return found


def summary_fields(summary: EvaluationSummary) -> dict[str, Any]:
    """Return a summary as scripts get it."""
    fields: dict[str, Any] = msgspec.to_builtins(summary)
    fields["refusals"]["balanced_accuracy"] = summary.refusals.balanced_accuracy
    return fields


def _score_estimates(records: Sequence[AnswerRecord]) -> dict[str, MeanEstimate]:
    found = {}
    for name in SCORE_NAMES:
        values = [record.scores[name] for record in records if name in record.scores]
        if values:
            found[name] = estimate_mean(values)
    return found


def _corpus_bleu(records: Sequence[AnswerRecord], packages: OverlapPackages) -> float | None:
    scored = [record for record in records if record.answerable and record.answers]
    return packages.corpus_bleu(
        [record.reply for record in scored], [record.answers for record in scored]
    )


def _groups(rights: Sequence[tuple[AnswerRecord, float]]) -> dict[str, MeanEstimate]:
    """Return the share that is right for each kind and each language, if there are several."""
    found: dict[str, MeanEstimate] = {}
    for field in ("kind", "lang"):
        values: dict[str, list[float]] = {}
        for record, right in rights:
            values.setdefault(getattr(record, field), []).append(right)
        values.pop("", None)
        if len(values) > 1:
            found |= {name: estimate_mean(values[name]) for name in sorted(values)}
    return found


def _counts(values: Sequence[str]) -> dict[str, int]:
    return {value: values.count(value) for value in sorted(set(values))}


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
