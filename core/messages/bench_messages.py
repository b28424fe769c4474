"""Messages between the benchmark and its child, which runs llama.cpp in a reference loop.

Each request but DrawPlot needs a loaded model.
"""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Request
from core.messages.engine_messages import PromptTurn
from core.messages.planner_messages import Placement


class LoadReference(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """Load a GGUF file with the engine's placement; `figures`: 1 if it has recurrent layers."""

    path: str
    placement: Placement


class Tokenize(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """`tokens`: the prompt that the engine makes of `turns`."""

    turns: tuple[PromptTurn, ...]


class TimePrefill(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """`figures`: the seconds for reading `tokens`."""

    tokens: tuple[int, ...]


class TimeDecoding(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """Decode `count` tokens after `prompt` in each of `sequences`, without sampling.

    `figures`: the seconds from the first to the last token, without reading the prompt.
    """

    prompt: tuple[int, ...]
    count: int
    sequences: int


class TimeDraftChecks(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """Decode a known `answer` after `prompt` in batches of each of `sizes`.

    `figures`: the seconds for each size, as of speculation whose tokens are all accepted.
    """

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    sizes: tuple[int, ...]


class GenerateGreedily(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """`tokens`: up to `count` tokens after `prompt`, the likeliest each time."""

    prompt: tuple[int, ...]
    count: int


class ReadLogits(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """`figures`: the logits of the tokens `wanted` after `tokens`.

    The last `written` of `tokens` are decoded one by one. The logits of the two likeliest tokens
    follow, whose ids are the `tokens` of the result.
    """

    tokens: tuple[int, ...]
    written: int
    wanted: tuple[int, ...]


class CompareBatched(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """Decode `answers` after `prompts`, each alone, then all together.

    `figures`: the largest difference between the logits of both, over the likeliest tokens of
    each step.
    """

    prompts: tuple[tuple[int, ...], ...]
    answers: tuple[tuple[int, ...], ...]


class PlotSeries(Struct, frozen=True, kw_only=True):
    """One line or one set of bars of a plot: a value for each label of its panel."""

    name: str
    values: tuple[float, ...]


class PlotPanel(Struct, frozen=True, kw_only=True):
    """One plot of a picture: `bars`, or lines with points; the axis starts at 0."""

    title: str
    across: str
    up: str
    labels: tuple[str, ...]
    series: tuple[PlotSeries, ...]
    bars: bool = True


class DrawPlot(Request[Never, "ReferenceDone"], frozen=True, kw_only=True):
    """Draw `panels` side by side and write them to the PNG file `path`."""

    path: str
    title: str
    panels: tuple[PlotPanel, ...]


class ReferenceDone(FinalMessage, frozen=True, kw_only=True):
    """The result of a request, which says what the numbers mean."""

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
