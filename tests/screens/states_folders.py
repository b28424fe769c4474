"""States of the folders: read, in trouble, checked, embedded anew, and their menus."""

from PySide6.QtWidgets import QToolTip

from core.app.events.app_events import Notice, Problem
from core.messages import EmbedderProgress, FileSkipped, LibraryDamage, LibraryVerified
from desktop.library.folder_row import FolderRow
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import folder
from tests.screens.filled import filled


def notices(front: FakeApp, window: MainWindow) -> None:
    """Three notices, and folders in trouble."""
    filled(front, window)
    front.folder_seen(folder("folder-3", "Stick", state="offline"))
    front.folder_seen(folder("folder-4", "Photos", state="empty", indexed=0, skipped=311))
    for key, severity, message, hint in (
        ("a", "info", "Everything is saved again.", ""),
        ("b", "warning", "The folder /media/stick is not there.", "Plug its drive in."),
        ("c", "error", "notes.gguf is not a GGUF model.", "Choose a file that ends in .gguf."),
    ):
        problem = Problem(code=key, message=message, hint=hint)
        front.emit(Notice(key=key, severity=severity, problem=problem))


def skipped(front: FakeApp, window: MainWindow) -> None:
    """The list of skipped files."""
    filled(front, window)
    window.sidebar.folders.details_wanted.emit("folder-1", "skipped")
    front.skipped_listed(
        f"request-{len(front.calls)}",
        (
            FileSkipped(request_id="", folder_id="", file="taxes/2019.pdf", code="file_encrypted"),
            FileSkipped(request_id="", folder_id="", file="scans/lease.pdf", code="file_no_text"),
        ),
    )


def folders_read(front: FakeApp, window: MainWindow) -> None:
    """Two folders are read: one begins, one is within a long file."""
    filled(front, window)
    front.folder_seen(folder("folder-3", "Archive", state="syncing", indexed=0, skipped=0))
    front.folder_seen(folder("folder-4", "Letters", state="syncing", indexed=0, skipped=0))
    numbers = {"done": 1212, "total": 5430, "skipped": 7, "percent": 60, "seconds_left": 3900}
    front.folder_progress("", "folder-3", **numbers)


def folder_states(front: FakeApp, window: MainWindow) -> None:
    """One folder in each state that isn't ready."""
    filled(front, window)
    for n, (name, state) in enumerate(
        (
            ("Stick", "offline"),
            ("Archive", "paused"),
            ("Letters", "stopped"),
            ("Photos", "empty"),
            ("Server", "failed"),
        )
    ):
        front.folder_seen(folder(f"more-{n}", name, state=state, waiting=331, skipped=0))


def folder_polled(front: FakeApp, window: MainWindow) -> None:
    """The pointer rests on a folder that is compared every ten minutes."""
    filled(front, window)
    front.folder_seen(folder("folder-1", watched="polled"))
    box = window.sidebar.folders.findChildren(FolderRow)[0].box
    QToolTip.showText(box.mapToGlobal(box.rect().bottomLeft()), box.toolTip(), box)


def folder_menu(front: FakeApp, window: MainWindow) -> None:
    """The menu of one folder."""
    filled(front, window)
    front.folder_seen(folder("folder-1", state="paused", waiting=12, hidden=True))
    window.sidebar.folders.findChildren(FolderRow)[0].more.click()


def folders_menu(front: FakeApp, window: MainWindow) -> None:
    """The menu of all folders."""
    filled(front, window)
    window.sidebar.folders.more.click()


def checking(front: FakeApp, window: MainWindow) -> None:
    """What was read is being checked."""
    filled(front, window)
    window.sidebar.folders.check_wanted.emit()


def checked(front: FakeApp, window: MainWindow) -> None:
    """The check found damage, most of which is mended."""
    checking(front, window)
    findings = (
        LibraryDamage(kind="vectors", count=2, mended=True),
        LibraryDamage(kind="texts", count=1, mended=False),
        LibraryDamage(kind="index", count=1, mended=True),
    )
    request_id = f"request-{len(front.calls)}"
    verified = LibraryVerified(
        request_id=request_id, passages=9120, vectors=9120, findings=findings, seconds=4.2
    )
    front.library_says(verified)


def renewing(front: FakeApp, window: MainWindow) -> None:
    """Another embedding model takes its place."""
    filled(front, window)
    path = "/home/me/models/multilingual-e5-large-instruct"
    front.library_says(EmbedderProgress(path=path, done=312, total=1322))


FOLDERS = (
    notices,
    skipped,
    folders_read,
    folder_states,
    folder_polled,
    folder_menu,
    folders_menu,
    checking,
    checked,
    renewing,
)
