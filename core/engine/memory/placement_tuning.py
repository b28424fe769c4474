"""Choice of attention, batch, cache and threads from timings, and its place in a placement."""

from collections.abc import Sequence

from msgspec import structs

from core.engine.memory.compute_buffers import BATCH_TOKENS
from core.messages import (
    AttentionTiming,
    CacheOffer,
    EngineTuning,
    Placement,
    ThreadsTiming,
    WeightsTiming,
)

READ_TOKENS, SHORT_TOKENS, WRITTEN_TOKENS = 512, 16, 200
"""What is compared at each depth: a long prompt, a short one, and the answer to it."""
LEAST_GAIN = 1.08
"""Least expected speed of a choice, as a multiple of the defaults' speed: the rest is noise."""
LEAST_BATCH = 128
"""Smaller batches are timed, but what a batch costs besides would count too much."""


LEAST_THREADS_GAIN = 1.15
"""Least expected speed with fewer threads than usual: they are timed as time passes."""
MOST_PERPLEXITY = 0.001
"""How much worse a text may be predicted with what is chosen without the person: .1 %."""
CACHE_TYPES = ("f16", "q8_0", "q4_0")
"""From the largest to the smallest; of the small ones, only the first may be chosen by itself."""


class TimingTable:
    """Timings of one model by batch size and depth.

    A way is a field of AttentionTiming: how attention is computed, and over which cache.
    """

    def __init__(
        self, attention: Sequence[AttentionTiming], weights: Sequence[WeightsTiming]
    ) -> None:
        self.attention = tuple(attention)
        self.weights = tuple(weights)
        self._attention = {(each.rows, each.depth): each for each in attention}
        self._weights = {each.rows: each.seconds for each in weights}
        self.depths = sorted({each.depth for each in attention})

    def batch_seconds(self, rows: int, depth: int, way: str) -> float:
        """Return what `rows` tokens took behind `depth` cells, attention computed that way."""
        attention: float = getattr(self._attention[rows, depth], way)
        return self._weights[rows] + attention

    def batches(self, way: str = "fused") -> list[int]:
        """Return the batch sizes that were timed at every depth, the largest first.

        None are returned where the time was up before the small batches that all need.
        """
        if not all(self._is_timed(rows, way) for rows in (1, SHORT_TOKENS)):
            return []
        rows = sorted(self._weights, reverse=True)
        return [each for each in rows if each >= LEAST_BATCH and self._is_timed(each, way)]

    def _is_timed(self, rows: int, way: str) -> bool:
        return rows in self._weights and all(
            (rows, depth) in self._attention and getattr(self._attention[rows, depth], way) > 0
            for depth in self.depths
        )

    def exchange_seconds(self, batch: int, way: str) -> float:
        """Return the seconds of an exchange at every depth, with prompts read in such batches."""
        return sum(
            READ_TOKENS / batch * self.batch_seconds(batch, depth, way)
            + self.batch_seconds(SHORT_TOKENS, depth, way)
            + WRITTEN_TOKENS * self.batch_seconds(1, depth, way)
            for depth in self.depths
        )


def choose_tuning(
    machine: str, shape: str, least: TimingTable, sure: TimingTable, seconds: float
) -> EngineTuning:
    """Return the fastest choice; the defaults where nothing is clearly faster.

    `least` are the fastest timings, `sure` those that were seen twice: a choice takes at most that,
    and must be faster than the least of what it replaces. The cache stays f16, so that a choice
    changes answers no more than rounding does; what others would do is in `caches`.
    """
    batches = least.batches()
    chosen, batch, gain = "auto", BATCH_TOKENS, 1.0
    caches: tuple[CacheOffer, ...] = ()
    if batches:
        default = least.exchange_seconds(batches[0], "fused")
        flash_batch = _fast_batch(least, sure, batches, "fused")
        # Scores take memory that grows with the batch, so the smallest of the fast ones is taken.
        plain_batch = _fast_batch(least, sure, batches[::-1], "separate")
        with_flash = min(least.exchange_seconds(each, "fused") for each in batches)
        without = sure.exchange_seconds(plain_batch, "separate")
        if min(with_flash, without) > 0:
            is_off = with_flash / without >= LEAST_GAIN
            chosen = "off" if is_off else "auto"
            size = plain_batch if is_off else flash_batch
            batch = BATCH_TOKENS if size == batches[0] else size
            taken = least.exchange_seconds(size, "separate" if is_off else "fused")
            gain = default / taken
            caches = _offers(least, sure, taken)
    return EngineTuning(
        machine=machine,
        shape=shape,
        flash_attention=chosen,
        batch=batch,
        gain=gain,
        seconds=seconds,
        attention=least.attention,
        weights=least.weights,
        caches=caches,
    )


