"""Model loader: one load at a time in the engine, with less memory where that runs out."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from core.app.loading.engine_watch import EngineWatch
from core.app.loading.load_events import LoadEvents
from core.app.loading.load_options import LoadOptions
from core.app.loading.load_request_builder import LoadKey, LoadRequestBuilder
from core.app.loading.tuning_store import TuningStore
from core.chat.answering.answer_protocols import LoadReply
from core.engine.client.engine_client import EngineClient
from core.ipc.reply import Reply
from core.messages import (
    AnswerDone,
    EngineEvent,
    Failed,
    Generate,
    LoadModel,
    LoadProgress,
    ModelLoaded,
    ModelTuned,
)

LoadEnd = ModelLoaded | AnswerDone | Failed


@dataclass(slots=True, eq=False)
class RunningLoad:
    """A load on its way. `reply` is for those who wait for the model.

    It outlives the engine's reply where memory runs out and less is tried.
    """

    path: str
    key: LoadKey
    engine_reply: LoadReply
    reply: LoadReply
    is_cancelled: bool = False


class ModelLoader:
    """Loads models and emits the events of loading. One thread uses it."""

    def __init__(
        self,
        engine: EngineClient,
        requests: LoadRequestBuilder,
        load_options: LoadOptions,
        tunings: TuningStore,
        watch: EngineWatch,
        events: LoadEvents,
    ) -> None:
        self._engine = engine
        self._requests = requests
        self._load_options = load_options
        self._tunings = tunings
        self._watch = watch
        self._events = events
        self._key: LoadKey | None = None
        self.running: RunningLoad | None = None
        """The load on its way."""
        self.on_load_end: Callable[[LoadEnd], object] = lambda _end: None
        """Called with the end of each load, before those who wait for it hear of it."""
        engine.on_reload = self._on_reload
        engine.on_broadcast = self._on_broadcast

    @property
    def path(self) -> str:
        """The file that is in memory, or being loaded; "" when there is none."""
        if self._engine.loaded is not None:
            return self._engine.loaded.path
        return self.running.path if self.running is not None else ""

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return the model at `path` if it is loaded with its settings of now."""
        loaded = self._engine.loaded
        if loaded is None or loaded.path != path or self._key != self._requests.load_key(path):
            return None
        return loaded

    def running_load(self, path: str) -> LoadReply | None:
        """Return the load of the model at `path` with its settings of now, if it is on its way."""
        load = self.running
        if load is None or load.is_cancelled or load.path != path:
            return None
        return load.reply if load.key == self._requests.load_key(path) else None

    def start_load(self, path: str, reply: LoadReply | None = None) -> LoadReply:
        """Load a model in place of another; `reply` is that of a load that goes on with less."""
        if self.path:
            # First, so that a child that leaves doesn't remove the new attempt from the disk.
            self.end_engine()
        self._key = self._requests.load_key(path)
        request = self._requests.build_load_request(path, self._key)
        self._engine.make_way(request)  # before the attempt, as above
        self._watch.crash_tracker.begin_load(path)
        engine_reply = self._engine.load_model(request)
        self._watch.watch_load(request, engine_reply)
        return self._follow_load(path, self._key, engine_reply, reply)

    def cancel_load(self) -> bool:
        """Cancel the load on its way; those who wait hear it now, front ends when it has ended."""
        load = self.running
        if load is None:
            return False
        load.is_cancelled = True
        load.engine_reply.cancel()
        for request in self._engine.pending:  # what a reload is for
            if isinstance(request, Generate):
                self._engine.cancel(request.request_id)
        load.reply.finish(_cancelled(load))
        return True

    def end_engine(self) -> None:
        """End the child; those who wait for a load hear that it was cancelled."""
        load, self.running = self.running, None
        self._engine.unload_model()
        if load is not None:
            load.reply.finish(_cancelled(load))

    def _on_broadcast(self, event: EngineEvent) -> None:
        """Keep what was measured of the loaded model, and tell its new placement."""
        if isinstance(event, ModelTuned):
            self._tunings.save_tuning(event.tuning)
            if self._engine.loaded is not None and self._engine.loaded.path == event.path:
                self._events.emit_ready(self._engine.loaded)

    def _on_reload(self, request: LoadModel, engine_reply: LoadReply) -> None:
        """Follow a load that is repeated because the child had to be killed."""
        self._watch.watch_reload(engine_reply)
        if self._key is not None:
            self._follow_load(request.path, self._key, engine_reply)

    def _follow_load(
        self, path: str, key: LoadKey, engine_reply: LoadReply, reply: LoadReply | None = None
    ) -> LoadReply:
        if reply is None:
            reply = Reply(engine_reply.request_id, engine_reply.cancel)
        load = self.running = RunningLoad(path, key, engine_reply, reply)
        engine_reply.on_progress(functools.partial(self._on_progress, load))
        engine_reply.on_done(functools.partial(self._on_done, load))
        engine_reply.on_error(functools.partial(self._on_failed, load))
        return reply

    def _on_progress(self, load: RunningLoad, progress: LoadProgress) -> None:
        if load is self.running:
            load.reply.report(progress)
            self._events.emit_loading(load.path, progress.share)

    def _on_done(self, load: RunningLoad, event: ModelLoaded | AnswerDone) -> None:
        if load is not self.running:
            return
        self.running = None
        self.on_load_end(event)
        load.reply.finish(event)
        if isinstance(event, AnswerDone):
            self._events.emit_unloaded(load.path, "cancelled")
            return
        if reduced := self._load_options.record_loaded(event):
            self._events.emit_reduced(reduced)
        self._events.emit_ready(event)

    def _on_failed(self, load: RunningLoad, failed: Failed) -> None:
        if load is not self.running:
            return
        self.running = None
        if load.is_cancelled:
            self._events.emit_unloaded(load.path, "cancelled")
        elif not self._retry_with_less_memory(load, failed):
            self.on_load_end(failed)
            load.reply.fail(failed)

    def _retry_with_less_memory(self, load: RunningLoad, failed: Failed) -> bool:
        """Load with less if the child ran out of memory; returns whether less can be tried."""
        if failed.facts.get("lacked_memory") != "True":
            return False
        reduced = self._load_options.record_out_of_memory(load.path)
        if reduced is None:
            return False
        self._events.emit_reduced(reduced)
        self.start_load(load.path, load.reply)
        return True


def _cancelled(load: RunningLoad) -> AnswerDone:
    return AnswerDone(request_id=load.reply.request_id, stop="cancelled")
