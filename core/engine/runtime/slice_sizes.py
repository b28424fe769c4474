"""Slice sizes: how many tokens of a prompt are read beside answers that are being written."""

import math
from collections.abc import Sequence

from core.engine.memory.placement_tuning import CACHE_TYPES
from core.messages import EngineTuning, Placement

SLICE_SECONDS = 0.1
"""Longest pause that reading a prompt may cause in the answers that are being written."""
LEAST_TOKENS = 4
"""The smallest slice."""
_SIZES = (LEAST_TOKENS, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
_TILE_ROWS = 64
"""From so many rows on, flash attention has a faster kernel on processors (ops.cpp, Q_TILE_SZ)."""
_AIM = 0.75
"""Share of the bound that is aimed at: batches vary."""
_NEARLY = 1.5
"""Where no slice keeps the bound, so many times the shortest pause is hardly longer."""
_SLOW_KERNEL, _FAR = 3.0, 3.0
"""A kernel so many times faster is taken even if the pause is longer, up to so many times."""
_ABOUT = 0.9
"""Of that kernel, the shortest slice with about its speed is taken."""
_NO_TIME = 1e-9
_NEW_SHARE = 0.25
"""Weight of the last measurement against all before."""
_CORRECTIONS = (0.25, 8.0)
"""Bounds of the correction: a pause of the whole machine says nothing about slices."""


class SliceSizes:
    """Chooses slices from what batches cost by size and by the cells that attention reads.

    The costs are those measured while the model was idle (`set_tuning`), corrected by what slices
    really took; before that, what batches took so far (`_ObservedCosts`).
    """

    def __init__(self) -> None:
        self._tuning: EngineTuning | None = None
        self._kernel = "fused"
        self._threads = 1
        self._correction = 1.0
        self._observed = _ObservedCosts()

    def set_tuning(self, tuning: EngineTuning, kernel: str, *, threads: int = 1) -> None:
        """Use these timings of a kernel from now on; `threads` compute what one was timed with."""
        is_timed = all(getattr(each, kernel) > 0 for each in tuning.attention)
        if tuning.weights and tuning.attention and is_timed:
            self._tuning = tuning
            self._kernel = kernel
            self._threads = max(threads, 1)
            self._correction = 1.0

    def slice_tokens(self, pending: int, cells: int, written: int, speed: float) -> int:
        """Return how many of `pending` tokens to read in a batch that continues `written` answers.

        `cells` are all that are used; `speed` is in tokens a second. The fastest slice that keeps
        the bound is taken; if none does, of those that take hardly longer than the quickest. A slow
        kernel is left for one that is several times faster, even if the pause is longer.
        """
        self._observed.add_speed(speed)
        # The rest of a prompt is a size as well: it may be too small for the faster kernel.
        sizes = [size for size in _SIZES if size < pending] + [min(pending, _SIZES[-1])]
        seconds = {size: self._slice_seconds(size + written, cells) for size in sizes}
        speeds = {size: size / max(seconds[size], _NO_TIME) for size in sizes}
        bound, least = _AIM * SLICE_SECONDS, min(seconds.values())
        if least > bound:
            bound = _NEARLY * least

        def fastest_within(limit: float) -> int:
            return max((size for size in sizes if seconds[size] <= limit), key=speeds.__getitem__)

        chosen, fastest = fastest_within(bound), fastest_within(_FAR * bound)
        if speeds[fastest] < _SLOW_KERNEL * speeds[chosen]:
            return chosen
        return next(size for size in sizes if speeds[size] >= _ABOUT * speeds[fastest])

    def add_reading(self, rows: int, cells: int, seconds: float) -> None:
        """Take account of what a batch took that only read."""
        self._observed.add_batch(rows, cells, seconds)

    def add_measurement(self, rows: int, cells: int, seconds: float) -> None:
        """Correct the costs by what a batch of `rows` tokens took."""
        if self._tuning is None:
            self._observed.add_batch(rows, cells, seconds)
            return
        expected = self._seconds(self._tuning, rows, cells)
        if expected > 0:
            least, most = _CORRECTIONS
            now = min(max(seconds / expected, least), most)
            self._correction += (now - self._correction) * _NEW_SHARE

    def _slice_seconds(self, rows: int, cells: int) -> float:
        """Return what a batch should take after what batches took."""
        if self._tuning is None:
            return self._observed.batch_seconds(rows, cells)
        return self._seconds(self._tuning, rows, cells) * self._correction

    def _seconds(self, tuning: EngineTuning, rows: int, cells: int) -> float:
        """Return what a batch should take."""
        weights = _interpolated([(each.rows, each.seconds) for each in tuning.weights], rows)
        by_depth = []
        for depth in sorted({each.depth for each in tuning.attention}):
            timed = [
                (each.rows, getattr(each, self._kernel))
                for each in tuning.attention
                if each.depth == depth
            ]
            if self._kernel == "fused":  # sizes on the two sides of the tile have different kernels
                small = rows < _TILE_ROWS
                timed = [each for each in timed if (each[0] < _TILE_ROWS) == small] or timed
            by_depth.append((depth, _interpolated(timed, rows)))
        return (weights + max(_interpolated(by_depth, cells), 0.0)) / self._threads


class _ObservedCosts:
    """Costs of batches that were computed, below the tile and from it on.

    A row takes as long as where it took least, and more for each cell that it reads; nothing is
    known of how it is computed.
    """

    def __init__(self) -> None:
        self._least = math.inf
        self._for_cell: dict[bool, float] = {}

    def add_speed(self, speed: float) -> None:
        """Take account of tokens that were read in a second."""
        self._least = min(self._least, 1 / max(speed, _NO_TIME))

    def add_batch(self, rows: int, cells: int, seconds: float) -> None:
        """Take account of what a batch took."""
        self._least = min(self._least, seconds / rows)
        found = (seconds / rows - self._least) / (cells + rows)
        before = self._for_cell.get(rows >= _TILE_ROWS, found)
        most = _CORRECTIONS[1] * before if before else found
        now = before + (min(found, most) - before) * _NEW_SHARE
        self._for_cell[rows >= _TILE_ROWS] = now

    def batch_seconds(self, rows: int, cells: int) -> float:
        """Return what a batch should take."""
        many = self._for_cell.get(True, 0.0)
        few = self._for_cell.get(False, many)
        for_cell = many if rows >= _TILE_ROWS else few
        return rows * (self._least + for_cell * (cells + rows))


def attention_kernel(placement: Placement) -> str:
    """Return the field of AttentionTiming that a placement computes by."""
    if placement.flash_attention == "off":
        return "separate"
    return "fused" if placement.cache_keys == CACHE_TYPES[0] else placement.cache_keys


def _interpolated(points: Sequence[tuple[int, float]], place: int) -> float:
    """Return the value at `place` on the line through the two nearest points."""
    ordered = sorted(points)
    if len(ordered) == 1:
        known, value = ordered[0]
        return value * place / max(known, 1)
    above = next((index for index, point in enumerate(ordered) if point[0] >= place), None)
    right = max(1, len(ordered) - 1 if above is None else above)
    (x0, y0), (x1, y1) = ordered[right - 1], ordered[right]
    return y0 + (y1 - y0) * (place - x0) / (x1 - x0)
