"""Sampler chains of one answer: one changes the logits (penalties), one selects a token."""

import ctypes
import secrets

import llama_cpp

from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.messages import Sampling

LONGEST_WINDOW = 1 << 17
"""Tokens that the penalties count at most; it costs half a megabyte."""
_KNOWN_WINDOW = 256
"""Tokens up to which a short list of candidates holds all that penalties may lower."""
_SORTED_FAST = 128
"""Candidates up to which llama.cpp sorts them out of a vocabulary by a heap (its own limit)."""
_SMALL_VOCABULARY = 1 << 16
"""Tokens up to which llama.cpp lists all candidates sooner than a short list is found here: 134
against 241 µs for 49,000; more was not measured."""
DRY_BASE = 1.75
DRY_ALLOWED = 4
"""Longest phrase that may be repeated without penalty, for names and numbers."""
DRY_WINDOW = 1024
"""Last tokens of the answer that DRY searches for repetitions."""
MIROSTAT_TOKENS = 100
"""Tokens that Mirostat 1 estimates the distribution from (llama.cpp's value)."""
_KEEP = 1


class SamplerChain:
    """A sampler chain of llama.cpp; `close` frees it with its samplers."""

    def __init__(self) -> None:
        parameters = llama_cpp.llama_sampler_chain_default_params()
        parameters.no_perf = True
        self.handle = llama_cpp.llama_sampler_chain_init(parameters)

    def add_sampler(self, sampler: Handle) -> None:
        """Append a sampler, which the chain owns from then on."""
        llama_cpp.llama_sampler_chain_add(self.handle, sampler)

    def __len__(self) -> int:
        return int(llama_cpp.llama_sampler_chain_n(self.handle))

    def close(self) -> None:
        """Free it."""
        llama_cpp.llama_sampler_free(self.handle)


class PenaltyChain(SamplerChain):
    """Biases and penalties. `may_raise`: logits of other than the `biased` tokens may rise.

    `lowered`: the most tokens whose logits become lower, None where that is not known.
    """

    def __init__(self, biased: frozenset[int], *, may_raise: bool, lowered: int | None) -> None:
        super().__init__()
        self.biased = biased
        self.may_raise = may_raise
        self.lowered = lowered

    def accept_token(self, token: int) -> None:
        """Add a token of the answer to the history of the penalties."""
        llama_cpp.llama_sampler_accept(self.handle, token)


class SelectionChain(SamplerChain):
    """Selects one token. It needs only the likeliest `needed` candidates (0: all).

    `greedy`: it selects the likeliest one.
    """

    def __init__(self, *, needed: int, greedy: bool = False) -> None:
        super().__init__()
        self.needed = needed
        self.greedy = greedy


def build_penalty_chain(sampling: Sampling, vocabulary: Vocabulary) -> PenaltyChain:
    """Return the chain of biases, penalties and DRY."""
    penalties = (sampling.repeat_penalty, sampling.frequency_penalty, sampling.presence_penalty)
    window = penalty_window(sampling)
    biases = _biases(sampling, vocabulary)
    may_raise = penalties[0] < 1 or penalties[1] < 0 or penalties[2] < 0
    lowered = len(biases) + window * (penalties != (1, 0, 0))
    chain = PenaltyChain(
        frozenset(biases),
        may_raise=may_raise,
        lowered=None if sampling.dry_multiplier > 0 or window > _KNOWN_WINDOW else lowered,
    )
    if biases:
        entries = (llama_cpp.llama_logit_bias * len(biases))(*biases.items())
        chain.add_sampler(
            llama_cpp.llama_sampler_init_logit_bias(vocabulary.size, len(biases), entries)
        )
    if penalties != (1, 0, 0) and window:
        chain.add_sampler(
            llama_cpp.llama_sampler_init_penalties(vocabulary.size, window, *penalties)
        )
    if sampling.dry_multiplier > 0:
        chain.add_sampler(_dry(sampling.dry_multiplier, vocabulary))
    return chain


