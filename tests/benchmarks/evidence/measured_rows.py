"""Rows that packaging/training/fit_evidence.py measured, with intervals for what is said of them.

Scripts that use them run with PYTHONPATH=.:packaging/training.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from evidence_rows import EvidenceRow, with_features

Array = npt.NDArray[np.float64]
KINDS = ("answered", "unanswerable", "near", "gone", "stranger")
_BOOTSTRAPS = 1000


def read_rows(folder: Path, sources: Iterable[str], embedder: str) -> list[EvidenceRow]:
    """Return the rows of these sources, as NAME.EMBEDDER.JUDGE.json holds them.

    Raises SystemExit for a source that was not measured, or with several judges.
    """
    rows: list[EvidenceRow] = []
    for source in sources:
        found = sorted(folder.glob(f"{source}.{embedder}.*.json"))
        if len(found) != 1:
            raise SystemExit(f"{len(found)} files for {source} with {embedder} in {folder}, not 1.")
        kept = msgspec.json.decode(found[0].read_bytes(), type=list[EvidenceRow])
        rows += map(with_features, kept)
    return rows


def even_sides(rows: Sequence[EvidenceRow]) -> Array:
    """Return weights with which the answerable ones count as much as all others together."""
    answered = np.array([row.is_answered for row in rows])
    ours, others = 0.5 / max(1, answered.sum()), 0.5 / max(1, (~answered).sum())
    return np.asarray(np.where(answered, ours, others), np.float64)


def interval(count: int, value: Callable[[npt.NDArray[np.int64]], float]) -> tuple[float, float]:
    """Return between which values, with 95 %, `value` of drawn places of `count` lies."""
    generator = np.random.default_rng(1)
    drawn = [value(generator.integers(0, count, count)) for _ in range(_BOOTSTRAPS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
