"""Prints how far the confidence of a verdict is the share that is right, and draws it.

    PYTHONPATH=.:packaging/training python tests/benchmarks/evidence/reliability.py --rows ROWS
        [--embedder all-MiniLM-L6-v2] [--plot FILE.svg] SOURCE...

SOURCES are names of what packaging/training/fit_evidence.py kept in ROWS; those that the shipped
weights were fitted on say nothing. Answerable questions count as much as all others together.
The expected calibration error has ten bins; of few questions it is too large, since each bin is
off by chance: what a perfectly calibrated confidence would show in as many questions stands
beside it.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.library.search.evidence_weights import evidence_models
from evidence_rows import EvidenceRow
from tests.benchmarks.evidence.measured_rows import Array, even_sides, interval, read_rows, say

BINS = 10
_SIDE, _MARGIN = 400, 50


class Bin(NamedTuple):
    """Mean confidence, share of right ones, share of all, and number of questions."""

    said: float
    right: float
    share: float
    questions: int


def main() -> None:
    """Print bins and error of each source and of all, and draw the last."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--embedder", default="all-MiniLM-L6-v2")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    rows = read_rows(options.rows, options.sources, options.embedder)
    for source in options.sources if len(options.sources) > 1 else ():
        _print(source, [row for row in rows if row.source == source], options.embedder)
    bins = _print("all", rows, options.embedder)
    if options.plot:
        options.plot.write_text(_drawing(bins), encoding="utf-8")


def _print(name: str, rows: Sequence[EvidenceRow], embedder: str) -> list[Bin]:
    models = evidence_models(embedder)
    judged = models.judged if models.judged and rows[0].probabilities else models.plain
    said = np.array([judged.searched_confidence(row.features) for row in rows])
    right = np.array([float(row.is_answered and row.found) for row in rows])
    weights = even_sides(rows)
    bins = _bins(said, right, weights)
    low, high = interval(len(rows), lambda at: _error(_bins(said[at], right[at], weights[at])))
    generator = np.random.default_rng(2)
    perfect = [
        _error(_bins(said, (generator.random(len(said)) < said).astype(float), weights))
        for _ in range(200)
    ]
    say(
        f"{name}: {len(rows)} questions, expected calibration error {_error(bins):.3f}"
        f" [{low:.3f}, {high:.3f}], a perfect one's {np.mean(perfect):.3f}"
    )
    for each in bins:
        share = f"{each.share:.2f} ({each.questions})"
        say(f"  said {each.said:.2f}  right {each.right:.2f}  share {share}")
    return bins


def _bins(said: Array, right: Array, weights: Array) -> list[Bin]:
    places = np.minimum((said * BINS).astype(int), BINS - 1)
    found = []
    for place in np.unique(places):
        at = places == place
        found.append(
            Bin(
                float(np.average(said[at], weights=weights[at])),
                float(np.average(right[at], weights=weights[at])),
                float(weights[at].sum() / weights.sum()),
                int(at.sum()),
            )
        )
    return found


def _error(bins: Sequence[Bin]) -> float:
    return sum(each.share * abs(each.said - each.right) for each in bins)


def _drawing(bins: Sequence[Bin]) -> str:
    """Return the plot: what was said to the right, what was right upwards, circles by share."""
    whole = _SIDE + 2 * _MARGIN

    def place(said: float, right: float) -> tuple[float, float]:
        return _MARGIN + said * _SIDE, _MARGIN + (1 - right) * _SIDE

    line = " ".join("{:.1f},{:.1f}".format(*place(each.said, each.right)) for each in bins)
    circles = []
    for each in bins:
        x, y = place(each.said, each.right)
        circles.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 20 * each.share**0.5:.1f}"/>')
    ticks = []
    for tick in (0.0, 0.5, 1.0):
        x, y = place(tick, tick)
        ticks.append(f'<text x="{x - 8}" y="{_MARGIN + _SIDE + 20}">{tick}</text>')
        ticks.append(f'<text x="{_MARGIN - 30}" y="{y + 4}">{tick}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{whole}"'
        ' font-family="sans-serif" font-size="12">'
        f'<rect width="{whole}" height="{whole}" fill="white"/>'
        f'<path d="M{_MARGIN} {_MARGIN + _SIDE}L{_MARGIN + _SIDE} {_MARGIN}" stroke="gray"/>'
        f'<polyline points="{line}" fill="none" stroke="black"/>'
        f'<g fill-opacity=".4">{"".join(circles)}</g>{"".join(ticks)}'
        f'<text x="{_MARGIN + 130}" y="{whole - 10}">confidence said</text>'
        f'<text x="10" y="20">share that is right</text></svg>\n'
    )


if __name__ == "__main__":
    main()
