"""Folder states and reading progress formatted as text."""

from core.base.i18n import _, ngettext
from core.base.time_left import format_time_left
from core.messages import FolderState, SyncProgress
from desktop.kit.locale_formatting import format_count, format_decimal


def format_folder_state(folder: FolderState) -> tuple[str, str]:
    """Return a folder's state as text, and the role of its colour."""
    states = {
        "empty": (_("No readable documents"), "warning"),
        "offline": (_("Not there; still searchable"), "warning"),
        "failed": (_("Reading it failed; sync to try again"), "error"),
        "syncing": (_("Reading…"), "muted"),
        "paused": (_with_waiting(_("Paused"), folder.waiting), "warning"),
        "stopped": (_format_interrupted(folder), "muted"),
        "waiting": (_format_interrupted(folder), "muted"),
    }
    if folder.state in states:
        return states[folder.state]
    words = ngettext("{count} document", "{count} documents", folder.indexed)
    documents = words.format(count=format_count(folder.indexed))
    if not folder.changes:
        return documents, "muted"
    changed = ngettext("{count} change to read", "{count} changes to read", folder.changes)
    return f"{documents} · {changed.format(count=format_count(folder.changes))}", "muted"


def _format_interrupted(folder: FolderState) -> str:
    """Return the state of a folder that goes on by itself: nobody stops one here but by a pause."""
    if folder.waiting:
        return _format_waiting(folder.waiting)
    return _("Not compared to its end yet")


def _with_waiting(words: str, waiting: int) -> str:
    return f"{words} · {_format_waiting(waiting)}" if waiting else words


def _format_waiting(waiting: int) -> str:
    left = ngettext("{count} file left to read", "{count} files left to read", waiting)
    return left.format(count=format_count(waiting))


def format_watch_state(folder: FolderState) -> str:
    """Return how changes of a folder are noticed, "" if it is not watched now."""
    watched = {
        "live": _("Changes are read by themselves."),
        "polled": _("It can't be watched and is compared every ten minutes."),
    }
    return watched.get(folder.watched, "")


def format_folder_location(folder: FolderState) -> str:
    """Return a folder's path, and how its changes are noticed."""
    return "\n".join(filter(None, [folder.path, format_watch_state(folder)]))


def format_row_progress(progress: SyncProgress) -> str:
    """Return what has room in a folder's row: the time left, or the file while it is unknown."""
    left = format_time_left(progress.seconds_left)
    return f"{_format_done(progress)} · {left}" if left else format_folder_progress(progress)


def format_folder_progress(progress: SyncProgress) -> str:
    """Return the progress of a sync as text, also within a long file."""
    current = progress.current
    if current and progress.part > 0:
        percent = format_decimal(progress.part * 100, 0)
        current = _("{file} {percent} %").format(file=current, percent=percent)
    return " · ".join(filter(None, [_format_done(progress), current]))


def _format_done(progress: SyncProgress) -> str:
    return _("{done} of {total}").format(
        done=format_count(progress.done), total=format_count(progress.total)
    )
