"""Fatal message: why the program can't go on, in a box and on standard error."""

import sys

from core.base.i18n import _
from core.base.paths import APP_NAME


def show_fatal_message(message: str, hint: str) -> None:
    """Report a fatal problem in a message box and on standard error, if there is one."""
    if sys.stderr is not None:  # a windowed program of Windows has none
        sys.stderr.write(f"{message}\n{hint}\n")
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - rarely needed, slow to load

    box = QMessageBox(QMessageBox.Icon.Critical, APP_NAME, message)
    box.setInformativeText(hint)
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
