"""What a person arranges about folders: add, pause, include more, remove."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import Code, LibraryError
from core.library.jobs import SyncQueue
from core.library.keeper import Keeper
from core.library.names import display_name, true_name
from core.library.records import Folder, Records
from core.messages import AddFolder, IncludeParts, PauseFolders, SyncFolder
from core.words import N_, _

_NOT_A_FOLDER_OF_DOCUMENTS = N_("it is a whole disk or Inglenook's own data")


class Arranger:
    """Keeps what was arranged and lets queue and keeper follow. Raises LibraryError."""

    def __init__(self, records: Records, queue: SyncQueue, keeper: Keeper, app_root: Path) -> None:
        self._records = records
        self._queue = queue
        self._keeper = keeper
        self._app_root = app_root

    def add(self, request: AddFolder) -> Folder:
        """Return the folder at a path, new or known."""
        path = Path(true_name(request.path, request.raw)).absolute()
        shown = display_name(str(path))
        if not _can_be_added(path, self._app_root):
            detail = _(_NOT_A_FOLDER_OF_DOCUMENTS)
            raise LibraryError(Code.FOLDER_REFUSED, path=shown, detail=detail)
        if not path.is_dir():
            raise LibraryError(Code.FOLDER_GONE, path=shown)
        folder = self._unpaused(self._records.add_folder(str(path)))
        if request.hidden and not folder.hidden:
            self._records.set_included(folder.id, folder.included, hidden=True)
            folder = self._records.folder(folder.id)
        self._keeper.look()
        return folder

    def to_sync(self, request: SyncFolder) -> Folder:
        """Return the folder that is to be compared with the disk."""
        return self._unpaused(self._records.folder(request.folder_id))

    def pause(self, request: PauseFolders) -> None:
        """Pause or resume folders; what is under way stops, and goes on from there."""
        everything = [folder.id for folder in self._records.folders()]
        chosen = [self._records.folder(id_).id for id_ in request.folder_ids] or everything
        self._records.set_paused(chosen, paused=request.paused)
        for folder_id in chosen if request.paused else ():
            self._queue.cancel_folder(folder_id)
        self._keeper.look()

    def include(self, request: IncludeParts) -> None:
        """Keep what of a folder is read too, and compare it anew."""
        folder = self._records.folder(request.folder_id)
        self._records.set_included(folder.id, request.patterns, hidden=request.hidden)
        self._keeper.refresh(folder.id)

    def remove(self, folder_id: str) -> Iterator[None]:
        """Stop what is under way in a folder, and return the steps that forget it."""
        folder = self._records.folder(folder_id)
        self._queue.cancel_folder(folder.id)
        self._keeper.look()
        return self._records.remove_folder_steps(folder.id)

    @staticmethod
    def _unpaused(folder: Folder) -> Folder:
        if folder.paused:
            raise LibraryError(Code.FOLDER_PAUSED, name=folder.name)
        return folder


def _can_be_added(path: Path, app_root: Path) -> bool:
    """Return whether a folder may be read: not a whole disk, nor the app's own data."""
    resolved, own = path.resolve(), app_root.resolve()
    return not (resolved == Path(resolved.anchor) or resolved == own or own in resolved.parents)
