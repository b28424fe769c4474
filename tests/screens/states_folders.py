"""States of the folders: read, in trouble, checked, embedded anew, and their menus."""

from PySide6.QtWidgets import QToolTip

from core.app.events.app_events import Notice, Problem
from core.messages import (
    EmbedderProgress,
    FileSkipped,
    LibraryDamage,
    LibraryVerified,
    VerifyLibrary,
)
from desktop.library.folder_row import FolderRow
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.values import folder
from tests.screens.filled import filled


def notices(backend: ScriptedBackend, window: MainWindow) -> None:
    """Three notices, and folders in trouble."""
    filled(backend, window)
    backend.folder_seen(folder("folder-3", "Stick", state="offline"))
    backend.folder_seen(folder("folder-4", "Photos", state="empty", indexed=0, skipped=311))
    for key, severity, message, hint in (
        ("a", "info", "Everything is saved again.", ""),
        ("b", "warning", "The folder /media/stick is not there.", "Plug its drive in."),
        ("c", "error", "notes.gguf is not a GGUF model.", "Choose a file that ends in .gguf."),
    ):
        problem = Problem(code=key, message=message, hint=hint)
        window.controllers.notices.post_notice(Notice(key=key, severity=severity, problem=problem))


def skipped(backend: ScriptedBackend, window: MainWindow) -> None:
    """The list of skipped files."""
    filled(backend, window)
    backend.library.skipped["folder-1"] = (
        FileSkipped(request_id="", folder_id="", file="taxes/2019.pdf", code="file_encrypted"),
        FileSkipped(request_id="", folder_id="", file="scans/lease.pdf", code="file_no_text"),
    )
    window.sidebar.folders.details_wanted.emit("folder-1", "skipped")
    backend.pump()


def folders_read(backend: ScriptedBackend, window: MainWindow) -> None:
    """Two folders are read: one begins, one is within a long file."""
    filled(backend, window)
    backend.folder_seen(folder("folder-4", "Letters", state="syncing", indexed=0, skipped=0))
    backend.read_folder(folder("folder-3", "Archive", indexed=0, skipped=0))
    backend.folder_progress(1212, 5430, skipped=7, part=0.6, seconds_left=3900.0)


def folder_states(backend: ScriptedBackend, window: MainWindow) -> None:
    """One folder in each state that isn't ready."""
    filled(backend, window)
    for n, (name, state) in enumerate(
        (
            ("Stick", "offline"),
            ("Archive", "paused"),
            ("Letters", "stopped"),
            ("Photos", "empty"),
            ("Server", "failed"),
        )
    ):
        backend.folder_seen(folder(f"more-{n}", name, state=state, waiting=331, skipped=0))


def folder_polled(backend: ScriptedBackend, window: MainWindow) -> None:
    """The pointer rests on a folder that is compared every ten minutes."""
    filled(backend, window)
    backend.folder_seen(folder("folder-1", watched="polled"))
    box = window.sidebar.folders.findChildren(FolderRow)[0].box
    QToolTip.showText(box.mapToGlobal(box.rect().bottomLeft()), box.toolTip(), box)


def folder_menu(backend: ScriptedBackend, window: MainWindow) -> None:
    """The menu of one folder."""
    filled(backend, window)
    backend.folder_seen(folder("folder-1", state="paused", waiting=12, hidden=True))
    window.sidebar.folders.findChildren(FolderRow)[0].more.click()


def folders_menu(backend: ScriptedBackend, window: MainWindow) -> None:
    """The menu of all folders."""
    filled(backend, window)
    window.sidebar.folders.more.click()


def checking(backend: ScriptedBackend, window: MainWindow) -> None:
    """What was read is being checked."""
    filled(backend, window)
    backend.library.held.add(VerifyLibrary)
    window.sidebar.folders.check_wanted.emit()


def checked(backend: ScriptedBackend, window: MainWindow) -> None:
    """The check found damage, most of which is mended."""
    checking(backend, window)
    findings = (
        LibraryDamage(kind="vectors", count=2, mended=True),
        LibraryDamage(kind="texts", count=1, mended=False),
        LibraryDamage(kind="index", count=1, mended=True),
    )
    backend.library_answers(
        LibraryVerified, passages=9120, vectors=9120, findings=findings, seconds=4.2
    )


def renewing(backend: ScriptedBackend, window: MainWindow) -> None:
    """Another embedding model takes its place."""
    filled(backend, window)
    path = "/home/me/models/multilingual-e5-large-instruct"
    backend.library.deliver(EmbedderProgress(path=path, done=312, total=1322))
    backend.pump()


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
