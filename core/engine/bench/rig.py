"""The engine to be measured and the bare loop beside it, both in their children."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import uuid_utils
from msgspec import Struct

from core.engine.client import EngineClient
from core.errors import Code, EngineError, InglenookError
from core.messages import (
    AnswerDone,
    BareDone,
    BenchEvent,
    BenchRequest,
    Chunk,
    DrawPlot,
    EngineEvent,
    Failed,
    Generate,
    Hello,
    LoadBare,
    ModelLoaded,
    Panel,
    Placement,
    PromptFitted,
    PromptTurn,
    Sampling,
    Thought,
    TimeChecking,
    TimeReading,
    TimeWriting,
    Tokenize,
    WorkerDied,
)
from core.paths import Paths
from core.worker import Worker, describe_death

GREEDY = Sampling(
    temperature=0.0, top_k=1, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=0
)  # as the bare loop, which takes the likeliest token
REST_SECONDS = 0.03
"""Between two measurements: threads that just worked spin for a moment before they sleep."""

Told = TypeVar("Told", bound=EngineEvent)


@dataclass(slots=True)
class Answer:
    """One answer as its reader saw it; times are in seconds of one clock."""

    request_id: str
    turns: tuple[PromptTurn, ...]
    asked: float
    fitted: PromptFitted | None = None
    chunks: list[float] = field(default_factory=list)
    done: AnswerDone | None = None
    ended: float = 0.0

    @property
    def told(self) -> AnswerDone:
        """The last event. Only of an answer that has ended."""
        assert self.done is not None
        return self.done

    @property
    def first(self) -> float:
        """When its first words came, or its end if it has none."""
        return self.chunks[0] if self.chunks else self.ended

    @property
    def waited(self) -> float:
        """Seconds from the question to the first words."""
        return self.first - self.asked

    @property
    def wrote(self) -> float:
        """Seconds from the first words to the end."""
        return max(self.ended - self.first, 1e-9)

    @property
    def read(self) -> int:
        """Tokens of the prompt that were evaluated."""
        return self.told.prompt_tokens - self.told.cached_tokens

    @property
    def speed(self) -> float:
        """Tokens written a second, from the first to the last."""
        return max(self.told.completion_tokens - 1, 0) / self.wrote


class Order(Struct, frozen=True, kw_only=True):
    """What a run was asked for: the file, how it is placed, and how often things are measured."""

    path: str
    wish: Placement = Placement()
    rounds: int = 5
    any_architecture: bool = False


class Rig:
    """Both children of one run, in a root of its own. One thread uses it; a `with` ends them.

    `wait` returns when `wake` was called, or after a moment; it raises what ends the run.
    """

    def __init__(
        self,
        paths: Paths,
        order: Order,
        wake: Callable[[], None],
        wait: Callable[[], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.paths = paths
        self.order = order
        self.rounds = order.rounds
        self._wait = wait
        self._clock = clock
        self.engine = EngineClient(paths, wake)
        self._bench: Worker[BenchEvent] = Worker(
            "bench", BenchEvent, paths.logs / "bench.log", wake
        )
        self._answers: dict[str, Answer] = {}
        self._keeps_a_state: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.stop()
        self._bench.stop(grace=0)

    # ------------------------------------------------------------ the engine

    @property
    def loaded(self) -> ModelLoaded:
        """The model that is measured; loaded when it is asked for first."""
        return self.engine.loaded or self.restart()

    def restart(self) -> ModelLoaded:
        """Load the model in a fresh child. Raises InglenookError."""
        self.engine.unload()
        request_id = self.engine.load(
            self.order.path,
            self.order.wish,
            states_folder=str(self.paths.states),
            states_limit=1 << 40,
            any_architecture=self.order.any_architecture,
        )
        while True:
            for event in self.engine.poll():
                if isinstance(event, Failed):
                    raise _error(event)
                if isinstance(event, ModelLoaded) and event.request_id == request_id:
                    return event
            self._wait()

    def ask(
        self,
        turns: tuple[PromptTurn, ...],
        tokens: int,
        *,
        sampling: Sampling = GREEDY,
        drafting: bool = False,
        folder: str = "",
    ) -> Answer:
        """Begin an answer of at most so many tokens; `finish` waits for it."""
        assert self.loaded
        request = Generate(
            request_id=uuid_utils.uuid7().hex,
            turns=turns,
            sampling=sampling,
            max_tokens=tokens,
            drafting=drafting,
            state_folder=folder,
        )
        answer = Answer(request.request_id, turns, self._clock())
        self._answers[answer.request_id] = answer
        self.engine.generate(request)
        return answer

    def finish(self, *answers: Answer) -> None:
        """Wait until these have ended. Raises InglenookError for one that fails."""
        self.until(lambda: all(answer.done for answer in answers))
        time.sleep(REST_SECONDS)

    def answered(
        self,
        turns: tuple[PromptTurn, ...],
        tokens: int,
        *,
        sampling: Sampling = GREEDY,
        drafting: bool = False,
    ) -> Answer:
        """Ask and wait for the end."""
        answer = self.ask(turns, tokens, sampling=sampling, drafting=drafting)
        self.finish(answer)
        return answer

    def until(self, condition: Callable[[], bool]) -> None:
        """Take events until `condition`. Raises InglenookError when an answer fails."""
        while not condition():
            self._take_engine()
            if not condition():
                self._wait()

    def pause(self, seconds: float) -> None:
        """Let time go by, and take what comes."""
        end = self._clock() + seconds
        while self._clock() < end:
            self._take_engine()
            time.sleep(min(0.001, seconds))

    def _take_engine(self) -> None:
        events = self.engine.poll()
        now = self._clock()
        for event in events:
            if isinstance(event, Failed):
                raise _error(event)
            answer = None if isinstance(event, Hello) else self._answers.get(event.request_id)
            if answer is None:
                continue
            if isinstance(event, PromptFitted):
                answer.fitted = event
            elif isinstance(event, Chunk | Thought):
                answer.chunks.append(now)
            elif isinstance(event, AnswerDone):
                answer.done, answer.ended = event, now
                del self._answers[event.request_id]

    # ------------------------------------------------------------ the bare loop

    def bare(self, request: BenchRequest) -> BareDone:
        """Let the bare loop do something and wait for it. Raises InglenookError."""
        if not isinstance(request, DrawPlot | LoadBare):
            assert self.keeps_a_state is not None  # loads
        self._bench.send(request)
        while True:
            for event in self._bench.poll():
                if isinstance(event, Failed):
                    raise _error(event)
                if isinstance(event, WorkerDied):
                    raise EngineError(Code.BENCH_DIED, detail=describe_death(event))
                if isinstance(event, BareDone) and event.request_id == request.request_id:
                    time.sleep(REST_SECONDS)
                    return event
            self._wait()

    @property
    def keeps_a_state(self) -> bool:
        """Whether the model has recurrent layers: it takes back nothing, so it guesses nothing."""
        if self._keeps_a_state is None:
            path, placement = self.order.path, self.loaded.placement
            loaded = self.bare(LoadBare(request_id="load", path=path, placement=placement))
            self._keeps_a_state = bool(loaded.figures[0])
        return self._keeps_a_state

    @property
    def now(self) -> float:
        """The time, on the clock that answers are measured with."""
        return self._clock()

    def count(self, turns: tuple[PromptTurn, ...]) -> int:
        """Return how many tokens the prompt of `turns` has."""
        return len(self.tokens(turns))

    def tokens(self, turns: tuple[PromptTurn, ...]) -> tuple[int, ...]:
        """Return the tokens of the prompt that the engine makes of `turns`."""
        return self.bare(Tokenize(request_id="tokens", turns=turns)).tokens

    def time_reading(self, tokens: Sequence[int]) -> float:
        """Return the bare seconds for reading `tokens`."""
        return self.bare(TimeReading(request_id="read", tokens=tuple(tokens))).figures[0]

    def time_writing(self, prompt: Sequence[int], count: int, sequences: int = 1) -> float:
        """Return the bare seconds for writing `count` tokens in each sequence."""
        request = TimeWriting(
            request_id="write", prompt=tuple(prompt), count=count, sequences=sequences
        )
        return self.bare(request).figures[0]

    def time_checking(
        self, prompt: Sequence[int], answer: Sequence[int], sizes: tuple[int, ...]
    ) -> tuple[float, ...]:
        """Return the bare seconds for decoding `answer` in batches of each size."""
        request = TimeChecking(
            request_id="check", prompt=tuple(prompt), answer=tuple(answer), sizes=sizes
        )
        return self.bare(request).figures

    def draw(self, path: Path, title: str, panels: Sequence[Panel]) -> None:
        """Write a picture of the panels. Raises InglenookError."""
        self.bare(DrawPlot(request_id="draw", path=str(path), title=title, panels=tuple(panels)))


def _error(failed: Failed) -> InglenookError:
    return EngineError(Code(failed.code), **failed.facts)
