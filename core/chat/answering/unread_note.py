"""Unread note: what is said of files that were not read yet when an answer was given."""

from core.base.i18n import _, ngettext
from core.messages import UNKNOWN_COUNT


def format_unread_files(count: int, *, read_since: bool = False) -> str:
    """Return the sentence for so many files that were unread, "" for none."""
    if read_since and count:
        return _("Files that were not read then are read by now.")
    if count == UNKNOWN_COUNT:
        return _("The folder was only being listed: ask again when its files are read.")
    if not count:
        return ""
    words = ngettext(
        "{count} file was not read yet: ask again when it is.",
        "{count} files were not read yet: ask again when they are.",
        count,
    )
    return words.format(count=count)
