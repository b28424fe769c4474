"""Folder manager: folders added, paused, removed, and the extra parts of them that are read."""

from collections.abc import Iterator
from pathlib import Path

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import N_, _
from core.library.filesystem.path_encoding import display_name, restore_path
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_watch import FolderWatch
from core.library.sync.sync_queue import SyncQueue
from core.messages import AddFolder, PauseFolders, SetFolderInclusions, SyncFolder

_NOT_A_FOLDER_OF_DOCUMENTS = N_("it is a whole disk or Inglenook's own data")


class FolderManager:
    """Keeps what was arranged and lets queue and keeper follow. Raises LibraryError."""

    def __init__(
        self, records: LibraryRecords, queue: SyncQueue, keeper: FolderWatch, app_root: Path
    ) -> None:
        self._records = records
        self._queue = queue
        self._keeper = keeper
        self._app_root = app_root

    def add_folder(self, request: AddFolder) -> FolderRecord:
        """Return the folder at a path, new or known."""
        path = Path(restore_path(request.path, request.raw)).absolute()
        shown = display_name(str(path))
        if not _can_be_added(path, self._app_root):
            detail = _(_NOT_A_FOLDER_OF_DOCUMENTS)
            raise LibraryError(ErrorCode.FOLDER_REFUSED, path=shown, detail=detail)
        if not path.is_dir():
            raise LibraryError(ErrorCode.FOLDER_GONE, path=shown)
        folder = self._unpaused(self._records.add_folder(str(path)))
        if request.hidden and not folder.hidden:
            self._records.set_included_parts(folder.id, folder.included, hidden=True)
            folder = self._records.get_folder(folder.id)
        self._keeper.recheck_folders()
        return folder

    def folder_to_sync(self, request: SyncFolder) -> FolderRecord:
        """Return the folder that is to be compared with the disk."""
        return self._unpaused(self._records.get_folder(request.folder_id))

    def pause_folders(self, request: PauseFolders) -> None:
        """Pause or resume folders; what is under way stops, and goes on from there."""
        everything = [folder.id for folder in self._records.active_folders()]
        chosen = [self._records.get_folder(id_).id for id_ in request.folder_ids] or everything
        self._records.set_folders_paused(chosen, paused=request.paused)
        for folder_id in chosen if request.paused else ():
            self._queue.cancel_folder_syncs(folder_id)
        self._keeper.recheck_folders()

    def include_parts(self, request: SetFolderInclusions) -> None:
        """Keep what of a folder is read too, and compare it anew."""
        folder = self._records.get_folder(request.folder_id)
        self._records.set_included_parts(folder.id, request.patterns, hidden=request.hidden)
        self._keeper.compare_folder_soon(folder.id)

    def remove_folder(self, folder_id: str) -> Iterator[None]:
        """Stop what is under way in a folder, and return the steps that forget it."""
        folder = self._records.get_folder(folder_id)
        self._queue.cancel_folder_syncs(folder.id)
        self._keeper.recheck_folders()
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
