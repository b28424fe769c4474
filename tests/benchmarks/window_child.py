"""One of the two programs that tests.benchmarks.window compares: `empty`, or `inglenook ROOT`.

Only what the program itself needs is imported before its window; it prints when a key arrived.
"""

import os
import sys
import time


def main() -> int:
    """Start the program, with an event loop that ends at the first key."""
    if sys.argv[1] == "empty":
        return _empty()
    # The order in which the program itself imports: shiboken looks into whatever comes after Qt.
    import core.app.app  # noqa: F401, I001, PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415
    from desktop.__main__ import main as start  # noqa: PLC0415

    QApplication.exec = staticmethod(_wait_for_key)  # type: ignore[method-assign]
    return start(["--root", sys.argv[2]])


def _empty() -> int:
    from PySide6.QtWidgets import QApplication, QPlainTextEdit  # noqa: PLC0415

    application = QApplication(sys.argv[:1])
    window = QPlainTextEdit()
    window.show()
    assert application is not None
    return _wait_for_key()


def _wait_for_key() -> int:
    from PySide6.QtCore import QEvent, Qt  # noqa: PLC0415
    from PySide6.QtGui import QKeyEvent  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QPlainTextEdit  # noqa: PLC0415

    def turn() -> None:
        QApplication.processEvents()

    window = next(w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow())
    while not window.windowHandle().isExposed():
        turn()
    turn()
    target = window.focusWidget() or window
    assert isinstance(target, QPlainTextEdit)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = QKeyEvent(kind, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x")
        QApplication.postEvent(target, key)
    while target.toPlainText() != "x":
        turn()
    sys.stdout.write(f"{time.monotonic_ns()}\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
