"""Timings of a model's attention and weights on this machine, and what they led to."""

from msgspec import Struct


class AttentionTiming(Struct, frozen=True, kw_only=True, array_like=True):
    """Seconds of all attention layers for one batch of `rows` tokens after `depth` others.

    `fused` is flash attention; `separate` computes scores, shares and sums one after the other.
    `q8_0` and `q4_0` are flash attention over a cache of that type, 0 where it was not timed.
    """

    rows: int
    depth: int
    fused: float
    separate: float
    q8_0: float = 0.0
    q4_0: float = 0.0


class WeightsTiming(Struct, frozen=True, kw_only=True, array_like=True):
    """Seconds of the products with all weights for one batch of `rows` tokens."""

    rows: int
    seconds: float


class ThreadsTiming(Struct, frozen=True, kw_only=True, array_like=True):
    """Seconds that so many `threads` take for a written token, and for a token that is read."""

    threads: int
    written: float
    read: float


class CacheOffer(Struct, frozen=True, kw_only=True):
    """What a smaller type of the cache would do: read with flash attention in such a `batch`.

    `gain` is how many times faster it is than the best way with f16. `perplexity` is how much
    worse the model may predict a text with it (.001 is .1 %; a bound that 95 of 100 samples keep),
    None where that was not measured.
    """

    type: str
    batch: int
    gain: float
    perplexity: float | None = None


class EngineTuning(Struct, frozen=True, kw_only=True):
    """What was measured for models of one `shape` on one `machine`, and chosen from it.

    `flash_attention` is "auto" or "off", `batch` the most tokens of a prompt in one batch, `gain`
    how many times faster that is than llama.cpp's defaults, over reading and writing at all depths;
    all three with a cache of f16. `cache` is the type that is taken, one of `caches` if another;
    `threads` how many compute, 0 for as many as usual. `seconds` is what the measurement took.
    Attention and weights were timed with one thread of the processor; `by_threads` is empty where
    there is nothing to choose, or others were computing.
    """

    machine: str
    shape: str
    flash_attention: str
    batch: int
    gain: float
    seconds: float
    attention: tuple[AttentionTiming, ...]
    weights: tuple[WeightsTiming, ...]
    cache: str = "f16"
    threads: int = 0
    caches: tuple[CacheOffer, ...] = ()
    by_threads: tuple[ThreadsTiming, ...] = ()
