"""Benchmark session: the engine child to be measured and the reference child beside it."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Never, Self, TypeVar

from msgspec import Struct, structs

from core.app.app import App
from core.base.clock import Clock
from core.base.errors import EngineError, ErrorCode, InglenookError
from core.base.paths import Paths
from core.bench.reference_client import SETTLE_SECONDS, ReferenceClient
from core.bench.timed_answer import TimedAnswer
from core.engine.client.engine_client import EngineClient
from core.engine.client.planner_client import PlannerClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    Failed,
    Generate,
    LoadModel,
    LoadReference,
    ModelLoaded,
    ModelPlanned,
    Placement,
    PlanModel,
    PromptTurn,
    Sampling,
    TimeModel,
)

GREEDY = Sampling(
    temperature=0.0, top_k=1, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=0
)  # as the reference loop, which takes the likeliest token
LONG_SECONDS = 0.2
"""A longer pause can be interrupted."""
SHORT_PROMPT = 64
"""More tokens than the prompt of a short question has."""


Planned = TypeVar("Planned")


class BenchOptions(Struct, frozen=True, kw_only=True):
    """Options of a run: the file, its placement, and how often each thing is measured."""

    path: str
    placement: Placement
    rounds: int = 5
    any_architecture: bool = False
    tools: Path | None = None
    """The folder of llama.cpp's tools; None: where a shell finds them."""


