"""Opinion of the chat model on passages or statements, and its combination with another judge's."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import structs

from core.messages import SearchDone, SearchHit, SearchVerdict

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


def likeliest_passage(done: SearchDone) -> SearchHit | None:
    """Return the passage that the search takes for an answer most; parts of a whole file are none.

    A chat model is asked about this one alone: it takes a third of the time of three, of which it
    says Yes to one too often.
    """
    passages = [hit for hit in done.hits if not hit.whole]
    return max(passages, key=lambda hit: hit.confidence, default=None)


def judged_search(done: SearchDone, opinion: ChatOpinion) -> SearchDone:
    """Return what a search found with confidence and verdict as both judges have it.

    The opinion is on the likeliest passage; where it was not read, or the model doesn't count,
    nothing changes.
    """
    passage = likeliest_passage(done)
    said = opinion.probabilities[0] if opinion.probabilities else None
    if passage is None or said is None or not opinion.weight:
        return done
    confidence = combine_probabilities(done.confidence, said, opinion.weight)
    (own,) = opinion.combined_with([passage.confidence])
    is_answered = confidence >= done.threshold and not done.found_subject
    return structs.replace(
        done,
        hits=tuple(
            structs.replace(hit, confidence=own) if hit is passage else hit for hit in done.hits
        ),
        confidence=confidence,
        verdict=SearchVerdict.ANSWERED if is_answered else SearchVerdict.ON_TOPIC,
    )


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
