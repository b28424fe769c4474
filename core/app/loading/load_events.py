"""Load events: events about the model in memory, with its name in the registry."""

from collections.abc import Callable

from core.app.events.app_events import AppEvent, ModelReady, Notice
from core.app.events.model_events import EngineStateChanged, ModelLoading, ModelUnloaded
from core.app.problems import problem_of_failure
from core.chat.answering.answer_events import Problem
from core.messages import Failed, ModelLoaded
from core.models.registry.model_registry import ModelRegistry


class LoadEvents:
    """Emits the events of loading and unloading. One thread uses it."""

    def __init__(self, registry: ModelRegistry, emit: Callable[[AppEvent], None]) -> None:
        self._registry = registry
        self._emit = emit
        self._state = EngineStateChanged()

    def emit_state(self, state: EngineStateChanged) -> None:
        """Emit what the engine does, if that is something else than before."""
        if state != self._state:
            self._state = state
            self._emit(state)

    def emit_loading(self, path: str, share: float) -> None:
        """Emit the share of the weights that is loaded, 0 to 1."""
        ref = self._registry.ref_for_path(path)
        self._emit(ModelLoading(ref=ref, path=path, share=share))

    def emit_ready(self, loaded: ModelLoaded) -> None:
        """Emit that a model is loaded, and its placement."""
        draft = loaded.draft
        self._emit(
            ModelReady(
                ref=self._registry.ref_for_path(loaded.path),
                context=loaded.context,
                threads=loaded.threads,
                seconds=loaded.seconds,
                placement=loaded.placement,
                memory=loaded.memory,
                draft=self._registry.ref_for_path(draft) if draft else "",
                tuning=loaded.tuning,
            )
        )

    def emit_unloaded(self, path: str, reason: str) -> None:
        """Emit that no model is in memory any more."""
        ref = self._registry.ref_for_path(path)
        self._emit(ModelUnloaded(ref=ref, path=path, reason=reason))

    def emit_failed(self, failed: Failed) -> None:
        """Emit a notice that a model could not be loaded."""
        problem = problem_of_failure(failed)
        self._emit(Notice(key="model", severity="error", problem=problem))

    def emit_reduced(self, problem: Problem) -> None:
        """Emit a notice that memory ran out, so that less is used."""
        self._emit(Notice(key="memory", severity="warning", problem=problem))
