"""Which model answers, and whether it is loaded yet."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from core.app.events import ModelReady, ModelsChanged
from core.app.events_models import ModelLoading, ModelUnloaded
from core.errors import Code, InglenookError
from core.models.entry import ModelEntry
from core.words import _
from desktop.models.servers import RemoteChoice
from desktop.notices import Notices
from desktop.ports import ModelCalls

LOADING, READY = "loading", "ready"


class ModelChoice(QObject):
    """Makes the calls about models; header and dialog show what it knows."""

    changed = Signal()

    def __init__(self, models: ModelCalls, notices: Notices, holder: QObject | None = None) -> None:
        super().__init__(holder)
        self._models = models
        self._notices = notices
        self.remote: RemoteChoice | None = None
        """Auto and servers, which the window adds."""
        self.state = ""
        self.models: tuple[ModelEntry, ...] = ()
        self.chosen: ModelEntry | None = None
        self.ready: ModelReady | None = None
        """What was told when a model was loaded last."""

    def refresh(self) -> None:
        """Ask what is on the shelf."""
        before = self.chosen.ref if self.chosen else ""
        self._look()
        if self.chosen is None or self.chosen.ref != before:
            self.state = LOADING if before and self.chosen is not None else ""
        self.changed.emit()

    def _look(self) -> None:
        """Take what there is, and who answers the open chat."""
        local = self._models.all()
        self.models = self.remote.entries(local) if self.remote else local
        current = self.remote.current() if self.remote else None
        self.chosen = current or self._models.chosen()

    def choose(self, ref: str) -> bool:
        """Let another model answer; returns whether that is possible."""
        if self.remote is not None and self.remote.take(ref):
            self.refresh()
            self.state = ""
            self.changed.emit()
            return True
        try:
            entry = self._models.choose(ref)
        except InglenookError as error:
            self._notices.refuse("model", error)
            return False
        self._notices.drop("model")
        self._look()
        self.chosen = entry
        self.state = LOADING
        self.changed.emit()
        return True

    def add(self, path: str, *, anyway: bool = False) -> ModelEntry | None:
        """Put a file on the shelf; None when it can't be used, which is told.

        `anyway` lets its kind of model be unknown, which the notice of a refusal offers.
        """
        try:
            entry = self._models.add(path, anyway=anyway)
        except InglenookError as error:
            is_unknown = error.code == Code.ARCHITECTURE_UNKNOWN
            action = (_("Try anyway"), partial(self.add, path, anyway=True)) if is_unknown else None
            self._notices.refuse("model", error, action)
            return None
        self._notices.drop("model")
        self.refresh()
        return entry

    def try_again(self, entry: ModelEntry) -> None:
        """Use a file that was put aside, or one whose kind of model is not known."""
        try:
            if entry.problem_code == Code.ARCHITECTURE_UNKNOWN:
                self._models.add(entry.path, anyway=True)
            else:
                self._models.retry(entry.ref)
        except InglenookError as error:
            self._notices.refuse("model", error)
        else:
            self.choose(entry.ref)

    def forget(self, ref: str) -> None:
        """Take a file off the shelf, or a server off the list."""
        if self.remote is not None and self.remote.forget(ref):
            self.refresh()
            return
        try:
            self._models.forget(ref)
        except InglenookError as error:
            self._notices.refuse("model", error)
        self.refresh()

    def handle(self, event: ModelsChanged | ModelReady) -> None:
        """Take what was heard about models."""
        if isinstance(event, ModelsChanged):
            self.refresh()
        elif self.chosen is not None and event.ref == self.chosen.ref:
            self.state = READY
            self.ready = event
            self.changed.emit()

    def is_loading(self, event: ModelLoading) -> None:
        """The model is being loaded, also without a question: at the start, or for a choice."""
        if self.chosen is not None and event.path == self.chosen.path:
            self.set_loading()

    def unloaded(self, event: ModelUnloaded) -> None:
        """The model is in memory no more, or its loading was stopped."""
        if self.state and self.chosen is not None and event.path == self.chosen.path:
            self.state = ""
            self.changed.emit()

    def set_loading(self) -> None:
        """An answer waits for the model."""
        if self.state != LOADING:
            self.state = LOADING
            self.changed.emit()

    def give_up_loading(self) -> None:
        """Loading ended in a problem."""
        if self.state == LOADING:
            self.state = ""
            self.changed.emit()
