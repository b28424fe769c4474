"""Shows how much the logits of one place depend on what is evaluated beside it.

Usage: python tests/benchmarks/serving/batch_rounding.py [--model FILE.gguf] [--steps N]

The same tokens are read in several shapes: all at once, in slices, one by one, and beside other
answers. Each shape gives the logits of the same place; the differences between two shapes are
rounding, as kernels for one row and for several add in another order. It prints the largest
difference between two tokens' logits that one shape has and another hasn't, with the weights
rearranged for this processor and without, and how often the likeliest token changes.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
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


SHAPES: dict[str, Shape] = {
    "one by one": read_in_slices(1),
    "slices of 3": read_in_slices(3),
    "slices of 32": read_in_slices(32),
    "slices of 100": read_in_slices(100),
    "beside 1": read_last_beside(1),
    "beside 3": read_last_beside(3),
    "beside 1 and a prompt": read_last_beside(1, reads=37),
}


def main() -> None:
    """Compare the shapes over prefixes of a text."""
    options = _parse()
    ensure_backends_loaded()
    model_path = (options.model or shipped_models()[0]).resolve()
    for rearrange in (True, False):
        placement = Placement(
            context=4096, threads=1, sequences=8, rearrange=rearrange, flash_attention="on"
        )
        model = LlamaModel(model_path, placement, AbortFlag())
        context = LlamaContext(model, AbortFlag())
        tokens = model.vocabulary.tokenize(TEXT.read_text("utf-8"), control=False)[
            : options.steps * 23 + 45
        ]
        print("weights rearranged" if rearrange else "weights as they are in the file")
        for name, shape in SHAPES.items():
            _print(name, list(_differences(context, tokens, shape)))
        context.close()
        model.close()


def _differences(
    context: LlamaContext, tokens: Sequence[int], shape: Shape
) -> Iterator[tuple[float, bool, float]]:
    """Yield for each prefix: the difference, whether the choice changed, and the gap there."""
    for end in range(45, len(tokens) + 1, 23):
        read = []
        for each in (read_in_slices(512), shape):
            for sequence in range(context.sequences):
                context.truncate(sequence, 0)
            read.append(each(context, tokens[:end]))
        whole, other = read
        best = np.argsort(whole)[::-1][:20]
        moved = (whole - other)[best]
        changed = int(whole.argmax()) != int(other.argmax())
        yield float(moved.max() - moved.min()), changed, float(whole[best[0]] - whole[best[1]])


def _print(name: str, found: Sequence[tuple[float, bool, float]]) -> None:
    moved = [each[0] for each in found]
    gaps = ", ".join(f"{gap:.3f}" for _moved, changed, gap in found if changed)
    print(
        f"  {name:24} largest {max(moved):.4f}, median {np.median(moved):.4f};"
        f" another token {sum(each[1] for each in found)} of {len(found)}"
        + (f" (gaps {gaps})" if gaps else "")
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--steps", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
