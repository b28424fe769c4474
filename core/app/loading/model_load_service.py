"""Model in memory: loading, progress, idle unloading and release."""

import functools
from dataclasses import dataclass

from core.app.loading.engine_watch import EngineWatch
from core.app.loading.idle_timer import IdleTimer
from core.app.loading.load_events import LoadEvents
from core.app.loading.load_options import LoadOptions
from core.app.loading.load_request_builder import LoadKey, LoadRequestBuilder
from core.chat.answering.answer_protocols import AnswerEngine, AnswerReply, LoadReply
from core.chat.answering.running_answers import RunningAnswers
from core.engine.client.engine_client import EngineClient
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed, Generate, LoadModel, LoadProgress, ModelLoaded


@dataclass(slots=True, eq=False)
class _Load:
    """A load on its way. `reply` is given to those who wait for the model.

    It outlives the engine's reply where memory runs out and less is tried.
    """

    path: str
    engine_reply: LoadReply
    reply: LoadReply
    is_cancelled: bool = False


class ModelLoadService(AnswerEngine):
    """One model at a time. One thread uses it."""

    def __init__(
        self,
        engine: EngineClient,
        requests: LoadRequestBuilder,
        load_options: LoadOptions,
        running: RunningAnswers,
        watch: EngineWatch,
        idle: IdleTimer,
        events: LoadEvents,
    ) -> None:
        self._engine = engine
        self._requests = requests
        self._load_options = load_options
        self._running = running
        self._watch = watch
        self._idle = idle
        self._events = events
        self._load: _Load | None = None
        self._key: LoadKey | None = None  # of the model that is loaded or being loaded
        self._pending_path = ""  # of the model to load when no answer needs another one
        engine.on_reload = self._on_reload

    @property
    def path(self) -> str:
        """The file that is in memory, or being loaded; "" when there is none."""
        if self._engine.loaded is not None:
            return self._engine.loaded.path
        return self._load.path if self._load is not None else ""

    @property
    def is_loaded(self) -> bool:
        """Whether a model is in memory, ready to answer."""
        return self._engine.loaded is not None

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return the model at `path` if it is loaded."""
        loaded = self._engine.loaded
        return loaded if loaded is not None and loaded.path == path else None

    def load_when_idle(self, path: str) -> None:
        """Begin to load a model ahead of any question, after the answers that need another one."""
        self._pending_path = path
        self.load_pending_model()

    def load_pending_model(self) -> None:
        """Load the model that was wanted while another one answered, if that is over."""
        self._start_idle_timer()
        if self._pending_path and self.prepare_model(self._pending_path) is not None:
            self._pending_path = ""

    def prepare_model(self, path: str) -> ModelLoaded | LoadReply | None:
        """Return the loaded model, or the reply of its load, which begins now if it has not.

        None while answers need another model: nothing unloads that until they have ended.
        """
        self._idle.stop()
        key = self._requests.load_key(path)
        if key == self._key:
            if loaded := self.loaded_model(path):
                return loaded
            load = self._load
            if load is not None and load.path == path and not load.is_cancelled:
                return load.reply.share()
        if self._running.uses_engine:
            return None
        return self._start_load(path, key).share()

    def start_generation(self, request: Generate) -> AnswerReply:
        """Generate text with the loaded model."""
        reply = self._engine.send(request)
        self._watch.watch_answer(reply)
        return reply.share()

    def cancel_loading(self) -> bool:
        """Cancel the load that is on its way; answers that wait for it end as cancelled.

        Returns whether there was one; ModelUnloaded tells when it is over.
        """
        load = self._load
        if load is None:
            return False
        self._pending_path = ""
        load.is_cancelled = True
        load.engine_reply.cancel()
        load.reply.finish(AnswerDone(request_id=load.reply.request_id, stop="cancelled"))
        return True

    def unload_model(self, reason: str = "asked") -> bool:
        """Free the model's memory, unless it answers; returns whether that was done."""
        path = self.path
        if not path or self._running.uses_engine:
            return False
        self._idle.stop()
        self._end_engine()
        self._watch.close()
        self._events.emit_unloaded(path, reason)
        return True

    def release_model(self, path: str) -> bool:
        """Free the memory of the model at `path`; returns whether it is not in use any more."""
        return path != self.path or self.unload_model("removed")

    def unload_if_idle(self) -> None:
        """Unload a model that nobody has used for as long as is set."""
        if self._idle.is_expired and self._engine.loaded:
            self.unload_model("idle")

    def close(self) -> None:
        """End the engine's child; what it is doing is cut off, not crashed."""
        self._idle.close()
        self._engine.stop()
        self._watch.close()

    # ------------------------------------------------------------ one load

    def _start_load(self, path: str, key: LoadKey, reply: LoadReply | None = None) -> LoadReply:
        """Load a model; `reply` is the one of a load that goes on with less memory."""
        if self.path:
            # First, so that a child that leaves doesn't remove the new attempt from the disk.
            self._end_engine()
        self._key = key
        self._watch.begin_load(path)
        request = self._requests.build_load_request(path, key)
        engine_reply = self._engine.load_model(request)
        self._watch.watch_load(request, engine_reply)
        return self._follow_load(path, engine_reply, reply)

    def _on_reload(self, request: LoadModel, engine_reply: LoadReply) -> None:
        """Follow a load that is repeated because the child had to be killed."""
        self._watch.watch_reload(engine_reply)
        self._follow_load(request.path, engine_reply)

    def _follow_load(
        self, path: str, engine_reply: LoadReply, reply: LoadReply | None = None
    ) -> LoadReply:
        if reply is None:
            reply = Reply(engine_reply.request_id, engine_reply.cancel)
        load = _Load(path, engine_reply, reply)
        self._load = load
        engine_reply.on_progress(functools.partial(self._on_progress, load))
        engine_reply.on_done(functools.partial(self._on_load_done, load))
        engine_reply.on_error(functools.partial(self._on_load_failed, load))
        return reply

    def _end_engine(self) -> None:
        """End the child; whoever waits for a load hears that it was cancelled."""
        load, self._load = self._load, None
        self._engine.unload_model()
        if load is not None:
            load.reply.finish(AnswerDone(request_id=load.reply.request_id, stop="cancelled"))

    def _on_progress(self, load: _Load, progress: LoadProgress) -> None:
        if load is self._load:
            load.reply.report(progress)
            self._events.emit_loading(load.path, progress.share)

    def _on_load_done(self, load: _Load, event: ModelLoaded | AnswerDone) -> None:
        if load is not self._load:
            return
        self._load = None
        load.reply.finish(event)
        if isinstance(event, AnswerDone):
            self._events.emit_unloaded(load.path, "cancelled")
            return
        if reduced := self._load_options.record_loaded(event):
            self._events.emit_reduced(reduced)
        self._events.emit_ready(event)
        self._start_idle_timer()

    def _on_load_failed(self, load: _Load, failed: Failed) -> None:
        if load is not self._load:
            return
        self._load = None
        if load.is_cancelled:
            self._events.emit_unloaded(load.path, "cancelled")
        elif not self._retry_with_less_memory(load, failed):
            is_awaited = self._running.uses_engine  # then the answers tell of it
            load.reply.fail(failed)
            if not is_awaited:
                self._events.emit_failed(failed)

    def _retry_with_less_memory(self, load: _Load, failed: Failed) -> bool:
        """Load with less if the child ran out of memory; returns whether less can be tried."""
        if failed.facts.get("lacked_memory") != "True":
            return False
        reduced = self._load_options.record_out_of_memory(load.path)
        if reduced is None:
            return False
        self._events.emit_reduced(reduced)
        self._start_load(load.path, self._requests.load_key(load.path), load.reply)
        return True

    def _start_idle_timer(self) -> None:
        """Begin to count how long nobody uses the model."""
        if self._engine.loaded and not self._running.uses_engine:
            self._idle.start()
