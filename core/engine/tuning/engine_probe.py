"""Probe of a model on this machine: its parts are timed piece by piece while nobody waits."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from core.base.clock import Clock
from core.engine.devices.graph_timer import GraphTimer
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import ModelShape
from core.engine.memory.compute_buffers import BATCH_TOKENS
from core.engine.memory.placement_tuning import (
    CACHE_TYPES,
    TimingTable,
    choose_threads_of,
    choose_tuning,
)
from core.engine.tuning.attention_timer import AttentionTimer
from core.engine.tuning.repeated_timings import Piece, RepeatedTimings
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
_REPETITIONS = 2
"""How often all is timed again, as long as time is left: once is chance on a busy machine."""
_WEIGHTS = "weights"
_WAYS = ("fused", "separate")
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
        self._times = RepeatedTimings()
        self._depths = [n for n in DEPTHS if n + BATCH_TOKENS <= cells] or list(DEPTHS[:1])
        self._sizes = [rows for rows in BATCHES if rows <= cells // 2]
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
            self._table(self._times.least_seconds),
            self._table(self._times.sure_seconds),
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
        sizes = self._sizes
        few = [rows for rows in sizes if rows <= _TIMED_FIRST]
        for timed in (few, [rows for rows in sizes if rows not in few]):
            yield from self._pieces_of(timed)
            # Of the small types, what the timings so far allow: then all batches are known.
            for type_ in CACHE_TYPES[1:]:
                for depth in self._depths:
                    yield partial(self._time_cache, type_, depth)
        for _repetition in range(_REPETITIONS):
            yield from itertools.takewhile(self._has_time, self._pieces_of(sizes))
            for type_ in CACHE_TYPES[1:]:
                for depth in self._depths:
                    yield partial(self._repeat_cache, type_, depth)

    def _pieces_of(self, sizes: Sequence[int]) -> Iterator[Callable[[], None]]:
        for rows in sizes:
            yield partial(self._time_weights, rows)
            for depth in self._depths:
                yield partial(self._time_attention, rows, depth)

    def _has_time(self, _piece: object) -> bool:
        return self._spent < BUDGET_SECONDS - _FOR_THREADS

    def _may_time(self, seconds: float, longest: float = PIECE_SECONDS) -> bool:
        """Whether a layer is timed that is expected to take so long (0: unknown).

        Both ways of all kinds of layers are a piece.
        """
        piece = 2 * len(self._shape.attention) * seconds
        return self._spent + piece < BUDGET_SECONDS - _FOR_THREADS and seconds <= longest

    def _expect(self, piece: Piece) -> float:
        """Return what a piece will take, as it was or by that of half the size; 0: unknown."""
        half = piece._replace(rows=piece.rows // 2)
        known = (self._times.least_seconds(piece), 2 * self._times.least_seconds(half))
        return min((seconds for seconds in known if seconds), default=0.0)

    def _time_weights(self, rows: int) -> None:
        piece = Piece(_WEIGHTS, rows, 0)
        if self._may_time(self._parts.weights_share * self._expect(piece)):
            if seconds := self._parts.weights_seconds(rows):
                self._times.add_timing(piece, seconds)
        elif not self._times.is_timed(piece):
            self._times.compute_from(piece, piece._replace(rows=rows // 2), 2)

    def _time_attention(self, rows: int, depth: int) -> None:
        pieces = [Piece(way, rows, depth) for way in _WAYS]
        if self._may_time(max(map(self._expect, pieces)) / self._layers):
            both = [
                self._parts.attention_seconds(rows, depth, fused=fused) for fused in (True, False)
            ]
            if all(both):
                for piece, seconds in zip(pieces, both, strict=True):
                    self._times.add_timing(piece, seconds)
        elif not self._times.is_timed(pieces[0]):
            for piece in pieces:
                self._times.compute_from(piece, piece._replace(rows=rows // 2), 2)

    def _time_cache(self, type_: str, depth: int) -> None:
        """Time flash attention over a small type of the cache, where f16 was timed."""
        base: Piece | None = None
        for rows in sorted(self._sizes):
            piece = Piece(type_, rows, depth)
            if not self._times.least_seconds(Piece(_WAYS[0], rows, depth)):
                continue
            if base is not None and not self._times.is_timed(piece):
                self._times.compute_from(piece, base, rows / base.rows)
            if rows in _CACHE_BATCHES and not self._times.is_timed(piece):
                self._time_layer_over(piece)
            if not self._times.least_seconds(piece):
                return  # the time was up, or the device can't
            if rows in _CACHE_BATCHES:
                base = piece

    def _repeat_cache(self, type_: str, depth: int) -> None:
        """Time a small type again where it was faster than f16: only then it may be taken."""
        for rows in _CACHE_BATCHES:
            piece = Piece(type_, rows, depth)
            others = [self._times.least_seconds(Piece(way, rows, depth)) for way in _WAYS]
            if self._times.is_timed(piece) and self._times.least_seconds(piece) < min(others):
                self._time_layer_over(piece)

    def _time_layer_over(self, piece: Piece) -> None:
        """Time attention over a small type, if it is expected to be short."""
        expected = self._times.least_seconds(piece) / self._layers
        if self._may_time(expected, _CACHE_SECONDS):
            seconds = self._parts.attention_seconds(
                piece.rows, piece.depth, fused=True, cache=piece.way
            )
            if seconds:
                self._times.add_timing(piece, seconds)

    def _table(self, seconds: Callable[[Piece], float]) -> TimingTable:
        """Return all timings, of each piece its `seconds`."""
        weights = ((rows, seconds(Piece(_WEIGHTS, rows, 0))) for rows in self._sizes)
        attention = (
            AttentionTiming(
                rows=rows,
                depth=depth,
                fused=seconds(Piece(_WAYS[0], rows, depth)),
                separate=seconds(Piece(_WAYS[1], rows, depth)),
                q8_0=seconds(Piece("q8_0", rows, depth)),
                q4_0=seconds(Piece("q4_0", rows, depth)),
            )
            for rows in self._sizes
            for depth in self._depths
        )
        return TimingTable(
            tuple(each for each in attention if each.fused),
            tuple(WeightsTiming(rows=rows, seconds=each) for rows, each in weights if each),
        )

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
