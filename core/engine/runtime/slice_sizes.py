"""Slice sizes: how many tokens of a prompt are read beside answers that are being written."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from core.engine.memory.placement_tuning import CACHE_TYPES
from core.messages import EngineTuning, Placement

SLICE_SECONDS = 0.1
"""Longest pause that reading a prompt may cause in the answers that are being written."""
_SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
_TILE_ROWS = 64
"""From so many rows on, flash attention has a faster kernel on processors (ops.cpp, Q_TILE_SZ)."""
_LEAST_SHARE = 0.25
"""Reading gets this part of the time, even if writing alone takes nearly the bound, or more."""
_SHOWN_EVERY = 0.8
"""Part of the bound after which a piece that waits is shown; the rest is for its way there."""
_LONGEST_SECONDS = 2.0
"""No slice takes longer: what was written may wait so long, and so does a new question."""
_WORTH_WAITING = 1.2
"""Text waits where that reads so many times faster."""
_ABOUT = 0.9
"""Of slices that read about as fast as the fastest, the shortest is taken."""
_NO_TIME = 1e-9
_NEW_SHARE = 0.25
"""Weight of the last measurement against all before."""
_CORRECTIONS = (0.25, 8.0)
"""Bounds of the correction: a pause of the whole machine says nothing about slices."""
_REMEMBERED, _FEW = 64, 8
"""Batches whose costs are compared with what was expected; with fewer, the usual scatter counts."""
_USUAL_SCATTER, _MOST_SCATTER = 1.33, 2.0
_STALE = 64
"""After so many other batches, what was seen of one kind says nothing: it has to be seen again."""


@dataclass(frozen=True, slots=True)
class ReadingSlice:
    """So many `tokens` of a prompt, in a batch that takes at most `seconds`.

    With an `interval`, it is longer than a pause may be: before it begins, `pieces` of each answer
    are written that are not yet shown, and one is shown after every interval meanwhile.
    """

    tokens: int
    seconds: float
    interval: float = 0.0

    @property
    def pieces(self) -> int:
        """Pieces of text that must wait when it begins."""
        return math.ceil(self.seconds / self.interval) if self.interval else 0


class SliceSizes:
    """Chooses slices from what batches cost by size and by the cells that attention reads.

    The costs are those measured while the model was idle (`set_tuning`), corrected by what batches
    really took; before that, what batches took so far (`_ObservedCosts`). How far they scatter is
    counted, too: a slice is expected to take as long as the slowest batches did.
    """

    def __init__(self) -> None:
        self._tuning: EngineTuning | None = None
        self._kernel = "fused"
        self._threads = 1
        self._observed = _ObservedCosts()
        self._few, self._many = _Correction(), _Correction()
        self._output: float | None = None
        """Seconds of a row that is written besides what any row takes: the choice of its token."""

    def set_tuning(self, tuning: EngineTuning, kernel: str, *, threads: int = 1) -> None:
        """Use these timings of a kernel from now on; `threads` compute what one was timed with."""
        is_timed = all(getattr(each, kernel) > 0 for each in tuning.attention)
        if tuning.weights and tuning.attention and is_timed:
            self._tuning = tuning
            self._kernel = kernel
            self._threads = max(threads, 1)
            self._few, self._many = _Correction(), _Correction()
            self._output = None

    def choose_slice(
        self, pending: int, cells: int, written: int, speed: float, *, may_wait: bool
    ) -> ReadingSlice:
        """Return how many of `pending` tokens to read in a batch that continues `written` answers.

        `cells` are all that are used; `speed` is in tokens a second. No pause is longer than the
        bound, or, where writing alone takes about that, than a third more. The fastest slice is
        taken whose batch is no longer than that; if text `may_wait`, a longer one that reads
        clearly faster, with the writing between that it needs.
        """
        self._observed.add_speed(speed)
        # The rest of a prompt is a size as well: it may be too small for the faster kernel.
        sizes = [size for size in _SIZES if size < pending] + [min(pending, _SIZES[-1])]
        writing = self._seconds(written, cells, written)
        seconds = {
            size: self._seconds(size + written, cells, written)
            * self._seen_correction(size + written).most
            for size in sizes
        }
        pause = writing / (1 - _LEAST_SHARE)
        bound = max(SLICE_SECONDS, pause)
        short = [size for size in sizes if seconds[size] <= bound] or sizes[:1]
        speeds = {size: size / max(seconds[size], _NO_TIME) for size in short}
        chosen = max(short, key=speeds.__getitem__)
        if not may_wait:
            return ReadingSlice(chosen, seconds[chosen])
        interval = max(_SHOWN_EVERY * SLICE_SECONDS, pause)
        # A slice and the writing that bridges it: a piece for every interval that both take.
        share = (interval - writing) / interval
        paced = {
            size: share * size / max(seconds[size] - writing, _NO_TIME)
            for size in sizes
            if bound < seconds[size] <= _LONGEST_SECONDS
        }
        fastest = max(paced.values(), default=0.0)
        if fastest < _WORTH_WAITING * speeds[chosen]:
            return ReadingSlice(chosen, seconds[chosen])
        size = next(size for size in paced if paced[size] >= _ABOUT * fastest)
        return ReadingSlice(size, seconds[size], interval)

    def add_reading(self, rows: int, cells: int, seconds: float) -> None:
        """Take account of what a batch took that only read."""
        self._observed.add_batch(rows, cells, seconds)

    def add_writing(self, written: int, cells: int, seconds: float) -> None:
        """Take account of what a batch took that only wrote."""
        found = max(seconds - self._row_seconds(written, cells), 0.0) / written
        before = found if self._output is None else self._output
        self._output = before + (found - before) * _NEW_SHARE

    def add_measurement(self, rows: int, cells: int, seconds: float, written: int = 1) -> None:
        """Correct the costs by what a batch of `rows` tokens took, `written` of them of answers."""
        expected = self._seconds(rows, cells, written)
        for each in (self._few, self._many):
            each.forget_after(_STALE)
        correction = self._correction(rows)
        if self._tuning is None:
            correction.add_scatter(expected, seconds)
            self._observed.add_batch(rows, cells, seconds - written * (self._output or 0.0))
        else:
            correction.add_batch(expected, seconds)

    def _correction(self, rows: int) -> "_Correction":
        return self._many if rows >= _TILE_ROWS else self._few

    def _seen_correction(self, rows: int) -> "_Correction":
        """Return what is known of batches of this kind; if nothing is, of the other kind.

        Costs that were only observed are known by kind already.
        """
        kind = self._correction(rows)
        if self._tuning is None:
            return kind
        other = self._few if kind is self._many else self._many
        return kind if kind.is_seen or not other.is_seen else other

    def _seconds(self, rows: int, cells: int, written: int) -> float:
        """Return what a batch should take that continues `written` answers."""
        return self._row_seconds(rows, cells) + written * (self._output or 0.0)

    def _row_seconds(self, rows: int, cells: int) -> float:
        """Return what a batch should take after the timings, or after what batches took."""
        if self._tuning is None:
            return self._observed.batch_seconds(rows, cells)
        return self._timed_seconds(self._tuning, rows, cells)

    def _timed_seconds(self, tuning: EngineTuning, rows: int, cells: int) -> float:
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


class _Correction:
    """How many times longer batches of one kind take than expected, and how far they scatter."""

    def __init__(self) -> None:
        self._times = 1.0
        self._scatter: deque[float] = deque(maxlen=_REMEMBERED)
        self._others = 0  # batches of other kinds since the last one of this

    @property
    def is_seen(self) -> bool:
        """Whether any batch of this kind was seen lately."""
        return bool(self._scatter)

    @property
    def most(self) -> float:
        """How many times longer hardly a batch takes: one of those remembered."""
        scatter = _USUAL_SCATTER
        if len(self._scatter) >= _FEW:
            scatter = min(sorted(self._scatter)[-2], _MOST_SCATTER)
        return self._times * max(scatter, 1.0)

    def forget_after(self, batches: int) -> None:
        """Count a batch of any kind; forget all if this kind was not among the last ones."""
        self._others += 1
        if self._others > batches:
            self._times = 1.0
            self._scatter.clear()

    def add_batch(self, expected: float, seconds: float) -> None:
        """Take account of what a batch took, and correct what is expected by it."""
        if expected > 0:
            self.add_scatter(expected, seconds)
            least, most = _CORRECTIONS
            now = min(max(seconds / expected, least), most)
            self._times += (now - self._times) * _NEW_SHARE

    def add_scatter(self, expected: float, seconds: float) -> None:
        """Take account of how far a batch was from what is expected."""
        self._others = 0
        if expected > 0:
            self._scatter.append(seconds / expected / self._times)


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
