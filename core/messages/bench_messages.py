"""Messages between the benchmark and its child, which runs llama.cpp in a reference loop.

Each request but DrawPlot has a loaded model; ReferenceDone or Failed answers each.
"""

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, Hello, Message
from core.messages.engine_messages import PromptTurn
from core.messages.placement_messages import Placement


class LoadReference(Message, frozen=True, kw_only=True):
    """Load a GGUF file as the engine has placed it; `figures`: 1 if it has recurrent layers."""

    request_id: str
    path: str
    placement: Placement


class Tokenize(Message, frozen=True, kw_only=True):
    """`tokens`: the prompt that the engine makes of `turns`."""

    request_id: str
    turns: tuple[PromptTurn, ...]


class TimePrefill(Message, frozen=True, kw_only=True):
    """`figures`: the seconds that reading `tokens` takes."""

    request_id: str
    tokens: tuple[int, ...]


class TimeDecoding(Message, frozen=True, kw_only=True):
    """Write `count` tokens behind `prompt` in each of so many sequences, without choosing any.

    `figures`: the seconds from the first to the last; reading the prompt is not part of them.
    """

    request_id: str
    prompt: tuple[int, ...]
    count: int
    sequences: int = 1


class TimeDraftChecks(Message, frozen=True, kw_only=True):
    """Decode a known `answer` behind `prompt` in batches of each of `sizes`.

    `figures`: the seconds for each size, what speculation takes when every guess is right.
    """

    request_id: str
    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    sizes: tuple[int, ...]


class GenerateGreedily(Message, frozen=True, kw_only=True):
    """`tokens`: up to `count` that follow `prompt`, the likeliest each time."""

    request_id: str
    prompt: tuple[int, ...]
    count: int


class ReadLogits(Message, frozen=True, kw_only=True):
    """`figures`: the logits that the tokens `wanted` have behind `tokens`.

    The last `written` of `tokens` are decoded one by one. Then come the logits of the two
    likeliest, whose ids are the `tokens` of the result.
    """

    request_id: str
    tokens: tuple[int, ...]
    written: int
    wanted: tuple[int, ...]


class CompareBatched(Message, frozen=True, kw_only=True):
    """Decode `answers` behind `prompts` each alone, then all together.

    `figures`: the largest difference between the logits of both, over the likeliest tokens of
    each step.
    """

    request_id: str
    prompts: tuple[tuple[int, ...], ...]
    answers: tuple[tuple[int, ...], ...]


class PlotSeries(Struct, frozen=True, kw_only=True):
    """One line of a plot, or one set of its bars: a value for each label of its panel."""

    name: str
    values: tuple[float, ...]


class PlotPanel(Struct, frozen=True, kw_only=True):
    """One plot of a picture: `bars`, or a line with its points; values start at 0."""

    title: str
    across: str
    up: str
    labels: tuple[str, ...]
    series: tuple[PlotSeries, ...]
    bars: bool = True


class DrawPlot(Message, frozen=True, kw_only=True):
    """Draw `panels` side by side and write them to the PNG file `path`."""

    request_id: str
    path: str
    title: str
    panels: tuple[PlotPanel, ...]


class ReferenceDone(Message, frozen=True, kw_only=True):
    """What came of a request, which says what the numbers are."""

    request_id: str
    tokens: tuple[int, ...] = ()
    figures: tuple[float, ...] = ()


BenchRequest = (
    LoadReference
    | Tokenize
    | TimePrefill
    | TimeDecoding
    | TimeDraftChecks
    | GenerateGreedily
    | ReadLogits
    | CompareBatched
    | DrawPlot
    | Cancel
)
BenchEvent = Hello | ReferenceDone | Failed
