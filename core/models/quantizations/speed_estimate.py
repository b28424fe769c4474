"""Speed estimates: tokens per second of a quantization, from bytes read and memory speed."""

from collections.abc import Sequence
from typing import NamedTuple

from core.messages import QuantizationPlan, TensorTypeSpeed

_CACHE_TYPE = "F16"
SEEN_TOKENS = 256
"""Length of the context that is assumed, in tokens: a short chat."""


_SLOWED_DOWN = 2.0
"""How many times longer than it should a token takes in a run that other programs slowed down."""


class MeasuredRun(NamedTuple):
    """A quantization that ran: seconds per token as estimated and as measured."""

    expected: float
    taken: float


def estimate_seconds_per_token(
    plan: QuantizationPlan, speeds: Sequence[TensorTypeSpeed]
) -> float | None:
    """Return the seconds for the products of one token; None if a type's speed is unknown."""
    known = {(speed.device, speed.type): speed.speed for speed in speeds}
    seconds = 0.0
    for read in plan.reads:
        speed = known.get((read.device, read.type))
        if not speed:
            return None
        seconds += read.bytes / speed
    devices = {read.device for read in plan.reads}
    cache = max((known.get((device, _CACHE_TYPE), 0.0) for device in devices), default=0.0)
    if cache:
        seconds += plan.cached * SEEN_TOKENS / cache
    return seconds or None


def estimate_tokens_per_second(expected: float, runs: Sequence[MeasuredRun]) -> float:
    """Return the estimated tokens per second, corrected by runs of other quantizations.

    The time of a token beside its products (attention, norms, waiting for threads) is the same for
    every quantization of a model, so one run gives it for all; the run nearest in speed is used,
    unless other programs slowed it down, as another run shows. A run that was faster than its
    products shows that products are faster than they were measured.
    """
    if not runs:
        return 1 / expected
    least = max(0.0, min(each.taken - each.expected for each in runs))
    quiet = [each for each in runs if each.taken <= _SLOWED_DOWN * (each.expected + least)]
    run = min(quiet, key=lambda each: abs(each.expected - expected))
    overhead = run.taken - run.expected
    if overhead >= 0:
        return 1 / (expected + overhead)
    return run.expected / (expected * run.taken)
