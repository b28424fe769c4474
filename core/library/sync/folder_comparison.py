"""Folder comparison: files that are new, changed, still being written, or missing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.base.clock import WallClock
from core.base.errors import ErrorCode
from core.library.filesystem.folder_scanner import (
    FolderScan,
    ScannedEntry,
    ScanRules,
    find_missing_files,
)
from core.library.filesystem.path_encoding import display_name
from core.library.store.file_records import KnownFile
from core.library.store.library_records import FolderRecord, LibraryRecords

SETTLE_SECONDS = 2.0
"""Seconds; a file that was written to less than this ago is perhaps still being written."""
_RETRIED = frozenset(
    {
        ErrorCode.FILE_CHANGED,
        ErrorCode.FILE_TIMEOUT,
        ErrorCode.FILE_UNREADABLE,
        ErrorCode.FILE_READER_DIED,
    }
)
_ENTRIES_A_STEP = 200


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """Extent of a sync.

    `parts` narrows it to these relative paths, None means the whole folder. `resting` leaves out
    files that were written to less than SETTLE_SECONDS ago. `retry` reads skipped files again, only
    `file` (its displayed name) if that is given.
    """

    parts: tuple[str, ...] | None = None
    resting: bool = False
    retry: bool = False
    file: str = ""


class FolderComparison:
    """One comparison; its results are complete when `compare_in_steps` has ended."""

    def __init__(
        self,
        records: LibraryRecords,
        folder: FolderRecord,
        own: Path,
        options: SyncOptions,
        clock: WallClock = time.time,
    ) -> None:
        self._records = records
        self._folder = folder
        self._options = options
        self._clock = clock
        rules = ScanRules(own=own, hidden=folder.hidden, included=folder.included)
        self._scan = FolderScan(Path(folder.path), rules)
        self.known_files: dict[str, KnownFile] = {}
        self.found_entries: dict[str, ScannedEntry] = {}
        self.changed_entries: list[ScannedEntry] = []
        self.unsettled_files: list[str] = []

    @property
    def entered_folders(self) -> set[str]:
        """The folders that were entered, relative, "" the whole one."""
        return self._scan.entered_folders

    @property
    def missing_files(self) -> list[KnownFile]:
        """The known files that are no longer there."""
        return [
            self.known_files[name]
            for name in find_missing_files(self.known_files, self.found_entries.values())
        ]

    def compare_in_steps(self) -> Iterator[None]:
        """List the folder and compare it, yielding between short steps. Raises OSError."""
        if self._options.parts is None:
            self.known_files = self._records.known_files(self._folder.id)
            yield from self._compare_entries(self._scan.scan_folder())
        for part in self._options.parts or ():
            self.known_files.update(self._records.known_files(self._folder.id, part))
            yield from self._compare_entries(self._scan.scan_part(part))

    def _compare_entries(self, entries: Iterator[ScannedEntry]) -> Iterator[None]:
        for entry in entries:
            if entry.relative in self.found_entries:
                continue
            self.found_entries[entry.relative] = entry
            if self._is_changed(entry, self.known_files.get(entry.relative)):
                is_settled = not self._options.resting or self._is_settled(entry)
                (
                    self.changed_entries.append(entry)
                    if is_settled
                    else self.unsettled_files.append(entry.relative)
                )
            if len(self.found_entries) % _ENTRIES_A_STEP == 0:
                yield

    def _is_changed(self, entry: ScannedEntry, known: KnownFile | None) -> bool:
        if known is None or known.waiting or (entry.code != known.code and entry.code is not None):
            return True
        if entry.code is not None:
            return False
        same = (entry.size, entry.modified_ns) == (known.size, known.modified_ns)
        return not same or (known.code is not None and self._is_retried(entry, known.code))

    def _is_retried(self, entry: ScannedEntry, code: str) -> bool:
        """Return whether a file that was skipped may be read now, though it is the same."""
        is_named = self._options.file in {"", display_name(entry.relative)}
        was_elsewhere = code == ErrorCode.FILE_IN_CLOUD
        return (self._options.retry and is_named) or code in _RETRIED or was_elsewhere

    def _is_settled(self, entry: ScannedEntry) -> bool:
        # A time in the future says nothing; clocks differ between computers.
        return not 0 <= self._clock() - entry.modified_ns / 1e9 < SETTLE_SECONDS


def is_retried_at_next_sync(code: str) -> bool:
    """Return whether a file that was skipped for this reason is tried again at the next sync."""
    return code in _RETRIED
