"""Seal in words: what the system keeps child processes from."""

from collections.abc import Mapping

from core.base.i18n import _
from core.messages import Seal


def describe_seals(seals: Mapping[str, Seal]) -> list[str]:
    """Return a line for all children that are held alike, which names them."""
    alike: dict[str, list[str]] = {}
    for name, seal in seals.items():
        alike.setdefault(describe_seal(seal), []).append(_child_name(name))
    line = _("{text} Started: {children}.")
    return [line.format(text=text, children=", ".join(each)) for text, each in alike.items()]


def _child_name(name: str) -> str:
    return {
        "engine": _("models"),
        "library": _("folders"),
        "courier": _("network"),
        "planner": _("memory planning"),
        "ladders": _("levels"),
        "quantization": _("quantization"),
        "api": _("port for other programs"),
        "examples": _("training examples"),
        "trainer": _("training"),
    }[name]


def describe_seal(seal: Seal) -> str:
    """Return one sentence; the means are named as the kernel's makers do."""
    if seal.means == "off":
        text = _("Child processes run without a seal: it is off, or they did not start under it.")
    elif seal.files and seal.calls:
        text = _("Child processes open no file but those they are handed ({means}).")
    elif seal.writes and not seal.files:
        text = _(
            "Child processes write no file but those they are handed; this system does not keep"
            " them from reading ({means})."
        )
    elif seal.files or seal.calls:
        text = _("This system holds child processes back only in part ({means}).")
    else:
        text = _("This system does not hold child processes back from other files.")
    return text.format(means=seal.means)
