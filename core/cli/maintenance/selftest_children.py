"""Child processes of the self-test, and the steps that need them."""

import contextlib
import hashlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from core.base.errors import ErrorCode, describe_error
from core.base.paths import resources_folder
from core.cli.session import Session
from core.courier.connection.contact_log import CONTACTS_VARIABLE, read_contacts
from core.ipc.child_process import ChildProcess, describe_death
from core.ipc.client import Client, new_request_id
from core.ipc.reply import Reply
from core.messages import CourierEvent, DownloadFiles, DownloadTarget, Hello
from core.messages.selftest_messages import (
    CheckIndex,
    IndexChecked,
    SelftestEvent,
    SelftestServerOpened,
)
from core.sandbox.grants import Grants

STEP_SECONDS = 120.0
"""A step that takes longer has failed; on two busy cores the longest takes ten."""

_EVENTS: dict[str, Any] = {
    "selftest": SelftestEvent,
    "selftest_server": SelftestEvent,
    "courier": CourierEvent,
    "quantizer": Hello,
    "trainer": Hello,
    "bench": Hello,
}
"""The roles, and the events that each may send."""
_ONLY_STARTED = ("quantizer", "trainer", "bench")
"""Roles that no other step asks for anything: that they start shows that nothing is missing."""
_FETCHED = "ferry.pdf"

Result = TypeVar("Result")


class SelftestError(Exception):
    """A step found something unexpected; the text says what."""


class SelftestChildren:
    """`start_during_step` starts them, `with` ends them. One thread uses it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._clients: dict[str, Client[Any]] = {
            role: Client(self._process(role, events), ErrorCode.INTERNAL)
            for role, events in _EVENTS.items()
        }
        self._server_opened: SelftestServerOpened | None = None
        self._clients["selftest_server"].on_broadcast = self._on_server_opened
        self._index_check: Reply[Any, IndexChecked] | None = None

    def _process(self, role: str, events: Any) -> ChildProcess[Any]:  # noqa: ANN401 - a union
        """Return the process of a role, with the folders that its step writes into."""
        paths = self._session.app.paths
        process: ChildProcess[Any] = ChildProcess(
            role,
            events,
            paths.logs / f"{role}.log",
            self._session.wake,
            environment={CONTACTS_VARIABLE: str(paths.contacts)},
        )
        folders = {
            "selftest": (paths.root / "self-test-index",),
            "courier": (paths.root / "self-test-fetched", paths.contacts_folder),
        }
        for folder in folders.get(role, ()):
            folder.mkdir(exist_ok=True)
        process.grants = Grants(write=tuple(map(str, folders.get(role, ()))))
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.ExitStack() as stack:
            for client in self._clients.values():
                stack.callback(client.stop)

    def start_during_step(self, step: Callable[[Session], str]) -> Callable[[Session], str]:
        """Return a step during which the children start: it mostly waits for one process."""

        def start_and_run(session: Session) -> str:
            for client in self._clients.values():
                client.start()
            folder = session.app.paths.root / "self-test-index"
            folder.mkdir(exist_ok=True)
            check = CheckIndex(request_id=new_request_id(), folder=str(folder))
            self._index_check = self._clients["selftest"].send(check)
            return step(session)

        return start_and_run

    def check_index(self, _session: Session) -> str:
        """Check Chroma in a child of its own: a library this small needs no index."""
        assert self._index_check is not None
        return f"{self._wait_for_result('selftest', self._index_check).vectors} vectors"

    def check_courier(self, session: Session) -> str:
        """Download a file from this machine, whole, and find it in the contact log."""
        address = self._wait_for("selftest_server", lambda: self._server_opened).address
        if not address:
            self._wait_for_start("courier")
            return "started; this machine has no network, not even its own"
        content = (resources_folder() / "selftest" / _FETCHED).read_bytes()
        target = session.app.paths.root / "self-test-fetched" / _FETCHED
        file = DownloadTarget(
            name=_FETCHED,
            target=str(target),
            size=len(content),
            digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        )
        download = DownloadFiles(
            request_id=new_request_id(),
            endpoint=address,
            repository="self/test",
            commit="main",
            files=(file,),
        )
        self._wait_for_result("courier", self._clients["courier"].send(download))
        if target.read_bytes() != content:
            raise SelftestError(f"{_FETCHED} is another after it was fetched")
        contacts = read_contacts(session.app.paths.contacts)
        if [contact.why for contact in contacts] != ["fetch"]:
            raise SelftestError(f"the log names {len(contacts)} contacts instead of one")
        return f"{_FETCHED} from {contacts[0].host}, {len(content)} bytes"

    def check_greetings(self, _session: Session) -> str:
        """Wait until each child has found all that it imports at once."""
        for role in _ONLY_STARTED:
            self._wait_for_start(role)
        return ", ".join(_ONLY_STARTED)

    def describe_seals(self, session: Session) -> str:
        """Say what holds the children that the steps have started, each named once."""
        app = session.app
        seals = {role: client.seal for role, client in self._clients.items()}
        seals |= {"engine": app.engine.seal, "library": app.library.seal}
        by_means: dict[str, list[str]] = {}
        for role, seal in seals.items():
            if seal is not None:
                by_means.setdefault(seal.means or "nothing", []).append(role)
        return "; ".join(f"{means}: {', '.join(roles)}" for means, roles in by_means.items())

    def _on_server_opened(self, event: SelftestServerOpened) -> None:
        self._server_opened = event

    def _wait_for_start(self, role: str) -> None:
        self._wait_for(role, lambda: self._clients[role].has_started or None)

    def _wait_for_result(self, role: str, reply: Reply[Any, Result]) -> Result:
        self._wait_for(role, lambda: reply.is_done or None)
        if reply.result is None:
            assert reply.failure is not None
            raise SelftestError(" ".join(describe_error(reply.failure.code, reply.failure.facts)))
        return reply.result

    def _wait_for(self, role: str, get_value: Callable[[], Result | None]) -> Result:
        """Wait until there is a value; a child that ends, or takes too long, fails the step."""
        client = self._clients[role]
        deadline = time.monotonic() + STEP_SECONDS
        while time.monotonic() < deadline:
            client.poll()
            if client.last_death is not None:
                death = client.last_death
                raise SelftestError(f"{role}: {describe_death(death)}: {death.tail[-500:]}")
            if (value := get_value()) is not None:
                return value
            self._session.wait()
        raise SelftestError(f"{role}: no word in {STEP_SECONDS:.0f} s")
