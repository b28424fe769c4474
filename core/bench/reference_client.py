"""Reference client, the parent's side of the reference child: one request at a time."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Never

from core.base.errors import EngineError, ErrorCode
from core.base.paths import Paths
from core.gguf import model_files
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client, new_request_id
from core.messages import (
    BenchEvent,
    CompareBatched,
    DrawPlot,
    GenerateGreedily,
    LoadReference,
    PlotPanel,
    PromptTurn,
    ReadLogits,
    ReferenceDone,
    Request,
    TimeDecoding,
    TimeDraftChecks,
    TimePrefill,
    Tokenize,
)
from core.sandbox.grants import Grants

SETTLE_SECONDS = 0.03
"""Between two measurements: threads that just worked spin for a moment before they sleep."""

Tokens = Sequence[int]


class ReferenceClient(Client[BenchEvent]):
    """Runs the reference loop's child, one request at a time; each call waits for its result.

    The child loads the model before the first request that needs it, as `load_request` says then:
    the engine has placed the model by that time. One thread uses it. Each call raises
    InglenookError, and what `wait` raises.
    """

    def __init__(
        self,
        paths: Paths,
        load_request: Callable[[], LoadReference],
        wake: Callable[[], None],
        wait: Callable[[], None],
    ) -> None:
        super().__init__(
            ChildProcess("bench", BenchEvent, paths.logs / "bench.log", wake), ErrorCode.BENCH_DIED
        )
        self._load_request = load_request
        self._wait = wait
        self._is_recurrent: bool | None = None

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the files of the model, or the folder of the plot."""
        match request:
            case LoadReference():
                return Grants(read=model_files([request.path]))
            case DrawPlot():
                return Grants(write=(str(Path(request.path).absolute().parent),))
            case _:
                return super().grants_for(request)

    @property
    def is_recurrent(self) -> bool:
        """Whether the model has recurrent layers, which can't take back a token: no speculation."""
        if self._is_recurrent is None:
            self._is_recurrent = bool(self._wait_for(self._load_request()).figures[0])
        return self._is_recurrent

    def count_prompt_tokens(self, turns: tuple[PromptTurn, ...]) -> int:
        """Return how many tokens the prompt of `turns` has."""
        return len(self.prompt_tokens(turns))

    def prompt_tokens(self, turns: tuple[PromptTurn, ...]) -> tuple[int, ...]:
        """Return the tokens of the prompt that the engine makes of `turns`."""
        return self._ask(Tokenize(request_id=new_request_id(), turns=turns)).tokens

    def time_reading(self, tokens: Tokens) -> float:
        """Return the seconds for reading `tokens`."""
        return self._ask(TimePrefill(request_id=new_request_id(), tokens=tuple(tokens))).figures[0]

    def time_writing(self, prompt: Tokens, count: int, sequences: int = 1) -> float:
        """Return the seconds for writing `count` tokens behind `prompt` in each sequence."""
        request = TimeDecoding(
            request_id=new_request_id(), prompt=tuple(prompt), count=count, sequences=sequences
        )
        return self._ask(request).figures[0]

    def time_checking(
        self, prompt: Tokens, answer: Tokens, sizes: tuple[int, ...]
    ) -> tuple[float, ...]:
        """Return the seconds for decoding a known answer in batches of each size."""
        request = TimeDraftChecks(
            request_id=new_request_id(), prompt=tuple(prompt), answer=tuple(answer), sizes=sizes
        )
        return self._ask(request).figures

    def write_greedily(self, prompt: Tokens, count: int) -> tuple[int, ...]:
        """Return up to `count` tokens that follow `prompt`, the likeliest each time."""
        request = GenerateGreedily(request_id=new_request_id(), prompt=tuple(prompt), count=count)
        return self._ask(request).tokens

    def logits(self, prompt: Tokens, answer: Tokens, wanted: tuple[int, ...]) -> tuple[float, ...]:
        """Return the logits of the tokens `wanted` behind the beginning of an answer."""
        request = ReadLogits(
            request_id=new_request_id(),
            tokens=(*prompt, *answer),
            written=len(answer),
            wanted=wanted,
        )
        return self._ask(request).figures[: len(wanted)]

    def batch_noise(self, prompts: Sequence[Tokens], answers: Sequence[Tokens]) -> float:
        """Return the largest difference of a logit between decoding alone and together."""
        request = CompareBatched(
            request_id=new_request_id(),
            prompts=tuple(map(tuple, prompts)),
            answers=tuple(map(tuple, answers)),
        )
        return self._ask(request).figures[0]

    def draw_plot(self, path: Path, title: str, panels: Sequence[PlotPanel]) -> None:
        """Write a picture of the panels; needs no model."""
        self._wait_for(
            DrawPlot(request_id=new_request_id(), path=str(path), title=title, panels=tuple(panels))
        )

    def _ask(self, request: Request[Never, ReferenceDone]) -> ReferenceDone:
        """Wait for the result of a request that needs the model."""
        assert self.is_recurrent is not None  # the model is loaded
        return self._wait_for(request)

    def _wait_for(self, request: Request[Never, ReferenceDone]) -> ReferenceDone:
        reply = self.send(request)
        self.poll()
        while not reply.is_done:
            self._wait()
            self.poll()
        if reply.result is None:
            assert reply.failure is not None
            raise EngineError(ErrorCode(reply.failure.code), **reply.failure.facts)
        time.sleep(SETTLE_SECONDS)
        return reply.result
