"""Load balancer: the next address of a server, by its load and its earlier failures."""

import threading
import time
from collections.abc import Callable, Sequence

from core.messages import RemoteServer

REST_SECONDS = 30.0
"""How long an address that failed is asked only when no other is left."""
_SMOOTHING = 0.3


class ServerLoadBalancer:
    """What this process knows of the addresses it asks. Any thread may use it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()  # all below
        self._busy: dict[str, int] = {}
        self._failed: dict[str, float] = {}
        self._waits: dict[str, float] = {}  # seconds to the first word, smoothed
        self._turns: dict[str, int] = {}

    def choose_server(self, servers: Sequence[RemoteServer], tried: Sequence[str]) -> RemoteServer:
        """Return the address to ask, which counts as busy from now on.

        Those in `tried` are asked again only after all others. Then: healthy ones, the ones with
        the least to do, those that waited longest for their turn, the fastest.
        """
        with self._lock:
            chosen = min(servers, key=lambda server: self._rank(server.address, tried))
            address = chosen.address
            self._busy[address] = self._busy.get(address, 0) + 1
            self._turns[address] = self._turns.get(address, 0) + 1
            return chosen

    def release_server(self, address: str, *, failed: bool, seconds_to_first: float = 0.0) -> None:
        """An answer of this address has ended."""
        with self._lock:
            self._busy[address] -= 1
            if failed:
                self._failed[address] = self._clock()
            else:
                self._failed.pop(address, None)
            if seconds_to_first:
                before = self._waits.get(address, seconds_to_first)
                self._waits[address] = before + _SMOOTHING * (seconds_to_first - before)

    def _rank(self, address: str, tried: Sequence[str]) -> tuple[float, ...]:
        failed_at = self._failed.get(address)
        rests = failed_at is not None and self._clock() - failed_at < REST_SECONDS
        return (
            tried.count(address),
            float(rests),
            self._busy.get(address, 0),
            self._turns.get(address, 0),
            self._waits.get(address, 0.0),
        )
