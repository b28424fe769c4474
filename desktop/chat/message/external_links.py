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
    """Return a host as it goes over the wire: other letters than a to z as "xn--…"."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("punycode").decode("ascii")


def decoded_host(host: str) -> str:
    """Return a host as it would be shown, "xn--…" as the letters it stands for."""
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
    """Return what a person should know before an address is opened, a sentence each."""
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
"""Letters of an address that fit into one line of the dialog."""


def ask_to_open_link(theme: Theme, holder: QWidget, address: str) -> ConfirmDialog:
    """Show the whole address, and what is odd in it; hand it to the system's browser on yes."""
    asking = ConfirmDialog(
        theme,
        holder.window(),
        title=_("Open this address in your browser?"),
        text="\n\n".join([_breakable(visible_text(address)), *address_warnings(address)]),
        button_text=_("Open"),
        value=None,
    )
    asking.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
    asking.open()
    return asking


def _breakable(address: str) -> str:
    """Return an address that a label can break into lines: all of it is to be seen."""
    return "\n".join(address[at : at + _LINE] for at in range(0, len(address), _LINE))
