"""Compares a folder, or parts of it, with what is known: what is new, changed, resting or gone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import Code
from core.library.files import KnownFile
from core.library.names import display_name
from core.library.records import Folder, Records
from core.library.scanner import Found, Rules, Scan, gone

REST_SECONDS = 2.0
"""A file that was written to less than this ago is perhaps still being written."""
_TRIED_AGAIN = frozenset(
    {Code.FILE_CHANGED, Code.FILE_TIMEOUT, Code.FILE_UNREADABLE, Code.FILE_READER_DIED}
)
_ENTRIES_A_STEP = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sync was asked for.

    `parts` narrows it to these relative paths, None means the whole folder. `resting` leaves files
    alone that were written to just now. `retry` reads again what was skipped, only `file` (as a
    person reads it) if that is given.
    """

    parts: tuple[str, ...] | None = None
    resting: bool = False
    retry: bool = False
    file: str = ""


class Comparison:
    """One comparison; its results are there when `steps` has ended."""

    def __init__(
        self,
        records: Records,
        folder: Folder,
        own: Path,
        wish: Wish,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._folder = folder
        self._wish = wish
        self._clock = clock
        rules = Rules(own=own, hidden=folder.hidden, included=folder.included)
        self._scan = Scan(Path(folder.path), rules)
        self.known: dict[str, KnownFile] = {}
        self.found: dict[str, Found] = {}
        self.changed: list[Found] = []
        self.restless: list[str] = []

    @property
    def folders(self) -> set[str]:
        """The folders that were entered, relative, "" the whole one."""
        return self._scan.folders

    @property
    def gone(self) -> list[KnownFile]:
        """The known files that are no longer there."""
        return [self.known[name] for name in gone(self.known, self.found.values())]

    def steps(self) -> Iterator[None]:
        """Look and compare, yielding between short steps. Raises OSError if it can't be listed."""
        if self._wish.parts is None:
            self.known = self._records.files(self._folder.id)
            yield from self._take(self._scan.everything())
        for part in self._wish.parts or ():
            self.known.update(self._records.files(self._folder.id, part))
            yield from self._take(self._scan.part(part))

    def _take(self, entries: Iterator[Found]) -> Iterator[None]:
        for entry in entries:
            if entry.relative in self.found:
                continue
            self.found[entry.relative] = entry
            if self._is_changed(entry, self.known.get(entry.relative)):
                rests = not self._wish.resting or self._rests(entry)
                (self.changed.append(entry) if rests else self.restless.append(entry.relative))
            if len(self.found) % _ENTRIES_A_STEP == 0:
                yield

    def _is_changed(self, entry: Found, known: KnownFile | None) -> bool:
        if known is None or known.waiting or (entry.code != known.code and entry.code is not None):
            return True
        if entry.code is not None:
            return False
        same = (entry.size, entry.modified_ns) == (known.size, known.modified_ns)
        return not same or (known.code is not None and self._is_tried_again(entry, known.code))

    def _is_tried_again(self, entry: Found, code: str) -> bool:
        """Return whether a file that was skipped may be read now, though it is the same."""
        named = self._wish.file in {"", display_name(entry.relative)}
        was_elsewhere = code == Code.FILE_IN_CLOUD
        return (self._wish.retry and named) or code in _TRIED_AGAIN or was_elsewhere

    def _rests(self, entry: Found) -> bool:
        # A time in the future says nothing; clocks differ between computers.
        return not 0 <= self._clock() - entry.modified_ns / 1e9 < REST_SECONDS


def may_pass(code: str) -> bool:
    """Return whether a file that was skipped for this reason is tried again at the next sync."""
    return code in _TRIED_AGAIN
