"""Choice of the model that answers, with its loading state and the list of all models."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from core.app.events.app_events import ModelReady, ModelsChanged
from core.app.events.model_events import EngineStateChanged
from core.app.loading.model_load_service import ModelLoadService
from core.app.models.model_service import ModelService
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.models.info.model_entry import ModelEntry
from desktop.kit.notices import NoticeCenter
from desktop.models.choice.server_choice import ServerChoice


class ModelChoice(QObject):
    """Chooses and loads models; header and dialog show its state."""

    changed = Signal()

    def __init__(
        self,
        models: ModelService,
        loading: ModelLoadService,
        notices: NoticeCenter,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._loading = loading
        self._notices = notices
        self.server_choice: ServerChoice | None = None
        """Auto and servers, which the window adds."""
        self.models: tuple[ModelEntry, ...] = ()
        self.chosen: ModelEntry | None = None
        self.last_ready: ModelReady | None = None
        """The event of the last load."""

    @property
    def state(self) -> str:
        """What the engine does with the chosen model now: "loading", "ready", "awaited" or "".

        It is asked and never remembered, so that it can't differ from the engine.
        """
        return self._loading.load_state(self.chosen.path) if self.chosen is not None else ""

    def refresh_models(self) -> None:
        """Ask which models there are."""
        self._read_models()
        self.changed.emit()

    def _read_models(self) -> None:
        """Update the list of models, and the one that answers the open chat."""
        local = self._models.registry.list_models()
        self.models = self.server_choice.choosable_entries(local) if self.server_choice else local
        current = self.server_choice.current_entry() if self.server_choice else None
        self.chosen = current or self._models.chosen_model()
        if self.chosen is not None:
            self._notices.dismiss_problem(ErrorCode.NO_MODEL)

    def choose_model(self, ref: str) -> bool:
        """Choose another model; returns whether that was possible."""
        if self.server_choice is not None and self.server_choice.choose_entry(ref):
            self.refresh_models()
            return True
        try:
            entry = self._models.choose_model(ref)
        except InglenookError as error:
            self._notices.post_error("model", error)
            return False
        self._notices.dismiss_notice("model")
        self._read_models()
        self.chosen = entry
        self.changed.emit()
        return True

    def add_model(self, path: str, *, anyway: bool = False) -> ModelEntry | None:
        """Register a file; None, and a notice, when it can't be used.

        `anyway` lets its kind of model be unknown, which the notice of a refusal offers.
        """
        try:
            entry = self._models.add_model(path, anyway=anyway)
        except InglenookError as error:
            is_unknown = error.code == ErrorCode.ARCHITECTURE_UNKNOWN
            action = (
                (_("Try anyway"), partial(self.add_model, path, anyway=True))
                if is_unknown
                else None
            )
            self._notices.post_error("model", error, action)
            return None
        self._notices.dismiss_notice("model")
        self.refresh_models()
        return entry

    def retry_model(self, entry: ModelEntry) -> None:
        """Use a quarantined file, or one of an unknown architecture."""
        try:
            if entry.problem_code == ErrorCode.ARCHITECTURE_UNKNOWN:
                self._models.add_model(entry.path, anyway=True)
            else:
                self._models.retry_model(entry.ref)
        except InglenookError as error:
            self._notices.post_error("model", error)
        else:
            self.choose_model(entry.ref)

    def forget_model(self, ref: str) -> None:
        """Unregister a file or a server."""
        if self.server_choice is not None and self.server_choice.forget_server(ref):
            self.refresh_models()
            return
        try:
            self._models.unregister_model(ref)
        except InglenookError as error:
            self._notices.post_error("model", error)
        self.refresh_models()

    def on_model_event(self, event: ModelsChanged | ModelReady | EngineStateChanged) -> None:
        """Follow an event about models."""
        if isinstance(event, ModelsChanged):
            self.refresh_models()
            return
        if isinstance(event, ModelReady):
            self.last_ready = event
        self.changed.emit()
