"""Shows on what in its batch the logits of a token depend.

Usage: python tests/benchmarks/serving/batch_rounding.py [--model FILE.gguf] [--prefixes N]

Prefixes of a text are read in several shapes: at once, in slices, one by one, beside other answers
and among their cells. Kernels for few rows and for many add in another order and precision, and so
give other logits. It prints which shapes are equal to the bit, how far apart two of the 20
likeliest tokens move between one group and the next, and how often the likeliest one changes: with
fused attention and without, with weights rearranged for this processor and without.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.paths import shipped_models
from core.engine.devices.device_list import ensure_backends_loaded
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.messages import Placement

TEXT = Path(__file__).resolve().parents[3] / "resources/help/en/08-command-line.md"
Logits = NDArray[np.float32]
Shape = Callable[[LlamaContext, Sequence[int]], Logits]


def read_in_slices(sizes: int) -> Shape:
    """Return a shape: the tokens in slices of a size, alone."""

    def read(context: LlamaContext, tokens: Sequence[int]) -> Logits:
        for start in range(0, len(tokens), sizes):
            part = tokens[start : start + sizes]
            context.batch.clear()
            index = context.batch.add_tokens(part, start=start, sequence=0, outputs=1)
            context.decode()
        return np.array(context.logits(index))

    return read


def read_last_beside(others: int, *, reads: int = 0) -> Shape:
    """Return a shape: the last token beside those of other answers, and a prompt being read."""

    def read(context: LlamaContext, tokens: Sequence[int]) -> Logits:
        read_in_slices(512)(context, tokens[:-1])
        for other in range(1, others + 1):
            context.batch.clear()
            context.batch.add_tokens(tokens[:40], start=0, sequence=other, outputs=0)
            context.decode()
        context.batch.clear()
        index = context.batch.add_tokens(tokens[-1:], start=len(tokens) - 1, sequence=0, outputs=1)
        for other in range(1, others + 1):
            context.batch.add_tokens(tokens[40:41], start=40, sequence=other, outputs=1)
        if reads:
            context.batch.add_tokens(tokens[:reads], start=0, sequence=others + 1, outputs=0)
        context.decode()
        return np.array(context.logits(index))

    return read


def read_among(others: int) -> Shape:
    """Return a shape: slices in turn with those of other prompts, so that cells alternate."""

    def read(context: LlamaContext, tokens: Sequence[int]) -> Logits:
        for start in range(0, len(tokens), 20):
            part = tokens[start : start + 20]
            context.batch.clear()
            for other in range(1, others + 1):
                context.batch.add_tokens(part[::-1], start=start, sequence=other, outputs=0)
            index = context.batch.add_tokens(part, start=start, sequence=0, outputs=1)
            context.decode()
        return np.array(context.logits(index))

    return read


SHAPES: dict[str, Shape] = {
    "at once": read_in_slices(512),
    "one by one": read_in_slices(1),
    "by 3": read_in_slices(3),
    "by 32": read_in_slices(32),
    "by 63": read_in_slices(63),
    "by 64": read_in_slices(64),
    "at once, last beside 1": read_last_beside(1),
    "at once, last beside 3": read_last_beside(3),
    "at once, last beside 1 and a prompt": read_last_beside(1, reads=37),
    "by 20": read_in_slices(20),
    "by 20 among others' cells": read_among(2),
}


def main() -> None:
    """Compare the shapes over prefixes of a text."""
    options = _parse()
    ensure_backends_loaded()
    model_path = (options.model or shipped_models()[0]).resolve()
    for rearrange, flash in ((True, "on"), (True, "off"), (False, "off")):
        placement = Placement(
            context=4096, threads=1, sequences=8, rearrange=rearrange, flash_attention=flash
        )
        model = LlamaModel(model_path, placement, AbortFlag())
        context = LlamaContext(model, AbortFlag())
        weights = "rearranged" if rearrange else "as they are in the file"
        print(f"weights {weights}, fused attention {flash}", flush=True)
        text = TEXT.read_text("utf-8")
        tokens = model.vocabulary.tokenize(text, control=False)
        for number in range(options.prefixes):
            _compare(context, tokens[: 70 + 29 * number])
        context.close()
        model.close()


def _compare(context: LlamaContext, tokens: Sequence[int]) -> None:
    """Print the groups of shapes that give the same, each with its distance from the first."""
    groups: list[tuple[Logits, list[str]]] = []
    for name, shape in SHAPES.items():
        for sequence in range(context.sequences):
            context.truncate(sequence, 0)
        logits = shape(context, tokens)
        equal = next((names for each, names in groups if np.array_equal(each, logits)), None)
        if equal is None:
            groups.append((logits, [name]))
        else:
            equal.append(name)
    first = groups[0][0]
    best = np.argsort(first)[::-1][:20]
    print(
        f"  {len(tokens)} tokens, the second likeliest {first[best[0]] - first[best[1]]:.3f} below"
    )
    for logits, names in groups:
        moved = (logits - first)[best]
        changed = "" if logits.argmax() == best[0] else ", another token"
        print(f"    {moved.max() - moved.min():.3f}{changed}: {'; '.join(names)}", flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--prefixes", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    main()
