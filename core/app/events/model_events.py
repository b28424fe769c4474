"""Events about models: loading, scans, long tasks, quantization and its measurement."""

from msgspec import Struct

from core.chat.answering.answer_events import Problem
from core.messages import Failed
from core.models.quantizations.quantization_ladder import QualityLoss


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


class EngineStateChanged(Struct, frozen=True, kw_only=True):
    """What the engine does has changed: the file at `path` is "loading" or "ready"; both "": none.

    `awaited` is a file that is loaded as soon as no answer needs another one, "" for none.
    """

    path: str = ""
    state: str = ""
    awaited: str = ""


class ModelSettingsChanged(Struct, frozen=True, kw_only=True):
    """What is set for one model is no longer what it was."""

    path: str


class ModelScanProgress(Struct, frozen=True, kw_only=True):
    """Files are being looked for and their headers read; at most five a second."""

    found: int
    read: int
    current: str


class ModelScanFinished(Struct, frozen=True, kw_only=True):
    """All folders and stores were scanned; `away` are folders whose drive is not there.

    `failure` says why the scan ended early, None if it did not.
    """

    models: int = 0
    new: int = 0
    seconds: float = 0.0
    away: tuple[str, ...] = ()
    failure: Failed | None = None


class ModelTaskFailed(Struct, frozen=True, kw_only=True):
    """A copy, a quantization or a measurement failed, or was cancelled."""

    failure: Failed


class TrainingEnded(Struct, frozen=True, kw_only=True):
    """An adapter was trained, as `ref`, or `failure` says why not."""

    ref: str = ""
    failure: Failed | None = None


ModelEvent = (
    ModelLoading
    | ModelUnloaded
    | EngineStateChanged
    | ModelSettingsChanged
    | ModelScanProgress
    | ModelScanFinished
    | ModelTaskFailed
    | TrainingEnded
)


class QuantizationJobStarted(Struct, frozen=True, kw_only=True):
    """A model is quantized or measured from now on.

    QuantizationJobFinished, QuantizationsMeasured or ModelTaskFailed follows.
    """


class QuantizationMeasurement(Struct, frozen=True, kw_only=True):
    """What was measured of one file. `loss` is None for the one the others are compared with."""

    ref: str
    path: str
    level: str
    perplexity: float
    perplexity_error: float
    tokens: int
    tokens_per_second: float
    loss: QualityLoss | None


class QuantizationJobFinished(Struct, frozen=True, kw_only=True):
    """A quantization was made and is registered as `ref`.

    `measured` is what it lost, None if that was not asked for, or not found out: `problem` says why
    then.
    """

    ref: str
    path: str
    level: str
    bytes: int
    seconds: float
    measured: QuantizationMeasurement | None
    problem: Problem | None


class QuantizationsMeasured(Struct, frozen=True, kw_only=True):
    """Quantizations of a model were measured, the best first."""

    levels: tuple[QuantizationMeasurement, ...]
    seconds: float


QuantizationEvent = QuantizationJobStarted | QuantizationJobFinished | QuantizationsMeasured
