"""Crash tracker: follows loads and answers, so that a crash of the engine counts for its file."""

from collections.abc import Callable

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.models.model_quarantine import ANSWERING, LOADING, ModelQuarantine
from core.base.errors import ErrorCode
from core.chat.answering.answer_protocols import AnswerReply, LoadReply
from core.messages import AnswerDone, Failed, ModelLoaded


class CrashTracker:
    """Follows loads and answers from their start to their end. One thread uses it."""

    def __init__(self, quarantine: ModelQuarantine, emit: Callable[[AppEvent], None]) -> None:
        self._quarantine = quarantine
        self._emit = emit
        self._path = ""
        self._running: set[str] = set()  # requests whose end tells whether the file survived them

    def begin_load(self, path: str) -> None:
        """Record on disk that a file is about to be loaded; a crash from now on is its fault."""
        self._running.clear()
        self._path = path
        self._quarantine.begin_attempt(path, LOADING)

    def track_load(self, reply: LoadReply) -> None:
        """Follow the load."""
        self._running.add(reply.request_id)
        reply.on_done(self._on_done).on_error(self._on_failed)

    def begin_answer(self) -> None:
        """Note that the loaded model is about to answer: a crash from now on is its fault."""
        self._quarantine.begin_attempt(self._path, ANSWERING)

    def track_answer(self, reply: AnswerReply) -> None:
        """Follow a generation of the loaded model."""
        self._running.add(reply.request_id)
        reply.on_done(self._on_done).on_error(self._on_failed)

    def close(self) -> None:
        """Forget what is running: it is cut off, not crashed."""
        self._running.clear()
        self._quarantine.end_attempt()

    def _on_done(self, event: ModelLoaded | AnswerDone) -> None:
        if event.request_id not in self._running:
            return
        if isinstance(event, ModelLoaded):
            self._quarantine.record_loaded(event.path)
        elif event.stop != "cancelled":
            self._quarantine.record_answered(self._path)
        self._end_request(event.request_id)

    def _on_failed(self, failed: Failed) -> None:
        """Count a crash; one death counts once, however many requests it ends."""
        if failed.request_id not in self._running:
            return
        if failed.code == ErrorCode.ENGINE_DIED:
            self._running.clear()
            killed = failed.facts.get("killed") == "True"
            record = self._quarantine.record_cut_off if killed else self._quarantine.record_crash
            record(failed.facts.get("detail", ""))
            self._quarantine.end_attempt()
            self._emit(ModelsChanged())
        else:
            self._end_request(failed.request_id)

    def _end_request(self, request_id: str) -> None:
        self._running.discard(request_id)
        if not self._running:
            self._quarantine.end_attempt()
