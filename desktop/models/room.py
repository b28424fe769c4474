"""Opens the dialog of models, passes on what is heard of them, and tells what ends without it."""

import typing
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from core.app.events import AppEvent, ModelReady, Notice, RequestFailed
from core.app.events_fetch import FetchesChanged, FetchMoved, FetchPlanned
from core.app.events_ladder import LadderEvent, LevelFinished, LevelMoved, LevelsMeasured
from core.app.events_models import ModelAdded, ModelEvent, ModelLoading, ModelUnloaded
from core.app.fetches import CHECKING, DONE, FAILED, FETCHING
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.chat.view import ChatView
from desktop.dialogs import Dialogs
from desktop.models.choice import ModelChoice
from desktop.models.loading_badge import LoadingBadge
from desktop.notices import Notices
from desktop.ports import Front
from desktop.theme import Theme

_NAME = "models"
SHELF_EVENTS = (
    ModelReady,
    *typing.get_args(ModelEvent),
    *typing.get_args(LadderEvent),
    FetchPlanned,
    FetchMoved,
    FetchesChanged,
)
"""What the room is told."""


class Listening(Protocol):
    """The dialog, as far as this needs it before it is imported."""

    def turn_to(self, tab: str) -> None:
        """Show a tab."""

    def handle(self, event: AppEvent) -> None:
        """Take what was heard."""

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked there."""


class ModelRoom(QObject):
    """One window's; `busy_changed` comes when something long begins or ends."""

    busy_changed = Signal()

    def __init__(
        self,
        front: Front,
        theme: Theme,
        notices: Notices,
        choice: ModelChoice,
        dialogs: Dialogs,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._choice = choice
        self._dialogs = dialogs
        self._window = window
        self._dialog: Listening | None = None
        self._told: set[str] = set()  # fetches whose end was told
        self.badge = LoadingBadge(theme)
        self.badge.stop_wanted.connect(front.loads.cancel_loading)

    def follow(self, view: ChatView) -> None:
        """Show over the chat how far loading is."""
        view.header.badges.addWidget(self.badge)

    def register(self, registry: ActionRegistry) -> None:
        """Offer catalog, folders, and the memory back."""
        for action_id, label, tab in (
            ("models.catalog", _("Fetch a model…"), "catalog"),
            ("models.folders", _("Folders of models…"), "folders"),
        ):
            registry.add(action_id, Group.MODELS, label, partial(self.open, tab), section=20)
        registry.add(
            "models.unload",
            Group.MODELS,
            _("Take the model out of memory"),
            self._front.loads.unload,
            section=30,
            enabled=lambda: bool(self._front.loads.path),
        )

    @property
    def busy(self) -> bool:
        """Whether something is fetched, made or measured: a child may end without a word."""
        fetching = any(state.state in {FETCHING, CHECKING} for state in self._front.fetches.all())
        return fetching or bool(self._front.levels.busy)

    def open(self, tab: str = "shelf") -> None:
        """Show the models, beginning with a tab."""
        self._dialogs.open(_NAME, self._make)
        if self._dialog is not None:
            self._dialog.turn_to(tab)

    def handle(self, event: AppEvent) -> None:
        """Take what was heard of models, files, levels and fetches."""
        if isinstance(event, ModelLoading):
            self.badge.show_share(event.share)
            self._choice.is_loading(event)
        elif isinstance(event, ModelReady | ModelUnloaded):
            self.badge.show_share(None)
        if isinstance(event, ModelUnloaded):
            self._choice.unloaded(event)
        if isinstance(event, ModelAdded) or (
            isinstance(event, FetchMoved) and event.fetch.state == DONE
        ):
            self._front.checksums.all_missing()
        if self._dialog is not None:
            self._dialog.handle(event)
        elif isinstance(event, FetchMoved):
            self._tell_fetch(event)
        elif isinstance(event, LevelFinished):
            words = _("{level} is made, as {name}.")
            self._notices.say("level", words.format(level=event.level, name=event.ref))
        elif isinstance(event, LevelsMeasured):
            self._notices.say("level", _("The levels are measured."), _("Models shows them."))
        if isinstance(event, FetchesChanged | FetchMoved | LevelFinished | LevelMoved):
            self.busy_changed.emit()

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked in the dialog."""
        self.busy_changed.emit()
        return self._dialog is not None and self._dialog.fail(event)

    def give_up_loading(self) -> None:
        """Loading ended in a problem, which is told elsewhere."""
        self.badge.show_share(None)

    def _make(self) -> QDialog:
        from desktop.models.dialog import ModelDialog  # noqa: PLC0415 - not for the first paint

        self._choice.refresh()
        dialog = ModelDialog(self._theme, self._notices, self._front, self._choice, self._window)
        dialog.finished.connect(self._on_finished)
        self._dialog = dialog
        return dialog

    def _on_finished(self, _code: int) -> None:
        self._dialog = None

    def _tell_fetch(self, event: FetchMoved) -> None:
        """Say once how a fetch ended that nobody watched."""
        fetch = event.fetch
        key = f"fetch {fetch.plan.fetch_id}"
        if fetch.state not in {DONE, FAILED}:
            self._told.discard(key)
            return
        if key in self._told:
            return
        self._told.add(key)
        if fetch.problem is not None:
            show = (_("Show it"), partial(self.open, "shelf"))
            self._notices.post(Notice(key=key, severity="error", problem=fetch.problem), show)
        elif fetch.ref:
            words = _("“{model}” was fetched and checked.").format(model=fetch.ref)
            use = (_("Use it"), partial(self._choice.choose, fetch.ref))
            self._notices.say(key, words, action=use)
