"""Engine client, the front end's side: loaded model, kill of a child that does not stop."""

import time
from collections.abc import Callable
from typing import Any

from msgspec import structs

from core.base.clock import Clock
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.client.early_engine import (
    EarlyEngine,
    EngineProcess,
    EngineStart,
    engine_grants,
    engine_process,
    remember_start,
)
from core.engine.client.nvidia_device import make_nvidia_device
from core.engine.devices.backend_packs import PROCESSOR_VARIABLE
from core.gguf import model_files
from core.ipc.child_process import STOP_SECONDS, ran_out_of_memory, was_killed
from core.ipc.client import Client, new_request_id
from core.ipc.reply import Reply
from core.messages import (
    AnswerDone,
    ChildDied,
    EngineEvent,
    FinalMessage,
    Generate,
    LoadModel,
    LoadProgress,
    ModelLoaded,
    ModelTuned,
    Request,
)
from core.sandbox.grants import Grants

CANCEL_SECONDS = 5.0
"""How long a child may take to answer a cancel before it is killed; it usually takes 5 ms."""

READ_TOKENS = 64
"""Tokens of a prompt from which its time tells how fast the model reads."""
FASTER = 1.25
"""Times as fast as known before that a prompt must be read to be remembered."""

LoadReply = Reply[LoadProgress, ModelLoaded | AnswerDone]
"""The reply of a load: AnswerDone with stop="cancelled" when it was cancelled."""


