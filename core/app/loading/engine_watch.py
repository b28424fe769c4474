"""Engine watch: crashes of model files and graphics cards, and writing speeds of models."""

import functools

from core.app.loading.excluded_devices import ExcludedDevices
from core.app.models.crash_tracker import CrashTracker
from core.base.errors import ErrorCode
from core.chat.answering.answer_protocols import AnswerReply, LoadReply
from core.messages import AnswerDone, Failed, LoadModel, ModelLoaded
from core.models.quantizations.measurement_store import MeasurementStore

MIN_TOKENS = 32
"""The writing speed of an answer with fewer tokens is not significant."""


class EngineWatch:
    """Watches the reply of every load and every answer of one engine. One thread uses it."""

    def __init__(
        self,
        crash_tracker: CrashTracker,
        excluded_devices: ExcludedDevices,
        measurements: MeasurementStore,
    ) -> None:
        self.crash_tracker = crash_tracker
        """Must be called before a load, and after the engine was ended."""
        self._excluded_devices = excluded_devices
        self._measurements = measurements
        self._loaded: ModelLoaded | None = None

    def watch_load(self, request: LoadModel, reply: LoadReply) -> None:
        """Watch a load that the crash tracker knows of."""
        self.crash_tracker.track_load(reply)
        reply.on_done(self._on_load_done)
        reply.on_error(functools.partial(self._on_failed, request.placement.device))

    def watch_reload(self, reply: LoadReply) -> None:
        """Watch the same load being repeated."""
        reply.on_done(self._on_load_done)

    def watch_answer(self, reply: AnswerReply) -> None:
        """Watch a generation of the loaded model."""
        self.crash_tracker.track_answer(reply)
        if self._loaded is not None:
            reply.on_done(functools.partial(self._on_answer_done, self._loaded))
            device = self._loaded.placement.device
            reply.on_error(functools.partial(self._on_failed, device))

    def _on_load_done(self, event: ModelLoaded | AnswerDone) -> None:
        if isinstance(event, ModelLoaded):
            self._loaded = event

    def _on_answer_done(self, loaded: ModelLoaded, done: AnswerDone) -> None:
        """Record the speed of an answer that says how fast the model writes by itself."""
        is_long_enough = done.completion_tokens >= MIN_TOKENS
        if is_long_enough and not done.drafted_tokens and done.stop != "cancelled":
            self._measurements.save_writing_speed(
                loaded.fingerprint, loaded.placement, done.tokens_per_second
            )

    def _on_failed(self, device: str, failed: Failed) -> None:
        if failed.code == ErrorCode.ENGINE_DIED and failed.facts.get("lacked_memory") != "True":
            self._excluded_devices.exclude_crashed(device)
