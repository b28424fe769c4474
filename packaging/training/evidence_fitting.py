"""Fitting of evidence weights: logistic regressions, chosen and calibrated on what is held out."""

import itertools
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from core.library.search.evidence_weights import (
    SENTENCE_COSINE,
    SENTENCE_JUDGE,
    DoubtRange,
    EvidenceModels,
    feature_value,
)
from evidence_rows import EvidenceRow

Array = npt.NDArray[np.float64]
Target = Callable[[EvidenceRow], bool]
READ_WHOLE, READ_SENTENCES = "judge*shortness", f"{SENTENCE_JUDGE}*shortness"
"""What the judge says of short passages, and of their nearest sentences alone.

The second takes the place of a part of the first: other sentences of a note deceive the judge. In
running text a sentence means little without those around it.
"""
STRENGTHS = (0.003, 0.01, 0.03, 0.1)
"""Strengths of the penalty that are tried."""
ON_TOPIC = 0.5
TOPIC_KEPT = 0.97
MOST_LEAST_TOPIC = 3.0
"""Log-odds of being about a question that are always enough for an answer."""
SHARE_WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
COSINE_WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 24.0, 32.0, 40.0)
"""Weights beside one of the judge's logit that are tried; cosines of some models lie close."""
SENTENCE_WEIGHTS = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0)
READING_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Parts that are tried."""
BREVITY_WEIGHTS = tuple(step / 4 for step in range(13))
FOLDS = 5
_RAISING = frozenset(
    [
        "cosine",
        "cosine_gap",
        "share_exact",
        "share",
        "share_union",
        "mass",
        "near_pairs",
        "judge",
        "judge_second",
        "sentence_cosine",
        READ_SENTENCES,
    ]
)
_LOWERING = frozenset({"rarest_nowhere", "numbers_missing", "other_script"})
_RANKING = ("judge", "share", "cosine", SENTENCE_COSINE)
_ROUNDS = 60
_LOGIT = 30.0


@dataclass(slots=True)
class Fitted:
    """Weights of plain features, and their bias."""

    names: list[str]
    weights: Array
    bias: float

    def logits(self, rows: Sequence[EvidenceRow]) -> Array:
        """Return one logit a row."""
        return _table(rows, self.names) @ self.weights + self.bias


@dataclass(slots=True)
class FittedPair:
    """Both models, the threshold of the first, and what was chosen in words."""

    answered: Fitted
    on_topic: Fitted
    threshold: float
    summary: str
    topic_threshold: float = ON_TOPIC
    least_topic: float = 0.0
    doubt: DoubtRange | None = None

    def as_weights(self) -> dict[str, object]:
        """Return them as the file of weights holds them."""
        return {
            "answered": _as_weights(self.answered, self.threshold),
            "on_topic": _as_weights(self.on_topic, self.topic_threshold),
            "least_topic": self.least_topic,
            "doubt": self.doubt,
        }

    def confidences(self, rows: Sequence[EvidenceRow]) -> Array:
        """Return the confidence of each row, as a search computes it."""
        models = msgspec.convert(self.as_weights(), EvidenceModels)
        return np.array([models.searched_confidence(row.features) for row in rows])


def fit_pair(
    taught: Sequence[EvidenceRow],
    choosing: Sequence[EvidenceRow],
    names: Sequence[str],
    kept_share: float,
) -> FittedPair:
    """Fit on what was found.

    A regression over all features fits how sources differ: with a source held out its loss was
    worse than the judge's alone. So the judge's logit, the share of words and the cosines, as far
    as they are among the `names`, are weighed by the mean area under the curve within each source
    of `taught`; with a judge among what is about the topic alone, for the rest is told by a
    regression over all features, of which an answer needs what TOPIC_KEPT of the answerable
    questions have. Then, with the sources of `choosing` too, so much of the passages' brevity is
    added that short notes, which a judge gives less, keep as large a share of their answerable
    questions (the slope of a quantile regression), and the sum is calibrated. The threshold keeps
    `kept_share` of them.
    """
    taught = [row for row in taught if row.kind != "answered" or row.found]
    rows = [*taught, *(row for row in choosing if row.kind != "answered" or row.found)]
    weights = _best_weights(taught, names)
    ranking = _evened(_ranking(weights), rows, kept_share)
    scores = ranking.logits(rows)
    slope, shift = _calibration(scores, rows, lambda row: row.is_answered)
    on_topic, topic_loss, topics = _chosen(rows, names, lambda row: row.is_on_topic)
    least = min(keeping_cut(rows, topics, TOPIC_KEPT), MOST_LEAST_TOPIC)
    scores = np.where(topics < least, -_LOGIT, slope * scores + shift)
    cut = keeping_cut(rows, scores, kept_share)
    topic_cut = _parting_cut(rows, topics, scores < cut)
    chosen = (cut, topic_cut, least)
    threshold, topic_threshold, least_topic = (round(_chance(each), 4) for each in chosen)
    summary = (
        f"weights {weights}, brevity {ranking.weights[-1]}, area {_mean_area(rows, scores):.3f},"
        f" topic {topic_loss:.3f}, thresholds {threshold}, {topic_threshold};"
        f" kept {_kept_shares(rows, scores, cut)}"
    )
    answered = Fitted(ranking.names, slope * ranking.weights, shift)
    pair = FittedPair(answered, on_topic, threshold, summary, topic_threshold, least_topic)
    return _with_doubt(pair, rows, cut, kept_share)


def _with_doubt(
    pair: FittedPair, rows: Sequence[EvidenceRow], cut: float, kept_share: float
) -> FittedPair:
    """Return the pair with the doubt in which sentences are read, and the threshold for it."""
    if SENTENCE_COSINE in pair.answered.names or READ_SENTENCES in pair.answered.names:
        pair.doubt = _doubt_range(pair.answered, rows, cut)
        kept_from = keeping_cut(rows, pair.confidences(rows), kept_share)
        pair.threshold = math.floor(1e4 * kept_from) / 1e4
        pair.summary += f"; {pair.doubt}, threshold {pair.threshold}"
    return pair


def _doubt_range(answered: Fitted, rows: Sequence[EvidenceRow], cut: float) -> DoubtRange:
    """Return where nine in ten readings of the nearest sentences could change the verdict."""
    cosines = _table(rows, [SENTENCE_COSINE])[:, 0]
    doubt = DoubtRange(0.0, 1.0, usual=round(float(np.median(cosines)), 4))
    unread = [
        msgspec.structs.replace(
            row, features={**row.features, **doubt.unread_features(row.features)}
        )
        for row in rows
    ]
    less, more = np.percentile(answered.logits(rows) - answered.logits(unread), [5, 95])
    lowest, highest = round(_chance(cut - more), 4), round(_chance(cut - less), 4)
    return msgspec.structs.replace(doubt, lowest=lowest, highest=highest)


def _best_weights(taught: Sequence[EvidenceRow], names: Sequence[str]) -> tuple[float, ...]:
    """Return the weights of `_RANKING`, and the part of READ_SENTENCES, with the largest area."""
    cosines = COSINE_WEIGHTS if "cosine" in names else (0.0,)
    nearest = SENTENCE_WEIGHTS if SENTENCE_COSINE in names else (0.0,)
    read = READING_WEIGHTS if READ_SENTENCES in names else (0.0,)
    grid = itertools.product(SHARE_WEIGHTS, cosines, nearest, read)
    choices = [(1.0, *others) for others in grid]
    if "judge" in names:
        taught = [row for row in taught if row.is_on_topic]
    else:
        choices = [(0.0, 1.0, cosine, 0.0, 0.0) for cosine in cosines]
    return max(choices, key=lambda choice: _mean_area(taught, _ranking(choice).logits(taught)))


def _evened(ranking: Fitted, rows: Sequence[EvidenceRow], kept_share: float) -> Fitted:
    """Return the ranking with the weight of brevity at which all lengths keep alike."""
    answered = [row for row in rows if row.is_answered]
    scores, brevity = ranking.logits(answered), _table(answered, ["brevity"])[:, 0]
    weights = row_weights(answered, lambda row: row.is_answered)

    def loss(weight: float) -> float:
        evened = scores + weight * brevity
        over = evened - keeping_cut(answered, evened, kept_share)
        lost = 1 - kept_share
        return float((weights * np.maximum(lost * over, (lost - 1) * over)).mean())

    return Fitted(
        [*ranking.names, "brevity"],
        np.append(ranking.weights, min(BREVITY_WEIGHTS, key=loss)),
        ranking.bias,
    )


def _parting_cut(
    rows: Sequence[EvidenceRow], topics: Array, refused: npt.NDArray[np.bool_]
) -> float:
    """Return the score that best parts, of what is refused, what is about the topic."""
    near = np.array([row.is_on_topic for row in rows])

    def right(least: float) -> float:
        told = topics >= least
        return float(told[refused & near].mean() - told[refused & ~near].mean())

    return float(max(np.unique(topics[refused]).tolist(), key=right))


def _ranking(weights: Sequence[float]) -> Fitted:
    *plain, read = weights
    chosen = {name: weight for name, weight in zip(_RANKING, plain, strict=True) if weight}
    if read:
        chosen |= {READ_WHOLE: -read * chosen["judge"], READ_SENTENCES: read * chosen["judge"]}
    return Fitted(list(chosen), np.array(list(chosen.values())), 0.0)


def _mean_area(rows: Sequence[EvidenceRow], scores: Array) -> float:
    """Return the area under the curve of answered against each other kind, sources alike."""
    families = np.array([row.family for row in rows])
    kinds = np.array([row.kind for row in rows])
    means = []
    for family in np.unique(families):
        right = scores[(families == family) & (kinds == "answered")]
        wrong = [
            scores[(families == family) & (kinds == kind)]
            for kind in np.unique(kinds[families == family])
            if kind != "answered"
        ]
        if wrong:
            means.append(np.mean([(right[:, None] > each[None, :]).mean() for each in wrong]))
    return float(np.mean(means))


def keeping_cut(rows: Sequence[EvidenceRow], scores: Array, kept_share: float) -> float:
    """Return the score that keeps this share of the answered ones, sources weighing the same."""
    weights = row_weights(rows, lambda row: row.is_answered)
    kept = np.array([row.is_answered for row in rows])
    order = np.argsort(scores[kept])
    mass = np.cumsum(weights[kept][order]) / weights[kept].sum()
    return float(scores[kept][order][int(np.searchsorted(mass, 1 - kept_share))])


def _chosen(
    rows: Sequence[EvidenceRow], names: Sequence[str], target: Target
) -> tuple[Fitted, float, Array]:
    """Return the model of the best strength, calibrated, its held loss and its held logits."""
    tried = []
    for strength in STRENGTHS:
        scores = np.zeros(len(rows))
        for fold in range(FOLDS):
            model = _fit([row for row in rows if _fold(row) != fold], names, target, strength)
            held = np.array([_fold(row) == fold for row in rows])
            scores[held] = model.logits([row for row in rows if _fold(row) == fold])
        slope, shift = _calibration(scores, rows, target)
        scores = slope * scores + shift
        tried.append((_loss(scores, rows, target), strength, slope, shift, scores))
    loss, strength, slope, shift, scores = min(tried, key=lambda each: each[0])
    model = _fit(rows, names, target, strength)
    return Fitted(model.names, slope * model.weights, slope * model.bias + shift), loss, scores


def _fit(
    rows: Sequence[EvidenceRow], names: Sequence[str], target: Target, strength: float
) -> Fitted:
    """Fit with a penalty; features whose weight has the wrong sign are left out, worst first."""
    kept = list(names)
    while True:
        table = _table(rows, kept)
        means, scales = table.mean(axis=0), np.maximum(table.std(axis=0), 0.02)
        weights, bias = fit_logistic(
            (table - means) / scales, _targets(rows, target), row_weights(rows, target), strength
        )
        wrong = [
            (abs(weight), name)
            for name, weight in zip(kept, weights, strict=True)
            if (name in _RAISING and weight < 0) or (name in _LOWERING and weight > 0)
        ]
        if not wrong:
            plain = weights / scales
            return Fitted(kept, plain, float(bias - plain @ means))
        kept.remove(max(wrong)[1])


def fit_logistic(table: Array, right: Array, weight: Array, strength: float) -> tuple[Array, float]:
    """Return weights and bias of a logistic regression with a penalty, by Newton's method."""
    design = np.column_stack([table, np.ones(len(table))])
    penalty = np.full(design.shape[1], strength * len(table))
    penalty[-1] = 1e-6
    found = np.zeros(design.shape[1])
    for _round in range(_ROUNDS):
        said = probability(design @ found)
        gradient = design.T @ (weight * (said - right)) + penalty * found
        curve = (design * (weight * said * (1 - said) + 1e-9)[:, None]).T @ design
        step = np.linalg.solve(curve + np.diag(penalty), gradient)
        found -= step
        if float(np.abs(step).max()) < 1e-7:
            break
    return found[:-1], float(found[-1])


