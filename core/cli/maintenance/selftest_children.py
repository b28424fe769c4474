"""Child processes of the self-test, and the steps that need them."""

import contextlib
import hashlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import uuid_utils

from core.base.errors import describe_error
from core.base.paths import resources_folder
from core.cli.session import Session
from core.courier.connection.contact_log import CONTACTS_VARIABLE, read_contacts
from core.ipc.child_process import ChildProcess, describe_death
from core.messages import (
    ChildDied,
    CourierEvent,
    DownloadFiles,
    DownloadTarget,
    Failed,
    FilesDownloaded,
    Hello,
    Message,
)
from core.messages.selftest_messages import CheckIndex, HostOpened, IndexChecked, SelftestEvent

STEP_SECONDS = 120.0
"""A step that takes longer has failed; on two busy cores the longest takes ten."""

_EVENTS: dict[str, Any] = {
    "selftest": SelftestEvent,
    "host": SelftestEvent,
    "courier": CourierEvent,
    "levels": Hello,
    "bench": Hello,
}
"""The roles, and what each may say."""
_GREETING = ("levels", "bench")
"""Roles that no other step asks for anything: that they start shows that nothing is missing."""
_FETCHED = "ferry.pdf"
# Nobody is asked to open a key store for a test.
_NO_KEY_STORE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}

Wanted = TypeVar("Wanted", bound=Message)


class SelftestError(Exception):
    """A step saw something else than it should; the text says what."""


class SelftestChildren:
    """`start_during_step` starts them, `with` ends them. One thread uses it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        paths = session.app.paths
        environment = {CONTACTS_VARIABLE: str(paths.contacts), **_NO_KEY_STORE}
        self._workers: dict[str, ChildProcess[Any]] = {
            role: ChildProcess(
                role, events, paths.logs / f"{role}.log", session.wake, environment=environment
            )
            for role, events in _EVENTS.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.ExitStack() as stack:
            for worker in self._workers.values():
                stack.callback(worker.stop)

    def start_during_step(self, step: Callable[[Session], str]) -> Callable[[Session], str]:
        """Return a step during which they get ready: it waits for one process, mostly."""

        def both(session: Session) -> str:
            for worker in self._workers.values():
                worker.start()
            folder = session.app.paths.root / "self-test-index"
            folder.mkdir()
            check = CheckIndex(request_id=uuid_utils.uuid7().hex, folder=str(folder))
            self._workers["selftest"].send(check)
            return step(session)

        return both

    def check_index(self, _session: Session) -> str:
        """Chroma, in a child of its own: a library this small needs no index."""
        return f"{self._first('selftest', IndexChecked).vectors} vectors"

    def check_courier(self, session: Session) -> str:
        """A file of this machine comes through the courier, whole, and stands in its log."""
        address = self._first("host", HostOpened).address
        if not address:
            self._first("courier", Hello)
            return "started; this machine has no network, not even its own"
        content = (resources_folder() / "selftest" / _FETCHED).read_bytes()
        target = session.app.paths.root / "self-test-fetched" / _FETCHED
        wanted = DownloadTarget(
            name=_FETCHED,
            target=str(target),
            size=len(content),
            digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        )
        fetch = DownloadFiles(
            request_id=uuid_utils.uuid7().hex,
            endpoint=address,
            repository="self/test",
            commit="main",
            files=(wanted,),
        )
        self._workers["courier"].send(fetch)
        self._first("courier", FilesDownloaded)
        if target.read_bytes() != content:
            raise SelftestError(f"{_FETCHED} is another after it was fetched")
        contacts = read_contacts(session.app.paths.contacts)
        if [contact.why for contact in contacts] != ["fetch"]:
            raise SelftestError(f"the log names {len(contacts)} contacts instead of one")
        return f"{_FETCHED} from {contacts[0].host}, {len(content)} bytes"

    def check_greetings(self, _session: Session) -> str:
        """Each says hello, so it has found all that it imports at once."""
        for role in _GREETING:
            self._first(role, Hello)
        return ", ".join(_GREETING)

    def _first(self, role: str, wanted: type[Wanted]) -> Wanted:
        """Return a child's next event of the kind that is wanted; the others are dropped."""
        deadline = time.monotonic() + STEP_SECONDS
        while time.monotonic() < deadline:
            for event in self._workers[role].poll():
                if isinstance(event, wanted):
                    return event
                if isinstance(event, ChildDied):
                    raise SelftestError(f"{role}: {describe_death(event)}: {event.tail[-500:]}")
                if isinstance(event, Failed):
                    raise SelftestError(" ".join(describe_error(event.code, event.facts)))
            self._session.wait()
        raise SelftestError(f"{role}: no word in {STEP_SECONDS:.0f} s")