class BenchSession:
    """The children of one run, in a root of its own. One thread uses it; a `with` ends them.

    `wait` returns when `wake` was called, or after a moment; it raises what ends the run.
    """

    def __init__(
        self,
        paths: Paths,
        options: BenchOptions,
        wake: Callable[[], None],
        wait: Callable[[], None],
        clock: Clock = time.perf_counter,
    ) -> None:
        self.paths = paths
        self.options = options
        self.rounds = options.rounds
        self._wait = wait
        self._clock = clock
        self.engine = EngineClient(paths, wake, remembers=False)
        self.reference = ReferenceClient(paths, self._load_request, wake, wait)
        self._planner = PlannerClient(paths, wake)
        self._failure: Failed | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.stop()
        self.reference.stop()
        self._planner.stop()

    @property
    def now(self) -> float:
        """The time, on the clock that answers are measured with."""
        return self._clock()

    # ------------------------------------------------------------ the engine

    @property
    def loaded_model(self) -> ModelLoaded:
        """The model that is measured; it is loaded when it is first needed."""
        return self.engine.loaded or self.restart_engine()

    def restart_engine(self, *, timed: bool = False) -> ModelLoaded:
        """Load the model in a fresh child; `timed`: with what is faster on this machine.

        In the app it has that from the first moment on in which nobody waits. Raises
        InglenookError.
        """
        self.engine.unload_model()
        request = LoadModel(
            request_id=new_request_id(),
            path=self.options.path,
            placement=self.options.placement,
            states_folder=str(self.paths.states),
            states_limit=1 << 40,
            any_architecture=self.options.any_architecture,
            measures=timed,
        )
        reply = self.engine.load_model(request).on_error(self._on_failed)
        self.wait_until(lambda: reply.is_done)
        if timed:
            timing = self.engine.send(TimeModel(request_id=new_request_id()))
            timing.on_error(self._on_failed)
            self.wait_until(lambda: timing.is_done)
        assert self.engine.loaded is not None
        return self.engine.loaded

    def start_answer(
        self,
        turns: tuple[PromptTurn, ...],
        tokens: int,
        *,
        sampling: Sampling = GREEDY,
        drafting: bool = False,
        folder: str = "",
        prompt_ids: tuple[int, ...] = (),
    ) -> TimedAnswer:
        """Start an answer of at most `tokens` tokens; `wait_for_answers` waits for it.

        `prompt_ids`: what is read, token by token, in the place of `turns`.
        """
        assert self.loaded_model
        request = Generate(
            request_id=new_request_id(),
            turns=turns,
            sampling=sampling,
            max_tokens=tokens,
            drafting=drafting,
            state_folder=folder,
            prompt_ids=prompt_ids,
        )
        answer = TimedAnswer(request.request_id, turns, self._clock())
        reply = self.engine.send(request)
        reply.on_progress(lambda event: answer.record_progress(event, self._clock()))
        reply.on_done(lambda done: answer.record_end(done, self._clock()))
        reply.on_error(self._on_failed)
        return answer

    def wait_for_answers(self, *answers: TimedAnswer) -> None:
        """Wait until these have ended. Raises InglenookError for one that fails."""
        self.wait_until(lambda: all(answer.done for answer in answers))
        time.sleep(SETTLE_SECONDS)

    def complete_answer(
        self,
        turns: tuple[PromptTurn, ...],
        tokens: int,
        *,
        sampling: Sampling = GREEDY,
        drafting: bool = False,
    ) -> TimedAnswer:
        """Start an answer and wait for its end."""
        answer = self.start_answer(turns, tokens, sampling=sampling, drafting=drafting)
        self.wait_for_answers(answer)
        return answer

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Process events until `condition`. Raises InglenookError when an answer fails."""
        while not condition():
            self._poll_engine()
            if not condition():
                self._wait()

    def wait_seconds(self, seconds: float) -> None:
        """Process events for so many seconds."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            self._poll_engine()
            if left > LONG_SECONDS:
                self._wait()
            else:
                time.sleep(0.001)

    def _poll_engine(self) -> None:
        self.engine.poll()
        if self._failure is not None:
            raise _error(self._failure)

    def _on_failed(self, failed: Failed) -> None:
        self._failure = failed

    def fitting_prompt_length(self, wanted: int) -> int:
        """Return the length of a prompt that leaves space for a short answer: at most `wanted`."""
        return min(wanted, self.loaded_model.context * 3 // 4 - 32)

    def fitting_answer_length(self, wanted: int, at_once: int = 1) -> int:
        """Return the length of each of several answers to short prompts: at most `wanted`."""
        return max(8, min(wanted, self.loaded_model.context // at_once - SHORT_PROMPT))

    # ------------------------------------------------------------ the planner

    def plan_placement(self, placement: Placement) -> ModelPlanned:
        """Return what was planned for a placement. Raises InglenookError."""
        request = PlanModel(
            request_id=new_request_id(),
            path=self.options.path,
            placement=placement,
            any_architecture=self.options.any_architecture,
        )
        return self._wait_for_planner(self._planner.send(request))

    def free_memory_by_device(self) -> dict[str, int]:
        """Return the bytes that are free on each device, by its name. Raises InglenookError."""
        listed = self._wait_for_planner(self._planner.list_devices())
        return {device.name: device.free for device in listed.devices}

    def _wait_for_planner(self, reply: Reply[Never, Planned]) -> Planned:
        while not reply.is_done:
            self._wait()
            self._planner.poll()
        if reply.result is None:
            assert reply.failure is not None
            raise _error(reply.failure)
        return reply.result

    def _load_request(self) -> LoadReference:
        return LoadReference(
            request_id=new_request_id(),
            path=self.options.path,
            placement=self.loaded_model.placement,
        )


def _error(failed: Failed) -> InglenookError:
    return EngineError(ErrorCode(failed.code), **failed.facts)


SEQUENCES = 8
"""The largest number of answers at once that is measured."""


def requested_placement(app: App, path: str, threads: int = 0) -> Placement:
    """Return the placement that a run asks for: that for answers, on `threads` unless 0."""
    requested = structs.replace(app.load_options.placement_for(path), sequences=SEQUENCES)
    return structs.replace(requested, threads=threads) if threads else requested


@contextlib.contextmanager
def open_bench_session(
    options: BenchOptions, wake: Callable[[], None], wait: Callable[[], None]
) -> Iterator[BenchSession]:
    """Yield a session whose children, and all they wrote, are gone at the end.

    `wait` returns after `wake` was called, or after a moment; what it raises ends the run.
    """
    with tempfile.TemporaryDirectory(
        prefix="inglenook-bench-", ignore_cleanup_errors=True
    ) as folder:
        paths = Paths(Path(folder))
        paths.create_folders()
        with BenchSession(paths, options, wake, wait) as bench:
            yield bench
