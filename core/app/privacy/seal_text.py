"""Seal in words: what the system keeps child processes from."""

from core.base.i18n import _
from core.messages import Seal


def describe_seal(seal: Seal) -> str:
    """Return one sentence; the means are named as the kernel's makers do."""
    if seal.files and seal.calls:
        text = _("Child processes open no file but those they are handed ({means}).")
    elif seal.files or seal.calls:
        text = _("This system holds child processes back only in part ({means}).")
    else:
        text = _("This system does not hold child processes back from other files.")
    return text.format(means=seal.means)
