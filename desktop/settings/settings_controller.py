"""Settings controller: opens the settings page and applies what is changed there."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core.app.events.app_events import SettingChanged
from core.base.i18n import _
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Scalar, Setting, SettingSection
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice


class SettingsController(QObject):
    """`changed` names each setting that was changed on the page, or by a command in a terminal."""

    changed = Signal(object)  # Setting
    _values_changed = Signal()
    """Something was changed outside the page."""

    def __init__(
        self,
        theme: Theme,
        notices: NoticeCenter,
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

    def register_actions(self, registry: ActionRegistry, dialogs: DialogManager) -> None:
        """Register the action that opens the page."""
        registry.add_action(
            "file.settings",
            MenuGroup.FILE,
            _("Settings…"),
            lambda: dialogs.open_page("settings", self._make),
            keys="Ctrl+,",
            section=80,
            role=QAction.MenuRole.PreferencesRole,
        )

    def _make(self) -> Page:
        from desktop.settings.setting_editors import special_editors  # noqa: PLC0415
        from desktop.settings.settings_page import SettingsPage  # noqa: PLC0415 - not for the first paint

        self._models.refresh_models()
        special = special_editors(self._theme, self._models.models)
        page = SettingsPage(self._theme, self._notices, self._settings, self._window, special)
        page.changed.connect(self.changed)
        self._theme.changed.connect(page.refresh_values)
        self._models.changed.connect(page.refresh_values)
        self._values_changed.connect(page.refresh_values)
        return page

    def on_app_event(self, event: SettingChanged) -> None:
        """Do as if a setting that a command changed had been changed on the page."""
        setting = next(each for each in declared.ALL_SETTINGS if each.key == event.key)
        self._values_changed.emit()
        self.changed.emit(setting)

    def _on_changed(self, setting: Setting[Scalar]) -> None:
        if setting.section is SettingSection.APPEARANCE:
            self._theme.apply_settings()
        elif setting is declared.MODEL:
            path = self._settings.get_value(setting)
            ref = next((each.ref for each in self._models.models if each.path == path), "")
            if ref:
                self._models.choose_model(ref)
            self._models.refresh_models()
