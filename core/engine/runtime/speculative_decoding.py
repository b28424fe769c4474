"""Speculative decoding: draft tokens are proposed, so that one batch verifies many.

Every written token is sampled from the verified logits; a draft only decides how many of them a
batch yields. Drafts cost time, so acceptance rates and batch times are measured continuously, and
the number of draft tokens is the one with the highest expected speed: none, where it doesn't pay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.engine.runtime.answer_job import AnswerJob

KEY_TOKENS = 3
"""Fewest last tokens that must have occurred before, to look up their continuation."""
LONGEST_MATCH = 64
_SHORTEST = KEY_TOKENS.bit_length()  # kind of the shortest match
MAX_PLACES = 4
"""Number of earlier occurrences that are compared, the latest ones."""
DRAFT_SIZES = (1, 3, 7, 15, 31)
"""Draft lengths: with the token before them a power of two, the fastest batch sizes."""
MIN_GAIN = 1.08
"""Least expected speed of drafting, as a multiple of the speed without it: less is not worth what
is lost where the expectation is wrong."""
FIRST_RATES = (0.3, 0.55, 0.8, 0.9, 0.95, 0.97)
"""Share of right draft tokens by the length of the match, doubling from the shortest on; low, since
a draft that was not made is compared with the answer, too, at no cost."""
FIRST_RATE_OF_MODEL = 0.6
"""The same for drafts of a model."""
ALL_ANSWERS = {"weight": 10.0, "fading": 0.98}
ONE_ANSWER = {"weight": 2.0, "fading": 0.9}
"""What one answer quotes, the next may not: its own outcomes soon count more than those of all."""
RETRY_STEPS = 64
"""Steps after which a draft model that didn't pay is tried again."""


@dataclass(frozen=True, slots=True)
class DraftTokens:
    """Tokens that may come next; `kind` is their class in `AcceptanceRates`."""

    tokens: tuple[int, ...] = ()
    kind: int = 0


NO_DRAFT = DraftTokens()


class DraftProposer(Protocol):
    """A small model of the same vocabulary."""

    seconds_per_token: float

    def propose_tokens(self, tokens: Sequence[int], count: int) -> list[int]:
        """Return up to `count` tokens it would write after `tokens`."""


class BatchCosts:
    """Measured seconds of batches by size and depth, which is how many tokens came before.

    Sizes and depths count by powers of two. Of a size, the multiple of a single token's time at
    the nearest depth is taken; between the sizes that were measured it is interpolated.
    """

    def __init__(self) -> None:
        self._seconds: dict[int, dict[int, float]] = {}  # by size, then by depth
        self._estimated: dict[int, float] = {}

    def set_estimate(self, count: int, seconds: float) -> None:
        """Set the estimated seconds of a batch; the first measurement of its size replaces them."""
        self._estimated = {_size(count): seconds}

    def add_measurement(self, count: int, seconds: float, depth: int = 0) -> None:
        """Add a measurement; a new one counts a quarter, so that one outlier matters little."""
        at_depths = self._seconds.setdefault(_size(count), {})
        place = depth.bit_length()
        at_depths[place] = at_depths.get(place, seconds) * 0.75 + seconds * 0.25

    def seconds_for(self, count: int, depth: int = 0) -> float:
        """Return the seconds for `count` tokens; 0 until single tokens were measured."""
        if 1 not in self._seconds:
            return 0.0
        size, place = _size(count), depth.bit_length()
        single = self._nearest(1, place)[1]
        sizes = self._seconds.keys() | self._estimated.keys()
        if size in sizes:
            return self._multiple(size, place, single) * single
        below = max(each for each in sizes if each < size)
        least = self._multiple(below, place, single)
        above = min((each for each in sizes if each > size), default=0)
        if not above:
            return least * single
        share = (size - below) / (above - below)
        return (least + share * (self._multiple(above, place, single) - least)) * single

    def _multiple(self, size: int, place: int, single: float) -> float:
        """Return the time of a batch over that of a single token, where it was measured nearest."""
        if size not in self._seconds:
            return max(self._estimated[size] / single, 1.0)
        measured, seconds = self._nearest(size, place)
        return seconds / self._nearest(1, measured)[1]

    def _nearest(self, size: int, place: int) -> tuple[int, float]:
        """Return the depth nearest to a place at which a size was measured, and the seconds."""
        at_depths = self._seconds[size]
        if place not in at_depths:
            place = min(at_depths, key=lambda each: abs(each - place))
        return place, at_depths[place]


