"""Export of the judge: a checkpoint becomes the files that ship, calibrated on held documents.

    python packaging/training/export_judge.py --checkpoint CHECKPOINT --data DATA

Writes resources/judging/judge: weights as 8-bit rows with a scale each, and judge.json; prints the
areas under the curve of every held source.
"""

import argparse
import hashlib
import json
import math
from pathlib import Path

import msgspec
import numpy as np
import torch
from safetensors.torch import load_file, save_file

from core.library.judging.learned_judge import JudgeCard, LearnedJudge
from judge_training.held_scores import HeldScore, held_scores, source_areas

JUDGE = Path(__file__).resolve().parents[2] / "resources" / "judging" / "judge"


def pack_weights(checkpoint: Path, target: Path) -> None:
    """Write matrices as 8-bit rows with their scale, the rest as float32."""
    packed = {}
    for name, tensor in load_file(checkpoint).items():
        if name.startswith("span."):
            continue
        if tensor.dim() == 2 and tensor.shape[0] > 3:
            scale = tensor.abs().amax(dim=1).clamp(min=1e-8) / 127
            packed[name] = (tensor / scale[:, None]).round().clamp(-127, 127).to(torch.int8)
            packed[f"{name}.scale"] = scale
        else:
            packed[name] = tensor
    save_file(packed, target)


def fit_answer(scores: list[HeldScore]) -> tuple[float, float]:
    """Return slope and offset of the log-odds (Platt 1999), each source weighing the same."""
    rows = [score for score in scores if not score.pair.statement]
    values = np.array([score.scores[0] for score in rows])
    labels = np.array([float(score.pair.label) for score in rows])
    weights = _source_weights(rows)
    slope, offset = 1.0, 0.0
    for _step in range(4000):
        error = (1 / (1 + np.exp(-(slope * values + offset))) - labels) * weights
        slope -= 0.5 * float((error * values).sum())
        offset -= 0.5 * float(error.sum())
    return round(slope, 4), round(offset, 4)


def fit_support(scores: list[HeldScore]) -> tuple[float, float, float]:
    """Return the temperature and what is added to two scores, by the smallest held log loss."""
    rows = [score for score in scores if score.pair.statement]
    values = np.array([score.scores for score in rows])
    labels = np.array([score.pair.label for score in rows])
    weights = _source_weights(rows)
    steps = np.arange(-1.0, 1.01, 0.25)

    def loss(choice: tuple[float, float, float]) -> float:
        raised = (values + np.array([choice[1], choice[2], 0.0])) / choice[0]
        logs = raised - np.log(np.exp(raised).sum(axis=1, keepdims=True))
        return -float((logs[np.arange(len(labels)), labels] * weights).sum())

    choices = [
        (temperature, float(first), float(second))
        for temperature in (0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5)
        for first in steps
        for second in steps
    ]
    return min(choices, key=loss)


def calibration_error(scores: list[HeldScore], answer: tuple[float, float]) -> float:
    """Return the expected calibration error of the answer head over ten bins of equal width."""
    rows = [score for score in scores if not score.pair.statement]
    chances = np.array(
        [1 / (1 + math.exp(-(answer[0] * score.scores[0] + answer[1]))) for score in rows]
    )
    labels = np.array([float(score.pair.label) for score in rows])
    bins = np.minimum((chances * 10).astype(int), 9)
    return float(
        sum(
            abs(chances[bins == each].mean() - labels[bins == each].mean()) * (bins == each).mean()
            for each in range(10)
            if (bins == each).any()
        )
    )


def _source_weights(rows: list[HeldScore]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    counts = {row.source: sum(other.source == row.source for other in rows) for row in rows}
    weights = np.array([1.0 / counts[row.source] for row in rows])
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def main() -> None:
    """Export, calibrate, print what held documents say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sources")
    parser.add_argument("--target", type=Path, default=JUDGE)
    parser.add_argument("--held", type=int, default=60, help="rows of each source")
    parser.add_argument("--name", default="inglenook-judge-1")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.target.mkdir(parents=True, exist_ok=True)
    weights = options.target / "judge.safetensors"
    pack_weights(options.checkpoint, weights)
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    card = JudgeCard(options.name, digest, answer=(1.0, 0.0), support=(1.0, 0.0, 0.0))
    (options.target / "judge.json").write_bytes(msgspec.json.encode(card))
    scores = held_scores(LearnedJudge(options.target), options.data, options.held)
    answer, support = fit_answer(scores), fit_support(scores)
    card = msgspec.structs.replace(card, answer=answer, support=support)
    text = json.dumps(msgspec.to_builtins(card), indent=2) + "\n"
    (options.target / "judge.json").write_text(text, encoding="utf-8")
    print(text)
    for source, areas in source_areas(scores).items():
        print(f"{source:20} {areas}")
    print(f"calibration error of answers {calibration_error(scores, answer):.3f}")


if __name__ == "__main__":
    main()
