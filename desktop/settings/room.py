"""Opens the page of settings, and lets what is changed there be felt."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from core import settings as declared
from core.setting import Section, Setting
from core.settings import Settings
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.dialogs import Dialogs
from desktop.models.choice import ModelChoice
from desktop.notices import Notices
from desktop.theme import Theme


class SettingsRoom(QObject):
    """`changed` tells of each setting that was changed on the page."""

    changed = Signal(object)  # Setting

    def __init__(
        self,
        theme: Theme,
        notices: Notices,
        settings: Settings,
        models: ModelChoice,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._notices = notices
        self._settings = settings
        self._models = models
        self._window = window
        self.changed.connect(self._on_changed)

    def register(self, registry: ActionRegistry, dialogs: Dialogs) -> None:
        """Offer the page."""
        registry.add(
            "file.settings",
            Group.FILE,
            _("Settings…"),
            lambda: dialogs.open("settings", self._make),
            keys="Ctrl+,",
            section=80,
            role=QAction.MenuRole.PreferencesRole,
        )

    def _make(self) -> QDialog:
        from desktop.settings.page import SettingsPage  # noqa: PLC0415 - not for the first paint
        from desktop.settings.special import special_editors  # noqa: PLC0415

        self._models.refresh()
        special = special_editors(self._theme, self._models.models)
        page = SettingsPage(self._theme, self._notices, self._settings, self._window, special)
        page.changed.connect(self.changed)
        return page

    def _on_changed(self, setting: Setting) -> None:
        if setting.section is Section.LOOKS:
            self._theme.look_again()
        elif setting is declared.MODEL:
            path = str(self._settings.get(setting))
            ref = next((each.ref for each in self._models.models if each.path == path), "")
            if ref:
                self._models.choose(ref)
            self._models.refresh()
