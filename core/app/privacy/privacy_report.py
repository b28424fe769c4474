"""Privacy report: open connections, contacted hosts, and what the network lock refused."""

import contextlib
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
from msgspec import Struct

from core.api.request_log import read_requests
from core.base.paths import Paths
from core.courier.connection.contact_log import Contact, read_contacts
from core.messages import ApiActivity, Seal

_REFUSED = re.compile(
    r"^(?P<when>[\d-]+ [\d:]+),\d+ \d+ WARNING core\.(?:ipc\.network_lock|privacy): "
    r"network lock refused (?P<what>\S+) to (?P<target>.*)$"
)
MAX_REFUSALS = 200
MAX_REQUESTS = 200


class NetworkRefusal(Struct, frozen=True):
    """Something tried to reach the network and was not let; `when` in seconds since the epoch."""

    when: float
    who: str
    what: str
    target: str


class NetworkConnection(Struct, frozen=True):
    """A connection that is open now, of this process or a child; or a port that is listened on."""

    pid: int
    address: str
    listening: bool


class PrivacyReport(Struct, frozen=True):
    """The newest first. `connections` None: this system doesn't say."""

    connections: tuple[NetworkConnection, ...] | None
    contacts: tuple[Contact, ...]
    refusals: tuple[NetworkRefusal, ...]
    requests: tuple[ApiActivity, ...]
    """What programs of this computer asked, counted."""
    seals: Mapping[str, Seal]
    """What holds each child process that was started, by its name."""


def build_privacy_report(paths: Paths, seals: Mapping[str, Seal]) -> PrivacyReport:
    """Look at all of it now."""
    return PrivacyReport(
        connections=list_open_connections(),
        contacts=read_contacts(paths.contacts),
        refusals=read_refusals(paths),
        requests=read_requests(paths.api_log, MAX_REQUESTS),
        seals=seals,
    )


def list_open_connections() -> tuple[NetworkConnection, ...] | None:
    """Ask the system for internet sockets of this process and its children that lead somewhere."""
    try:
        this = psutil.Process()
        return tuple(
            found
            for each in (this, *this.children(recursive=True))
            for found in _connections_of(each)
        )
    except psutil.Error:
        return None


def _connections_of(process: psutil.Process) -> Iterator[NetworkConnection]:
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
        for each in process.net_connections(kind="inet"):
            place = each.raddr or each.laddr
            if place:
                listening = not each.raddr
                address = f"{place.ip}:{place.port}"
                yield NetworkConnection(pid=process.pid, address=address, listening=listening)


def read_refusals(paths: Paths) -> tuple[NetworkRefusal, ...]:
    """Return what the network lock refused, as the logs tell it."""
    found = [each for log in sorted(paths.logs.glob("*.log")) for each in _refused_in(log)]
    return tuple(sorted(found, key=lambda each: each.when, reverse=True)[:MAX_REFUSALS])


def _refused_in(log: Path) -> Iterator[NetworkRefusal]:
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        if match := _REFUSED.match(line):
            yield NetworkRefusal(
                when=_seconds(match["when"]),
                who=log.stem,
                what=match["what"],
                target=match["target"],
            )


def _seconds(logged: str) -> float:
    """Logs are written in local time."""
    return time.mktime(time.strptime(logged, "%Y-%m-%d %H:%M:%S"))
