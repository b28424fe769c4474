"""Reference client, the parent's side of the reference child: one request at a time."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.base.errors import EngineError, ErrorCode
from core.base.paths import Paths
from core.ipc.child_process import ChildProcess, describe_death
from core.messages import (
    BenchEvent,
    BenchRequest,
    ChildDied,
    CompareBatched,
    DrawPlot,
    Failed,
    GenerateGreedily,
    LoadReference,
    PlotPanel,
    PromptTurn,
    ReadLogits,
    ReferenceDone,
    TimeDecoding,
    TimeDraftChecks,
    TimePrefill,
    Tokenize,
)

SETTLE_SECONDS = 0.03
"""Between two measurements: threads that just worked spin for a moment before they sleep."""

Tokens = Sequence[int]


class ReferenceClient:
    """The bare loop's child, which loads the model when it is needed. One thread uses it.

    `request` is made then, when the engine has placed the model. Each call raises InglenookError,
    and what `wait` raises.
    """

    def __init__(
        self,
        paths: Paths,
        request: Callable[[], LoadReference],
        wake: Callable[[], None],
        wait: Callable[[], None],
    ) -> None:
        self._request = request
        self._wait = wait
        self._worker: ChildProcess[BenchEvent] = ChildProcess(
            "bench", BenchEvent, paths.logs / "bench.log", wake
        )
        self._keeps_a_state: bool | None = None

    def stop(self) -> None:
        """End the child."""
        self._worker.stop(grace=0)

    @property
    def is_recurrent(self) -> bool:
        """Whether the model has recurrent layers: it takes back nothing, so it guesses nothing."""
        if self._keeps_a_state is None:
            self._keeps_a_state = bool(self._done(self._request()).figures[0])
        return self._keeps_a_state

    def count_prompt_tokens(self, turns: tuple[PromptTurn, ...]) -> int:
        """Return how many tokens the prompt of `turns` has."""
        return len(self.prompt_tokens(turns))

    def prompt_tokens(self, turns: tuple[PromptTurn, ...]) -> tuple[int, ...]:
        """Return the tokens of the prompt that the engine makes of `turns`."""
        return self._ask(Tokenize(request_id="tokens", turns=turns)).tokens

    def time_reading(self, tokens: Tokens) -> float:
        """Return the seconds for reading `tokens`."""
        return self._ask(TimePrefill(request_id="read", tokens=tuple(tokens))).figures[0]

    def time_writing(self, prompt: Tokens, count: int, sequences: int = 1) -> float:
        """Return the seconds for writing `count` tokens behind `prompt` in each sequence."""
        request = TimeDecoding(
            request_id="write", prompt=tuple(prompt), count=count, sequences=sequences
        )
        return self._ask(request).figures[0]

    def time_checking(
        self, prompt: Tokens, answer: Tokens, sizes: tuple[int, ...]
    ) -> tuple[float, ...]:
        """Return the seconds for decoding a known answer in batches of each size."""
        request = TimeDraftChecks(
            request_id="check", prompt=tuple(prompt), answer=tuple(answer), sizes=sizes
        )
        return self._ask(request).figures

    def write_greedily(self, prompt: Tokens, count: int) -> tuple[int, ...]:
        """Return up to `count` tokens that follow `prompt`, the likeliest each time."""
        request = GenerateGreedily(request_id="greedy", prompt=tuple(prompt), count=count)
        return self._ask(request).tokens

    def logits(self, prompt: Tokens, answer: Tokens, wanted: tuple[int, ...]) -> tuple[float, ...]:
        """Return the logits of the tokens `wanted` behind the beginning of an answer."""
        request = ReadLogits(
            request_id="weigh", tokens=(*prompt, *answer), written=len(answer), wanted=wanted
        )
        return self._ask(request).figures[: len(wanted)]

    def batch_noise(self, prompts: Sequence[Tokens], answers: Sequence[Tokens]) -> float:
        """Return the largest difference of a logit between decoding alone and together."""
        request = CompareBatched(
            request_id="noise",
            prompts=tuple(map(tuple, prompts)),
            answers=tuple(map(tuple, answers)),
        )
        return self._ask(request).figures[0]

    def draw_plot(self, path: Path, title: str, panels: Sequence[PlotPanel]) -> None:
        """Write a picture of the panels; needs no model."""
        self._done(DrawPlot(request_id="draw", path=str(path), title=title, panels=tuple(panels)))

    def _ask(self, request: BenchRequest) -> ReferenceDone:
        assert self.is_recurrent is not None  # it has loaded
        return self._done(request)

    def _done(self, request: BenchRequest) -> ReferenceDone:
        self._worker.send(request)
        while True:
            for event in self._worker.poll():
                if isinstance(event, Failed):
                    raise EngineError(ErrorCode(event.code), **event.facts)
                if isinstance(event, ChildDied):
                    raise EngineError(ErrorCode.BENCH_DIED, detail=describe_death(event))
                if isinstance(event, ReferenceDone) and event.request_id == request.request_id:
                    time.sleep(SETTLE_SECONDS)
                    return event
            self._wait()
