"""Visible forms of invisible, direction-turning and control characters in a text."""

from core.base.lazy_regex import lazy_pattern

_HIDDEN = lazy_pattern("[\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_CONTROL = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001]")


def replace_controls(text: str) -> str:
    """Return `text`, of the same length, with control characters replaced."""
    return _CONTROL.sub("\ufffd", text)


def spell_out_invisible(text: str) -> str:
    """Return `text` with invisible and direction-turning characters by their numbers."""
    return _HIDDEN.sub(lambda hit: f"⟨U+{ord(hit[0]):04X}⟩", text)


def visible_text(text: str) -> str:
    """Return `text` without invisible characters."""
    return spell_out_invisible(replace_controls(text))
