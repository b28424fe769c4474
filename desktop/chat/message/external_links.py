"""External links in messages: suspicious parts of an address, and the dialog before opening it."""

import unicodedata
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from core.base.i18n import _
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text


def host_of(address: str) -> str:
    """Return the host of an address, "" if it has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def encoded_host(host: str) -> str:
    """Return a host in ASCII form: other characters as "xn--…"."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("punycode").decode("ascii")


def decoded_host(host: str) -> str:
    """Return a host in Unicode form, without "xn--…"."""
    labels: list[str] = []
    for label in host.split("."):
        if label.lower().startswith("xn--"):
            try:
                labels.append(label.encode("ascii").decode("idna"))
                continue
            except UnicodeError:
                pass
        labels.append(label)
    return ".".join(labels)


def address_warnings(address: str) -> list[str]:
    """Return warnings about an address, to be read before it is opened."""
    found: list[str] = []
    host = host_of(address)
    wire, read = encoded_host(host), decoded_host(host)
    if wire != read:
        words = _("Its host is “{read}”, which is “{wire}” in plain letters.")
        found.append(words.format(read=visible_text(read), wire=visible_text(wire)))
        scripts = sorted({_script(letter) for letter in read if letter.isalpha()})
        if len(scripts) > 1:
            mixed = _("Letters of several scripts are mixed in it: {scripts}.")
            found.append(mixed.format(scripts=", ".join(scripts)))
        elif scripts and scripts[0] != "LATIN":
            other = _("Its letters are {script}, though they may look like others.")
            found.append(other.format(script=scripts[0]))
    try:
        parts = urlsplit(address)
    except ValueError:
        found.append(_("It is not a well-formed address."))
        return found
    if parts.username is not None:
        words = _("The part before “@” is no host; the host is “{host}”.")
        found.append(words.format(host=visible_text(host)))
    if parts.query or parts.fragment:
        found.append(_("It carries more than a place: what stands behind “?” or “#” is sent too."))
    return found


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0]


_LINE = 48
"""Characters of an address that fit into one line of the dialog."""


def ask_to_open_link(theme: Theme, parent: QWidget, address: str) -> ConfirmDialog:
    """Show the whole address with warnings; open it in the system's browser if confirmed."""
    asking = ConfirmDialog(
        theme,
        parent.window(),
        title=_("Open this address in your browser?"),
        text="\n\n".join([_breakable(visible_text(address)), *address_warnings(address)]),
        button_text=_("Open"),
        value=None,
    )
    asking.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    asking.open()
    return asking


def _breakable(address: str) -> str:
    """Return an address that a label can wrap, so that all of it is visible."""
    return "\n".join(address[at : at + _LINE] for at in range(0, len(address), _LINE))
