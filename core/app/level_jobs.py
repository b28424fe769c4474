"""A level that is being made, levels that are being measured, and what is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.app.events_ladder import MeasuredLevel
from core.app.siblings import Sibling
from core.errors import Code, ModelError
from core.messages import LevelMade, LevelQuality
from core.models.entry import ModelEntry
from core.models.ladder import Loss
from core.models.levels import Level
from core.models.same_model import with_level
from core.words import _

PARTIAL = ".quantizing"
"""The ending of a file that is being made; none that is listed ends so."""


@dataclass(slots=True)
class Making:
    """A level on its way. `made` once its file is whole."""

    entry: ModelEntry
    level: Level
    target: Path
    matrix: str
    measure: bool
    started: float
    first: int = 0
    is_moving: bool = False
    made: LevelMade | None = None

    @property
    def partial(self) -> Path:
        """Where it is written before it is whole."""
        return self.target.with_name(self.target.name + PARTIAL)


@dataclass(slots=True)
class Measuring:
    """Levels that are being measured, the best first."""

    levels: Sequence[Sibling]
    text: str
    started: float
    first: int = 0
    is_moving: bool = False


def file_name(name: str, source: Path, level: str) -> str:
    """Return the new file's name; one that was given stays in the folder. Raises ModelError."""
    plain = Path(name).name
    if name and plain != name:
        raise ModelError(Code.MODEL_UNREADABLE, path=name, detail=_("it is no plain file name"))
    if not plain:
        return with_level(source, level)
    return plain if plain.lower().endswith(".gguf") else f"{plain}.gguf"


def told(
    entry: ModelEntry, quality: LevelQuality, best: LevelQuality, best_entry: ModelEntry
) -> MeasuredLevel:
    """Return what a front end is told of one file beside the best."""
    loss = None
    if quality is not best:
        loss = Loss(
            share=max(quality.perplexity / best.perplexity - 1, 0.0),
            divergence=quality.divergence,
            measured=True,
            against=best_entry.quantization,
            perplexity=quality.perplexity,
            error=quality.perplexity_error,
            same_choice=quality.same_choice,
        )
    return MeasuredLevel(
        ref=entry.ref,
        path=entry.path,
        level=entry.quantization,
        perplexity=quality.perplexity,
        perplexity_error=quality.perplexity_error,
        tokens=quality.tokens,
        tokens_per_second=quality.tokens_per_second,
        loss=loss,
    )