class AcceptanceRates:
    """Share of right draft tokens by kind; old outcomes fade.

    What `expected` says of a kind always counts like so many outcomes (`weight`).
    """

    def __init__(self, expected: Callable[[int], float], weight: float, fading: float) -> None:
        self._expected = expected
        self._weight = weight
        self._fading = fading
        self._right: dict[int, float] = {}
        self._tried: dict[int, float] = {}

    def add_outcome(self, kind: int, *, right: bool) -> None:
        """Count whether a draft token of a kind was right; earlier ones fade."""
        self._right[kind] = self._right.get(kind, 0.0) * self._fading + right
        self._tried[kind] = self._tried.get(kind, 0.0) * self._fading + 1

    def acceptance_rate(self, kind: int) -> float:
        """Return the share of right draft tokens, below 1."""
        right = self._right.get(kind, 0.0) + self._expected(kind) * self._weight
        return min(right / (self._tried.get(kind, 0.0) + self._weight), 0.999)


def first_rate(kind: int) -> float:
    """Return the share of right draft tokens before any outcome, by the length of the match."""
    if kind < _SHORTEST:
        return FIRST_RATE_OF_MODEL
    return FIRST_RATES[min(kind - _SHORTEST, len(FIRST_RATES) - 1)]


@dataclass(slots=True)
class PromptLookup:
    """Finds earlier occurrences of an answer's last tokens, in its prompt or in itself."""

    seen: int = 0
    places: dict[tuple[int, ...], list[int]] = field(default_factory=dict)

    def find_continuation(self, tokens: Sequence[int], count: int) -> DraftTokens:
        """Return what followed the longest match; its kind is the length of the match."""
        self._follow(tokens)
        best, length = 0, 0
        for place in reversed(self.places.get(tuple(tokens[-KEY_TOKENS:]), ())[-MAX_PLACES:]):
            matched = _match(tokens, place)
            if matched > length:
                best, length = place, matched
        if not length:
            return NO_DRAFT
        return DraftTokens(
            tuple(tokens[best : best + count]), min(length, LONGEST_MATCH).bit_length()
        )

    def _follow(self, tokens: Sequence[int]) -> None:
        """Index every place but the last: what follows it isn't known yet."""
        for end in range(max(self.seen, KEY_TOKENS), len(tokens)):
            self.places.setdefault(tuple(tokens[end - KEY_TOKENS : end]), []).append(end)
        self.seen = len(tokens)


