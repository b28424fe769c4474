"""What can be said, and checked, about the network: connections now, contacts, what was refused."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from msgspec import Struct

from core.courier.contacts import Contact, read_contacts
from core.paths import Paths

_REFUSED = re.compile(
    r"^(?P<when>[\d-]+ [\d:]+),\d+ \d+ WARNING core\.privacy: "
    r"network lock refused (?P<what>\S+) to (?P<target>.*)$"
)
KEPT = 200


class Refusal(Struct, frozen=True):
    """Something tried to reach the network and was not let; `when` in seconds since the epoch."""

    when: float
    who: str
    what: str
    target: str


class Connection(Struct, frozen=True):
    """A connection that is open now, of this process or a child; or a port that is listened on."""

    pid: int
    address: str
    listening: bool


class PrivacyReport(Struct, frozen=True):
    """The newest first. `connections` None: this system doesn't say."""

    connections: tuple[Connection, ...] | None
    contacts: tuple[Contact, ...]
    refusals: tuple[Refusal, ...]


def report(paths: Paths) -> PrivacyReport:
    """Look at all of it now."""
    return PrivacyReport(
        connections=open_connections(),
        contacts=read_contacts(paths.contacts),
        refusals=refusals(paths),
    )


def open_connections() -> tuple[Connection, ...] | None:
    """Ask the system for internet sockets of this process and its children that lead somewhere."""
    try:
        this = psutil.Process()
        return tuple(
            found for each in (this, *this.children(recursive=True)) for found in _of(each)
        )
    except psutil.Error:
        return None


def _of(process: psutil.Process) -> Iterator[Connection]:
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
        for each in process.net_connections(kind="inet"):
            place = each.raddr or each.laddr
            if place:
                listening = not each.raddr
                address = f"{place.ip}:{place.port}"
                yield Connection(pid=process.pid, address=address, listening=listening)


def refusals(paths: Paths) -> tuple[Refusal, ...]:
    """Return what the network lock refused, as the logs tell it."""
    found = [each for log in sorted(paths.logs.glob("*.log")) for each in _refused_in(log)]
    return tuple(sorted(found, key=lambda each: each.when, reverse=True)[:KEPT])


def _refused_in(log: Path) -> Iterator[Refusal]:
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        if told := _REFUSED.match(line):
            yield Refusal(
                when=_seconds(told["when"]), who=log.stem, what=told["what"], target=told["target"]
            )


def _seconds(logged: str) -> float:
    """Logs are written in local time."""
    return time.mktime(time.strptime(logged, "%Y-%m-%d %H:%M:%S"))
