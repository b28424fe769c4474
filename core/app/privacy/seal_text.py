"""Seal in words: what the system keeps child processes from."""

import re
from collections.abc import Mapping

from core.base.i18n import N_, _
from core.messages import Seal

_MEANS = {
    "seccomp on": N_("seccomp on"),
    "seccomp off": N_("seccomp off"),
    "sandbox profile": N_("sandbox profile"),
    "sandbox profile of its parent": N_("sandbox profile of its parent"),
    "whole": N_("whole"),
    "less": N_("less strict"),
    "job": N_("job"),
    "few privileges": N_("few privileges"),
    "low integrity": N_("low integrity"),
}
"""The parts that core.sandbox puts into `Seal.means`; names such as “Landlock 7” stay."""
_POLICIES = re.compile(r"(?P<count>\d+) of (?P<total>\d+) policies")


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
    """Return one sentence, which names the means as the system's makers do."""
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
    return text.format(means=", ".join(map(_name_means, seal.means.split(", "))))


def _name_means(part: str) -> str:
    if found := _POLICIES.fullmatch(part):
        return _("{count} of {total} policies").format(**found.groupdict())
    return _(_MEANS[part]) if part in _MEANS else part
