"""Speculative decoding: draft tokens are proposed, so that one batch checks many.

Every token that is written is the one the checked logits give; a guess only decides how many of
them a batch yields. Guesses cost time, so how often they were right and what batches take is
measured all along, and as many are made as promise the most tokens per second: none, where it
doesn't pay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.engine.runtime.answer_job import AnswerJob

KEY_TOKENS = 3
"""A guess begins where the last tokens have stood before, this many at least."""
LONGEST_MATCH = 64
_SHORTEST = KEY_TOKENS.bit_length()  # the kind of the shortest match
MAX_PLACES = 4
"""Of the places where they stood, the latest few are compared."""
DRAFT_SIZES = (1, 3, 7, 15, 31)
"""Guesses at once: with the token before them a power of two, which batches are fastest at."""
LEAST_GAIN = 1.03
"""Guessing must promise at least this many times the speed without."""
RETRY_STEPS = 64
"""How often a draft model that didn't pay is tried again."""


@dataclass(frozen=True, slots=True)
class DraftTokens:
    """Tokens that may come next; `kind` says how likely, in the words of Odds."""

    tokens: tuple[int, ...] = ()
    kind: int = 0


NO_DRAFT = DraftTokens()


class DraftProposer(Protocol):
    """A small model of the same vocabulary."""

    seconds_per_token: float

    def propose_tokens(self, tokens: Sequence[int], count: int) -> list[int]:
        """Return up to `count` tokens it would write after `tokens`."""


class BatchCosts:
    """Seconds a batch of so many tokens takes, measured; sizes not seen yet lie on a line."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}
        self._estimated: set[int] = set()

    def set_estimate(self, count: int, seconds: float) -> None:
        """Take what a batch will take about; the first measurement replaces it."""
        self._seconds[_size(count)] = seconds
        self._estimated.add(_size(count))

    def add_measurement(self, count: int, seconds: float) -> None:
        """Take a measurement; a new one counts a quarter, so that one hiccup decides nothing."""
        size = _size(count)
        before = self._seconds.get(size)
        if before is None or size in self._estimated:
            self._estimated.discard(size)
            before = seconds
        self._seconds[size] = before * 0.75 + seconds * 0.25

    def seconds_for(self, count: int) -> float:
        """Return the seconds for `count` tokens; 0 as long as single tokens weren't measured."""
        size = _size(count)
        known = self._seconds
        if 1 not in known or size in known:
            return known.get(size, 0.0)
        above = min((each for each in known if each > size), default=0)
        below = max(each for each in known if each < size)
        if not above:
            return known[below]
        share = (size - below) / (above - below)
        return known[below] + share * (known[above] - known[below])


class AcceptanceRates:
    """How often the next guessed token is right, by kind; old outcomes fade.

    What has been the same for long goes on so: at first, half as often wrong with each doubling of
    the match, from even odds for the shortest. In prose a short match mostly means nothing.
    """

    _FADING = 0.98
    _FIRST = 10.0
    """Outcomes that the first estimate counts for."""

    def __init__(self) -> None:
        self._right: dict[int, float] = {}
        self._tried: dict[int, float] = {}

    def add_outcome(self, kind: int, *, right: bool) -> None:
        """Take one outcome."""
        before = self.acceptance_rate(kind) * self._tried.get(kind, self._FIRST)
        self._right[kind] = before * self._FADING + right
        self._tried[kind] = self._tried.get(kind, self._FIRST) * self._FADING + 1

    def acceptance_rate(self, kind: int) -> float:
        """Return the share that was right, below 1."""
        if kind not in self._tried:
            return 1 - 2.0 ** -(max(kind - _SHORTEST, 0) + 1)
        return min(self._right[kind] / self._tried[kind], 0.999)


@dataclass(slots=True)
class PromptLookup:
    """Finds where an answer's last tokens stood before, in its prompt or in itself."""

    seen: int = 0
    places: dict[tuple[int, ...], list[int]] = field(default_factory=dict)

    def find_continuation(self, tokens: Sequence[int], count: int) -> DraftTokens:
        """Return what followed the longest match, and as its kind how long that was."""
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
        """Remember every place but the last: what follows it isn't known yet."""
        for end in range(max(self.seen, KEY_TOKENS), len(tokens)):
            self.places.setdefault(tuple(tokens[end - KEY_TOKENS : end]), []).append(end)
        self.seen = len(tokens)


