"""Startup benchmark: an empty PySide6 window and Inglenook's own, until a key arrives.

Each imports only what it needs before its window; the arrival of a key is printed last.
"""

import os
import runpy
import sys
import time
from pathlib import Path


def show_empty_window() -> None:
    """Show a text field alone and wait for a key in it."""
    from PySide6.QtWidgets import QApplication, QPlainTextEdit  # noqa: PLC0415

    application = QApplication(sys.argv[:1])
    window = QPlainTextEdit()
    window.show()
    assert application is not None
    _wait_for_key()


def start_inglenook(root: str) -> None:
    """Start the program as usual, with an event loop that ends at the first key."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    QApplication.exec = staticmethod(_wait_for_key)  # type: ignore[method-assign]
    sys.argv[1:] = ["--root", root]
    runpy.run_module("desktop", run_name="__main__", alter_sys=True)


def prepare_root(root: str) -> None:
    """Prepare a root as after a first start: models are read, the welcome was shown."""
    from core.app.app import App  # noqa: PLC0415
    from core.base.paths import Paths  # noqa: PLC0415
    from core.base.settings.window_settings import WELCOMED  # noqa: PLC0415

    app = App(Paths(Path(root)), lambda: None)
    app.open_root()
    app.settings.set_value(WELCOMED, value=True)
    app.registry.list_models()
    app.close()


def _wait_for_key() -> int:
    from PySide6.QtCore import QEvent, Qt  # noqa: PLC0415
    from PySide6.QtGui import QKeyEvent  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit  # noqa: PLC0415

    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    window = next((each for each in shown if isinstance(each, QMainWindow)), shown[0])
    field = window.focusWidget() or window
    assert isinstance(field, QPlainTextEdit)
    while not window.windowHandle().isExposed():
        QApplication.processEvents()
    QApplication.processEvents()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = QKeyEvent(kind, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x")
        QApplication.postEvent(field, key)
    while field.toPlainText() != "x":
        QApplication.processEvents()
    sys.stdout.write(f"{time.monotonic_ns()}\n")
    sys.stdout.flush()
    os._exit(0)
