"""Messages between the front end and the child that plans, makes and measures quantizations."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.placement_messages import Placement
from core.messages.planner_messages import Device, MemoryPlan


class TensorTypeBytes(Struct, frozen=True, kw_only=True):
    """Bytes of weights of one type that are read for each token, on one kind of device."""

    device: str
    type: str
    bytes: int


class QuantizationPlan(Struct, frozen=True, kw_only=True):
    """What a level takes: bytes of its file, where it would lie, and what each token reads.

    `path` is the file, "" for one that would have to be made. `layers` counts the outputs as one;
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
    """The levels to plan as if they were made out of the file `path`, by name and llama_ftype."""

    path: str
    levels: tuple[tuple[str, int], ...]


class PlanQuantizations(Request[Never, "QuantizationsPlanned"], frozen=True, kw_only=True):
    """Ask what the files and the levels to be made take; QuantizationsPlanned answers.

    `dry_run` has llama.cpp lay the files out, which may end the child.
    """

    files: tuple[str, ...]
    making: QuantizationTargets | None = None
    placement: Placement = Placement()
    dry_run: bool = True


class QuantizationsPlanned(FinalMessage, frozen=True, kw_only=True):
    """The files in the order they were asked for, then the levels to be made."""

    plans: tuple[QuantizationPlan, ...]
    devices: tuple[Device, ...]


class TimeTensorTypes(Request[Never, "TensorTypesTimed"], frozen=True, kw_only=True):
    """Ask how fast weights of each type are multiplied here; TensorTypesTimed answers.

    `devices` are names of graphics cards; the processor is always timed. `columns` and `rows` are
    those of the matrices to be multiplied: small ones go slower.
    """

    types: tuple[str, ...]
    columns: int = 2048
    rows: int = 2048
    threads: int = 0
    devices: tuple[str, ...] = ()


class TensorTypeSpeed(Struct, frozen=True, kw_only=True):
    """Bytes of weights of a type that a device multiplies in a second, read from its memory."""

    device: str
    type: str
    speed: float


class TensorTypesTimed(FinalMessage, frozen=True, kw_only=True):
    """Of each type that could be timed; `threads` is what the processor was given."""

    speeds: tuple[TensorTypeSpeed, ...]
    threads: int


class Quantize(Request["QuantizationTaskProgress", "ModelQuantized"], frozen=True, kw_only=True):
    """Quantize the file `path`; QuantizationTaskProgress on the way, ModelQuantized at the end.

    It is written to `partial`, checked, and only then becomes `target`, which must not be there.
    `matrix` is the path of an importance matrix, "" for none.
    """

    path: str
    partial: str
    target: str
    level: str
    file_type: int
    threads: int = 0
    matrix: str = ""


class ModelQuantized(FinalMessage, frozen=True, kw_only=True):
    """A level lies whole at `path`."""

    path: str
    bytes: int
    seconds: float


class MeasureQuality(
    Request["QuantizationTaskProgress", "QualityMeasured"], frozen=True, kw_only=True
):
    """Measure how well files of one model predict a text; QualityMeasured answers.

    Each is compared with the first, which is the best. `scratch` is a file for what the first one
    says, gone at the end.
    """

    files: tuple[str, ...]
    text: str
    scratch: str
    placement: Placement = Placement()


class QuantizationQuality(Struct, frozen=True, kw_only=True):
    """How well one file predicts the text: perplexity, and KL divergence from the best in nats.

    `same_choice` is the share of places where both would write the same token. Errors are standard
    errors of the mean. The best one's divergence is 0. `tokens_per_second` is of writing.
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
    """What came of each file, the best first."""

    levels: tuple[QuantizationQuality, ...]
    seconds: float


class QuantizationTaskProgress(Message, frozen=True, kw_only=True):
    """How far making or measuring is, of `total`; at most five a second."""

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
