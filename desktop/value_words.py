"""What the values of settings are called where a person chooses among them."""

from core import appearance
from core import settings as declared
from core.setting import Setting
from core.words import N_, _

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
"""What the least value of a number stands for, where it isn't a number at all."""
_UNITS = {
    appearance.TEXT_SIZE.key: N_("%"),
    declared.STATES_MEGABYTES.key: N_("MB"),
    declared.CONTEXT.key: N_("tokens"),
    declared.MAX_TOKENS.key: N_("tokens"),
}
_STEPS = {
    appearance.TEXT_SIZE.key: 10,
    declared.STATES_MEGABYTES.key: 256,
    declared.CONTEXT.key: 1024,
    declared.MAX_TOKENS.key: 256,
}


def choice_words(choice: str) -> str:
    """Return what a choice is called; one nobody named is shown as it is."""
    return _(_CHOICES[choice]) if choice in _CHOICES else choice


def special_words(setting: Setting) -> str:
    """Return what the least value of a number stands for, "" where it is just that."""
    return _(_SPECIAL[setting.key]) if setting.key in _SPECIAL else ""


def unit(setting: Setting) -> str:
    """Return what stands behind a number."""
    return f" {_(_UNITS[setting.key])}" if setting.key in _UNITS else ""


def step(setting: Setting) -> int:
    """Return by how much an arrow changes a whole number."""
    return _STEPS.get(setting.key, 1)
