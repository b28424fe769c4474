"""Model in memory: which one is loaded when, idle unloading and release."""

from collections.abc import Sequence
from typing import Never

from core.app.events.model_events import EngineStateChanged
from core.app.loading.engine_watch import EngineWatch
from core.app.loading.idle_timer import IdleTimer
from core.app.loading.load_events import LoadEvents
from core.app.loading.model_loader import LoadEnd, ModelLoader
from core.chat.answering.answer_protocols import AnswerEngine, AnswerReply, LoadReply
from core.chat.answering.running_answers import RunningAnswers
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    AnswerDone,
    Failed,
    Generate,
    JudgePrompts,
    ModelLoaded,
    PromptsJudged,
    PromptTurn,
)

LOADING, READY, AWAITED = "loading", "ready", "awaited"
"""What the engine does with a model; one that is awaited is loaded once an answer has ended."""

JudgeReply = Reply[Never, PromptsJudged | AnswerDone]
"""The reply of judged prompts; AnswerDone when it was cancelled."""


class ModelLoadService(AnswerEngine):
    """One model at a time, shared by all answers. One thread uses it."""

    def __init__(
        self,
        engine: EngineClient,
        loader: ModelLoader,
        running: RunningAnswers,
        watch: EngineWatch,
        idle: IdleTimer,
        events: LoadEvents,
    ) -> None:
        self._engine = engine
        self._loader = loader
        self._running = running
        self._watch = watch
        self.idle = idle
        """How long nobody has used the model."""
        self._events = events
        self._pending_path = ""  # of the model to load when no answer needs another one
        loader.on_load_end = self._on_load_end

    @property
    def path(self) -> str:
        """The file that is in memory, or being loaded; "" when there is none."""
        return self._loader.path

    @property
    def loaded(self) -> ModelLoaded | None:
        """The model that is in memory, whichever it is."""
        return self._engine.loaded

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return the model at `path` if it is loaded."""
        loaded = self._engine.loaded
        return loaded if loaded is not None and loaded.path == path else None

    def when_loaded(self, path: str) -> Reply[Never, None]:
        """Return a reply that ends with the load of the model at `path`, however that ends.

        It has ended where there is no load; cancelling it ends the waiting, not the load.
        """
        waiting: Reply[Never, None] = Reply("", lambda: waiting.finish(None))
        load = self._loader.running_load(path)
        if load is None:
            waiting.finish(None)
        else:
            load.on_done(lambda _end: waiting.finish(None))
            load.on_error(lambda _failed: waiting.finish(None))
        return waiting

    def load_state(self, path: str) -> str:
        """Return what the engine does with the model at `path`, "" for nothing."""
        engine = self.engine_state
        if path and path == engine.awaited:
            return AWAITED
        return engine.state if path and path == engine.path else ""

    @property
    def engine_state(self) -> EngineStateChanged:
        """What the engine does now; the only truth about it."""
        if self._engine.loaded is not None:
            path, state = self._engine.loaded.path, READY
        else:
            load = self._loader.running
            path = load.path if load is not None and not load.is_cancelled else ""
            state = LOADING if path else ""
        awaited = "" if path == self._pending_path else self._pending_path
        return EngineStateChanged(path=path, state=state, awaited=awaited)

    def report_state(self) -> None:
        """Broadcast what the engine does, if that has changed; to be called often."""
        self._events.emit_state(self.engine_state)

    def load_when_idle(self, path: str) -> None:
        """Begin to load a model ahead of any question, after the answers that need another one."""
        self._pending_path = path
        self.load_pending_model()

    def load_pending_model(self) -> None:
        """Load the model that was wanted while another one answered, if that is over."""
        self._start_idle_timer()
        if self._pending_path and self.prepare_model(self._pending_path) is not None:
            self._pending_path = ""
        self.report_state()

    def prepare_model(self, path: str) -> ModelLoaded | LoadReply | None:
        """Return the loaded model, or the reply of its load, which begins now if it has not.

        None while answers need another model: nothing unloads that until they have ended.
        """
        self.idle.stop()
        if loaded := self._loader.loaded_model(path):
            return loaded
        if load := self._loader.running_load(path):
            return load.share()
        if self._running.uses_engine:
            return None
        return self._loader.start_load(path).share()

    def start_generation(self, request: Generate) -> AnswerReply:
        """Generate text with the loaded model."""
        self._watch.crash_tracker.begin_answer()
        reply = self._engine.send(request)
        self._watch.watch_answer(reply)
        return reply.share()

    def judge_prompts(
        self, prompts: Sequence[tuple[PromptTurn, ...]], seconds: float = 0.0
    ) -> JudgeReply:
        """Ask the loaded model for Yes or No to each prompt, by their likelihood.

        Only those are read that take at most so many seconds, all of them for 0.
        """
        return self._engine.send(
            JudgePrompts(request_id=new_request_id(), prompts=tuple(prompts), seconds=seconds)
        )

    def cancel_loading(self) -> bool:
        """Cancel the load that is on its way; answers that wait for it end as cancelled.

        Returns whether there was one; ModelUnloaded follows when it has ended.
        """
        self._pending_path = ""
        was_loading = self._loader.cancel_load()
        self.report_state()
        return was_loading

    def unload_model(self, reason: str = "asked") -> bool:
        """Free the model's memory, unless it answers; returns whether that was done."""
        path = self._loader.path
        if not path or self._running.uses_engine:
            return False
        self.idle.stop()
        self._loader.end_engine()
        self._watch.crash_tracker.close()
        self._events.emit_unloaded(path, reason)
        self.report_state()
        return True

    def release_model(self, path: str, reason: str = "removed") -> bool:
        """Free the memory of the model at `path`; returns whether it is not in use any more."""
        return path != self._loader.path or self.unload_model(reason)

    def unload_if_idle(self) -> None:
        """Unload a model that nobody has used for as long as is set."""
        if self.idle.is_expired and self.loaded is not None:
            self.unload_model("idle")

    def close(self) -> None:
        """End the engine's child; what it is doing is cut off, not crashed."""
        self.idle.close()
        self._engine.stop()
        self._watch.crash_tracker.close()

    def _on_load_end(self, end: LoadEnd) -> None:
        """Count idle time from now on; report a failure that no answer reports."""
        if not isinstance(end, Failed):
            self._start_idle_timer()
        elif not self._running.uses_engine:
            self._events.emit_failed(end)

    def _start_idle_timer(self) -> None:
        """Begin to count how long nobody uses the model."""
        if self.loaded is not None and not self._running.uses_engine:
            self.idle.start()
