"""Between the benchmark and its child, which runs llama.cpp in a bare loop and draws the plot.

Each request but DrawPlot has a loaded model; BareDone or Failed answers each.
"""

from msgspec import Struct

from core.messages.common import Cancel, Failed, Hello, Message
from core.messages.engine import PromptTurn
from core.messages.placement import Placement


class LoadBare(Message, frozen=True, kw_only=True):
    """Load a GGUF file as the engine has placed it; `figures`: 1 if it has recurrent layers."""

    request_id: str
    path: str
    placement: Placement


class Tokenize(Message, frozen=True, kw_only=True):
    """`tokens`: the prompt that the engine makes of `turns`."""

    request_id: str
    turns: tuple[PromptTurn, ...]


class TimeReading(Message, frozen=True, kw_only=True):
    """`figures`: the seconds that reading `tokens` takes."""

    request_id: str
    tokens: tuple[int, ...]


class TimeWriting(Message, frozen=True, kw_only=True):
    """Write `count` tokens behind `prompt` in each of so many sequences, without choosing any.

    `figures`: the seconds from the first to the last; reading the prompt is not part of them.
    """

    request_id: str
    prompt: tuple[int, ...]
    count: int
    sequences: int = 1


class TimeChecking(Message, frozen=True, kw_only=True):
    """Decode a known `answer` behind `prompt` in batches of each of `sizes`.

    `figures`: the seconds for each size, what speculation takes when every guess is right.
    """

    request_id: str
    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    sizes: tuple[int, ...]


class WriteGreedily(Message, frozen=True, kw_only=True):
    """`tokens`: up to `count` that follow `prompt`, the likeliest each time."""

    request_id: str
    prompt: tuple[int, ...]
    count: int


class Weigh(Message, frozen=True, kw_only=True):
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


class Series(Struct, frozen=True, kw_only=True):
    """One line of a plot, or one set of its bars: a value for each label of its panel."""

    name: str
    values: tuple[float, ...]


class Panel(Struct, frozen=True, kw_only=True):
    """One plot of a picture: `bars`, or a line with its points; values start at 0."""

    title: str
    across: str
    up: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    bars: bool = True


class DrawPlot(Message, frozen=True, kw_only=True):
    """Draw `panels` side by side and write them to the PNG file `path`."""

    request_id: str
    path: str
    title: str
    panels: tuple[Panel, ...]


class BareDone(Message, frozen=True, kw_only=True):
    """What came of a request, which says what the numbers are."""

    request_id: str
    tokens: tuple[int, ...] = ()
    figures: tuple[float, ...] = ()


BenchRequest = (
    LoadBare
    | Tokenize
    | TimeReading
    | TimeWriting
    | TimeChecking
    | WriteGreedily
    | Weigh
    | CompareBatched
    | DrawPlot
    | Cancel
)
BenchEvent = Hello | BareDone | Failed