class SpeculativeDrafter:
    """Proposes drafts for jobs, and learns from their outcomes."""

    _DRAFT_MODEL = -1

    def __init__(self, ends: Callable[[int], bool]) -> None:
        """`ends` returns whether a token ends an answer: nothing is drafted after one."""
        self.costs = BatchCosts()
        self._ends = ends
        self._rates = AcceptanceRates(first_rate, **ALL_ANSWERS)
        self._own_rates: dict[AnswerJob, AcceptanceRates] = {}
        self._model: DraftProposer | None = None
        self._lookups: dict[AnswerJob, PromptLookup] = {}
        self._expected: dict[AnswerJob, DraftTokens] = {}
        self._unasked = 0

    def set_draft_model(self, model: DraftProposer | None) -> None:
        """Use a draft model too, or no longer."""
        self._model = model

    def propose_draft(self, job: AnswerJob, most: int) -> DraftTokens:
        """Return the draft that is worth verifying next for `job`, at most `most` tokens."""
        if most < 1 or not self.costs.seconds_for(1):
            return NO_DRAFT
        self._own_rates.setdefault(job, AcceptanceRates(self._rates.acceptance_rate, **ONE_ANSWER))
        most = min(most, DRAFT_SIZES[-1])
        lookup = self._lookups.setdefault(job, PromptLookup())
        found = self._cut(lookup.find_continuation(job.tokens, most))
        self._expected[job] = found
        count, gain = self._best(job, found.kind, len(found.tokens))
        if self._model:
            drafts, draft_gain = self._best(
                job, self._DRAFT_MODEL, most, self._model.seconds_per_token
            )
            self._unasked += 1
            if not drafts and self._unasked >= RETRY_STEPS and not count:
                drafts, draft_gain = min(DRAFT_SIZES[1], most), gain + 1
            if drafts and draft_gain > gain:
                self._unasked = 0
                proposed = self._model.propose_tokens(job.tokens, drafts)
                self._expected.pop(job)
                if not proposed:  # it wasn't sure enough, which costs as much as an error
                    self._add_outcome(job, self._DRAFT_MODEL, right=False)
                return DraftTokens(tuple(proposed), self._DRAFT_MODEL)
        return DraftTokens(found.tokens[:count], found.kind)

    def record_result(self, job: AnswerJob, draft: DraftTokens, accepted: int) -> None:
        """Record the outcome of a draft; one that wasn't verified is compared with the answer."""
        expected = self._expected.pop(job, None)
        if draft.tokens:
            for _ in range(accepted):
                self._add_outcome(job, draft.kind, right=True)
            if accepted < len(draft.tokens):
                self._add_outcome(job, draft.kind, right=False)
        elif expected and expected.tokens:
            self._add_outcome(job, expected.kind, right=job.tokens[-1] == expected.tokens[0])

    def forget_job(self, job: AnswerJob) -> None:
        """Drop what is known of a job that has ended."""
        self._lookups.pop(job, None)
        self._expected.pop(job, None)
        self._own_rates.pop(job, None)

    def _add_outcome(self, job: AnswerJob, kind: int, *, right: bool) -> None:
        self._rates.add_outcome(kind, right=right)
        if own := self._own_rates.get(job):
            own.add_outcome(kind, right=right)

    def _cut(self, draft: DraftTokens) -> DraftTokens:
        for place, token in enumerate(draft.tokens):
            if self._ends(token):
                return DraftTokens(draft.tokens[: place + 1], draft.kind)
        return draft

    def _best(
        self, job: AnswerJob, kind: int, available: int, seconds_per_draft_token: float = 0.0
    ) -> tuple[int, float]:
        """Return the best number of draft tokens, and the expected speed relative to none.

        With acceptance rate p, n draft tokens yield (1 - p^(n+1)) / (1 - p) tokens (Leviathan et
        al. 2023, equation 1).
        """
        right = self._own_rates.get(job, self._rates).acceptance_rate(kind)
        depth = len(job.tokens)
        single = self.costs.seconds_for(1, depth)
        best, best_gain = 0, MIN_GAIN
        for count in {*(size for size in DRAFT_SIZES if size < available), available}:
            if count < 1:
                continue
            tokens = (1 - right ** (count + 1)) / (1 - right)
            seconds = self.costs.seconds_for(count + 1, depth) + count * seconds_per_draft_token
            gain = tokens * single / seconds
            if gain > best_gain:
                best, best_gain = count, gain
        return best, best_gain if best else 1.0


def _size(count: int) -> int:
    """Return the size class of a batch: the next power of two."""
    return 1 << (count - 1).bit_length()


def _match(tokens: Sequence[int], place: int) -> int:
    """Return how many tokens before `place` equal the last ones, LONGEST_MATCH at most."""
    length = 0
    for back in range(1, min(place, LONGEST_MATCH) + 1):
        if tokens[place - back] != tokens[-back]:
            break
        length = back
    return length
