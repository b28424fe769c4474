"""Probe of a model on this machine: its parts are timed piece by piece while nobody waits."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import structs

from core.base.clock import Clock
from core.engine.devices.graph_timer import GraphTimer
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import ModelShape
from core.engine.memory.compute_buffers import BATCH_TOKENS
from core.engine.memory.placement_tuning import CACHE_TYPES, choose_threads_of, choose_tuning
from core.engine.tuning.attention_timer import AttentionTimer
from core.engine.tuning.thread_timer import ThreadTimer, thread_counts
from core.messages import AttentionTiming, EngineTuning, WeightsTiming

DEPTHS = (32, 256, 1024, 3072)
"""Tokens that came before, as far as the context reaches."""
BATCHES = (1, 64, 16, 128, 256, 512)
"""Batch sizes: writing, long prompts, a short prompt or several answers; the surest first."""
BUDGET_SECONDS = 2.0
"""Seconds after which nothing more is timed: larger batches are computed from smaller ones."""
_FOR_THREADS = 0.15
"""Seconds of these that are kept for threads."""
_TIMED_FIRST = 64
"""Up to this batch size all is timed first, small types of the cache included."""
_CACHE_BATCHES = (1, 16, 128)
"""Batch sizes that small types of the cache are timed with; others are computed from them."""
_CACHE_SECONDS = 0.02
"""A piece of these that is expected to take longer is computed: slow kernels go row by row."""
_THREAD_ROUNDS = 2
_PRECISE_CLOCK = 1e-5
PIECE_SECONDS = 0.1
"""A piece that is expected to take longer is computed from that of half the size."""


class EngineProbe:
    """Timings of a model of one `shape`, on the device that computes most of its layers.

    `run_piece` times one piece; `tuning` is there when all are. `cells` is the context's length.
    The processor computes with one thread: several wait for each other, so that a machine that has
    other work to do would be measured, and what is compared gains equally from them. Only last,
    fewer than `threads` are compared with these; 0: the number is settled. With what is `known`,
    that alone is timed.
    """

    def __init__(
        self,
        machine: str,
        shape: ModelShape,
        device: str,
        cells: int,
        *,
        threads: int = 0,
        known: EngineTuning | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.tuning: EngineTuning | None = None
        self._machine = machine
        self._shape = shape
        self._cells = cells
        self._clock = clock or _clock_for(device)
        self._known = known
        self._threads = threads if device == PROCESSOR else 0
        self._thread_timer = ThreadTimer(shape, cells)
        self._spent = 0.0
        self._attention: dict[tuple[int, int], AttentionTiming] = {}
        self._weights: dict[int, WeightsTiming] = {}
        self._timer = GraphTimer(device, 1, self._clock)
        self._parts = AttentionTimer(self._timer, shape, cells)
        self._pieces = self._all_pieces()

    def run_piece(self) -> EngineTuning | None:
        """Time the next piece; return what is chosen after the last one."""
        started = self._clock()
        piece = next(self._pieces, None)
        if piece is not None:
            piece()
            self._spent += self._clock() - started
            return None
        by_threads = self._thread_timer.timings(thread_counts(self._threads))
        self.tuning = choose_threads_of(self._chosen(), by_threads)
        return self.tuning

    def close(self) -> None:
        """Free the device."""
        self._timer.close()

    def _chosen(self) -> EngineTuning:
        """Return what is chosen so far, with as many threads as usual."""
        if self._known:
            return self._known
        return choose_tuning(
            self._machine,
            self._shape.name,
            tuple(self._attention.values()),
            tuple(self._weights.values()),
            self._spent,
        )

    def _all_pieces(self) -> Iterator[Callable[[], None]]:
        if self._known is None:
            yield from self._pieces_of_batches()
        counts = thread_counts(self._threads)
        if self._threads and len(counts) > 1:
            fused = self._chosen().flash_attention != "off"
            for _round in range(_THREAD_ROUNDS):
                for count in counts:
                    yield partial(self._time_threads, count, fused=fused)

    def _pieces_of_batches(self) -> Iterator[Callable[[], None]]:
        depths = [depth for depth in DEPTHS if depth + BATCH_TOKENS <= self._cells] or DEPTHS[:1]
        sizes = [rows for rows in BATCHES if rows <= self._cells // 2]
        few = [rows for rows in sizes if rows <= _TIMED_FIRST]
        for timed in (few, [rows for rows in sizes if rows not in few]):
            for rows in timed:
                yield partial(self._time_weights, rows)
                for depth in depths:
                    yield partial(self._time_attention, rows, depth)
            # Of the small types, what the timings so far allow: then all batches are known.
            for type_ in CACHE_TYPES[1:]:
                for depth in depths:
                    yield partial(self._time_cache, type_, depth)

    def _may_time(self, seconds: float, longest: float = PIECE_SECONDS) -> bool:
        """Whether a layer is timed that is expected to take so long (0: unknown).

        Both ways of all kinds of layers are a piece.
        """
        piece = 2 * len(self._shape.attention) * seconds
        return self._spent + piece < BUDGET_SECONDS - _FOR_THREADS and seconds <= longest

    def _time_weights(self, rows: int) -> None:
        half = self._weights.get(rows // 2)
        seconds = 2 * half.seconds if half else 0.0
        if self._may_time(self._parts.weights_share * seconds):
            seconds = self._parts.weights_seconds(rows)
        if seconds:
            self._weights[rows] = WeightsTiming(rows=rows, seconds=seconds)

    def _time_attention(self, rows: int, depth: int) -> None:
        half = self._attention.get((rows // 2, depth))
        fused, separate = (2 * half.fused, 2 * half.separate) if half else (0.0, 0.0)
        if self._may_time(max(fused, separate) / self._layers):
            fused = self._parts.attention_seconds(rows, depth, fused=True)
            separate = self._parts.attention_seconds(rows, depth, fused=False)
        if fused and separate:
            self._attention[rows, depth] = AttentionTiming(
                rows=rows, depth=depth, fused=fused, separate=separate
            )

    def _time_cache(self, type_: str, depth: int) -> None:
        """Time flash attention over a small type of the cache, where f16 was timed."""
        timed = sorted(rows for rows, after in self._attention if after == depth)
        base, known = 0, 0.0
        for rows in timed:
            timing = self._attention[rows, depth]
            seconds: float = getattr(timing, type_) or known * rows / max(base, 1)
            may_time = self._may_time(seconds / self._layers, _CACHE_SECONDS)
            if rows in _CACHE_BATCHES and may_time and not getattr(timing, type_):
                seconds = self._parts.attention_seconds(rows, depth, fused=True, cache=type_)
            if not seconds:
                return  # the time was up, or the device can't
            if rows in _CACHE_BATCHES:
                base, known = rows, seconds
            self._attention[rows, depth] = structs.replace(timing, **{type_: seconds})

    def _time_threads(self, count: int, *, fused: bool) -> None:
        if self._spent < BUDGET_SECONDS:
            self._thread_timer.time_threads(count, fused=fused)

    @property
    def _layers(self) -> int:
        return sum(kind.layers for kind in self._shape.attention)


def _clock_for(device: str) -> Clock:
    """Return the clock of a device.

    On the processor, the thread's own time: it doesn't go on while another program computes. Where
    that is too coarse, and on cards, time as it passes.
    """
    precise = time.get_clock_info("thread_time").resolution < _PRECISE_CLOCK
    return time.thread_time if device == PROCESSOR and precise else time.perf_counter
