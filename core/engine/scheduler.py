"""The one sequence a model runs: which tokens its cache holds, prompts in slices, then tokens."""

from collections.abc import Callable, Iterator, Sequence

from core.engine.model import BATCH, Aborted, AbortFlag, Model
from core.engine.sampler import Sampler

WARM_UP_TOKENS = 32
"""Tokens of the first speed measurement: enough to be in the range, short for a large model."""
MEASURABLE_TOKENS = 64


class Scheduler:
    """Keeps the cache in step with what was decoded, and the measured reading speed."""

    def __init__(self, model: Model, flag: AbortFlag, clock: Callable[[], float]) -> None:
        self._model = model
        self._flag = flag
        self._clock = clock
        self._cached: list[int] = []
        self.prompt_tokens_per_second = self._warm_up()

    def _warm_up(self) -> float:
        """Read a short prompt twice: the first touches the weights, the second is measured."""
        count = min(WARM_UP_TOKENS, self._model.context // 2)
        tokens = [max(self._model.vocabulary.bos, 0)] * count
        started = 0.0
        for _ in range(2):
            self._model.keep(0)
            started = self._clock()
            self._model.decode(tokens)
        seconds = self._clock() - started
        self._model.keep(0)
        return count / max(seconds, 1e-6)

    def reuse(self, prompt: Sequence[int]) -> int:
        """Cut the cache back to what `prompt` begins with; return how many tokens that is.

        The last token of a prompt is always evaluated, for its logits.
        """
        common = 0
        for ours, theirs in zip(self._cached, prompt[:-1], strict=False):
            if ours != theirs:
                break
            common += 1
        common = self._model.keep(common)
        del self._cached[common:]
        return common

    def read(self, prompt: Sequence[int]) -> None:
        """Evaluate what `reuse` left of `prompt`, slice by slice. Raises Aborted."""
        missing = list(prompt[len(self._cached) :])
        started = self._clock()
        for place in range(0, len(missing), BATCH):
            self._decode(missing[place : place + BATCH])
        seconds = self._clock() - started
        if len(missing) >= MEASURABLE_TOKENS and seconds > 0:
            self.prompt_tokens_per_second = len(missing) / seconds

    def write(self, sampler: Sampler, limit: int) -> Iterator[int]:
        """Yield up to `limit` tokens; the token that ends the answer is yielded too. Aborted ends.

        A token is decoded when the next one is asked for, so the last one costs nothing.
        """
        for count in range(limit):
            token = sampler.choose(self._model.native_context)
            yield token
            if self._model.vocabulary.ends(token) or count == limit - 1:
                return
            self._decode([token])

    @property
    def room(self) -> int:
        """Tokens that still fit into the context."""
        return self._model.context - len(self._cached)

    def _decode(self, tokens: list[int]) -> None:
        if self._flag.raised:
            raise Aborted
        try:
            self._model.decode(tokens)
        except Aborted:
            # Part of a slice may be in the cache; only what was whole is known.
            kept = self._model.keep(len(self._cached))
            del self._cached[kept:]
            raise
        self._cached.extend(tokens)
