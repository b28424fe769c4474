"""Quality of a model's files: perplexity, and KL divergence from the best of them.

Perplexity is how badly a model predicts the next token; KL divergence how far its predictions are
from those of the best file, independent of the text. Both are means over the second halves of
windows, as in llama.cpp's own tool (tools/perplexity).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import llama_cpp
import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from core import gguf
from core.base.clock import Clock
from core.base.errors import ErrorCode, ModelError
from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import TokenBatch
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.llama_parameters import context_parameters
from core.engine.llama.token_candidates import read_logits
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import choose_placement
from core.messages import MeasureQuality, Placement, QualityMeasured, QuantizationQuality

Progress = Callable[[int, int, str], None]
_Probabilities = NDArray[np.float32]

WINDOW = 512
SLICE = 64
"""Positions whose logits are evaluated together: with 262,144 tokens they take 64 MiB."""
MIN_POSITIONS = 64
WRITTEN = 32
_PROMPT = 64
_WRITING_ROUNDS = 3


def measure_quality(request: MeasureQuality, progress: Progress) -> QualityMeasured:
    """Measure the files, the first of which is the best. Raises ModelError."""
    started = time.perf_counter()
    measured: list[QuantizationQuality] = []
    scratch = Path(request.scratch)
    try:
        for number, path in enumerate(map(Path, request.files)):
            # The predictions of the best file for each position.
            with scratch.open("w+b" if number == 0 else "r+b") as reference:
                run = _Run(path, request, number, progress)
                measured.append(run.measure_file(reference, is_best=number == 0))
    finally:
        scratch.unlink(missing_ok=True)
    seconds = time.perf_counter() - started
    return QualityMeasured(request_id=request.request_id, levels=tuple(measured), seconds=seconds)


class _Positions(NamedTuple):
    """Values of each position: negative log likelihood, divergence, and whether both agree."""

    surprise: NDArray[np.float32]
    divergence: NDArray[np.float32]
    agrees: NDArray[np.bool_]


class _Run:
    """One file that is measured."""

    def __init__(
        self, path: Path, request: MeasureQuality, number: int, progress: Progress
    ) -> None:
        self._path = path
        self._number = number
        self._files = len(request.files)
        self._progress = progress
        self._text = request.text
        self._header = gguf.read_header(path)
        self._placement = _placement(self._header, request.placement)

    def measure_file(self, reference: IO[bytes], *, is_best: bool) -> QuantizationQuality:
        """Return the metrics; the best file writes its predictions to `reference`."""
        model = LlamaModel(self._path, self._placement, AbortFlag())
        try:
            reader = WindowReader(model, self._placement)
            try:
                windows = split_windows(model, self._text)
                positions = [
                    _compare_slice(predictions, targets, reference, is_best=is_best)
                    for predictions, targets in self._predictions(reader, windows)
                ]
                speed = reader.writing_speed(windows[0])
            finally:
                reader.close()
        finally:
            model.close()
        return self._metrics(_Positions(*map(np.concatenate, zip(*positions, strict=True))), speed)

    def _predictions(
        self, reader: "WindowReader", windows: Sequence[Sequence[int]]
    ) -> Iterator[tuple[_Probabilities, NDArray[np.int32]]]:
        for done, window in enumerate(windows):
            all_done = self._number * len(windows) + done
            self._progress(all_done, self._files * len(windows), self._path.name)
            yield from reader.log_probabilities(window)

    def _metrics(self, positions: _Positions, speed: float) -> QuantizationQuality:
        count = len(positions.surprise)
        mean = float(positions.surprise.mean())
        perplexity = float(np.exp(mean))
        return QuantizationQuality(
            path=str(self._path),
            fingerprint=gguf.fingerprint(self._path, self._header),
            perplexity=perplexity,
            perplexity_error=perplexity * _standard_error(positions.surprise),
            divergence=max(float(positions.divergence.mean()), 0.0),
            divergence_error=_standard_error(positions.divergence),
            same_choice=float(positions.agrees.mean()),
            tokens=count,
            tokens_per_second=speed,
            placement=self._placement,
        )


class WindowReader:
    """A context for one window, which is used for all windows in turn."""

    def __init__(self, model: LlamaModel, placement: Placement) -> None:
        self._size = model.vocabulary.size
        parameters = context_parameters(placement)
        parameters.n_outputs_max = SLICE
        self._handle = llama_cpp.llama_init_from_model(model.handle, parameters)
        if not self._handle:
            raise ModelError(ErrorCode.MODEL_LOAD_FAILED, file=model.path.name)
        self._memory = llama_cpp.llama_get_memory(self._handle)
        self._batch = TokenBatch(int(llama_cpp.llama_n_batch(self._handle)))

    def log_probabilities(
        self, window: Sequence[int]
    ) -> Iterator[tuple[_Probabilities, NDArray[np.int32]]]:
        """Yield log probabilities of the next tokens in the second half, and the actual tokens."""
        half = len(window) // 2
        self._clear()
        self._decode(window[:half], start=0, outputs=0)
        for start in range(half, len(window) - 1, SLICE):
            part = window[start : min(start + SLICE, len(window) - 1)]
            self._decode(part, start=start, outputs=len(part))
            rows = np.stack([self._logits(index) for index in range(len(part))])
            actual = window[start + 1 : start + 1 + len(part)]
            yield _log_softmax(rows), np.array(actual, dtype=np.int32)

    def writing_speed(self, window: Sequence[int], clock: Clock = time.perf_counter) -> float:
        """Return the tokens per second when decoding one by one, the best of some rounds."""
        seconds = []
        prompt = window[: min(_PROMPT, len(window) // 2)]
        count = min(WRITTEN, len(window) - len(prompt))
        for _round in range(_WRITING_ROUNDS):
            self._clear()
            self._decode(prompt, start=0, outputs=1)
            started = clock()
            for written in range(count):
                self._decode(prompt[-1:], start=len(prompt) + written, outputs=1)
            seconds.append(clock() - started)
        return count / min(seconds)

    def close(self) -> None:
        """Free the cells."""
        llama_cpp.llama_free(self._handle)

    def _clear(self) -> None:
        llama_cpp.llama_memory_clear(self._memory, False)  # noqa: FBT003 - a C call

    def _decode(self, tokens: Sequence[int], *, start: int, outputs: int) -> None:
        self._batch.clear()
        self._batch.add_tokens(tokens, start=start, sequence=0, outputs=outputs)
        result = llama_cpp.llama_decode(self._handle, self._batch.native_batch())
        if result != 0:
            raise RuntimeError(f"llama_decode returned {result}")
        llama_cpp.llama_synchronize(self._handle)

    def _logits(self, index: int) -> NDArray[np.float32]:
        return read_logits(self._handle, index, self._size).copy()


def _compare_slice(
    predictions: _Probabilities, actual: NDArray[np.int32], reference: IO[bytes], *, is_best: bool
) -> _Positions:
    """Compare one slice with the best file's, which is saved as half-precision logarithms."""
    surprise = -predictions[np.arange(len(actual)), actual]
    if is_best:
        predictions.astype(np.float16).tofile(reference)
        zeros = np.zeros(len(actual), dtype=np.float32)
        return _Positions(surprise, zeros, np.ones(len(actual), dtype=np.bool_))
    raw = np.fromfile(reference, dtype=np.float16, count=predictions.size)
    if raw.size != predictions.size:
        raise ModelError(ErrorCode.QUALITY_INCOMPARABLE)
    # Half precision is off by some thousandths; normalized again, no divergence is negative.
    best = _log_softmax(raw.astype(np.float32).reshape(predictions.shape))
    divergence = np.einsum("ij,ij->i", np.exp(best), best - predictions)
    return _Positions(surprise, divergence, predictions.argmax(axis=1) == best.argmax(axis=1))


def split_windows(model: LlamaModel, text: str) -> list[list[int]]:
    """Split the text into windows, each starting as the model starts a text. Raises ModelError."""
    vocabulary = model.vocabulary
    tokens = vocabulary.tokenize(text, control=False)
    first = [vocabulary.bos] if vocabulary.adds_bos and vocabulary.bos >= 0 else []
    length = WINDOW - len(first)
    cut = [tokens[place : place + length] for place in range(0, len(tokens), length)]
    windows = [first + part for part in cut if len(part) >= 2 * MIN_POSITIONS]
    if not windows:
        raise ModelError(ErrorCode.QUALITY_TEXT_SHORT)
    return windows


def _placement(header: gguf.GgufHeader, requested: Placement) -> Placement:
    requested = structs.replace(
        requested, context=WINDOW, sequences=1, threads=choose_threads(requested.threads)
    )
    return choose_placement(header, requested, list_devices(), available_memory()).placement


def _log_softmax(rows: NDArray[np.float32]) -> _Probabilities:
    rows -= rows.max(axis=1, keepdims=True)
    rows -= np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return rows


def _standard_error(values: NDArray[np.float32]) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
