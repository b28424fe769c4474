"""Jobs that create or measure quantizations, and the measurement result of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.app.events.model_events import QuantizationMeasurement
from core.app.quantization.quantization_files import QuantizationFile
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.messages import ModelQuantized, QuantizationQuality
from core.models.info.model_entry import ModelEntry
from core.models.quantizations.quantization_ladder import QualityLoss
from core.models.quantizations.quantization_types import Quantization
from core.models.quantizations.same_model import quantization_file_name

PARTIAL_SUFFIX = ".quantizing"
"""The ending of a file that is being made; none that is listed ends so."""


@dataclass(slots=True)
class QuantizationJob:
    """A level on its way. `made` once its file is whole."""

    entry: ModelEntry
    level: Quantization
    target: Path
    matrix: str
    measure: bool
    started: float
    first: int = 0
    is_moving: bool = False
    made: ModelQuantized | None = None

    @property
    def partial_path(self) -> Path:
        """Where it is written before it is whole."""
        return self.target.with_name(self.target.name + PARTIAL_SUFFIX)


@dataclass(slots=True)
class MeasurementJob:
    """Levels that are being measured, the best first."""

    levels: Sequence[QuantizationFile]
    text: str
    started: float
    first: int = 0
    is_moving: bool = False


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
    """Return what a front end is told of one file beside the best."""
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
