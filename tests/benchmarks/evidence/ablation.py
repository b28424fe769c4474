"""Prints what each kind of evidence refuses where it keeps as many of the answerable questions.

    PYTHONPATH=.:packaging/training python tests/benchmarks/evidence/ablation.py --rows ROWS
        --choose SOURCE... --report SOURCE... [--embedder all-MiniLM-L6-v2] [--kept .95]
        [--chat FILE.json]

Sources are names of what packaging/training/fit_evidence.py kept in ROWS. The threshold of each way
is the one that keeps this share of the answerable questions of the choosing sources, each weighing
the same; what is shown is what it does on the reported ones, with 95 % intervals. "floor" is the
sum of cosine and share of words that once refused; "features" and "judge + features" are the fitted
models that ship, whose weights were learned on some of the choosing sources. With `--chat`, what
chat_opinions.py kept of a model, it is shown too, alone and beside the judge as an answer weighs
them; questions of which it was not asked are left out then.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.library.search.evidence_weights import evidence_models
from evidence_rows import EvidenceRow
from tests.benchmarks.evidence.chat_column import ChatColumn
from tests.benchmarks.evidence.measured_rows import KINDS, Array, interval, read_rows, say

Way = Callable[[EvidenceRow], float]


def main() -> None:
    """Choose a threshold for each way, print what it does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--choose", nargs="+", required=True, metavar="SOURCE")
    parser.add_argument("--report", nargs="+", required=True, metavar="SOURCE")
    parser.add_argument("--embedder", default="all-MiniLM-L6-v2")
    parser.add_argument("--kept", type=float, default=0.95)
    parser.add_argument("--chat", type=Path)
    options = parser.parse_args()
    choosing = read_rows(options.rows, options.choose, options.embedder)
    reported = read_rows(options.rows, options.report, options.embedder)
    ways = dict(ways_of(options.embedder))
    if options.chat:
        chat = ChatColumn(options.chat, options.embedder)
        choosing, reported = list(filter(chat.knows, choosing)), list(filter(chat.knows, reported))
        ways |= {"chat model": chat.alone, "judge + features + chat": chat.beside}
    for source in options.report:
        rows = [row for row in reported if row.source == source]
        say(f"\n{source}, thresholds keep {options.kept} of {', '.join(options.choose)}")
        for name, way in ways.items():
            _print(name, way, rows, _keeping_cut(way, choosing, options.kept))


def ways_of(embedder: str) -> Mapping[str, Way]:
    """Return what each way makes of a question; more is surer."""
    models = evidence_models(embedder)
    judged = models.judged or models.plain
    return {
        "words": lambda row: row.features["share"],
        "cosine": lambda row: row.features["cosine"],
        "floor": lambda row: row.features["cosine"] + row.features["share"],
        "features": lambda row: models.plain.confidence(row.features),
        "judge": lambda row: row.features["judge"],
        "judge + features": lambda row: judged.searched_confidence(row.features),
    }


def _keeping_cut(way: Way, rows: Sequence[EvidenceRow], kept: float) -> float:
    answered = [row for row in rows if row.is_answered and row.found]
    scores = np.array([way(row) for row in answered])
    names = [row.source for row in answered]
    weights = np.array([1 / names.count(name) for name in names])
    order = np.argsort(scores)
    mass = np.cumsum(weights[order]) / weights.sum()
    return float(scores[order][int(np.searchsorted(mass, 1 - kept))])


def _print(name: str, way: Way, rows: Sequence[EvidenceRow], cut: float) -> None:
    """Print the area under the curve, the kept share, and of each other kind the refused one."""
    scores = np.array([way(row) for row in rows])
    right = np.array([row.is_answered for row in rows])
    low, high = interval(len(rows), lambda at: _area(scores[at], right[at]))
    parts = [f"area {_area(scores, right):.3f} [{low:.3f}, {high:.3f}]"]
    for kind in KINDS:
        at = np.array([row.kind == kind for row in rows])
        if at.any():
            said = scores[at] >= cut if kind == "answered" else scores[at] < cut
            parts.append(f"{'kept' if kind == 'answered' else kind} {_share(said)}")
    say(f"{name:23} {'  '.join(parts)}")


def _share(said: npt.NDArray[np.bool_]) -> str:
    low, high = interval(len(said), lambda at: float(said[at].mean()))
    return f"{said.mean():.2f} [{low:.2f}, {high:.2f}]"


def _area(scores: Array, right: npt.NDArray[np.bool_]) -> float:
    ours, others = scores[right][:, None], scores[~right][None, :]
    if not ours.size or not others.size:
        return 0.5
    return float((ours > others).mean() + 0.5 * (ours == others).mean())


if __name__ == "__main__":
    main()
