"""What a front end is told of a model's levels: their ladder, and of making and measuring."""

from msgspec import Struct

from core.chat.events import Problem
from core.models.ladder import Ladder, Loss


class LadderReady(Struct, frozen=True, kw_only=True):
    """All levels of a model."""

    request_id: str
    ladder: Ladder


class LevelMoved(Struct, frozen=True, kw_only=True):
    """A level is being made or measured; `stage` is "making" or "measuring".

    `done` of `total` steps, at most five a second; `current` is a tensor's or a file's name.
    `seconds_left` is None until it can be told. `path` is the file that is made, "" where none is.
    """

    request_id: str
    stage: str
    done: int
    total: int
    current: str
    seconds_left: float | None = None
    path: str = ""


class MeasuredLevel(Struct, frozen=True, kw_only=True):
    """What measuring found of one file. `loss` is None for the one the others are compared with."""

    ref: str
    path: str
    level: str
    perplexity: float
    perplexity_error: float
    tokens: int
    tokens_per_second: float
    loss: Loss | None = None


class LevelFinished(Struct, frozen=True, kw_only=True):
    """A level was made and lies on the shelf as `ref`.

    `measured` is what it lost, None if that was not asked for, or not found out: `problem` says why
    then.
    """

    request_id: str
    ref: str
    path: str
    level: str
    bytes: int
    seconds: float
    measured: MeasuredLevel | None = None
    problem: Problem | None = None


class LevelsMeasured(Struct, frozen=True, kw_only=True):
    """Levels were measured, the best first."""

    request_id: str
    levels: tuple[MeasuredLevel, ...]
    seconds: float


LadderEvent = LadderReady | LevelMoved | LevelFinished | LevelsMeasured