def _calibration(scores: Array, rows: Sequence[EvidenceRow], target: Target) -> tuple[float, float]:
    """Return slope and shift (Platt) for scores of models that never saw their rows."""
    right, weight = _targets(rows, target), row_weights(rows, target)
    (slope,), shift = fit_logistic(scores[:, None], right, weight, 1e-6)
    return float(slope), shift


def row_weights(rows: Sequence[EvidenceRow], target: Target) -> Array:
    """Weigh rows so that each source counts the same, and so do its two sides, and their kinds."""
    count = Counter((row.source, row.kind) for row in rows)
    kinds: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for row in rows:
        kinds[row.source, target(row)].add(row.kind)
    each = np.array(
        [1 / count[row.source, row.kind] / len(kinds[row.source, target(row)]) for row in rows]
    )
    return np.asarray(each / each.mean())


def _loss(scores: Array, rows: Sequence[EvidenceRow], target: Target) -> float:
    right, weight = _targets(rows, target), row_weights(rows, target)
    return float((weight * (np.logaddexp(0, scores) - right * scores)).mean())


def _fold(row: EvidenceRow) -> int:
    """Return the part a row is held out with; all that is asked with one question is in one."""
    return zlib.crc32(row.question.encode()) % FOLDS


def _kept_shares(rows: Sequence[EvidenceRow], scores: Array, cut: float) -> str:
    """Return for each family the share of its answerable questions that is kept."""
    kept: dict[str, list[bool]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        if row.is_answered:
            kept[row.family].append(bool(score >= cut))
    return ", ".join(f"{family} {np.mean(kept[family]):.2f}" for family in sorted(kept))


def _table(rows: Sequence[EvidenceRow], names: Sequence[str]) -> Array:
    return np.array([[feature_value(row.features, name) for name in names] for row in rows])


def _targets(rows: Sequence[EvidenceRow], target: Target) -> Array:
    return np.array([target(row) for row in rows], float)


def probability(logits: Array | float) -> Array:
    """Return the probabilities of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def _chance(logit: float) -> float:
    return float(probability(logit))


def _as_weights(model: Fitted, threshold: float) -> dict[str, object]:
    weights = {
        name: round(float(weight), 5)
        for name, weight in zip(model.names, model.weights, strict=True)
        if abs(weight) > 1e-5
    }
    return {"bias": round(model.bias, 5), "weights": weights, "threshold": threshold}
