"""Makes visible what a text could hide: invisible, direction-turning and control characters."""

from core.patterns import pattern

_HIDDEN = pattern("[\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001]")


def without_controls(text: str) -> str:
    """Return `text`, of the same length, with control characters replaced."""
    return _CONTROL.sub("\ufffd", text)


def spelled_out(text: str) -> str:
    """Return `text` with invisible and direction-turning characters by their numbers."""
    return _HIDDEN.sub(lambda hit: f"⟨U+{ord(hit[0]):04X}⟩", text)


def shown(text: str) -> str:
    """Return `text` with nothing in it that can't be seen."""
    return spelled_out(without_controls(text))