def build_whole_chain(
    penalties: PenaltyChain, selection: SelectionChain, size: int
) -> SamplerChain | None:
    """Return both as one chain for `llama_sampler_sample`, which owns them then; None if slower.

    Of a token that only its penalties lower, more than are needed are sorted out first, as many
    more as can be lowered: counting penalties of a whole vocabulary takes twice as long.
    """
    few = selection.needed and not penalties.may_raise
    count = selection.needed + (penalties.lowered or 0)
    is_known = penalties.lowered is not None and not penalties.biased
    if few and not (is_known and count <= _SORTED_FAST and size <= _SMALL_VOCABULARY):
        return None
    chain = SamplerChain()
    if few and penalties:
        chain.add_sampler(llama_cpp.llama_sampler_init_top_k(count))
    chain.add_sampler(penalties.handle)
    chain.add_sampler(selection.handle)
    return chain


def penalty_window(sampling: Sampling) -> int:
    """Return how many of the answer's last tokens the penalties count."""
    wanted = sampling.repeat_last_n
    return LONGEST_WINDOW if wanted < 0 else min(wanted, LONGEST_WINDOW)


def build_selection_chain(sampling: Sampling, size: int) -> SelectionChain:
    """Return the chain that selects, for a vocabulary of `size` tokens."""
    if sampling.temperature <= 0:
        chain = SelectionChain(needed=1, greedy=True)
        chain.add_sampler(llama_cpp.llama_sampler_init_greedy())
        return chain
    seed = secrets.randbits(32) if sampling.seed is None else sampling.seed % 2**32
    if sampling.mirostat:
        return _mirostat(sampling, size, seed)
    chain = SelectionChain(needed=max(sampling.top_k, 0))
    chain.add_sampler(llama_cpp.llama_sampler_init_top_k(sampling.top_k))
    chain.add_sampler(llama_cpp.llama_sampler_init_typical(sampling.typical_p, _KEEP))
    chain.add_sampler(llama_cpp.llama_sampler_init_top_p(sampling.top_p, _KEEP))
    chain.add_sampler(llama_cpp.llama_sampler_init_min_p(sampling.min_p, _KEEP))
    chain.add_sampler(llama_cpp.llama_sampler_init_temp(sampling.temperature))
    chain.add_sampler(llama_cpp.llama_sampler_init_dist(seed))
    return chain


def _mirostat(sampling: Sampling, size: int, seed: int) -> SelectionChain:
    chain = SelectionChain(needed=0)
    chain.add_sampler(llama_cpp.llama_sampler_init_temp(sampling.temperature))
    tau, eta = sampling.mirostat_tau, sampling.mirostat_eta
    if sampling.mirostat == 1:
        chain.add_sampler(
            llama_cpp.llama_sampler_init_mirostat(size, seed, tau, eta, MIROSTAT_TOKENS)
        )
    else:
        chain.add_sampler(llama_cpp.llama_sampler_init_mirostat_v2(seed, tau, eta))
    return chain


def _biases(sampling: Sampling, vocabulary: Vocabulary) -> dict[int, float]:
    """Return the biases by token: of each text, as it is and after a space.

    A text of several tokens biases each of them, as llama.cpp's server does.
    """
    biases: dict[int, float] = {}
    for text, bias in sampling.logit_bias.items():
        for spelled in (text, f" {text.lstrip()}"):
            for token in vocabulary.tokenize(spelled, control=False):
                biases[token] = bias
    biases |= {n: bias for n, bias in sampling.token_bias.items() if 0 <= n < vocabulary.size}
    return biases | dict.fromkeys(_suppressed(vocabulary), float("-inf"))


def _suppressed(vocabulary: Vocabulary) -> list[int]:
    """Return the tokens that must never be written according to the model's file."""
    count = ctypes.c_int32(0)
    tokens = llama_cpp.llama_vocab_get_suppress_tokens(vocabulary.handle, ctypes.byref(count))
    return [int(token) for token in tokens[: count.value]] if tokens else []


def _dry(multiplier: float, vocabulary: Vocabulary) -> Handle:
    """Return llama.cpp's DRY over the answer alone: the prompt may be quoted.

    No sequence breakers: with a line break as one, small models write one line for ever.
    """
    return llama_cpp.llama_sampler_init_dry(
        vocabulary.handle, multiplier, DRY_BASE, DRY_ALLOWED, DRY_WINDOW, None, 0
    )
