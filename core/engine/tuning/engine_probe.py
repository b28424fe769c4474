"""Probe of a model on this machine: its parts are timed piece by piece while nobody waits."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from core.engine.devices.graph_timer import GraphTimer
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import ModelShape
from core.engine.memory.compute_buffers import BATCH_TOKENS
from core.engine.memory.placement_tuning import choose_tuning
from core.engine.tuning.attention_timer import AttentionTimer
from core.messages import AttentionTiming, EngineTuning, WeightsTiming

DEPTHS = (32, 256, 1024, 3072)
"""Tokens that came before, as far as the context reaches."""
BATCHES = (1, 64, 16, 128, 256, 512)
"""Batch sizes: writing, long prompts, a short prompt or several answers; the surest first."""
BUDGET_SECONDS = 2.0
"""Seconds after which nothing more is timed: larger batches are computed from smaller ones."""
_PRECISE_CLOCK = 1e-5
PIECE_SECONDS = 0.1
"""A piece that is expected to take longer is computed from that of half the size."""


class EngineProbe:
    """Timings of a model of one `shape`, on the device that computes most of its layers.

    `run_piece` times one piece; `tuning` is there when all are. `cells` is the context's length.
    The processor computes with one thread: several wait for each other, so that a machine that has
    other work to do would be measured, and what is compared gains equally from them.
    """

    def __init__(
        self,
        machine: str,
        shape: ModelShape,
        device: str,
        cells: int,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.tuning: EngineTuning | None = None
        self._machine = machine
        self._shape = shape
        self._cells = cells
        self._clock = clock or _clock_for(device)
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
        self.tuning = choose_tuning(
            self._machine,
            self._shape.name,
            tuple(self._attention.values()),
            tuple(self._weights.values()),
            self._spent,
        )
        return self.tuning

    def close(self) -> None:
        """Free the device."""
        self._timer.close()

    def _all_pieces(self) -> Iterator[Callable[[], None]]:
        depths = [depth for depth in DEPTHS if depth + BATCH_TOKENS <= self._cells] or DEPTHS[:1]
        for rows in BATCHES:
            if rows <= self._cells // 2:
                yield partial(self._time_weights, rows)
                for depth in depths:
                    yield partial(self._time_attention, rows, depth)

    def _may_time(self, seconds: float) -> bool:
        """Whether a piece is timed that is expected to take so long (0: unknown)."""
        return self._spent < BUDGET_SECONDS and seconds <= PIECE_SECONDS

    def _time_weights(self, rows: int) -> None:
        half = self._weights.get(rows // 2)
        seconds = 2 * half.seconds if half else 0.0
        if self._may_time(self._parts.weights_share * seconds):
            seconds = self._parts.weights_seconds(rows)
        if seconds:
            self._weights[rows] = WeightsTiming(rows=rows, seconds=seconds)

    def _time_attention(self, rows: int, depth: int) -> None:
        half = self._attention.get((rows // 2, depth))
        layers = sum(kind.layers for kind in self._shape.attention)
        fused, separate = (2 * half.fused, 2 * half.separate) if half else (0.0, 0.0)
        if self._may_time(max(fused, separate) / layers):
            fused = self._parts.attention_seconds(rows, depth, fused=True)
            separate = self._parts.attention_seconds(rows, depth, fused=False)
        if fused and separate:
            self._attention[rows, depth] = AttentionTiming(
                rows=rows, depth=depth, fused=fused, separate=separate
            )


def _clock_for(device: str) -> Callable[[], float]:
    """Return the clock of a device.

    On the processor, the thread's own time: it doesn't go on while another program computes. Where
    that is too coarse, and on cards, time as it passes.
    """
    precise = time.get_clock_info("thread_time").resolution < _PRECISE_CLOCK
    return time.thread_time if device == PROCESSOR and precise else time.perf_counter