def _fast_batch(least: TimingTable, sure: TimingTable, batches: Sequence[int], way: str) -> int:
    """Return the first batch size that is not clearly slower than another one."""
    fastest = min(sure.exchange_seconds(size, way) for size in batches)
    return next(
        size for size in batches if least.exchange_seconds(size, way) < fastest * LEAST_GAIN
    )


def _offers(least: TimingTable, sure: TimingTable, taken: float) -> tuple[CacheOffer, ...]:
    """Return what the small types of the cache would do, against `taken` seconds with f16."""
    offers = []
    for type_ in CACHE_TYPES[1:]:
        if batches := least.batches(type_):
            batch = _fast_batch(least, sure, batches, type_)
            gain = taken / sure.exchange_seconds(batch, type_)
            offers.append(CacheOffer(type=type_, batch=batch, gain=gain))
    return tuple(offers)


def faster_cache(tuning: EngineTuning) -> CacheOffer | None:
    """Return the small type that may be chosen if the model predicts as well with it."""
    offers = (each for each in tuning.caches if each.type == CACHE_TYPES[1])
    return next((each for each in offers if each.gain >= LEAST_GAIN), None)


def choose_cache(tuning: EngineTuning, perplexity: float) -> EngineTuning:
    """Return a measurement with how the faster cache predicts, which is taken if that is as well.

    `perplexity` is a bound of how much worse it is.
    """
    offer = faster_cache(tuning)
    if offer is None:
        return tuning
    known = structs.replace(offer, perplexity=perplexity)
    tuning = structs.replace(
        tuning, caches=tuple(known if each == offer else each for each in tuning.caches)
    )
    if not perplexity <= MOST_PERPLEXITY:
        return tuning
    return structs.replace(tuning, cache=offer.type)


def chosen_cache(tuning: EngineTuning) -> CacheOffer | None:
    """Return the small type that was chosen; None: f16."""
    return next((each for each in tuning.caches if each.type == tuning.cache), None)


def choose_threads_of(tuning: EngineTuning, by_threads: tuple[ThreadsTiming, ...]) -> EngineTuning:
    """Return a measurement with the number of threads that is clearly faster than the usual one.

    `by_threads` begins with that; empty: it stays.
    """

    def seconds(timing: ThreadsTiming) -> float:
        return READ_TOKENS * timing.read + WRITTEN_TOKENS * timing.written

    threads = 0
    if by_threads:
        best = min(by_threads, key=seconds)
        if seconds(by_threads[0]) >= LEAST_THREADS_GAIN * seconds(best):
            threads = best.threads
    return structs.replace(tuning, threads=threads, by_threads=by_threads)


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
    is_other = tuning.flash_attention != "auto" or tuning.cache != CACHE_TYPES[0]
    return is_other or tuning.batch < BATCH_TOKENS


def is_tunable(placement: Placement) -> bool:
    """Return whether a measurement may change a chosen placement."""
    is_open = placement.flash_attention == "auto" and not placement.batch
    return is_open and placement.cache_keys == placement.cache_values == CACHE_TYPES[0]


def without_choice(tuning: EngineTuning) -> EngineTuning:
    """Return the timings with llama.cpp's defaults: what was chosen can't be had."""
    return structs.replace(
        tuning,
        flash_attention="auto",
        batch=BATCH_TOKENS,
        gain=1.0,
        cache=CACHE_TYPES[0],
        threads=0,
    )


def tuned_placement(
    placement: Placement, requested: Placement, tuning: EngineTuning | None
) -> Placement:
    """Return a chosen placement with what was measured to be faster.

    What the person set in `requested` stays: attention that is not "auto", a type of the cache, a
    number of threads. A cache that is small to fit needs flash attention, so that the measurement,
    made with f16, says nothing of it.
    """
    if tuning is None:
        return placement
    placement = structs.replace(placement, threads=requested.threads or tuning.threads)
    if not is_tunable(placement):
        return placement
    way, batch, cache = tuning.flash_attention, tuning.batch, CACHE_TYPES[0]
    offer = chosen_cache(tuning)
    if offer and requested.cache_keys == requested.cache_values == "auto":
        way, batch, cache = "on", offer.batch, offer.type
    return structs.replace(
        placement,
        flash_attention=way,
        batch=batch if batch < BATCH_TOKENS else 0,
        cache_keys=cache,
        cache_values=cache,
    )
