"""Folder watch: queues a sync at the start, and wherever the disk changes later."""

import os
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from core.base.clock import Clock
from core.library.filesystem import path_kinds
from core.library.filesystem.filesystem_watcher import FilesystemWatcher, OnChange
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SETTLE_SECONDS, SyncOptions
from core.library.sync.sync_queue import SyncQueue

RECHECK_SECONDS = 10.0
"""How often it is checked whether a folder is still there, or there again."""
POLL_SECONDS = 600.0
"""How often a folder is compared that the system can't watch, such as one on a network drive."""
_MOST_PARTS = 500
"""More changed paths than that: the whole folder is compared."""


class DiskChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Message of a watcher: changed relative paths; `failed` when the folder can't be watched."""

    folder_id: str
    paths: frozenset[str] = frozenset()
    failed: bool = False


class WatcherProtocol(Protocol):
    """A watcher of one folder; it reports from a thread of its own."""

    def start(self) -> None:
        """Begin to watch."""

    def stop(self) -> None:
        """Ask it to end; returns at once."""

    def join(self) -> None:
        """Wait until it has ended."""


WatcherFactory = Callable[[Path, Collection[str], OnChange, Callable[[], None]], WatcherProtocol]


@dataclass(slots=True)
class _WatchedFolder:
    """State of one folder: `parts` are compared at `due`, `folders` are watched by `watcher`.

    `gone` are paths that were deleted or moved; they are compared at once.
    """

    identity: tuple[int, int] | None = None
    parts: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    due: float | None = None
    folders: set[str] = field(default_factory=set)
    watcher: WatcherProtocol | None = None
    polled: bool = False


