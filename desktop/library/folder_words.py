"""What the states of folders mean, in words."""

from core.app.events import FolderProgress
from core.messages import FolderState
from core.words import _, ngettext
from desktop.words import count, decimal


def state_words(folder: FolderState) -> tuple[str, str]:
    """Return what a folder's state means, and the role of its colour."""
    states = {
        "empty": (_("No readable documents"), "warning"),
        "offline": (_("Not there; still searchable"), "warning"),
        "failed": (_("Reading it failed; sync to try again"), "error"),
        "syncing": (_("Reading…"), "muted"),
        "paused": (_with_waiting(_("Paused"), folder.waiting), "warning"),
        "stopped": (_with_waiting(_("Stopped"), folder.waiting), "muted"),
    }
    if folder.state in states:
        return states[folder.state]
    words = ngettext("{count} document", "{count} documents", folder.indexed)
    return words.format(count=count(folder.indexed)), "muted"


def _with_waiting(words: str, waiting: int) -> str:
    if not waiting:
        return words
    left = ngettext("{count} file left to read", "{count} files left to read", waiting)
    return f"{words} · {left.format(count=count(waiting))}"


def watched_words(folder: FolderState) -> str:
    """Return how changes of a folder come to light, "" if they don't now."""
    watched = {
        "live": _("Changes are read by themselves."),
        "polled": _("It can't be watched and is compared every ten minutes."),
    }
    return watched.get(folder.watched, "")


def place_words(folder: FolderState) -> str:
    """Return where a folder lies, and how its changes come to light."""
    return "\n".join(filter(None, [folder.path, watched_words(folder)]))


def progress_words(progress: FolderProgress) -> str:
    """Return how far the reading is, also within a long file."""
    done = _("{done} of {total}").format(done=count(progress.done), total=count(progress.total))
    current = progress.current
    if current and progress.part > 0:
        percent = decimal(progress.part * 100, 0)
        current = _("{file} {percent} %").format(file=current, percent=percent)
    return " · ".join(filter(None, [done, current]))
