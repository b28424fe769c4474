"""Comparison of a small type of the cache with f16: how well a model predicts a text with each."""

import math
from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from core.engine.llama.llama_model import LlamaModel
from core.engine.memory.placement_tuning import CACHE_TYPES
from core.engine.quantization.quality_measurement import WINDOW, WindowReader, split_windows

_BOUND = 1.645
"""Standard errors above the mean that 95 of 100 samples keep."""


def windows_in_time(speed: float, seconds: float) -> int:
    """Return how many windows are read with both types in `seconds`, at `speed` tokens a second."""
    return max(int(speed * seconds / 2 / WINDOW), 0)


class CacheComparison:
    """Reads windows of a text with both types in turn, in small contexts beside the model's own.

    `run_piece` reads a part of one; `close` frees the contexts.
    """

    def __init__(self, model: LlamaModel, type_: str, text: str, windows: int) -> None:
        """Raises ModelError if memory is insufficient, or the text too short."""
        self._windows = split_windows(model, text)[:windows]
        self._differences: list[NDArray[np.float32]] = []
        with ExitStack() as undo:
            readers = []
            for each in (CACHE_TYPES[0], type_):
                placement = structs.replace(
                    model.placement,
                    context=WINDOW,
                    sequences=1,
                    batch=0,
                    flash_attention="on",
                    cache_keys=each,
                    cache_values=each,
                    short_windows=False,
                )
                readers.append(WindowReader(model, placement))
                undo.callback(readers[-1].close)
            self._undo = undo.pop_all()
        self._pieces = self._compare(readers)

    def run_piece(self) -> float | None:
        """Read a part; return the result after the last one.

        It is how much worse the perplexity may be: .001 is .1 %, a bound that 95 of 100 texts keep.
        """
        if next(self._pieces, None) is not None:
            return None
        differences = np.concatenate(self._differences)
        error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
        return math.expm1(float(differences.mean()) + _BOUND * error)

    def close(self) -> None:
        """Free the contexts."""
        self._undo.close()

    def _compare(self, readers: list[WindowReader]) -> Iterator[bool]:
        for window in self._windows:
            parts = [reader.log_probabilities(window) for reader in readers]
            for predictions, actual in parts[0]:
                likely = _of_actual(predictions, actual)
                yield True
                self._differences.append(likely - _of_actual(*next(parts[1])))
                yield True


def _of_actual(predictions: NDArray[np.float32], actual: NDArray[np.int32]) -> NDArray[np.float32]:
    chosen: NDArray[np.float32] = predictions[np.arange(len(actual)), actual]
    return chosen
