"""Contact log (the privacy log): every host contacted, when, why, and bytes in and out.

The courier's child appends a line before it opens the first connection of a request to a host, and
more lines while bytes come: a contact is in the log even if all processes are killed. Any process
may read it with `read_contacts`.

A line is a whole Contact as JSON; the last line with a `contact_id` counts.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import uuid_utils

from core.base.data_files import append_data_line, read_data_lines, write_data_lines

_log = logging.getLogger(__name__)

CONTACTS_VARIABLE = "INGLENOOK_CONTACTS"
"""Environment variable with the path of the log, for the child."""
MAX_CONTACTS = 1000
"""Contacts that are kept; older ones are removed when a child starts."""
WRITE_SECONDS = 5.0
"""Seconds between two lines of an open contact."""
OPEN, DONE, FAILED, REFUSED = "open", "done", "failed", "refused"


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One host, contacted for one request. Times in seconds since the epoch; bytes of bodies.

    `why` is "list", "fetch", "update", "answer", "models" or "index"; `about` names the object: a
    repository, a file, a model, never text of a chat. `outcome` is "open" (running, or cut off by
    the end of the program), "done", "failed" or "refused" (by the gate: nothing was opened).
    `proxy` is the host of the proxy, "" for none.
    """

    contact_id: str
    began: float
    host: str
    port: int
    why: str
    about: str = ""
    proxy: str = ""
    ended: float = 0.0
    requests: int = 0
    sent: int = 0
    received: int = 0
    outcome: str = OPEN


class OpenContact:
    """A contact that is still open. Any thread may use it."""

    def __init__(self, contact: Contact, write: Callable[[Contact], None]) -> None:
        self._contact = contact
        self._write = write
        self._written_at = time.monotonic()
        # `_contact` and `_written_at`; held while a line is written: the last one counts
        self._lock = threading.Lock()
        write(contact)

    def add_traffic(self, *, requests: int = 0, sent: int = 0, received: int = 0) -> None:
        """Add traffic; it is written every WRITE_SECONDS."""
        with self._lock:
            now, before = time.monotonic(), self._contact
            self._contact = msgspec.structs.replace(
                before,
                requests=before.requests + requests,
                sent=before.sent + sent,
                received=before.received + received,
            )
            if now - self._written_at >= WRITE_SECONDS:
                self._written_at = now
                self._write(self._contact)

    def finish_contact(self, outcome: str) -> None:
        """Write the end with its outcome."""
        with self._lock:
            self._contact = msgspec.structs.replace(
                self._contact, ended=time.time(), outcome=outcome
            )
            self._write(self._contact)


class ContactLog:
    """The writing side, in the courier's child. Any thread may open a contact."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()  # one line at a time
        with contextlib.suppress(Exception):  # a log that can't be shortened only grows
            kept = _latest(path)
            if len(kept) > MAX_CONTACTS:
                _rewrite(path, kept[-MAX_CONTACTS:])

    def open_contact(
        self, host: str, port: int, why: str, about: str, proxy: str = ""
    ) -> OpenContact:
        """Write that a host is about to be contacted. Raises OSError; then it must not be."""
        contact = Contact(
            contact_id=uuid_utils.uuid7().hex,
            began=time.time(),
            host=host,
            port=port,
            why=why,
            about=about,
            proxy=proxy,
        )
        return OpenContact(contact, self._write)

    def _write(self, contact: Contact) -> None:
        with self._lock:
            append_data_line(self._path, msgspec.json.encode(contact))


def read_contacts(path: Path) -> tuple[Contact, ...]:
    """Return the contacts, the newest first; incomplete lines are ignored."""
    return tuple(reversed(_latest(path)))


def _latest(path: Path) -> list[Contact]:
    try:
        lines = read_data_lines(path)
    except OSError:
        return []
    contacts: dict[str, Contact] = {}
    for line in lines:
        with contextlib.suppress(msgspec.MsgspecError):
            contact = msgspec.json.decode(line, type=Contact)
            contacts[contact.contact_id] = contact
    return list(contacts.values())


def _rewrite(path: Path, contacts: list[Contact]) -> None:
    write_data_lines(path, (msgspec.json.encode(each) for each in contacts))
