"""Setting type: key, default, bounds and label of one setting, its section and when it applies."""

from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from core.base.i18n import N_

Scalar = bool | int | float | str
Value_co = TypeVar("Value_co", bound=Scalar, covariant=True)


class SettingSection(StrEnum):
    """Sections of the settings, in their order."""

    APPEARANCE = N_("Appearance")
    OUTSIDE = N_("Outside the window")
    ANSWERS = N_("Answers")
    MODEL = N_("Model and memory")
    FOLDERS = N_("Folders")
    NETWORK = N_("Network")
    OTHER = N_("More")
    HIDDEN = ""
    """Stored by the program itself, not shown."""


class SettingEffect(StrEnum):
    """Text about when a change takes effect; "" for at once."""

    NOW = ""
    NEXT_QUESTION = N_("From the next question on.")
    MODEL_RELOAD = N_("From the next question on; the model is loaded anew for it.")
    NEXT_MODEL_LOAD = N_("When a model is loaded next.")
    NEXT_READING = N_("For documents that are read from now on.")
    NEXT_START = N_("When Inglenook is started next.")


class Setting(NamedTuple, Generic[Value_co]):
    """One setting. `minimum` and `maximum` bound numbers; `choices` bound text."""

    key: str
    default: Value_co
    label: str
    help: str
    section: SettingSection
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    effect: SettingEffect = SettingEffect.NOW

    def accepts(self, value: object) -> bool:
        """Return whether `value` has the default's type and lies in bounds."""
        whole_for_real = isinstance(self.default, float) and type(value) is int
        if type(value) is not type(self.default) and not whole_for_real:
            return False
        if self.choices and value not in self.choices:
            return False
        if not isinstance(value, int | float):
            return True
        # Written so that NaN, which compares false with everything, is refused.
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )
