"""Events about models: loading, scans, checksums, copies, quantization and its measurement."""

from msgspec import Struct

from core.chat.answering.answer_events import Problem
from core.models.quantizations.quantization_ladder import QualityLoss, QuantizationLadder


class ModelLoading(Struct, frozen=True, kw_only=True):
    """A model is being loaded; `share` is how much of its weights is there, 0 to 1."""

    ref: str
    path: str
    share: float


class ModelUnloaded(Struct, frozen=True, kw_only=True):
    """No model is in memory any more. `reason`: idle, cancelled (while loading), asked, removed."""

    ref: str
    path: str
    reason: str


class ModelSettingsChanged(Struct, frozen=True, kw_only=True):
    """What is set for one model is no longer what it was."""

    path: str


class ModelScanProgress(Struct, frozen=True, kw_only=True):
    """Files are being looked for and their headers read; at most five a second."""

    request_id: str
    found: int
    read: int
    current: str


class ModelScanFinished(Struct, frozen=True, kw_only=True):
    """All folders and stores were looked through; `away` are folders whose drive is not there."""

    request_id: str
    models: int
    new: int
    seconds: float
    away: tuple[str, ...] = ()


class ChecksumProgress(Struct, frozen=True, kw_only=True):
    """A file's checksum is being computed; bytes, at most five a second."""

    request_id: str
    path: str
    done: int
    total: int


class ChecksumKnown(Struct, frozen=True, kw_only=True):
    """A file's SHA-256 is known. `expected` is what it should be, "" where nobody knows.

    `wrong` says that it differs from `expected`: in words, with what to do.
    """

    request_id: str
    path: str
    sha256: str
    expected: str = ""
    wrong: Problem | None = None


class ModelCopyProgress(Struct, frozen=True, kw_only=True):
    """A model is being copied into the app's own folder; bytes, at most five a second."""

    request_id: str
    path: str
    done: int
    total: int


class ModelAdded(Struct, frozen=True, kw_only=True):
    """A model was copied and stands on the shelf."""

    request_id: str
    ref: str
    path: str


class ModelRemoved(Struct, frozen=True, kw_only=True):
    """A model is off the shelf. `trashed`: its file went to the system's trash, else it stays."""

    ref: str
    path: str
    trashed: bool


ModelEvent = (
    ModelLoading
    | ModelUnloaded
    | ModelSettingsChanged
    | ModelScanProgress
    | ModelScanFinished
    | ChecksumProgress
    | ChecksumKnown
    | ModelCopyProgress
    | ModelAdded
    | ModelRemoved
)


class QuantizationLadderReady(Struct, frozen=True, kw_only=True):
    """All levels of a model."""

    request_id: str
    ladder: QuantizationLadder


class QuantizationJobUpdated(Struct, frozen=True, kw_only=True):
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


class QuantizationMeasurement(Struct, frozen=True, kw_only=True):
    """What measuring found of one file. `loss` is None for the one the others are compared with."""

    ref: str
    path: str
    level: str
    perplexity: float
    perplexity_error: float
    tokens: int
    tokens_per_second: float
    loss: QualityLoss | None = None


class QuantizationJobFinished(Struct, frozen=True, kw_only=True):
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
    measured: QuantizationMeasurement | None = None
    problem: Problem | None = None


class QuantizationsMeasured(Struct, frozen=True, kw_only=True):
    """Levels were measured, the best first."""

    request_id: str
    levels: tuple[QuantizationMeasurement, ...]
    seconds: float


QuantizationEvent = (
    QuantizationLadderReady
    | QuantizationJobUpdated
    | QuantizationJobFinished
    | QuantizationsMeasured
)
