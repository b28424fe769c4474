"""An address a model wrote, as it can be judged: its host letter by letter, and what is odd."""

import unicodedata
from urllib.parse import urlsplit

from core.words import _
from desktop.chat.visible import shown


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


def oddities(address: str) -> list[str]:
    """Return what a person should know before an address is opened, a sentence each."""
    found: list[str] = []
    host = host_of(address)
    wire, read = encoded_host(host), decoded_host(host)
    if wire != read:
        words = _("Its host is “{read}”, which is “{wire}” in plain letters.")
        found.append(words.format(read=shown(read), wire=shown(wire)))
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
        found.append(words.format(host=shown(host)))
    if parts.query or parts.fragment:
        found.append(_("It carries more than a place: what stands behind “?” or “#” is sent too."))
    return found


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0]
