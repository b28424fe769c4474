"""What one can change about the looks from the keyboard: the size of text, contrast, motion."""

from functools import partial

from core.appearance import CONTRAST, LESS_MOTION, SCHEME, TEXT_SIZE
from core.setting import Scalar, Setting
from core.settings import Settings
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.theme import Theme

_STEP = 10


class _Looks:
    """Keeps a setting and shows it."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        self._theme = theme
        self._settings = settings

    def put(self, setting: Setting, value: Scalar) -> None:
        self._settings.set(setting, value)
        self._theme.look_again()

    def is_set(self, setting: Setting, value: Scalar) -> bool:
        return bool(self._settings.get(setting) == value)

    def flip(self, setting: Setting, on: Scalar) -> None:
        """Between `on` and what it is without being set."""
        self.put(setting, setting.default if self.is_set(setting, on) else on)

    def grow(self, step: int) -> None:
        least, most = TEXT_SIZE.minimum, TEXT_SIZE.maximum
        assert least is not None
        assert most is not None
        wanted = int(self._settings.get(TEXT_SIZE)) + step
        self.put(TEXT_SIZE, int(min(max(wanted, least), most)))


def register_looks(registry: ActionRegistry, theme: Theme, settings: Settings) -> None:
    """Offer it under View."""
    looks = _Looks(theme, settings)
    for action_id, label, deed, keys in (
        ("view.larger", _("Larger text"), partial(looks.grow, _STEP), ("Ctrl++", "Ctrl+=")),
        ("view.smaller", _("Smaller text"), partial(looks.grow, -_STEP), ("Ctrl+-",)),
        (
            "view.normal_size",
            _("Text of the usual size"),
            partial(looks.put, TEXT_SIZE, TEXT_SIZE.default),
            ("Ctrl+0",),
        ),
    ):
        registry.add(action_id, Group.VIEW, label, deed, keys=keys, section=20)
    for action_id, label, setting, value in (
        ("view.light", _("Light"), SCHEME, "light"),
        ("view.dark", _("Dark"), SCHEME, "dark"),
        ("view.contrast", _("High contrast"), CONTRAST, "high"),
        ("view.less_motion", _("Less motion"), LESS_MOTION, True),
    ):
        registry.add(
            action_id,
            Group.VIEW,
            label,
            partial(looks.flip, setting, value),
            section=30,
            checked=partial(looks.is_set, setting, value),
        )
