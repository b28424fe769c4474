"""Speed estimates: tokens per second of a quantization, from bytes read and memory speed."""

from collections.abc import Sequence
from typing import NamedTuple

from core.messages import QuantizationPlan, TensorTypeSpeed

_CACHE_TYPE = "F16"
SEEN_TOKENS = 256
"""Tokens in view that a token's keys and values are read of: a short chat."""


class MeasuredRun(NamedTuple):
    """A level that really ran: what was expected of each token, and what it took, in seconds."""

    expected: float
    taken: float


def estimate_seconds_per_token(
    plan: QuantizationPlan, speeds: Sequence[TensorTypeSpeed]
) -> float | None:
    """Return the seconds one token's products take; None if a type's speed isn't known."""
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
    """Return the expected tokens a second of a level, corrected by what other levels really took.

    What a token takes beside its products (attention, norms, waiting for threads) is the same on
    every level of a model, so a run of one tells it for all; the run nearest in speed counts. One
    that was faster than its products says that products are faster here than they were measured.
    """
    if not runs:
        return 1 / expected
    run = min(runs, key=lambda each: abs(each.expected - expected))
    beside = run.taken - run.expected
    if beside >= 0:
        return 1 / (expected + beside)
    return run.expected / (expected * run.taken)
