"""Messages between the front end and the child that trains LoRA adapters."""

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.engine_messages import ExampleTokens


class TrainingSettings(Struct, frozen=True, kw_only=True):
    """How an adapter is trained: `rank` is its width, `passes` how often each example is read."""

    rank: int = 16
    scale: float = 2.0
    rate: float = 5e-4
    passes: int = 8
    batch: int = 4
    seed: int = 1


class TrainAdapter(Request["TrainingProgress", "AdapterTrained"], frozen=True, kw_only=True):
    """Train an adapter for the model file `path`, from its last checkpoint if there is one.

    `expected` are the engine's losses of the held-out examples: the trainer must see the same
    model. With `seconds`, only some steps are timed, for so long, and nothing is written.
    """

    path: str
    examples: tuple[ExampleTokens, ...]
    held_out: tuple[ExampleTokens, ...]
    expected: tuple[float, ...]
    settings: TrainingSettings
    checkpoint: str
    adapter: str
    name: str = ""
    threads: int = 0
    seconds: float = 0.0


class TrainingProgress(Message, frozen=True, kw_only=True):
    """A step was taken; `held_out` is the loss of the held-out examples, where it was computed."""

    request_id: str
    stage: str
    step: int = 0
    steps: int = 0
    loss: float = 0.0
    held_out: float | None = None
    seconds_left: float | None = None


class LossPoint(Struct, frozen=True):
    """A point of the loss curve; `held_out` is None between two measurements."""

    step: int
    loss: float
    held_out: float | None = None


class AdapterTrained(FinalMessage, frozen=True, kw_only=True):
    """The adapter is written, or its training was timed: `step_seconds` is that of one step.

    `memory` is the most that the trainer took, in bytes; `curve` is empty if it was only timed.
    `free_step_seconds` is what a step takes at least if nothing else runs; 0: it wasn't timed.
    `difference` is how far the losses of engine and trainer were apart at most, in nats.
    """

    parameters: int
    steps: int
    step_seconds: float
    load_seconds: float
    memory: int
    free_step_seconds: float = 0.0
    difference: float = 0.0
    curve: tuple[LossPoint, ...] = ()
    bytes: int = 0


TrainerRequest = TrainAdapter | Cancel
TrainerEvent = Hello | TrainingProgress | AdapterTrained | Failed
