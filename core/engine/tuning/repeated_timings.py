"""Timings that were taken several times, some time apart, and those computed from them."""

from typing import NamedTuple

UNSURE = 1.25
"""How much longer a piece may take that was timed once: so much varied on a busy machine."""


class Piece(NamedTuple):
    """What is timed: the weights, or attention computed one way, of a batch at a depth."""

    way: str
    rows: int
    depth: int


class RepeatedTimings:
    """Seconds by piece.

    Another program slows down what is timed meanwhile, for a moment or for all of it: the fastest
    counts, and how far the second fastest is from it tells what a difference means.
    """

    def __init__(self) -> None:
        self._timed: dict[Piece, list[float]] = {}
        self._computed: dict[Piece, tuple[Piece, float]] = {}

    def add_timing(self, piece: Piece, seconds: float) -> None:
        """Add the seconds that a piece took."""
        self._timed.setdefault(piece, []).append(seconds)

    def compute_from(self, piece: Piece, other: Piece, factor: float) -> None:
        """Let a piece that is not timed take `factor` times as long as another one."""
        self._computed[piece] = (other, factor)

    def is_timed(self, piece: Piece) -> bool:
        """Whether it was timed itself."""
        return piece in self._timed

    def least_seconds(self, piece: Piece) -> float:
        """Return the fastest timing of a piece; 0 if there is none."""
        if times := self._timed.get(piece):
            return min(times)
        if piece in self._computed:
            other, factor = self._computed[piece]
            return factor * self.least_seconds(other)
        return 0.0

    def sure_seconds(self, piece: Piece) -> float:
        """Return what a piece took twice, so that it is no chance; 0 if there is no timing."""
        if times := self._timed.get(piece):
            return sorted(times)[1] if len(times) > 1 else UNSURE * times[0]
        if piece in self._computed:
            other, factor = self._computed[piece]
            return factor * self.sure_seconds(other)
        return 0.0
