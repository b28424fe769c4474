"""Jobs that create or measure quantizations: what is wanted, how far it is, what came of it."""

from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from core.app.events.model_events import QuantizationMeasurement
from core.base.clock import Clock
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.messages import QuantizationQuality, QuantizationTaskProgress
from core.models.info.model_entry import ModelEntry
from core.models.quantizations.quantization_ladder import QualityLoss
from core.models.quantizations.quantization_types import Quantization
from core.models.quantizations.same_model import quantization_file_name

PARTIAL_SUFFIX = ".quantizing"
"""The ending of an unfinished file; no file that is listed has it."""


class QuantizationJobProgress(Struct, frozen=True, kw_only=True):
    """A model is being quantized or measured; `stage` is "making" or "measuring".

    `done` of `total` steps, at most five a second; `current` is a tensor's or a file's name.
    `seconds_left` is None until it can be estimated.
    """

    stage: str
    done: int
    total: int
    current: str
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class JobSubject:
    """Name of the file that a job is about; the level that is made of it, "" for a measurement."""

    file: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class QuantizationJob:
    """A quantization to be made of the file of `entry`. `matrix` is a path, "" for none."""

    entry: ModelEntry
    level: Quantization
    target: Path
    matrix: str
    measure: bool

    @property
    def partial_path(self) -> Path:
        """Where it is written before it is complete."""
        return self.target.with_name(self.target.name + PARTIAL_SUFFIX)


class JobProgressEstimate:
    """Estimates how long one stage of a job still takes; `clock` counts seconds."""

    def __init__(self, stage: str, clock: Clock) -> None:
        self._stage = stage
        self._clock = clock
        self._started: float | None = None
        self._first = 0

    def job_progress(self, progress: QuantizationTaskProgress) -> QuantizationJobProgress:
        """Return what the child says, with the seconds that are left."""
        if not progress.done or self._started is None:
            # The time that the child took to start does not count.
            self._started, self._first = self._clock(), progress.done
        seconds, done = self._clock() - self._started, progress.done - self._first
        return QuantizationJobProgress(
            stage=self._stage,
            done=progress.done,
            total=progress.total,
            current=progress.current,
            seconds_left=seconds * (progress.total - progress.done) / done if done else None,
        )


def output_file_name(name: str, source: Path, level: str) -> str:
    """Return the new file's name; one that was given stays in the folder. Raises ModelError."""
    plain = Path(name).name
    if name and plain != name:
        raise ModelError(
            ErrorCode.MODEL_UNREADABLE, path=name, detail=_("it is no plain file name")
        )
    if not plain:
        return quantization_file_name(source, level)
    return plain if plain.lower().endswith(".gguf") else f"{plain}.gguf"


def compare_with_best(
    entry: ModelEntry,
    quality: QuantizationQuality,
    best: QuantizationQuality,
    best_entry: ModelEntry,
) -> QuantizationMeasurement:
    """Return what was measured of one file, and what it lost against the best."""
    loss = None
    if quality is not best:
        loss = QualityLoss(
            share=max(quality.perplexity / best.perplexity - 1, 0.0),
            divergence=quality.divergence,
            measured=True,
            against=best_entry.quantization,
            perplexity=quality.perplexity,
            error=quality.perplexity_error,
            same_choice=quality.same_choice,
        )
    return QuantizationMeasurement(
        ref=entry.ref,
        path=entry.path,
        level=entry.quantization,
        perplexity=quality.perplexity,
        perplexity_error=quality.perplexity_error,
        tokens=quality.tokens,
        tokens_per_second=quality.tokens_per_second,
        loss=loss,
    )
