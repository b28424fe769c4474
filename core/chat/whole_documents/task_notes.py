"""Task notes: what is said with the result of a task over documents."""

from core.base.i18n import ngettext


def finished_note(total: int) -> str:
    """Return how many documents were gone through."""
    text = ngettext(
        "Gone through from beginning to end: {count} document.",
        "Gone through from beginning to end: {count} documents.",
        total,
    )
    return text.format(count=total)


def cancelled_note(done: int, total: int) -> str:
    """Return how far a task came that was stopped, and how it goes on."""
    if not total:
        return ""
    text = ngettext(
        "{done} of {total} document is done. What was read is kept: ask again to go on.",
        "{done} of {total} documents are done. What was read is kept: ask again to go on.",
        total,
    )
    return text.format(done=done, total=total)
