"""Opens an address a model wrote, after the person has read it and said yes."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from core.words import _
from desktop.asking import Asking
from desktop.chat.visible import shown
from desktop.theme import Theme


def ask_to_open(theme: Theme, holder: QWidget, address: str) -> Asking:
    """Show the whole address; hand it to the system's browser on yes."""
    asking = Asking(
        theme,
        holder,
        title=_("Open this address in your browser?"),
        text=shown(address),
        deed=_("Open"),
        value=None,
    )
    asking.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    asking.open()
    return asking
