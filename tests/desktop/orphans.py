"""Widgets that were shown before they had a parent: each is a window for a moment.

On a screen it flashes, and the window system gives it the keys. An event filter over the
application would see them too, but wraps every object of Qt in Python, and those that are dying.
"""

import traceback
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

_SHOW, _SET_VISIBLE = QWidget.show, QWidget.setVisible


class Orphans:
    """Windows that were shown; `found` are those that got a parent later."""

    def __init__(self) -> None:
        self._shown: list[tuple[weakref.ref[QWidget], str]] = []

    def note(self, widget: QWidget) -> None:
        """Keep in mind a widget that is shown now, if that makes it a window."""
        if widget.parentWidget() is None and widget.windowType() is Qt.WindowType.Window:
            frames = [frame for frame in traceback.extract_stack() if frame.filename != __file__]
            where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
            self._shown.append((weakref.ref(widget), where))

    def found(self) -> Iterator[str]:
        """Yield a line for each that was no window after all."""
        for shown, where in self._shown:
            widget = shown()
            if widget is not None and isValid(widget) and widget.parentWidget() is not None:
                name = widget.objectName() or widget.accessibleName()
                yield f"{type(widget).__name__} “{name}” at {where}"


_watching: list[Orphans] = []


def _show(widget: QWidget) -> None:
    for orphans in _watching[-1:]:
        orphans.note(widget)
    _SHOW(widget)


def _set_visible(widget: QWidget, visible: bool) -> None:
    for orphans in _watching[-1:] if visible else ():
        orphans.note(widget)
    _SET_VISIBLE(widget, visible)


# For good: PySide keeps what it found of a class, and dies of a method that is put back.
QWidget.show = _show  # type: ignore[method-assign]
QWidget.setVisible = _set_visible  # type: ignore[method-assign]


@contextmanager
def watched() -> Iterator[Orphans]:
    """Look at every widget that is shown from Python."""
    _watching.append(Orphans())
    try:
        yield _watching[-1]
    finally:
        _watching.pop()
