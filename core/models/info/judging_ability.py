"""Judging ability of a model: how well it tells what a text says, and how its scores are read.

A score is the difference of two log-likelihoods (Yes over No), which every model spreads in its own
way. Platt scaling makes a probability of it: the logistic curve through the scores of cases whose
outcome is known. Its area under the curve (AUC) decides how much the model's word counts.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

CHANCE = 0.6
"""The AUC of a model that may judge is surely above this; .5 is chance."""
SURE = 1.64
"""Standard errors below the measured AUC for 95 % certainty."""
MOST_AUC = 0.98
"""No measurement over 50 cases shows more."""
OTHER_JUDGE_AUC = 0.85
"""About what the small installed judge reaches on sources it was not trained on."""
FOUND_SHIFT = 1.5
"""Log-odds of an answer in a passage that was found, above those of a case with the same score:
such passages are longer than the cases and worded otherwise than their questions. From SQuAD 2.0's
training part and invented notes (packaging/judge_training/README.md)."""
FOLDS = 5
_STEPS = 30
_RIDGE = 0.02
"""Keeps the curve finite where the cases are told apart without a fault."""


class JudgedScores(Struct, frozen=True, kw_only=True):
    """Scores of the first cases of a set; fewer than all where the measurement was cut off.

    `cases` names the cases and their wording: other cases are measured anew.
    """

    cases: str
    scores: tuple[float, ...]


class KindAbility(Struct, frozen=True, kw_only=True):
    """Ability for one kind of question, from `cases` of which `right` were judged rightly.

    Each is judged by a curve that was fitted without it.
    """

    cases: int
    right: int
    auc: float
    slope: float
    offset: float
    weight: float
    """Share of its log-odds beside those of the small judge, 0 to 1; 0: it is not asked."""

    def probability(self, score: float) -> float:
        """Return the calibrated probability of Yes."""
        return logistic(self.slope * score + self.offset)

    def found_probability(self, score: float) -> float:
        """Return the calibrated probability of Yes for a passage that a search found."""
        return logistic(self.slope * score + self.offset + FOUND_SHIFT)


class JudgingAbility(Struct, frozen=True, kw_only=True):
    """How well a model judges whether a passage answers, and whether evidence supports."""

    answers: KindAbility
    supports: KindAbility

    @property
    def right(self) -> int:
        """Cases of both kinds that it judged rightly."""
        return self.answers.right + self.supports.right

    @property
    def cases(self) -> int:
        """Cases of both kinds."""
        return self.answers.cases + self.supports.cases

    @property
    def is_able(self) -> bool:
        """Whether it is asked at all."""
        return bool(self.answers.weight or self.supports.weight)


def measure_ability(scores: Sequence[float], outcomes: Sequence[bool]) -> KindAbility:
    """Return the ability that scores of cases with known outcomes show."""
    slope, offset = _fit(scores, outcomes)
    auc = area_under_curve(scores, outcomes)
    return KindAbility(
        cases=len(scores),
        right=_count_right(scores, outcomes),
        auc=auc,
        slope=slope,
        offset=offset,
        weight=_weight(auc, sum(outcomes), len(outcomes) - sum(outcomes)),
    )


def area_under_curve(scores: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Return the share of pairs, one case that holds and one that doesn't, in the right order."""
    holding = [score for score, outcome in zip(scores, outcomes, strict=True) if outcome]
    others = [score for score, outcome in zip(scores, outcomes, strict=True) if not outcome]
    won = sum((one > other) + (one == other) / 2 for one in holding for other in others)
    return won / (len(holding) * len(others))


def logistic(log_odds: float) -> float:
    """Return the probability with these log-odds."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


def _weight(auc: float, holding: int, others: int) -> float:
    """Return the share of log-odds: 0 near chance, else by the square of discriminability d′.

    Two independent normal scores are best weighed so. Their sum is divided by the sum of weights,
    so that two judges who say the same of the same words don't make each other surer.
    """
    if auc - SURE * _standard_error(auc, holding, others) <= CHANCE:
        return 0.0
    own, other = _discriminability(auc), _discriminability(OTHER_JUDGE_AUC)
    return own**2 / (own**2 + other**2)


def _discriminability(auc: float) -> float:
    from statistics import NormalDist  # noqa: PLC0415 - a window starts without it

    return math.sqrt(2) * NormalDist().inv_cdf(min(auc, MOST_AUC))


def _standard_error(auc: float, holding: int, others: int) -> float:
    """Return the standard error of an AUC (Hanley and McNeil 1982)."""
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (holding - 1) * (one - auc**2) + (others - 1) * (two - auc**2)
    return math.sqrt(max(spread, 0.0) / (holding * others))


def _count_right(scores: Sequence[float], outcomes: Sequence[bool]) -> int:
    """Count the cases on the right side of a curve that was fitted to the other folds."""
    right = 0
    for fold in range(FOLDS):
        # Neighbours are about the same text: they are left out together.
        seen = [n for n in range(len(scores)) if n // 2 % FOLDS != fold]
        slope, offset = _fit([scores[n] for n in seen], [outcomes[n] for n in seen])
        held = (n for n in range(len(scores)) if n // 2 % FOLDS == fold)
        right += sum((slope * scores[n] + offset > 0) == outcomes[n] for n in held)
    return right


def _fit(scores: Sequence[float], outcomes: Sequence[bool]) -> tuple[float, float]:
    """Return slope and offset of Platt's curve, found by Newton's method; never a falling one."""
    mean = sum(scores) / len(scores)
    spread = math.sqrt(sum((score - mean) ** 2 for score in scores) / len(scores)) or 1.0
    holding = sum(outcomes)
    high, low = (holding + 1) / (holding + 2), 1 / (len(outcomes) - holding + 2)
    points = [(s / spread, high if o else low) for s, o in zip(scores, outcomes, strict=True)]
    slope = offset = 0.0
    for _step in range(_STEPS):
        slope_gradient, offset_gradient = _RIDGE * slope, 0.0
        aa, ab, bb = _RIDGE, 0.0, 1e-9
        for score, target in points:
            p = logistic(slope * score + offset)
            slope_gradient += (p - target) * score
            offset_gradient += p - target
            width = p * (1 - p)
            aa, ab, bb = aa + width * score**2, ab + width * score, bb + width
        size = aa * bb - ab**2
        slope -= (bb * slope_gradient - ab * offset_gradient) / size
        offset -= (aa * offset_gradient - ab * slope_gradient) / size
    if slope < 0:
        share = holding / len(outcomes)
        return 0.0, math.log(share / (1 - share))
    return slope / spread, offset
