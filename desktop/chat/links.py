"""Opens an address a model wrote, after the person has read it and said yes."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from core.words import _
from desktop.asking import Asking
from desktop.chat.addresses import oddities
from desktop.chat.visible import shown
from desktop.theme import Theme

_LINE = 48
"""Letters of an address that fit into one line of the dialog."""


def ask_to_open(theme: Theme, holder: QWidget, address: str) -> Asking:
    """Show the whole address, and what is odd in it; hand it to the system's browser on yes."""
    asking = Asking(
        theme,
        holder.window(),
        title=_("Open this address in your browser?"),
        text="\n\n".join([_breakable(shown(address)), *oddities(address)]),
        deed=_("Open"),
        value=None,
    )
    asking.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    asking.open()
    return asking


def _breakable(address: str) -> str:
    """Return an address that a label can break into lines: all of it is to be seen."""
    return "\n".join(address[at : at + _LINE] for at in range(0, len(address), _LINE))
