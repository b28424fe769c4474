"""Load balancer: the next address of a server, by its load and its earlier failures."""

import threading
import time
from collections.abc import Sequence

from core.base.clock import Clock
from core.messages import RemoteServer

REST_SECONDS = 30.0
"""Seconds during which an address that failed is used only when no other is left."""
_SMOOTHING = 0.3


class ServerLoadBalancer:
    """Load, failures and delays of the addresses in use. Any thread may use it."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()  # all below
        self._busy: dict[str, int] = {}
        self._failed: dict[str, float] = {}
        self._delays: dict[str, float] = {}  # smoothed seconds to the first text
        self._uses: dict[str, int] = {}

    def choose_server(self, servers: Sequence[RemoteServer], tried: Sequence[str]) -> RemoteServer:
        """Return the server to use, which counts as busy until `release_server`.

        The order: addresses that are not in `tried`, without a recent failure, with the fewest
        running answers, with the fewest answers until now, with the shortest delay.
        """
        with self._lock:
            chosen = min(servers, key=lambda server: self._rank(server.address, tried))
            address = chosen.address
            self._busy[address] = self._busy.get(address, 0) + 1
            self._uses[address] = self._uses.get(address, 0) + 1
            return chosen

    def release_server(self, address: str, *, failed: bool, seconds_to_first: float = 0.0) -> None:
        """Note that an answer of this address has ended."""
        with self._lock:
            self._busy[address] -= 1
            if failed:
                self._failed[address] = self._clock()
            else:
                self._failed.pop(address, None)
            if seconds_to_first:
                before = self._delays.get(address, seconds_to_first)
                self._delays[address] = before + _SMOOTHING * (seconds_to_first - before)

    def _rank(self, address: str, tried: Sequence[str]) -> tuple[float, ...]:
        failed_at = self._failed.get(address)
        failed_lately = failed_at is not None and self._clock() - failed_at < REST_SECONDS
        return (
            tried.count(address),
            float(failed_lately),
            self._busy.get(address, 0),
            self._uses.get(address, 0),
            self._delays.get(address, 0.0),
        )
