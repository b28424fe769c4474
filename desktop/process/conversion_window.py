"""Conversion window: shows how far files are encrypted or decrypted, while nothing else is open."""

import sys

from PySide6.QtCore import QEventLoop, QProcess
from PySide6.QtWidgets import QApplication, QProgressDialog

from core.app.encryption.conversion import ConversionProgress
from core.base.i18n import _
from core.base.paths import APP_NAME, Paths

_STEPS = 1000


class ConversionWindow:
    """A bar that appears with the first progress and goes with the last."""

    def __init__(self) -> None:
        self._bar: QProgressDialog | None = None

    def show_progress(self, progress: ConversionProgress) -> None:
        """Draw the bar; the application's thread is busy between two calls."""
        if self._bar is None:
            self._bar = QProgressDialog()
            self._bar.setWindowTitle(APP_NAME)
            self._bar.setLabelText(_("Your files are converted. This can be cut off; it goes on."))
            self._bar.setCancelButton(None)
            self._bar.setRange(0, _STEPS)
            self._bar.show()
        self._bar.setValue(_STEPS * progress.done // max(1, progress.total))
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        if progress.done >= progress.total:
            self._bar.close()
            self._bar.deleteLater()
            self._bar = None


def start_again(paths: Paths) -> None:
    """Start the program once more over the same data folder; this process ends."""
    program = [] if getattr(sys, "frozen", False) else ["-P", "-m", "desktop"]
    QProcess.startDetached(sys.executable, [*program, "--root", str(paths.root)])
