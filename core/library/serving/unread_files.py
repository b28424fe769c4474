"""Unread files: how many files of the searched folders a search can't find yet."""

from collections.abc import Sequence

from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_watch import FolderWatch
from core.library.sync.sync_queue import SyncQueue
from core.messages import UNKNOWN_COUNT


class UnreadFiles:
    """Counts what waits to be read, and the changes that were noticed and not compared yet."""

    def __init__(self, records: LibraryRecords, queue: SyncQueue, watch: FolderWatch) -> None:
        self._records = records
        self._queue = queue
        self._watch = watch

    def count_unread_files(self, folder_ids: Sequence[str]) -> int:
        """Return their number in these folders, all if none is given.

        UNKNOWN_COUNT while a new folder is being listed for the first time. Paused folders and
        those that aren't there don't count: nothing is going to be read of them.
        """
        count = 0
        for folder in self._records.active_folders():
            if folder.paused or (folder_ids and folder.id not in folder_ids):
                continue
            is_read = self._queue.has_sync(folder.id)
            if is_read and folder.synced is None and self._queue.sync_progress(folder.id) is None:
                return UNKNOWN_COUNT
            count += self._watch.pending_changes(folder.id)
            count += self._records.count_waiting_files(folder.id)  # also where reading was stopped
        return count
