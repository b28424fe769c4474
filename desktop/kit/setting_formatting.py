"""Setting values as text: choice labels, special values, units and step sizes."""

from core.base.i18n import N_, _
from core.base.settings import app_settings as declared
from core.base.settings import window_settings
from core.base.settings.setting import Scalar, Setting

_CHOICES = {
    "system": N_("As the system"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "normal": N_("Normal"),
    "high": N_("High"),
    "auto": N_("Automatic"),
    "on": N_("On"),
    "off": N_("Off"),
    "precise": N_("Precise"),
    "balanced": N_("Balanced"),
    "creative": N_("Creative"),
    "summarise": N_("Summarise early messages"),
    "ask": N_("Ask me"),
    "leave_out": N_("Leave early messages out"),
    "whole": N_("All it can"),
    "less": N_("Less"),
    "similar": N_("Also when it is worded otherwise"),
    "same": N_("When the question is the same"),
    "f16": N_("Exact (f16)"),
    "q8_0": N_("Half the memory (q8_0)"),
    "q4_0": N_("A quarter of the memory (q4_0)"),
}
_SPECIAL = {
    declared.CONTEXT.key: N_("What fits"),
    declared.THREADS.key: N_("One a core"),
    declared.GPU_LAYERS.key: N_("As many as fit"),
    declared.MAX_TOKENS.key: N_("No limit"),
}
"""Meaning of the lowest value of a number, where it isn't a number."""
_UNITS = {
    window_settings.TEXT_SIZE.key: N_("%"),
    declared.STATES_MEGABYTES.key: N_("MB"),
    declared.CONTEXT.key: N_("tokens"),
    declared.MAX_TOKENS.key: N_("tokens"),
}
_STEPS = {
    window_settings.TEXT_SIZE.key: 10,
    declared.STATES_MEGABYTES.key: 256,
    declared.CONTEXT.key: 1024,
    declared.MAX_TOKENS.key: 256,
}


def format_choice(choice: str) -> str:
    """Return the label of a choice; a choice without one is shown as it is."""
    return _(_CHOICES[choice]) if choice in _CHOICES else choice


def format_special_value(setting: Setting[Scalar]) -> str:
    """Return the meaning of the lowest value of a number, "" if it is just the number."""
    return _(_SPECIAL[setting.key]) if setting.key in _SPECIAL else ""


def unit_suffix(setting: Setting[Scalar]) -> str:
    """Return the unit shown behind a number."""
    return f" {_(_UNITS[setting.key])}" if setting.key in _UNITS else ""


def step_size(setting: Setting[Scalar]) -> int:
    """Return the step of the arrow buttons for an integer."""
    return _STEPS.get(setting.key, 1)
