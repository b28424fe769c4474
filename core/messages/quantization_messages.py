"""Messages between the front end and the child that plans, makes and measures quantizations."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.planner_messages import Device, MemoryPlan, Placement


class TensorTypeBytes(Struct, frozen=True, kw_only=True):
    """Bytes of weights of one type that are read for each token, on one kind of device."""

    device: str
    type: str
    bytes: int


class QuantizationPlan(Struct, frozen=True, kw_only=True):
    """Plan of a quantization: bytes of its file, placement, memory, and bytes read per token.

    `path` is the file, "" if it would have to be made. `layers` counts the outputs as one;
    `cached` are the bytes of keys and values of one token. `needs_matrix`: it can't be made without
    an importance matrix.
    """

    level: str
    path: str = ""
    bytes: int
    placement: Placement
    plan: MemoryPlan
    layers: int
    reads: tuple[TensorTypeBytes, ...]
    cached: int
    needs_matrix: bool = False


class QuantizationTargets(Struct, frozen=True, kw_only=True):
    """Quantizations of the file `path` that are to be planned, by name and llama_ftype."""

    path: str
    levels: tuple[tuple[str, int], ...]


class PlanQuantizations(Request[Never, "QuantizationsPlanned"], frozen=True, kw_only=True):
    """Ask for plans of files and of quantizations to be made.

    With `dry_run`, llama.cpp allocates the files, which may end the child.
    """

    files: tuple[str, ...]
    making: QuantizationTargets | None = None
    placement: Placement
    dry_run: bool = True


class QuantizationsPlanned(FinalMessage, frozen=True, kw_only=True):
    """Plans of the files in the requested order, then of the quantizations to be made."""

    plans: tuple[QuantizationPlan, ...]
    devices: tuple[Device, ...]


class TimeTensorTypes(Request[Never, "TensorTypesTimed"], frozen=True, kw_only=True):
    """Ask for the speed of multiplying weights of each type.

    `devices` are names of graphics cards; the processor is always measured. `columns` and `rows`
    are those of the matrices: small ones are slower.
    """

    types: tuple[str, ...]
    columns: int = 2048
    rows: int = 2048
    threads: int
    devices: tuple[str, ...] = ()


class TensorTypeSpeed(Struct, frozen=True, kw_only=True):
    """Bytes of weights of a type that a device multiplies per second, out of its memory."""

    device: str
    type: str
    speed: float


class TensorTypesTimed(FinalMessage, frozen=True, kw_only=True):
    """Speeds of the types that could be measured; `threads` are those of the processor."""

    speeds: tuple[TensorTypeSpeed, ...]
    threads: int


class Quantize(Request["QuantizationTaskProgress", "ModelQuantized"], frozen=True, kw_only=True):
    """Quantize the file `path`.

    It is written to `partial`, checked, and then renamed to `target`, which must not exist.
    `matrix` is the path of an importance matrix, "" for none.
    """

    path: str
    partial: str
    target: str
    level: str
    file_type: int
    threads: int
    matrix: str = ""


class ModelQuantized(FinalMessage, frozen=True, kw_only=True):
    """The complete quantization is at `path`."""

    path: str
    bytes: int
    seconds: float


class MeasureQuality(
    Request["QuantizationTaskProgress", "QualityMeasured"], frozen=True, kw_only=True
):
    """Measure how well files of one model predict a text.

    Each is compared with the first, which is the best. `scratch` is a temporary file for the
    predictions of the first one.
    """

    files: tuple[str, ...]
    text: str
    scratch: str
    placement: Placement = Placement()


class QuantizationQuality(Struct, frozen=True, kw_only=True):
    """How well one file predicts the text: perplexity, and KL divergence from the best in nats.

    `same_choice` is the share of positions where both would write the same token. Errors are
    standard errors of the mean. The divergence of the best file is 0. `tokens_per_second` is the
    speed of writing.
    """

    path: str
    fingerprint: str
    perplexity: float
    perplexity_error: float
    divergence: float
    divergence_error: float
    same_choice: float
    tokens: int
    tokens_per_second: float
    placement: Placement


class QualityMeasured(FinalMessage, frozen=True, kw_only=True):
    """The quality of each file, the best first."""

    levels: tuple[QuantizationQuality, ...]
    seconds: float


class QuantizationTaskProgress(Message, frozen=True, kw_only=True):
    """Progress of quantizing or measuring, `done` of `total`; at most five a second."""

    request_id: str
    done: int
    total: int
    current: str = ""


QuantizationRequest = PlanQuantizations | TimeTensorTypes | Quantize | MeasureQuality | Cancel
QuantizationEvent = (
    Hello
    | QuantizationsPlanned
    | TensorTypesTimed
    | QuantizationTaskProgress
    | ModelQuantized
    | QualityMeasured
    | Failed
)
