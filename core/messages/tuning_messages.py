"""Timings of a model's attention and weights on this machine, and what they led to."""

from msgspec import Struct


class AttentionTiming(Struct, frozen=True, kw_only=True, array_like=True):
    """Seconds of all attention layers for one batch of `rows` tokens after `depth` others.

    `fused` is flash attention; `separate` computes scores, shares and sums one after the other.
    """

    rows: int
    depth: int
    fused: float
    separate: float


class WeightsTiming(Struct, frozen=True, kw_only=True, array_like=True):
    """Seconds of the products with all weights for one batch of `rows` tokens."""

    rows: int
    seconds: float


class EngineTuning(Struct, frozen=True, kw_only=True):
    """What was measured for models of one `shape` on one `machine`, and chosen from it.

    `flash_attention` is "on" or "off"; `batch` the most tokens of a prompt in one batch. `gain` is
    how many times faster that is than llama.cpp's defaults, over reading and writing at all depths.
    `seconds` is what the measurement took. The processor was timed with one thread.
    """

    machine: str
    shape: str
    flash_attention: str
    batch: int
    gain: float
    seconds: float
    attention: tuple[AttentionTiming, ...]
    weights: tuple[WeightsTiming, ...]
