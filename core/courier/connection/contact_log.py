"""Contact log (the privacy log): every host contacted, when, why, and bytes in and out.

The courier's child appends a line before it opens the first connection of a request to a host, and
more lines while bytes come: what was opened stands there even if everything is killed. Whoever
shows it reads it, in any process:

    read_contacts(paths.contacts)  -> tuple[Contact, ...], the newest first
    clear_contacts(paths.contacts) forgets them, except what is still open

A line is the whole Contact as JSON; the last line of a `contact_id` counts.
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
"""Tells the child where the log is."""
MAX_CONTACTS = 1000
"""So many contacts are kept; older ones are dropped when a child starts."""
NOTE_SECONDS = 5.0
"""How often the bytes of a contact that goes on are written down."""
OPEN, DONE, FAILED, REFUSED = "open", "done", "failed", "refused"


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One host, contacted for one request. Times in seconds since the epoch, bytes of bodies.

    `why` is "list", "fetch", "update", "answer" or "models"; `about` names what was asked for: a
    repository, a file, a model, never text of a chat. `outcome` is "open" (going on, or cut off
    with the whole program), "done", "failed" or "refused" (by the gate: nothing was opened).
    `proxy` is the host it went through, "" for none.
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
    """A contact that is going on. Any thread may count."""

    def __init__(self, contact: Contact, write: Callable[[Contact], None]) -> None:
        self._contact = contact
        self._write = write
        self._noted = time.monotonic()
        self._lock = threading.Lock()  # the contact and when it was noted
        write(contact)

    def add_traffic(self, *, requests: int = 0, sent: int = 0, received: int = 0) -> None:
        """Add what went over the wire; written down now and then."""
        with self._lock:
            now, before = time.monotonic(), self._contact
            self._contact = msgspec.structs.replace(
                before,
                requests=before.requests + requests,
                sent=before.sent + sent,
                received=before.received + received,
            )
            if now - self._noted >= NOTE_SECONDS:
                self._noted = now
                self._write(self._contact)

    def finish_contact(self, outcome: str) -> None:
        """Write down how it ended."""
        with self._lock:
            self._contact = msgspec.structs.replace(
                self._contact, ended=time.time(), outcome=outcome
            )
            self._write(self._contact)


class ContactLog:
    """The writing side; belongs to the courier's child. Any thread may begin a contact."""

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
        """Write down that a host is about to be contacted; OSError means it may not be."""
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
    """Return what is in the log, the newest first; a line that is torn is passed over."""
    return tuple(reversed(_latest(path)))


def clear_contacts(path: Path) -> None:
    """Forget all contacts but those that are going on. Raises StorageError."""
    recent = time.time() - 3600
    _rewrite(path, [each for each in _latest(path) if each.outcome == OPEN and each.began > recent])


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
