"""Choice of attention and batch size from timings, and its place in a placement."""

from collections.abc import Sequence

from msgspec import structs

from core.engine.memory.compute_buffers import BATCH_TOKENS
from core.messages import AttentionTiming, EngineTuning, Placement, WeightsTiming

READ_TOKENS, SHORT_TOKENS, WRITTEN_TOKENS = 512, 16, 200
"""What is compared at each depth: a long prompt, a short one, and the answer to it."""
LEAST_GAIN = 1.08
"""Least expected speed of a choice, as a multiple of the defaults' speed: the rest is noise."""
LEAST_BATCH = 128
"""Smaller batches are timed, but what a batch costs besides would count too much."""


class TimingTable:
    """Timings of one model by batch size and depth."""

    def __init__(
        self, attention: Sequence[AttentionTiming], weights: Sequence[WeightsTiming]
    ) -> None:
        self._attention = {(each.rows, each.depth): each for each in attention}
        self._weights = {each.rows: each.seconds for each in weights}
        self.depths = sorted({each.depth for each in attention})

    def batch_seconds(self, rows: int, depth: int, *, fused: bool) -> float:
        """Return the seconds of one batch."""
        timing = self._attention[rows, depth]
        return self._weights[rows] + (timing.fused if fused else timing.separate)

    def batches(self) -> list[int]:
        """Return the batch sizes that were timed at every depth, the largest first.

        None are returned where the time was up before the small batches that all need.
        """
        if any(
            rows not in self._weights or (rows, depth) not in self._attention
            for rows in (1, SHORT_TOKENS)
            for depth in self.depths
        ):
            return []
        rows = sorted(self._weights, reverse=True)
        return [
            each
            for each in rows
            if each >= LEAST_BATCH
            and all((each, depth) in self._attention for depth in self.depths)
        ]

    def exchange_seconds(self, batch: int, *, fused: bool) -> float:
        """Return the seconds of an exchange at every depth, with prompts read in such batches."""
        return sum(
            READ_TOKENS / batch * self.batch_seconds(batch, depth, fused=fused)
            + self.batch_seconds(SHORT_TOKENS, depth, fused=fused)
            + WRITTEN_TOKENS * self.batch_seconds(1, depth, fused=fused)
            for depth in self.depths
        )


def choose_tuning(
    machine: str,
    shape: str,
    attention: Sequence[AttentionTiming],
    weights: Sequence[WeightsTiming],
    seconds: float,
) -> EngineTuning:
    """Return the fastest choice; the defaults where nothing is clearly faster.

    The cache stays f16, so that a choice changes answers no more than rounding does.
    """
    table = TimingTable(attention, weights)
    batches = table.batches()
    chosen, batch, gain = "auto", BATCH_TOKENS, 1.0
    if batches:
        default = table.exchange_seconds(batches[0], fused=True)
        with_flash, flash_batch = _fastest(table, batches, fused=True)
        # Scores take memory that grows with the batch, so the smallest of the fast ones is taken.
        without, plain_batch = _fastest(table, batches[::-1], fused=False)
        if min(with_flash, without) > 0:
            is_off = with_flash / without >= LEAST_GAIN
            chosen = "off" if is_off else "auto"
            size = plain_batch if is_off else flash_batch
            batch = BATCH_TOKENS if size == batches[0] else size
            gain = default / table.exchange_seconds(size, fused=not is_off)
    return EngineTuning(
        machine=machine,
        shape=shape,
        flash_attention=chosen,
        batch=batch,
        gain=gain,
        seconds=seconds,
        attention=tuple(attention),
        weights=tuple(weights),
    )


def _fastest(table: TimingTable, batches: Sequence[int], *, fused: bool) -> tuple[float, int]:
    """Return the least seconds, and the first batch size that is not clearly slower."""
    seconds = {size: table.exchange_seconds(size, fused=fused) for size in batches}
    least = min(seconds.values())
    return least, next(size for size in batches if seconds[size] < least * LEAST_GAIN)


def find_tuning(
    tunings: Sequence[EngineTuning], shape: str, machine: str = ""
) -> EngineTuning | None:
    """Return the latest measurement for a shape, on `machine` if that is named."""
    for tuning in reversed(tunings):
        if tuning.shape == shape and machine in {"", tuning.machine}:
            return tuning
    return None


def changes_defaults(tuning: EngineTuning) -> bool:
    """Return whether something else than llama.cpp's defaults was chosen."""
    return tuning.flash_attention != "auto" or tuning.batch < BATCH_TOKENS


def is_tunable(placement: Placement) -> bool:
    """Return whether a measurement may change a chosen placement."""
    is_open = placement.flash_attention == "auto" and not placement.batch
    return is_open and placement.cache_keys == placement.cache_values == "f16"


def without_choice(tuning: EngineTuning) -> EngineTuning:
    """Return the timings with llama.cpp's defaults: what was chosen can't be had."""
    return structs.replace(tuning, flash_attention="auto", batch=BATCH_TOKENS, gain=1.0)


def untuned_placement(placement: Placement, requested: Placement) -> Placement:
    """Return a chosen placement as it was before `tuned_placement`."""
    before = structs.replace(
        placement, flash_attention=requested.flash_attention, batch=requested.batch
    )
    return before if is_tunable(before) else placement


def tuned_placement(placement: Placement, tuning: EngineTuning | None) -> Placement:
    """Return a chosen placement with what was measured to be faster.

    What the person set stays: attention that is not "auto". A small cache type needs flash
    attention, so that the measurement, made with f16, says nothing of it.
    """
    if tuning is None or not is_tunable(placement):
        return placement
    batch = tuning.batch if tuning.batch < BATCH_TOKENS else 0
    return structs.replace(placement, flash_attention=tuning.flash_attention, batch=batch)
