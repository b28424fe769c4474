"""Combination of two judges: the small installed one and the chat model, by their log-odds."""

import math

_LEAST = 0.005
"""No judge is surer than this of either side."""


def combine_probabilities(own: float, chat: float, weight: float) -> float:
    """Return the probability in between: the mean of both log-odds.

    The chat model's has `weight`, 0 to 1 (see `KindAbility.weight`), the other the rest. Both are
    calibrated.
    """
    log_odds = (1 - weight) * _log_odds(own) + weight * _log_odds(chat)
    return 1 / (1 + math.exp(-log_odds))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