class SpeculativeDrafter:
    """Decides what is guessed for each job, and learns from what came."""

    _DRAFT_MODEL = -1

    def __init__(self, ends: Callable[[int], bool]) -> None:
        """`ends` tells the tokens that end an answer: nothing is guessed after one."""
        self.costs = BatchCosts()
        self._ends = ends
        self._odds = AcceptanceRates()
        self._model: DraftProposer | None = None
        self._lookups: dict[AnswerJob, PromptLookup] = {}
        self._expected: dict[AnswerJob, DraftTokens] = {}
        self._unasked = 0

    def set_draft_model(self, model: DraftProposer | None) -> None:
        """Let a small model guess too."""
        self._model = model

    def propose_draft(self, job: AnswerJob, most: int) -> DraftTokens:
        """Return what is worth checking next for `job`, at most `most` tokens."""
        if most < 1 or not self.costs.seconds_for(1):
            return NO_DRAFT
        most = min(most, DRAFT_SIZES[-1])
        lookup = self._lookups.setdefault(job, PromptLookup())
        found = self._cut(lookup.find_continuation(job.tokens, most))
        self._expected[job] = found
        count, gain = self._best(found.kind, len(found.tokens), 0.0)
        if self._model:
            drafts, draft_gain = self._best(self._DRAFT_MODEL, most, self._model.seconds_per_token)
            self._unasked += 1
            if not drafts and self._unasked >= RETRY_STEPS and not count:
                drafts, draft_gain = min(DRAFT_SIZES[1], most), gain + 1
            if drafts and draft_gain > gain:
                self._unasked = 0
                proposed = self._model.propose_tokens(job.tokens, drafts)
                self._expected.pop(job)
                if not proposed:  # it wasn't sure, which cost time and spares no more than an error
                    self._odds.add_outcome(self._DRAFT_MODEL, right=False)
                return DraftTokens(tuple(proposed), self._DRAFT_MODEL)
        return DraftTokens(found.tokens[:count], found.kind)

    def record_result(self, job: AnswerJob, guess: DraftTokens, accepted: int) -> None:
        """Take what came of a guess; one that wasn't checked is compared with what was written."""
        expected = self._expected.pop(job, None)
        if guess.tokens:
            for _ in range(accepted):
                self._odds.add_outcome(guess.kind, right=True)
            if accepted < len(guess.tokens):
                self._odds.add_outcome(guess.kind, right=False)
        elif expected and expected.tokens:
            self._odds.add_outcome(expected.kind, right=job.tokens[-1] == expected.tokens[0])

    def forget_job(self, job: AnswerJob) -> None:
        """A job has ended."""
        self._lookups.pop(job, None)
        self._expected.pop(job, None)

    def _cut(self, guess: DraftTokens) -> DraftTokens:
        for place, token in enumerate(guess.tokens):
            if self._ends(token):
                return DraftTokens(guess.tokens[: place + 1], guess.kind)
        return guess

    def _best(self, kind: int, available: int, seconds_per_guess: float) -> tuple[int, float]:
        """Return how many guesses promise most, and how many times the speed without them.

        With each right by chance p, n guesses yield (1 - p^(n+1)) / (1 - p) tokens (Leviathan et
        al. 2023, equation 1).
        """
        right = self._odds.acceptance_rate(kind)
        single = self.costs.seconds_for(1)
        best, best_gain = 0, LEAST_GAIN
        for count in {*(size for size in DRAFT_SIZES if size < available), available}:
            if count < 1:
                continue
            tokens = (1 - right ** (count + 1)) / (1 - right)
            seconds = self.costs.seconds_for(count + 1) + count * seconds_per_guess
            gain = tokens * single / seconds
            if gain > best_gain:
                best, best_gain = count, gain
        return best, best_gain if best else 1.0


def _size(count: int) -> int:
    """Return the size of batches that `count` is measured among: the next power of two."""
    return 1 << (count - 1).bit_length()


def _match(tokens: Sequence[int], place: int) -> int:
    """Return how many tokens before `place` equal the last ones, LONGEST_MATCH at most."""
    length = 0
    for back in range(1, min(place, LONGEST_MATCH) + 1):
        if tokens[place - back] != tokens[-back]:
            break
        length = back
    return length