class EngineClient(Client[EngineEvent]):
    """One child for one model: loading another model replaces the child.

    A cancelled request always ends with AnswerDone(stop="cancelled"): if its last event does not
    come within `cancel_seconds`, the child is killed. Requests that only waited behind it are then
    sent again, after the model; `on_reload` gets the request and the reply of that load.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: EngineProcess | None = None,
        early: EarlyEngine | None = None,
        remembers: bool = True,
        clock: Clock = time.monotonic,
        cancel_seconds: float = CANCEL_SECONDS,
    ) -> None:
        """`early`: a child that loads a model already, for the first load if that wants it.

        `remembers` says whether the next early engine loads what this one has loaded.
        """
        if early is not None:
            process = early.process
            process.wake_by(wake)
        super().__init__(process or engine_process(paths, wake), ErrorCode.ENGINE_DIED)
        self._early = early.load if early else None
        self._early_events: list[EngineEvent] = []  # of that load, until it is asked for
        self._wake = wake
        if early is not None:  # that child has the files of its load as well
            self._own_grants = engine_grants(paths)
        self._start_path = paths.engine_start if remembers else None
        self._clock = clock
        self._cancel_seconds = cancel_seconds
        self._cancelled_at: dict[str, float] = {}
        self._was_killed = False
        self._last_load: LoadModel | None = None
        self.loaded: ModelLoaded | None = None
        """The model in the child's memory."""
        self.on_reload: Callable[[LoadModel, LoadReply], object] = lambda _request, _reply: None

    def load_model(self, request: LoadModel) -> LoadReply:
        """Load a model; another one that is loaded ends with its child, which frees its memory."""
        self.make_way(request)
        early, self._early = self._early, None
        self._last_load = early or request
        if early is not None:
            reply = LoadReply(early.request_id, lambda: self.cancel(early.request_id))
            self._pending[early.request_id] = early, reply
            self._wake()  # for what has arrived
            return reply
        self._process.environment[PROCESSOR_VARIABLE] = _processor(request)
        return self.send(request)

    def make_way(self, request: LoadModel) -> None:
        """End a child that works on something else: it may read other files only."""
        early = self._early
        wanted = structs.replace(
            request,
            request_id=early.request_id if early else "",
            reading_speed=early.reading_speed if early else 0.0,
        )
        is_same = early == wanted
        if self._process.pid is None:
            self._early = None
        elif not is_same:
            self.unload_model()

    def own_grants(self) -> Grants:
        """Return what every child is granted; asked before each start."""
        make_nvidia_device()
        return super().own_grants()

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the files of a model, or the adapters of an answer."""
        if isinstance(request, LoadModel):
            paths = (request.path, *filter(None, (request.draft_path,)))
            files = model_files(paths) + request.adapters
            return Grants(read=files, write=tuple(filter(None, (request.states_folder,))))
        if isinstance(request, Generate):
            return Grants(read=tuple(adapter.path for adapter in request.adapters))
        return super().grants_for(request)

    def renew_child(self) -> None:
        """Load the model again for an adapter that nobody knew of; what runs ends as cancelled."""
        load, granted = self._last_load, self._process.grants.read
        self.unload_model()
        if load is not None:
            adapters = tuple(dict.fromkeys(load.adapters + granted))
            again = structs.replace(load, request_id=new_request_id(), adapters=adapters)
            self.on_reload(again, self.load_model(again))

    def unload_model(self) -> None:
        """End the child at once, it has nothing to lose; pending requests end as cancelled."""
        pending = [reply for _request, reply in self._pending.values()]
        super().stop(0.0)
        self._forget_model()
        for reply in pending:
            reply.finish(_cancelled(reply.request_id))

    def cancel(self, request_id: str) -> None:
        """Stop a request; its last event still comes, at the latest when the child is killed."""
        if request_id not in self._cancelled_at:
            super().cancel(request_id)
            if request_id in self._pending:
                self._cancelled_at[request_id] = self._clock()

    def poll(self) -> None:
        """Deliver what has arrived; kill a child that does not answer a cancel."""
        now = self._clock()
        if any(now - at > self._cancel_seconds for at in self._cancelled_at.values()):
            self._was_killed = True
            self._process.kill()
        if self._early is None and self._early_events:
            events, self._early_events = self._early_events, []
            for event in events:
                self._deliver(event)
        super().poll()

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """End the child; one with a model has `grace` seconds to save what it has read."""
        super().stop(grace if self.loaded else 0.0)
        self._forget_model()

    def death_facts(self, request: Request[object, object], death: ChildDied) -> dict[str, str]:
        """Return also whether memory ran out, it was killed, and whether that was while loading."""
        return {
            **super().death_facts(request, death),
            "lacked_memory": str(ran_out_of_memory(death)),
            "killed": str(was_killed(death)),
            "loading": str(isinstance(request, LoadModel)),
        }

    def _forget_model(self) -> None:
        self.loaded = self._early = None
        self._early_events.clear()
        self._was_killed = False
        self._cancelled_at.clear()

    def _deliver(self, event: EngineEvent) -> None:
        early = self._early
        if early is not None and getattr(event, "request_id", "") == early.request_id:
            self._early_events.append(event)
            return
        if isinstance(event, ModelLoaded):
            self.loaded = event
            self._remember_start(event.path, event.prompt_tokens_per_second)
        if isinstance(event, AnswerDone):
            self._learn_reading_speed(event)
        if isinstance(event, ModelTuned) and self.loaded and self.loaded.path == event.path:
            self.loaded = structs.replace(
                self.loaded,
                context=min(self.loaded.context, event.placement.context),
                threads=event.placement.threads,
                placement=event.placement,
                memory=event.memory,
                tuning=event.tuning,
            )
        if isinstance(event, FinalMessage):
            self._cancelled_at.pop(event.request_id, None)
        super()._deliver(event)

    def _learn_reading_speed(self, answer: AnswerDone) -> None:
        """Correct what was measured while the processor was busy: nothing is read too fast."""
        read = answer.prompt_tokens - answer.cached_tokens
        if self.loaded is None or read < READ_TOKENS or answer.seconds_to_first_token <= 0:
            return
        speed = read / answer.seconds_to_first_token
        if speed > FASTER * self.loaded.prompt_tokens_per_second:
            self.loaded = structs.replace(self.loaded, prompt_tokens_per_second=speed)
            self._remember_start(self.loaded.path, speed)

    def _remember_start(self, model: str, reading_speed: float) -> None:
        load = self._last_load
        if self._start_path is not None and load is not None and load.path == model:
            grants = self.own_grants().joined(self.grants_for(load))
            plain = structs.replace(load, request_id="", reading_speed=reading_speed)
            start = EngineStart(load=plain, grants=grants, processor=_processor(load))
            remember_start(self._start_path, start)

    def _handle_death(self, death: ChildDied) -> None:
        cancelled = [self._pending.pop(request_id)[1] for request_id in self._cancelled_at]
        was_killed = self._was_killed
        self._forget_model()
        if was_killed:
            self._send_waiting_again()
        else:
            super()._handle_death(death)
        for reply in cancelled:
            reply.finish(_cancelled(reply.request_id))

    def _send_waiting_again(self) -> None:
        """Send what had only waited behind a request that was not answered."""
        waiting, self._pending = self._pending, {}
        load = self._last_load
        if load is not None and waiting and load.request_id not in waiting:
            self.on_reload(load, self.send(load))
        self._pending |= waiting
        for request, _reply in waiting.values():
            self._process.send(request)


def _processor(request: LoadModel) -> str:
    """Return whether only the processor is used: without a card, no driver is loaded either.

    A broken one ends whoever loads it.
    """
    return "1" if request.placement.device == "cpu" else "0"


def _cancelled(request_id: str) -> AnswerDone:
    return AnswerDone(request_id=request_id, stop="cancelled")