class FolderWatch:
    """Decides which folder is compared when; idle until `start_watching`. One thread.

    `post` takes a DiskChanged from any thread and brings it to `on_disk_changed`.
    """

    def __init__(
        self,
        records: LibraryRecords,
        queue: SyncQueue,
        post: Callable[[DiskChanged], None],
        new_watcher: WatcherFactory = FilesystemWatcher,
        clock: Clock = time.monotonic,
    ) -> None:
        self._records = records
        self._queue = queue
        self._post = post
        self._new_watcher = new_watcher
        self._clock = clock
        self._watched: dict[str, _WatchedFolder] = {}
        self._is_watching = False
        self._next_check = 0.0

    def start_watching(self) -> None:
        """Compare every folder, and watch it from then on."""
        if not self._is_watching:
            self._is_watching = True
            self._next_check = self._clock()

    @property
    def is_watching(self) -> bool:
        """Whether folders are compared when the disk changes."""
        return self._is_watching

    def close(self) -> None:
        """Stop watching."""
        watchers = [watched.watcher for watched in self._watched.values() if watched.watcher]
        for watcher in watchers:
            watcher.stop()
        for watcher in watchers:
            watcher.join()
        self._watched.clear()

    def watch_mode(self, folder_id: str) -> str:
        """Return how changes of a folder are noticed: "live", "polled", or "" for not at all."""
        watched = self._watched.get(folder_id)
        if watched is None or not watched.folders:
            return ""
        return "polled" if watched.polled else "live"

    def on_disk_changed(self, change: DiskChanged) -> None:
        """Plan to compare what changed, as soon as it has settled."""
        watched = self._watched.get(change.folder_id)
        if watched is None:
            return
        if change.failed:
            _stop_watching(watched)
            watched.polled = True
            self._plan_comparison(watched, {""}, POLL_SECONDS)
            return
        gone = _gone_paths(change, watched, self._records)
        watched.gone |= gone
        if rest := change.paths - gone:
            self._plan_comparison(watched, rest, SETTLE_SECONDS)

    def pending_changes(self, folder_id: str) -> int:
        """Return how many changed paths of a folder wait to be compared."""
        watched = self._watched.get(folder_id)
        return len(watched.parts - {""} | watched.gone) if watched is not None else 0

    @property
    def has_removals(self) -> bool:
        """Whether files were deleted or moved that are still in the records."""
        return any(watched.gone for watched in self._watched.values())

    def on_folders_entered(self, folder_id: str, folders: set[str], whole: bool) -> None:  # noqa: FBT001 - as SyncDependencies declares it
        """Watch the folders inside that a sync entered; new ones are compared once more.

        Something may have changed between the sync's listing and the beginning of the watch.
        """
        watched = self._watched.get(folder_id)
        if watched is None or watched.polled:
            if watched is not None:
                watched.folders |= folders
            return
        fresh = folders - watched.folders
        watched.folders = set(folders) if whole else watched.folders | folders
        if not fresh and watched.watcher is not None:
            return
        self._watch(folder_id, watched)
        self._plan_comparison(watched, {""} if whole else fresh, SETTLE_SECONDS)

    def on_sync_ended(self, folder_id: str, unsettled: tuple[str, ...]) -> None:
        """Plan to compare the files that were still being written when a sync ended."""
        watched = self._watched.get(folder_id)
        if watched is None:
            return
        if unsettled:
            self._plan_comparison(watched, unsettled, SETTLE_SECONDS)
        if watched.polled:
            self._plan_comparison(watched, {""}, POLL_SECONDS)

    def recheck_folders(self) -> None:
        """Check all folders as soon as possible: one was added, removed, paused or resumed."""
        self._next_check = self._clock()

    def compare_folder_soon(self, folder_id: str) -> None:
        """Compare a folder as soon as possible: which parts of it are read was changed."""
        watched = self._watched.get(folder_id)
        if watched is not None:
            self._plan_comparison(watched, {""}, 0.0)

    def queue_due_syncs(self) -> float | None:
        """Queue the syncs that are due; return the seconds until the next, None while idle."""
        if not self._is_watching:
            return None
        now = self._clock()
        if now >= self._next_check:
            self._next_check = now + RECHECK_SECONDS
            self._check_folders()
        for folder in self._records.active_folders() if self._is_due(now) else ():
            self._queue_if_due(folder, now)
            self._queue_removals(folder)
        dues = [watched.due for watched in self._watched.values() if watched.due is not None]
        return max(0.05, min([self._next_check, *dues]) - now)

    # ------------------------------------------------------------ inside

    def _check_folders(self) -> None:
        """Follow folders that were added, removed or are back; one system call for each."""
        folders = {folder.id: folder for folder in self._records.active_folders()}
        for folder_id in self._watched.keys() - folders.keys():
            _stop_watching(self._watched.pop(folder_id))
        for folder in folders.values():
            if folder.paused:
                self._forget_folder(folder.id)
                continue
            now = path_kinds.folder_identity(Path(folder.path))
            watched = self._watched.get(folder.id)
            if watched is None:
                watched = self._watched[folder.id] = _WatchedFolder()
            elif now == watched.identity and not (now and folder.id in self._queue.gone_folders):
                continue  # one that was gone between two checks is compared again, too
            watched.identity = now
            watched.polled = path_kinds.is_on_network_drive(Path(folder.path))
            watched.folders.clear()
            _stop_watching(watched)
            self._plan_comparison(watched, {""}, 0.0)

    def _forget_folder(self, folder_id: str) -> None:
        watched = self._watched.pop(folder_id, None)
        if watched is not None:
            _stop_watching(watched)

    def _is_due(self, now: float) -> bool:
        return self.has_removals or any(
            watched.due is not None and watched.due <= now for watched in self._watched.values()
        )

    def _queue_if_due(self, folder: FolderRecord, now: float) -> None:
        watched = self._watched.get(folder.id)
        if watched is None or watched.due is None or watched.due > now:
            return
        whole = "" in watched.parts or len(watched.parts) > _MOST_PARTS
        if whole and self._queue.has_sync(folder.id):
            watched.due = now + SETTLE_SECONDS
            return
        parts = None if whole else tuple(sorted(watched.parts))
        watched.parts, watched.due = set(), None
        # What changed goes first: the sync of its folder may take hours.
        self._queue.add_sync("", folder, SyncOptions(parts=parts, resting=True), first=not whole)

    def _queue_removals(self, folder: FolderRecord) -> None:
        """Compare what was deleted or moved, before anything else: it must not be found again."""
        watched = self._watched.get(folder.id)
        if watched is None or not watched.gone:
            return
        parts = sorted(path for path in watched.gone if not _has_parent_in(path, watched.gone))
        watched.gone = set()
        for start in range(0, len(parts), _MOST_PARTS):
            chosen = tuple(parts[start : start + _MOST_PARTS])
            self._queue.add_sync("", folder, SyncOptions(parts=chosen, resting=True), first=True)

    def _plan_comparison(
        self, watched: _WatchedFolder, parts: Iterable[str], seconds: float
    ) -> None:
        watched.parts.update(parts)
        due = self._clock() + seconds
        watched.due = due if watched.due is None else min(watched.due, due)

    def _watch(self, folder_id: str, watched: _WatchedFolder) -> None:
        _stop_watching(watched)
        folder = self._records.get_folder(folder_id)
        watched.watcher = self._new_watcher(
            Path(folder.path),
            tuple(watched.folders),
            lambda paths: self._post(DiskChanged(folder_id=folder_id, paths=paths)),
            lambda: self._post(DiskChanged(folder_id=folder_id, failed=True)),
        )
        watched.watcher.start()


def _has_parent_in(path: str, paths: Collection[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:depth]) in paths for depth in range(1, len(parts)))


def _gone_paths(change: DiskChanged, watched: _WatchedFolder, records: LibraryRecords) -> set[str]:
    """Return the changed paths that are known and no longer there.

    None if the folder itself isn't there: its drive may have been unplugged.
    """
    root = Path(records.get_folder(change.folder_id).path)
    if watched.identity is None or path_kinds.folder_identity(root) != watched.identity:
        return set()
    missing = {path for path in change.paths if path and not os.path.lexists(root / path)}
    return {path for path in missing if records.known_files(change.folder_id, path)}


def _stop_watching(watched: _WatchedFolder) -> None:
    if watched.watcher is not None:
        watched.watcher.stop()
        watched.watcher = None
