"""Slice sizes: how many tokens of a prompt are read beside answers that are being written."""

from collections.abc import Sequence

from core.engine.memory.placement_tuning import CACHE_TYPES
from core.messages import EngineTuning, Placement

SLICE_SECONDS = 0.1
"""Longest pause that reading a prompt may cause in the answers that are being written."""
MIN_SLICE_TOKENS = 16
LEAST_TIMED_TOKENS = 4
"""The smallest slice where it is known what slices cost."""
_SIZES = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
_TILE_ROWS = 64
"""From so many rows on, flash attention has a faster kernel on processors (ops.cpp, Q_TILE_SZ)."""
_AIM = 0.85
"""Share of the bound that is aimed at: batches vary."""
_NEW_SHARE = 0.25
"""Weight of the last measurement against all before."""
_CORRECTIONS = (0.25, 8.0)
"""Bounds of the correction: a pause of the whole machine says nothing about slices."""


class SliceSizes:
    """Chooses slices from what batches cost by size and by the cells that attention reads.

    The costs are those measured while the model was idle (`set_tuning`), before that the reading
    speed; both are corrected by what slices really took.
    """

    def __init__(self) -> None:
        self._tuning: EngineTuning | None = None
        self._way = "fused"
        self._threads = 1
        self._correction = 1.0

    def set_tuning(self, tuning: EngineTuning, way: str, *, threads: int = 1) -> None:
        """Use these timings of a way from now on; `threads` compute what one was timed with."""
        is_timed = all(getattr(each, way) > 0 for each in tuning.attention)
        if tuning.weights and tuning.attention and is_timed:
            self._tuning = tuning
            self._way = way
            self._threads = max(threads, 1)
            self._correction = 1.0

    def slice_tokens(self, cells: int, written: int, speed: float) -> int:
        """Return the tokens to read in a batch that also continues `written` answers.

        `cells` are all that are used; `speed` is in tokens a second. The fastest slice that keeps
        the bound is taken, the quickest one if none does.
        """
        if self._tuning is None:
            return max(MIN_SLICE_TOKENS, int(speed * SLICE_SECONDS / self._correction))
        seconds = {
            size: self._seconds(self._tuning, size + written, cells) * self._correction
            for size in _SIZES
        }
        within = [size for size in _SIZES if seconds[size] <= _AIM * SLICE_SECONDS]
        if not within:
            return min(_SIZES, key=lambda size: seconds[size])
        return max(within, key=lambda size: size / seconds[size] if seconds[size] else size)

    def add_measurement(self, rows: int, cells: int, seconds: float, speed: float) -> None:
        """Correct the costs by what a batch of `rows` tokens took."""
        if self._tuning is None:
            expected = rows / speed if speed else 0.0
        else:
            expected = self._seconds(self._tuning, rows, cells)
        if expected > 0:
            least, most = _CORRECTIONS
            now = min(max(seconds / expected, least), most)
            self._correction += (now - self._correction) * _NEW_SHARE

    def _seconds(self, tuning: EngineTuning, rows: int, cells: int) -> float:
        """Return what a batch should take."""
        weights = _interpolated([(each.rows, each.seconds) for each in tuning.weights], rows)
        by_depth = []
        for depth in sorted({each.depth for each in tuning.attention}):
            timed = [
                (each.rows, getattr(each, self._way))
                for each in tuning.attention
                if each.depth == depth
            ]
            if self._way == "fused":  # sizes on the two sides of the tile have different kernels
                small = rows < _TILE_ROWS
                timed = [each for each in timed if (each[0] < _TILE_ROWS) == small] or timed
            by_depth.append((depth, _interpolated(timed, rows)))
        return (weights + max(_interpolated(by_depth, cells), 0.0)) / self._threads


def attention_way(placement: Placement) -> str:
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
