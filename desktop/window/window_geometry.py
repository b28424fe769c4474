"""Window geometry saved between starts: position, pane widths, hidden panes."""

import base64
import binascii
import logging

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow, QSplitter

from core.base.errors import InglenookError
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import GEOMETRY

_log = logging.getLogger(__name__)
_SIZE = QSize(1240, 800)
_LEAST, _SMALLEST = QSize(720, 480), QSize(480, 300)
_FRAME = QSize(16, 48)
"""Room for the frame that the system draws around a window, which is not known before it does."""


def save_window_geometry(
    window: QMainWindow, splitter: QSplitter, hidden_panes: str, settings: Settings
) -> None:
    """Save the geometry; a failure to write is only logged."""
    parts = (window.saveGeometry(), splitter.saveState())
    words = " ".join(base64.b64encode(part.data()).decode() for part in parts)
    try:
        settings.set_value(GEOMETRY, f"{words} {hidden_panes}")
    except InglenookError:
        _log.exception("the window's place was not kept")


def restore_window_geometry(window: QMainWindow, splitter: QSplitter, settings: Settings) -> str:
    """Restore the saved geometry and return which panes were hidden, as they were saved.

    Without a valid one the window keeps its default size.
    """
    window.resize(first_size(window.screen().availableSize()))
    words = settings.get_value(GEOMETRY).split()
    if len(words) not in {2, 3}:
        return ""
    try:
        place, parts = (base64.b64decode(word, validate=True) for word in words[:2])
    except binascii.Error:
        return ""
    window.restoreGeometry(QByteArray(place))
    splitter.restoreState(QByteArray(parts))
    return "".join(words[2:])


def first_size(screen: QSize) -> QSize:
    """Return how large a window is at first: on a small screen no larger than that has room for."""
    return _SIZE.boundedTo(screen - _FRAME)


def least_size(screen: QSize) -> QSize:
    """Return how small a window may be made, less where a screen with large pixels holds less.

    Still smaller, nothing in it could be read.
    """
    return _LEAST.boundedTo(screen - _FRAME).expandedTo(_SMALLEST)
