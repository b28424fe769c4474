"""Opening of documents in the system's own program, or in its file manager if unsafe."""

import sys
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_DOCUMENTS = {"pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx", "odp"}
_PICTURES = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"}
_TEXTS = {"txt", "text", "md", "markdown", "csv", "tsv", "log", "rst"}
_OPENED = frozenset(_DOCUMENTS | _PICTURES | _TEXTS)
"""Documents, pictures and plain text. Everything else may run a program when it is opened:
scripts, shortcuts, web pages, office files with macros, mails with attachments, archives."""


class OpenOutcome(Enum):
    """Result of opening a file."""

    OPENED = "opened"
    SHOWN = "shown"
    GONE = "gone"


def is_safe_to_open(path: str) -> bool:
    """Return whether the system's program for a file only shows it, judged by its name.

    A name that a system reads in another way than it appears (dots or spaces at its end, a stream
    of another file) is not trusted, nor is a link, whose target has a name of its own.
    """
    name = Path(path).name
    stem, _, ending = name.rpartition(".")
    plain = bool(stem) and ending.lower() in _OPENED and ":" not in name
    return plain and not Path(path).is_symlink()


def open_externally(path: str) -> OpenOutcome:
    """Open a file with the system's program for it, or show it in its folder."""
    if not Path(path).is_file():
        return OpenOutcome.GONE
    if is_safe_to_open(path):
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))
        return OpenOutcome.OPENED
    show_in_folder(path)
    return OpenOutcome.SHOWN


def show_in_folder(path: str) -> None:
    """Show a file in the system's file manager, without opening it."""
    if sys.platform == "win32":
        QProcess.startDetached("explorer.exe", ["/select,", path])
    elif sys.platform == "darwin":
        QProcess.startDetached("/usr/bin/open", ["-R", path])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))
