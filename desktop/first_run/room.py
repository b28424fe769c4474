"""Welcomes a person once, and again when they ask for it."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from core.appearance import WELCOMED
from core.errors import InglenookError
from core.settings import Settings
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.dialogs import Dialogs
from desktop.drops import Dropped
from desktop.ports import Front
from desktop.theme import Theme


class WelcomeDeeds(Struct, frozen=True):
    """What the welcome offers, done by the rooms of the window."""

    show_privacy: Callable[[], object]
    open_models: Callable[[], object]
    choose_folder: Callable[[], object]
    open_dropped: Callable[[Dropped], object]
    add_folder: Callable[[str], object]
    suggest: Callable[[str], object]
    """Put a question where one types."""


class WelcomeRoom(QObject):
    """The welcome counts as seen when it is closed, however that is done."""

    def __init__(self, front: Front, theme: Theme, deeds: WelcomeDeeds, window: QWidget) -> None:
        super().__init__(window)
        self._front = front
        self._settings: Settings = front.settings
        self._theme = theme
        self._deeds = deeds
        self._window = window
        self._dialog: QDialog | None = None

    def register(self, registry: ActionRegistry, dialogs: Dialogs) -> None:
        """Offer it under Help; it is shown by itself on a root nobody was welcomed on."""
        self._dialogs = dialogs
        registry.add("help.welcome", Group.HELP, _("Welcome…"), self.show, section=10)

    def greet(self) -> None:
        """Show it if it wasn't seen yet."""
        if not self._settings.get(WELCOMED):
            self.show()

    def show(self) -> None:
        """Show it."""
        self._dialogs.open("welcome", self._make)

    def _make(self) -> QDialog:
        from core.app.suggestion import suggestion  # noqa: PLC0415 - not for the first paint
        from desktop.first_run.pages import FolderPage, ModelPage, PrivatePage  # noqa: PLC0415
        from desktop.first_run.welcome import Welcome  # noqa: PLC0415

        private = PrivatePage(self._theme)
        private.check_wanted.connect(self._deeds.show_privacy)
        suggested = suggestion(self._front.plans.devices)
        model = ModelPage(self._theme, self._front.models.chosen(), suggested)
        model.models_wanted.connect(self._deeds.open_models)
        folder = FolderPage(self._theme)
        folder.folder_wanted.connect(self._on_folder_wanted)
        folder.dropped.connect(self._on_dropped)
        folder.sample_wanted.connect(self._on_sample_wanted)
        self._dialog = Welcome(self._theme, (private, model, folder), self._window)
        self._dialog.finished.connect(self._on_finished)
        return self._dialog

    def _on_folder_wanted(self) -> None:
        self._close()
        self._deeds.choose_folder()

    def _on_dropped(self, dropped: Dropped) -> None:
        self._close()
        self._deeds.open_dropped(dropped)

    def _on_sample_wanted(self) -> None:
        from desktop.first_run.pages import sample_folder  # noqa: PLC0415

        self._close()
        self._deeds.add_folder(str(sample_folder()))
        self._deeds.suggest(_("When is the chimney swept, and by whom?"))

    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()

    def _on_finished(self, _code: int) -> None:
        self._dialog = None
        try:
            self._settings.set(WELCOMED, value=True)
        except InglenookError:
            return  # a disk that refuses says so where something is lost; here nothing is
