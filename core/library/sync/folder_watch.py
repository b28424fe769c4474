"""Folder watch: queues a sync at the start, and wherever the disk changes later."""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from core.library.filesystem import path_kinds
from core.library.filesystem.filesystem_watcher import FilesystemWatcher, OnChange
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SETTLE_SECONDS, SyncOptions
from core.library.sync.sync_queue import SyncQueue

RECHECK_SECONDS = 10.0
"""How often it is looked whether a folder is still there, or there again."""
POLL_SECONDS = 600.0
"""How often a folder is compared that the system can't watch, such as one on a network drive."""
_MOST_PARTS = 500
"""More changed paths than that: the whole folder is compared."""


class DiskChanged(msgspec.Struct, frozen=True, kw_only=True):
    """From a watcher: what changed, relative; `failed` when the folder can't be watched."""

    folder_id: str
    paths: frozenset[str] = frozenset()
    failed: bool = False


class WatcherProtocol(Protocol):
    """What a watcher offers."""

    def start(self) -> None:
        """Begin to watch."""

    def stop(self) -> None:
        """Ask it to end; returns at once."""

    def join(self) -> None:
        """Wait until it has ended."""


WatcherFactory = Callable[[Path, Collection[str], OnChange, Callable[[], None]], WatcherProtocol]


@dataclass(slots=True)
class _WatchedFolder:
    """One folder as it is kept: what is to be compared when, and who watches it."""

    identity: tuple[int, int] | None = None
    parts: set[str] = field(default_factory=set)
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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._records = records
        self._queue = queue
        self._post = post
        self._new_watcher = new_watcher
        self._clock = clock
        self._kept: dict[str, _WatchedFolder] = {}
        self._begun = False
        self._next_look = 0.0

    def start_watching(self) -> None:
        """Compare every folder, and watch it from then on."""
        if not self._begun:
            self._begun = True
            self._next_look = self._clock()

    @property
    def is_watching(self) -> bool:
        """Whether folders are kept in step."""
        return self._begun

    def close(self) -> None:
        """Stop watching."""
        watchers = [kept.watcher for kept in self._kept.values() if kept.watcher]
        for watcher in watchers:
            watcher.stop()
        for watcher in watchers:
            watcher.join()
        self._kept.clear()

    def watch_mode(self, folder_id: str) -> str:
        """Return how changes of a folder come to light: live, polled, or "" for not by itself."""
        kept = self._kept.get(folder_id)
        if kept is None or not kept.folders:
            return ""
        return "polled" if kept.polled else "live"

    def on_disk_changed(self, change: DiskChanged) -> None:
        """Note what a watcher told; it is compared as soon as it rests."""
        kept = self._kept.get(change.folder_id)
        if kept is None:
            return
        if change.failed:
            self._stop_watching(kept)
            kept.polled = True
            self._plan(kept, {""}, POLL_SECONDS)
        else:
            self._plan(kept, change.paths, SETTLE_SECONDS)

    def on_folders_entered(self, folder_id: str, folders: set[str], whole: bool) -> None:  # noqa: FBT001 - see Tools
        """Note which of its own folders a sync entered; new ones are watched, and compared again.

        Between the look at a folder and the moment it is watched, something may have changed.
        """
        kept = self._kept.get(folder_id)
        if kept is None or kept.polled:
            if kept is not None:
                kept.folders |= folders
            return
        fresh = folders - kept.folders
        kept.folders = set(folders) if whole else kept.folders | folders
        if not fresh and kept.watcher is not None:
            return
        self._watch(folder_id, kept)
        self._plan(kept, {""} if whole else fresh, SETTLE_SECONDS)

    def on_sync_ended(self, folder_id: str, restless: tuple[str, ...]) -> None:
        """A sync has ended; look again at what was still being written."""
        kept = self._kept.get(folder_id)
        if kept is None:
            return
        if restless:
            self._plan(kept, restless, SETTLE_SECONDS)
        if kept.polled:
            self._plan(kept, {""}, POLL_SECONDS)

    def recheck_folders(self) -> None:
        """Look at all folders as soon as may be: one was added, removed, paused or resumed."""
        self._next_look = self._clock()

    def compare_folder_soon(self, folder_id: str) -> None:
        """Compare a folder as soon as may be: what is read of it was changed."""
        kept = self._kept.get(folder_id)
        if kept is not None:
            self._plan(kept, {""}, 0.0)

    def queue_due_syncs(self) -> float | None:
        """Begin what is due; return the seconds until something else is, None while idle."""
        if not self._begun:
            return None
        now = self._clock()
        if now >= self._next_look:
            self._next_look = now + RECHECK_SECONDS
            self._look()
        for folder in self._records.active_folders() if self._is_due(now) else ():
            self._begin_due(folder, now)
        dues = [kept.due for kept in self._kept.values() if kept.due is not None]
        return max(0.05, min([self._next_look, *dues]) - now)

    # ------------------------------------------------------------ inside

    def _look(self) -> None:
        """Notice folders that came, went, or are back; each look is one call of the system."""
        folders = {folder.id: folder for folder in self._records.active_folders()}
        for folder_id in self._kept.keys() - folders.keys():
            self._stop_watching(self._kept.pop(folder_id))
        for folder in folders.values():
            if folder.paused:
                self._forget(folder.id)
                continue
            now = path_kinds.folder_identity(Path(folder.path))
            kept = self._kept.get(folder.id)
            if kept is None:
                kept = self._kept[folder.id] = _WatchedFolder()
            elif now == kept.identity:
                continue
            kept.identity = now
            kept.polled = path_kinds.is_on_network_drive(Path(folder.path))
            kept.folders.clear()
            self._stop_watching(kept)
            self._plan(kept, {""}, 0.0)

    def _forget(self, folder_id: str) -> None:
        kept = self._kept.pop(folder_id, None)
        if kept is not None:
            self._stop_watching(kept)

    def _is_due(self, now: float) -> bool:
        return any(kept.due is not None and kept.due <= now for kept in self._kept.values())

    def _begin_due(self, folder: FolderRecord, now: float) -> None:
        kept = self._kept.get(folder.id)
        if kept is None or kept.due is None or kept.due > now:
            return
        whole = "" in kept.parts or len(kept.parts) > _MOST_PARTS
        if whole and self._queue.has_sync(folder.id):
            kept.due = now + SETTLE_SECONDS
            return
        parts = None if whole else tuple(sorted(kept.parts))
        kept.parts, kept.due = set(), None
        # What changed goes first: its folder may be under way for hours.
        self._queue.add_sync("", folder, SyncOptions(parts=parts, resting=True), first=not whole)

    def _plan(self, kept: _WatchedFolder, parts: Iterable[str], seconds: float) -> None:
        kept.parts.update(parts)
        due = self._clock() + seconds
        kept.due = due if kept.due is None else min(kept.due, due)

    def _watch(self, folder_id: str, kept: _WatchedFolder) -> None:
        self._stop_watching(kept)
        folder = self._records.get_folder(folder_id)
        kept.watcher = self._new_watcher(
            Path(folder.path),
            tuple(kept.folders),
            lambda paths: self._post(DiskChanged(folder_id=folder_id, paths=paths)),
            lambda: self._post(DiskChanged(folder_id=folder_id, failed=True)),
        )
        kept.watcher.start()

    @staticmethod
    def _stop_watching(kept: _WatchedFolder) -> None:
        if kept.watcher is not None:
            kept.watcher.stop()
            kept.watcher = None
