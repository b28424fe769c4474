"""Welcome controller: shows the welcome tour on the first run, and again on demand."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import WELCOMED
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.drag_and_drop import DroppedPaths
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme


class WelcomeActionCallbacks(Struct, frozen=True):
    """What the welcome offers, done by the controllers of the window."""

    show_privacy: Callable[[], object]
    open_models: Callable[[], object]
    choose_folder: Callable[[], object]
    open_dropped: Callable[[DroppedPaths], object]
    add_folder: Callable[[str], object]
    suggest: Callable[[str], object]
    """Put a question into the composer."""


class WelcomeController(QObject):
    """Shows the welcome; it counts as seen once it is closed, in whatever way."""

    def __init__(
        self, app: App, theme: Theme, callbacks: WelcomeActionCallbacks, window: QWidget
    ) -> None:
        super().__init__(window)
        self._app = app
        self._settings: Settings = app.settings
        self._theme = theme
        self._callbacks = callbacks
        self._window = window
        self._tour: Page | None = None

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Register the Help action; a new root shows the welcome by itself."""
        self._dialogs = dialogs
        registry.add_action("help.welcome", MenuGroup.HELP, _("Welcome…"), self.show, section=10)

    def show_on_first_run(self) -> None:
        """Show the welcome if it wasn't seen yet."""
        if not self._settings.get_value(WELCOMED):
            self.show()

    def show(self) -> None:
        """Open the welcome as a page, also again later."""
        self._dialogs.open_page("welcome", self._make)

    def _make(self) -> Page:
        from core.app.models.model_suggestion import suggest_model  # noqa: PLC0415 - not before it is asked for
        from desktop.first_run.welcome_pages import (  # noqa: PLC0415
            WelcomeFolderPage,
            WelcomeModelPage,
            WelcomePrivacyPage,
        )
        from desktop.first_run.welcome_tour import WelcomeTour  # noqa: PLC0415

        private = WelcomePrivacyPage(self._theme)
        private.check_wanted.connect(self._callbacks.show_privacy)
        suggested = suggest_model(self._app.devices.known_devices)
        model = WelcomeModelPage(self._theme, self._app.models.chosen_model(), suggested)
        model.models_wanted.connect(self._callbacks.open_models)
        folder = WelcomeFolderPage(self._theme)
        folder.folder_wanted.connect(self._on_folder_wanted)
        folder.dropped.connect(self._on_dropped)
        folder.sample_wanted.connect(self._on_sample_wanted)
        self._tour = WelcomeTour(self._theme, (private, model, folder), self._window)
        self._tour.finished.connect(self._on_finished)
        return self._tour

    def _on_folder_wanted(self) -> None:
        self._close()
        self._callbacks.choose_folder()

    def _on_dropped(self, dropped: DroppedPaths) -> None:
        self._close()
        self._callbacks.open_dropped(dropped)

    def _on_sample_wanted(self) -> None:
        from desktop.first_run.welcome_pages import sample_folder  # noqa: PLC0415

        self._close()
        self._callbacks.add_folder(str(sample_folder()))
        self._callbacks.suggest(_("When is the chimney swept, and by whom?"))

    def _close(self) -> None:
        if self._tour is not None:
            self._tour.accept()

    def _on_finished(self, _code: int) -> None:
        self._tour = None
        try:
            self._settings.set_value(WELCOMED, value=True)
        except InglenookError:
            return  # a disk that refuses says so where something is lost; here nothing is
