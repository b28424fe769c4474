"""Draft model: a small model that proposes tokens for a large one of the same vocabulary."""

import time
from collections.abc import Sequence

import numpy as np

from core.base.clock import Clock
from core.engine.llama.abort_flag import Aborted, AbortFlag
from core.engine.llama.llama_context import KvCacheFull, LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.runtime.kv_snapshots import common_prefix_length

MIN_PROBABILITY = 0.4
"""A draft ends where the likeliest token has a lower probability than this."""


class DraftModel:
    """Proposes tokens greedily; its one sequence follows the transcript it is asked about."""

    def __init__(
        self, model: LlamaModel, flag: AbortFlag, clock: Clock = time.perf_counter
    ) -> None:
        self._model = model
        self._context = LlamaContext(model, flag)
        self._clock = clock
        self._tokens: list[int] = []
        self.seconds_per_token = 0.0

    def propose_tokens(self, tokens: Sequence[int], count: int) -> list[int]:
        """Return up to `count` tokens it would write after `tokens`; none if it can't."""
        proposed: list[int] = []
        try:
            self._follow(tokens)
            started = self._clock()
            while len(proposed) < count:
                token, probability = self._likeliest()
                if probability < MIN_PROBABILITY or self._model.vocabulary.ends_answer(token):
                    break
                proposed.append(token)
                if len(proposed) < count:
                    self._decode([token])
            seconds = (self._clock() - started) / max(len(proposed), 1)
        except (Aborted, KvCacheFull):
            self._tokens = self._tokens[: self._context.truncate(0, 0)]
            return []
        before = self.seconds_per_token or seconds
        self.seconds_per_token = before * 0.75 + seconds * 0.25
        return proposed

    def _follow(self, tokens: Sequence[int]) -> None:
        common = min(common_prefix_length(self._tokens, tokens), len(tokens) - 1)
        common = self._context.truncate(0, common)
        del self._tokens[common:]
        missing = tokens[common:]
        size = self._context.batch.capacity
        for place in range(0, len(missing), size):
            self._decode(missing[place : place + size])

    def _decode(self, tokens: Sequence[int]) -> None:
        batch = self._context.batch
        batch.clear()
        batch.add_tokens(tokens, start=len(self._tokens), sequence=0, outputs=1)
        self._context.decode()
        self._tokens.extend(tokens)

    def _likeliest(self) -> tuple[int, float]:
        logits = self._context.logits(-1)
        token = int(np.argmax(logits))
        return token, float(1 / np.exp(logits - logits[token]).sum())

    def close(self) -> None:
        """Free the model and its context."""
        self._context.close()
        self._model.close()
