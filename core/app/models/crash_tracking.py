"""Crash tracking: loads and answers of a model file, reported to the quarantine."""

from collections import Counter

from core.app.models.model_quarantine import ANSWERING, LOADING, ModelQuarantine
from core.base.errors import ErrorCode
from core.messages import AnswerDone, EngineEvent, Failed, ModelLoaded


class CrashTracker:
    """Follows loads and answers from their beginning to what came of them."""

    def __init__(self, quarantine: ModelQuarantine) -> None:
        self._quarantine = quarantine
        self._path = ""
        self._begun: Counter[str] = Counter()
        """Requests whose end tells whether the file survived them; an answer may make several."""

    def begin_load(self, path: str) -> None:
        """Write down that a file is about to be loaded: what goes wrong now is its doing."""
        self._begun.clear()
        self._path = path
        self._quarantine.begin_attempt(path, LOADING)

    def track_load(self, request_id: str) -> None:
        """Follow the load."""
        self._begun[request_id] += 1

    def track_answer(self, request_id: str) -> None:
        """Follow an answer of the loaded model."""
        self._quarantine.begin_attempt(self._path, ANSWERING)
        self._begun[request_id] += 1

    def track_event(self, event: EngineEvent) -> bool:
        """Count what the engine survived and what it didn't; returns whether it crashed.

        One death counts once, however many requests it ended.
        """
        if not isinstance(event, ModelLoaded | AnswerDone | Failed):
            return False
        if event.request_id not in self._begun:
            return False
        self._begun -= Counter((event.request_id,))
        crashed = isinstance(event, Failed) and event.code == ErrorCode.ENGINE_DIED
        if isinstance(event, Failed) and crashed:
            self._begun.clear()
            self._quarantine.record_crash(event.facts.get("detail", ""))
        elif isinstance(event, ModelLoaded):
            self._quarantine.record_loaded(event.path)
        elif isinstance(event, AnswerDone) and event.stop != "cancelled":
            self._quarantine.record_answered(self._path)
        if not self._begun:
            self._quarantine.end_attempt()
        return crashed

    def close(self) -> None:
        """What it was at is cut off, not broken."""
        self._begun.clear()
        self._quarantine.end_attempt()
