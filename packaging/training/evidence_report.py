"""Report of fitted evidence weights: verdicts of each source and kind, and their calibration."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from evidence_fitting import FittedPair, probability, row_weights
from evidence_rows import EvidenceRow

_Z = 1.96


def report_table(pair: FittedPair, rows: Sequence[EvidenceRow]) -> str:
    """Return, for each source and kind, the share of verdicts, and the calibration error."""
    heads = f"{'answered':>10}{'95 %':>15}{'on topic':>10}{'nothing':>9}"
    lines = [f"{'source':16}{'kind':14}{'n':>5}{heads}"]
    groups: dict[tuple[str, str], list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.kind].append(row)
    for (source, kind), some in groups.items():
        said = Counter(_verdicts(pair, some))
        shares = [said[verdict] / len(some) for verdict in ("answered", "on_topic", "nothing")]
        lines.append(
            f"{source:16}{kind:14}{len(some):5}{shares[0]:10.3f}"
            f"{_interval(shares[0], len(some)):>15}{shares[1]:10.3f}{shares[2]:9.3f}"
        )
    for source in sorted({row.source for row in rows}):
        some = [row for row in rows if row.source == source]
        lines.append(f"{source}: calibration error {_calibration_error(pair, some):.3f}")
    if rows:
        lines.append(f"all: calibration error {_calibration_error(pair, rows):.3f}")
        lines += _reliability(pair, rows)
    return "\n".join(lines)


def _interval(share: float, count: int) -> str:
    """Return Wilson's interval for a share."""
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    wide = _Z * np.sqrt(share * (1 - share) / count + (_Z / (2 * count)) ** 2)
    wide /= 1 + _Z**2 / count
    return f"[{middle - wide:.2f}, {middle + wide:.2f}]"


def _verdicts(pair: FittedPair, rows: Sequence[EvidenceRow]) -> Iterator[str]:
    on_topic = probability(pair.on_topic.logits(rows))
    for sure, near in zip(pair.confidences(rows), on_topic, strict=True):
        is_near = near >= pair.topic_threshold
        yield "answered" if sure >= pair.threshold else "on_topic" if is_near else "nothing"


def _calibration_error(pair: FittedPair, rows: Sequence[EvidenceRow]) -> float:
    """Return the expected calibration error in ten bins, kinds weighing the same."""
    error = 0.0
    for said, true, share in _bins(pair, rows):
        error += share * abs(said - true)
    return error


def _reliability(pair: FittedPair, rows: Sequence[EvidenceRow]) -> list[str]:
    return [
        f"  said {said:.2f}, true {true:.2f}, share {share:.3f}"
        for said, true, share in _bins(pair, rows)
    ]


def _bins(pair: FittedPair, rows: Sequence[EvidenceRow]) -> Iterator[tuple[float, float, float]]:
    said = pair.confidences(rows)
    right = np.array([row.is_answered and row.found for row in rows], float)
    weight = row_weights(rows, lambda row: row.is_answered)
    places = np.minimum((said * 10).astype(int), 9)
    for place in range(10):
        at = places == place
        if at.any():
            share = float(weight[at].sum() / weight.sum())
            mean = float(np.average(said[at], weights=weight[at]))
            yield mean, float(np.average(right[at], weights=weight[at])), share
