"""Appearance actions of the View menu: text size, colour scheme, contrast, motion."""

from functools import partial

from core.base.i18n import _
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Scalar, Setting
from core.base.settings.window_settings import CONTRAST, LESS_MOTION, SCHEME, TEXT_SIZE
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.theme import Theme

_STEP = 10


class _AppearanceSettings:
    """Changes appearance settings and applies them to the theme."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        self._theme = theme
        self._settings = settings

    def set_value(self, setting: Setting[Scalar], value: Scalar) -> None:
        self._settings.set_value(setting, value)
        self._theme.apply_settings()

    def is_set(self, setting: Setting[Scalar], value: Scalar) -> bool:
        return bool(self._settings.get_value(setting) == value)

    def toggle(self, setting: Setting[Scalar], on: Scalar) -> None:
        """Between `on` and what it is without being set."""
        self.set_value(setting, setting.default if self.is_set(setting, on) else on)

    def change_text_size(self, step: int) -> None:
        least, most = TEXT_SIZE.minimum, TEXT_SIZE.maximum
        assert least is not None
        assert most is not None
        wanted = self._settings.get_value(TEXT_SIZE) + step
        self.set_value(TEXT_SIZE, int(min(max(wanted, least), most)))


def register_appearance_actions(registry: ActionRegistry, theme: Theme, settings: Settings) -> None:
    """Register the appearance actions in the View menu."""
    appearance = _AppearanceSettings(theme, settings)
    for action_id, label, run, keys in (
        (
            "view.larger",
            _("Larger text"),
            partial(appearance.change_text_size, _STEP),
            ("Ctrl++", "Ctrl+="),
        ),
        (
            "view.smaller",
            _("Smaller text"),
            partial(appearance.change_text_size, -_STEP),
            ("Ctrl+-",),
        ),
        (
            "view.normal_size",
            _("Text of the usual size"),
            partial(appearance.set_value, TEXT_SIZE, TEXT_SIZE.default),
            ("Ctrl+0",),
        ),
    ):
        registry.add_action(action_id, MenuGroup.VIEW, label, run, keys=keys, section=20)
    for action_id, label, setting, value in (
        ("view.light", _("Light"), SCHEME, "light"),
        ("view.dark", _("Dark"), SCHEME, "dark"),
        ("view.contrast", _("High contrast"), CONTRAST, "high"),
        ("view.less_motion", _("Less motion"), LESS_MOTION, True),
    ):
        registry.add_action(
            action_id,
            MenuGroup.VIEW,
            label,
            partial(appearance.toggle, setting, value),
            section=30,
            checked=partial(appearance.is_set, setting, value),
        )
