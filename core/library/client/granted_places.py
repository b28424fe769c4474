"""Granted places: what the names of a child's grants stood for when it started.

The kernel grants a folder, not its name: one that was replaced, plugged in again or mounted since
is another one, which the child can't read. Looking is done by a thread: a drive that doesn't answer
holds nobody up.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Mapping

from core.base.clock import Clock
from core.sandbox.grants import lies_in

_LOOK_SECONDS = 5.0
_WAIT_SECONDS = 1.0
"""For how long a request waits for a look; a disk that is awake needs microseconds."""
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 600.0

_Identity = tuple[int, int, bool]


class GrantedPlaces:
    """Tells of which places a running child lacks what its grants name."""

    def __init__(self, on_found: Callable[[], None], clock: Clock = time.monotonic) -> None:
        """`on_found` is called from a thread when `look_when_due` has something to tell."""
        self._on_found = on_found
        self._clock = clock
        self._granted: dict[str, _Identity | None] = {}
        self._thread: threading.Thread | None = None
        self._lost: tuple[str, ...] = ()
        self._next_look = self._renewed = float("-inf")
        self._pause = _FIRST_PAUSE

    def note_places(self, places: Iterable[str]) -> None:
        """Remember what these names stand for now: a child is about to start."""
        self._granted = {place: _identity(place) for place in places}
        self._lost = ()

    def find_lost(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of these, and of the granted folders, are there and can't be read."""
        self.close()  # a look that is going on knows nothing of these
        if self._start_look(wanted):
            self.close()
        lost, self._lost = self._lost, ()
        return lost

    def look_soon(self) -> None:
        """Have the next `look_when_due` look."""
        self._next_look = float("-inf")

    def look_when_due(self) -> bool:
        """Look every few seconds; return whether the last look found something lost."""
        lost, self._lost = self._lost, ()
        if not lost and self._clock() >= self._next_look:
            self._start_look(())
        return bool(lost)

    def allow_renewal(self) -> bool:
        """Whether a child may be replaced now that nobody waits for what is lost.

        On some network drives, folders become others all the time.
        """
        now = self._clock()
        if now - self._renewed > _LONGEST_PAUSE:
            self._pause = _FIRST_PAUSE
        elif now - self._renewed < self._pause:
            return False
        self._renewed, self._pause = now, min(2 * self._pause, _LONGEST_PAUSE)
        return True

    def close(self) -> None:
        """Wait for a look that is going on, unless its drive doesn't answer."""
        if self._thread is not None:
            self._thread.join(_WAIT_SECONDS)

    def _start_look(self, wanted: tuple[str, ...]) -> bool:
        if self._thread is not None and self._thread.is_alive():
            return False
        self._next_look = self._clock() + _LOOK_SECONDS
        arguments = (self._granted, wanted)
        self._thread = threading.Thread(
            target=self._look, args=arguments, name="granted-places", daemon=True
        )
        self._thread.start()
        return True

    def _look(self, granted: dict[str, _Identity | None], wanted: tuple[str, ...]) -> None:
        lost = _lost(granted, wanted)
        if lost and granted is self._granted:  # else another child has started meanwhile
            self._lost = lost
            self._on_found()


def _lost(granted: Mapping[str, _Identity | None], wanted: Iterable[str]) -> tuple[str, ...]:
    folders = (place for place, was in granted.items() if was is None or was[2])
    now = {place: _identity(f"{place}{os.sep}.") or _identity(place) for place in granted}

    def can_read(path: str) -> bool:
        return any(
            was is not None and was == now[place] and lies_in(path, (place,))
            for place, was in granted.items()
        )

    places = dict.fromkeys((*folders, *wanted))
    return tuple(
        place
        for place in places
        if not can_read(place) and (now.get(place) or _identity(place)) is not None
    )


def _identity(path: str) -> _Identity | None:
    """Return what a name stands for; with "/." at its end, a drive is mounted that waits to be."""
    try:
        status = os.stat(path)  # noqa: PTH116 - Path drops the "."
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, stat.S_ISDIR(status.st_mode)
