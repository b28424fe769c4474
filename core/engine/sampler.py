"""How the next token is chosen: a chain of llama.cpp's samplers, in llama.cpp's own order."""

import secrets

import llama_cpp

from core.engine.model import Handle, Vocabulary
from core.messages import Sampling

PENALTY_WINDOW = 64
"""Tokens of the answer that the repetition penalty looks back on (llama.cpp's default)."""
DRY_BASE = 1.75
DRY_ALLOWED = 4
"""Tokens of a phrase that may come again unpunished: names and figures do."""
DRY_WINDOW = 1024
"""Tokens it looks back on."""
_KEEP = 1


class Sampler:
    """A chain for one answer; `close` frees it. Temperature 0 takes the likeliest token."""

    def __init__(self, sampling: Sampling, vocabulary: Vocabulary) -> None:
        parameters = llama_cpp.llama_sampler_chain_default_params()
        parameters.no_perf = True
        self._chain = llama_cpp.llama_sampler_chain_init(parameters)
        if sampling.repeat_penalty != 1.0:
            self._add(
                llama_cpp.llama_sampler_init_penalties(
                    vocabulary.size, PENALTY_WINDOW, sampling.repeat_penalty, 0.0, 0.0
                )
            )
        if sampling.dry_multiplier > 0:
            self._add(_dry(sampling.dry_multiplier, vocabulary))
        if sampling.temperature <= 0:
            self._add(llama_cpp.llama_sampler_init_greedy())
            return
        self._add(llama_cpp.llama_sampler_init_top_k(sampling.top_k))
        self._add(llama_cpp.llama_sampler_init_top_p(sampling.top_p, _KEEP))
        self._add(llama_cpp.llama_sampler_init_min_p(sampling.min_p, _KEEP))
        self._add(llama_cpp.llama_sampler_init_temp(sampling.temperature))
        seed = secrets.randbits(32) if sampling.seed is None else sampling.seed % 2**32
        self._add(llama_cpp.llama_sampler_init_dist(seed))

    def _add(self, sampler: Handle) -> None:
        llama_cpp.llama_sampler_chain_add(self._chain, sampler)

    def choose(self, context: Handle, index: int = -1) -> int:
        """Choose a token from the logits of the batch's token `index`, and remember it."""
        return int(llama_cpp.llama_sampler_sample(self._chain, context, index))

    def close(self) -> None:
        """Free the chain."""
        llama_cpp.llama_sampler_free(self._chain)


def _dry(multiplier: float, vocabulary: Vocabulary) -> Handle:
    """Return llama.cpp's DRY over the answer alone: the prompt may be quoted.

    No sequence breakers: with a line break as one, small models write one line for ever.
    """
    return llama_cpp.llama_sampler_init_dry(
        vocabulary.handle, multiplier, DRY_BASE, DRY_ALLOWED, DRY_WINDOW, None, 0
    )
