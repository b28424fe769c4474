"""Remembers where the window was, how wide its parts were, and which were hidden."""

import base64
import binascii
import logging

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from core.appearance import GEOMETRY
from core.errors import InglenookError
from core.settings import Settings
from desktop.panes import Panes

_log = logging.getLogger(__name__)
_SIZE = (1240, 800)


def keep_geometry(
    window: QMainWindow, splitter: QSplitter, panes: Panes, settings: Settings
) -> None:
    """Write it down; a disk that refuses costs no more than that."""
    parts = (window.saveGeometry(), splitter.saveState())
    words = " ".join(base64.b64encode(part.data()).decode() for part in parts)
    try:
        settings.set(GEOMETRY, f"{words} {panes.hidden}")
    except InglenookError:
        _log.exception("the window's place was not kept")


def restore_geometry(
    window: QMainWindow, splitter: QSplitter, panes: Panes, settings: Settings
) -> None:
    """Take it up again; without a usable note the window has its first size."""
    window.resize(*_SIZE)
    words = str(settings.get(GEOMETRY)).split()
    if len(words) not in {2, 3}:
        return
    try:
        place, parts = (base64.b64decode(word, validate=True) for word in words[:2])
    except binascii.Error:
        return
    window.restoreGeometry(QByteArray(place))
    splitter.restoreState(QByteArray(parts))
    panes.restore("".join(words[2:]))
