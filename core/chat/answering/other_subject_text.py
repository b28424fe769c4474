"""Other subject, as it is said: the documents speak of another one than the question."""

from core.base.i18n import _


def other_subject_text(asked: str, found: str) -> str:
    """Say that the documents speak of what was `found`, not of what was asked; "" for nothing."""
    if not found:
        return ""
    text = _("The documents speak of “{found}”, not of “{asked}”.")
    return text.format(found=found, asked=asked)
