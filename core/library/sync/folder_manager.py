"""Folder manager: folders added, paused, removed, and the extra parts of them that are read."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import N_, _
from core.library.filesystem.path_encoding import display_name
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_watch import FolderWatch
from core.library.sync.sync_queue import SyncQueue

_NOT_A_FOLDER_OF_DOCUMENTS = N_("it is a whole disk or Inglenook's own data")


class FolderManager:
    """Changes folders in the records, and then in the sync queue and the watch.

    Methods raise LibraryError.
    """

    def __init__(
        self, records: LibraryRecords, queue: SyncQueue, folder_watch: FolderWatch, app_root: Path
    ) -> None:
        self._records = records
        self._queue = queue
        self._folder_watch = folder_watch
        self._app_root = app_root

    def add_folder(self, name: str, *, hidden: bool) -> FolderRecord:
        """Return the folder at a path, new or known; `hidden`: its hidden parts are read too."""
        path = Path(name).absolute()
        shown = display_name(str(path))
        if not _can_be_added(path, self._app_root):
            detail = _(_NOT_A_FOLDER_OF_DOCUMENTS)
            raise LibraryError(ErrorCode.FOLDER_REFUSED, path=shown, detail=detail)
        if not path.is_dir():
            raise LibraryError(ErrorCode.FOLDER_GONE, path=shown)
        folder = self._unpaused(self._records.add_folder(str(path)))
        if hidden and not folder.hidden:
            self._records.set_included_parts(folder.id, folder.included, hidden=True)
            folder = self._records.get_folder(folder.id)
        self._folder_watch.recheck_folders()
        return folder

    def folder_to_sync(self, folder_id: str) -> FolderRecord:
        """Return a folder that is to be compared with the disk."""
        return self._unpaused(self._records.get_folder(folder_id))

    def pause_folders(self, folder_ids: Sequence[str], *, paused: bool) -> None:
        """Pause or resume folders, all if none is given; syncs stop, and later go on from there."""
        everything = [folder.id for folder in self._records.active_folders()]
        chosen = [self._records.get_folder(id_).id for id_ in folder_ids] or everything
        self._records.set_folders_paused(chosen, paused=paused)
        for folder_id in chosen if paused else ():
            self._queue.cancel_folder_syncs(folder_id)
        self._folder_watch.recheck_folders()

    def set_included_parts(
        self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool
    ) -> None:
        """Set which parts of a folder are read too, and sync it soon."""
        folder = self._records.get_folder(folder_id)
        self._records.set_included_parts(folder.id, patterns, hidden=hidden)
        self._folder_watch.compare_folder_soon(folder.id)

    def remove_folder(self, folder_id: str) -> Iterator[None]:
        """Stop what is under way in a folder, and return the steps that forget it."""
        folder = self._records.get_folder(folder_id)
        self._queue.cancel_folder_syncs(folder.id)
        self._folder_watch.recheck_folders()
        return self._records.remove_folder_in_steps(folder.id)

    @staticmethod
    def _unpaused(folder: FolderRecord) -> FolderRecord:
        if folder.paused:
            raise LibraryError(ErrorCode.FOLDER_PAUSED, name=folder.name)
        return folder


def _can_be_added(path: Path, app_root: Path) -> bool:
    """Return whether a folder may be read: not a whole disk, nor the app's own data."""
    resolved, own = path.resolve(), app_root.resolve()
    return not (resolved == Path(resolved.anchor) or resolved == own or own in resolved.parents)
