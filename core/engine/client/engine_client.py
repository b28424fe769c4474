"""Engine client, the front end's side: loaded model, pending requests, kill of a stuck child."""

import time
from collections.abc import Callable

import uuid_utils

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.devices.backend_packs import PACKS_VARIABLE, PROCESSOR_VARIABLE
from core.ipc.channel import OUTLIVED_VARIABLE
from core.ipc.child_process import STOP_SECONDS, ChildProcess, describe_death, ran_out_of_memory
from core.messages import (
    AnswerDone,
    Cancel,
    ChildDied,
    EngineEvent,
    Failed,
    Generate,
    Hello,
    LoadModel,
    ModelLoaded,
    Placement,
)

CANCEL_SECONDS = 5.0
"""How long a child may take to answer Stop before it is killed; it usually takes 5 ms."""


class EngineClient:
    """One model in one child. All methods belong to the thread that made it."""

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[EngineEvent] | None = None,
        clock: Callable[[], float] = time.monotonic,
        cancel_seconds: float = CANCEL_SECONDS,
    ) -> None:
        self._process: ChildProcess[EngineEvent] = process or ChildProcess(
            "engine",
            EngineEvent,
            paths.logs / "engine.log",
            wake,
            environment={OUTLIVED_VARIABLE: str(paths.attempt), PACKS_VARIABLE: str(paths.packs)},
        )
        self._clock = clock
        self._cancel_seconds = cancel_seconds
        self._pending: dict[str, LoadModel | Generate] = {}
        self._cancelled_at: dict[str, float] = {}
        self._loading: LoadModel | None = None
        self._last_load: LoadModel | None = None
        self._killed = False
        self.loaded: ModelLoaded | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, None when there is none."""
        return self._process.pid

    def start(self) -> None:
        """Start the child ahead of the first request."""
        self._process.start()

    def load_model(
        self,
        path: str,
        wish: Placement,
        *,
        draft_path: str = "",
        template: str = "",
        states_folder: str = "",
        states_limit: int = 0,
        any_architecture: bool = False,
    ) -> str:
        """Load a model; another one that is loaded ends with its process, which frees its memory.

        Returns the request id that ModelLoaded or Failed answers.
        """
        if self.loaded or self._loading:
            self.unload_model()
        request = LoadModel(
            request_id=uuid_utils.uuid7().hex,
            path=path,
            wish=wish,
            draft_path=draft_path,
            template=template,
            states_folder=states_folder,
            states_limit=states_limit,
            any_architecture=any_architecture,
        )
        self._loading = self._last_load = request
        # Without a card, no driver is loaded either: a broken one ends whoever loads it.
        self._process.environment[PROCESSOR_VARIABLE] = "1" if wish.device == "cpu" else "0"
        self._send(request)
        return request.request_id

    @property
    def loading_request(self) -> LoadModel | None:
        """The model that is being loaded."""
        return self._loading

    @property
    def is_answering(self) -> bool:
        """Whether an answer is on its way."""
        loading = {self._loading.request_id} if self._loading else set()
        return bool(self._pending.keys() - loading)

    def unload_model(self) -> None:
        """End the child at once, it has nothing to lose; what was pending is forgotten."""
        self._process.stop(grace=0)
        self.loaded = self._loading = None
        self._pending.clear()
        self._cancelled_at.clear()

    def start_generation(self, request: Generate) -> None:
        """Answer with the loaded model; PromptFitted, Chunk... and AnswerDone or Failed follow."""
        self._send(request)

    def cancel(self, request_id: str) -> None:
        """Stop a request; its last event still comes, at the latest when the child is killed."""
        if request_id in self._pending and request_id not in self._cancelled_at:
            self._cancelled_at[request_id] = self._clock()
            self._process.send(Cancel(request_id=request_id))

    def poll(self) -> list[EngineEvent]:
        """Return what arrived; a dead child ends every pending request with Failed."""
        if any(self._clock() - at > self._cancel_seconds for at in self._cancelled_at.values()):
            self._killed = True
            self._process.kill()
        events: list[EngineEvent] = []
        for event in self._process.poll():
            if isinstance(event, ChildDied):
                events += self._bury(event)
            elif not isinstance(event, Hello):
                self._note(event)
                events.append(event)
        return events

    def stop(self) -> None:
        """End the child, the last step of a front end; what it has read it may keep before."""
        self._process.stop(STOP_SECONDS if self.loaded else 0)
        self.unload_model()

    def kill(self) -> None:
        """End the child at once, as a crash would."""
        self._process.kill()

    def _send(self, request: LoadModel | Generate) -> None:
        self._pending[request.request_id] = request
        self._process.send(request)

    def _note(self, event: EngineEvent) -> None:
        if isinstance(event, ModelLoaded):
            self.loaded, self._loading = event, None
        ended = event.request_id if isinstance(event, AnswerDone | Failed) else ""
        if self._loading and ended == self._loading.request_id:
            self._loading = None
        if isinstance(event, ModelLoaded | AnswerDone | Failed):
            self._pending.pop(event.request_id, None)
            self._cancelled_at.pop(event.request_id, None)

    def _bury(self, death: ChildDied) -> list[EngineEvent]:
        """End what was pending; what only waited behind a request we had to kill is asked again."""
        self.loaded = self._loading = None
        pending, self._pending = self._pending, {}
        cancelled, self._cancelled_at = self._cancelled_at, {}
        killed, self._killed = self._killed, False
        events: list[EngineEvent] = [
            AnswerDone(request_id=request_id, stop="cancelled")
            for request_id in pending
            if request_id in cancelled
        ]
        waiting = [request for key, request in pending.items() if key not in cancelled]
        if killed and self._last_load and waiting:
            self._loading = self._last_load
            for request in (self._last_load, *waiting):
                self._send(request)
            return events
        facts = {"detail": describe_death(death), "lacked_memory": str(ran_out_of_memory(death))}
        failures = [
            Failed(
                request_id=each.request_id,
                code=ErrorCode.ENGINE_DIED,
                facts={**facts, "loading": str(isinstance(each, LoadModel))},
            )
            for each in waiting
        ]
        return [*events, *failures]
