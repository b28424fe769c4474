"""Opinion of the chat model on passages or statements, and its combination with another judge's."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import structs

from core.messages import SearchDone, SearchVerdict

MOST_PASSAGES = 3
"""Best passages that the chat model is asked about."""
_LEAST = 0.005
"""No judge is surer than this of either side."""


class ChatOpinion(NamedTuple):
    """Calibrated probabilities of Yes, None for what was not read.

    `weight` is the share of their log-odds beside another judge's, 0 to 1.
    """

    probabilities: tuple[float | None, ...]
    weight: float

    def combined_with(self, own: Sequence[float]) -> list[float]:
        """Return another judge's probabilities, in the same order, with these where there are."""
        unread = len(own) - len(self.probabilities)
        chat = (*self.probabilities, *(None for _each in range(unread)))
        return [
            one if other is None else combine_probabilities(one, other, self.weight)
            for one, other in zip(own, chat, strict=False)
        ]


NO_OPINION = ChatOpinion((), 0.0)


def combine_probabilities(own: float, chat: float, weight: float) -> float:
    """Return the probability in between: the mean of both log-odds, the chat model's by `weight`.

    Both are calibrated. A mean and no sum: both have read the same words.
    """
    log_odds = (1 - weight) * _log_odds(own) + weight * _log_odds(chat)
    return 1 / (1 + math.exp(-log_odds))


def judged_search(done: SearchDone, opinion: ChatOpinion) -> SearchDone:
    """Return what a search found with confidence and verdict as both judges have it.

    The opinion is on the first passages that are no part of a whole file. The best of them answers;
    where none was read, or the model doesn't count, nothing changes.
    """
    passages = [hit for hit in done.hits if not hit.whole]
    said = [each for each in opinion.probabilities if each is not None]
    if not said or not opinion.weight:
        return done
    combined = opinion.combined_with([hit.confidence for hit in passages])
    by_rank = {hit.rank: each for hit, each in zip(passages, combined, strict=True)}
    # What of the best it had no time to read may be what answers.
    read = zip(passages, opinion.probabilities, strict=False)
    skipped = {hit.rank for hit, each in read if each is None}
    unread = [
        hit.confidence
        for place, hit in enumerate(passages[:MOST_PASSAGES])
        if hit.rank in skipped or place >= len(opinion.probabilities)
    ]
    confidence = combine_probabilities(done.confidence, max([*said, *unread]), opinion.weight)
    return structs.replace(
        done,
        hits=tuple(
            structs.replace(hit, confidence=by_rank.get(hit.rank, hit.confidence))
            for hit in done.hits
        ),
        confidence=confidence,
        verdict=(
            SearchVerdict.ANSWERED if confidence >= done.threshold else SearchVerdict.ON_TOPIC
        ),
    )


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
