"""Network gate of the courier's process: only hosts named by a running request are reached.

Every other lookup and connection is refused, whichever library tries it. The audit hook sees
Python's sockets only; no native library in this process opens any.
"""

import contextlib
import logging
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass  # noqa: TID251 - they read settings and open nothing

from core.ipc.network_lock import NetworkLockedError

_log = logging.getLogger(__name__)
_NEVER_ALLOWED = frozenset({"socket.bind", "socket.sendto", "socket.sendmsg"})
_PROXIED = ("http", "https", "all")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
"""Names of this machine, which is reached without a proxy."""
_OTHER_LOOKUPS = frozenset({"socket.gethostbyname", "socket.gethostbyaddr"})


class NetworkGate:
    """The hosts that may be reached now. Any thread may use it; `lock_network` is final."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._mutex = threading.Lock()  # `_open`
        self._looked_up = threading.local()  # `fine`: whether this thread's last lookup was allowed

    def lock_network(self) -> None:
        """Refuse every host that no request has named, from now on."""
        sys.addaudithook(self._check_socket_event)

    @contextlib.contextmanager
    def allow_host(self, host: str) -> Iterator[None]:
        """Allow `host` and the system's proxies inside the `with` block."""
        hosts = {host.lower(), *proxy_hosts()}
        with self._mutex:
            self._open.update(hosts)
        try:
            yield
        finally:
            with self._mutex:
                self._open.subtract(hosts)

    def is_host_allowed(self, host: object) -> bool:
        """Whether a running request has named `host`."""
        text = host.decode("idna") if isinstance(host, bytes) else str(host)
        with self._mutex:
            return self._open[text.lower()] > 0

    def _check_socket_event(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            self._looked_up.fine = self.is_host_allowed(arguments[0])
            if self._looked_up.fine:
                return
            target = arguments[0]
        elif event == "socket.connect" or event in _NEVER_ALLOWED:
            if getattr(arguments[0], "family", None) == getattr(socket, "AF_UNIX", -1):
                return  # on this machine, as for the key store
            target = arguments[1]
            # Every connection of ours looks its host up in the same thread just before.
            if event == "socket.connect" and getattr(self._looked_up, "fine", False):
                return
        elif event in _OTHER_LOOKUPS:
            target = arguments[0]
        else:
            return
        _log.warning("the gate refused %s to %.200r", event, target)
        raise NetworkLockedError(f"{event} is refused: no request named this host")


def proxy_hosts() -> frozenset[str]:
    """Return the hosts of the proxies that the environment or the system names."""
    names = getproxies()
    hosts = (_host_of(names[scheme]) for scheme in _PROXIED if scheme in names)
    return frozenset(host for host in hosts if host)


def proxy_for(scheme: str, host: str) -> str:
    """Return the host of the proxy for a request, "" for none."""
    names = getproxies()
    if proxy_bypass(host) or host in LOCAL_HOSTS:
        return ""
    return _host_of(names.get(scheme) or names.get("all") or "")


def _host_of(proxy: str) -> str:
    parts = urlsplit(proxy if "://" in proxy else f"//{proxy}")
    with contextlib.suppress(ValueError):
        return parts.hostname or ""
    return ""
