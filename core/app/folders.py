"""The library's events, put into words for a front end."""

from collections.abc import Callable

from core.app.events import (
    AppEvent,
    DocumentReady,
    FolderFileSkipped,
    FolderForgotten,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    Notice,
    RequestFailed,
    SearchFinished,
    SkippedListed,
)
from core.app.problems import describe_skipped, problem_of_failure
from core.library.client import LibraryClient
from core.messages import (
    Document,
    Failed,
    FileSkipped,
    FolderRemoved,
    Folders,
    FolderState,
    Hello,
    LibraryEvent,
    SearchDone,
    SkippedFiles,
    SyncDone,
    SyncProgress,
)


class FolderDesk:
    """What is asked about folders, and what is heard of them. Each call returns a request id."""

    def __init__(self, library: LibraryClient, emit: Callable[[AppEvent], None]) -> None:
        self._library = library
        self._emit = emit
        self.known: tuple[FolderState, ...] = ()
        """All folders as last heard, by name."""

    def names(self) -> dict[str, str]:
        """Return folder ids with their names."""
        return {folder.folder_id: folder.name for folder in self.known}

    def refresh(self) -> str:
        """Ask for all folders; FoldersChanged answers."""
        return self._library.list_folders()

    def add(self, path: str) -> str:
        """Read a folder; FolderProgress, FolderFileSkipped and FolderSynced follow."""
        return self._library.add_folder(path)

    def sync(self, folder_id: str) -> str:
        """Bring a folder in step with the disk; events as for `add`."""
        return self._library.sync(folder_id)

    def remove(self, folder_id: str) -> str:
        """Forget a folder; FolderForgotten answers."""
        return self._library.remove(folder_id)

    def list_skipped(self, folder_id: str) -> str:
        """Ask for the skipped files; SkippedListed answers."""
        return self._library.skipped(folder_id)

    def search(self, query: str, folder_ids: tuple[str, ...] = (), k: int = 8) -> str:
        """Search folders (none: all); SearchFinished answers."""
        return self._library.search(query, folder_ids, k)

    def open_document(self, folder_id: str, file: str) -> str:
        """Ask for a file's text; DocumentReady answers."""
        return self._library.document(folder_id, file)

    def cancel(self, request_id: str) -> None:
        """Stop a sync or drop a search."""
        self._library.cancel(request_id)

    def on_library(self, event: LibraryEvent) -> None:
        """Pass one event on. The search of an answer is the answer's and not given here."""
        if isinstance(event, Folders):
            self.known = event.folders
        elif isinstance(event, SyncDone):
            self._replace(event.folder)
        told = _in_words(event)
        if told is not None:
            self._emit(told)

    def _replace(self, folder: FolderState) -> None:
        others = [known for known in self.known if known.folder_id != folder.folder_id]
        self.known = tuple(sorted([*others, folder], key=lambda each: each.name.casefold()))


def _in_words(event: LibraryEvent) -> AppEvent | None:  # noqa: PLR0911 - one case a kind of event
    match event:
        case Hello():
            return None
        case SyncProgress() | FileSkipped() | SyncDone():
            return _sync_in_words(event)
        case Folders():
            return FoldersChanged(folders=event.folders)
        case FolderRemoved():
            return FolderForgotten(request_id=event.request_id, folder_id=event.folder_id)
        case SkippedFiles():
            return SkippedListed(request_id=event.request_id, files=event.files)
        case SearchDone():
            return SearchFinished(
                request_id=event.request_id, hits=event.hits, seconds=event.seconds
            )
        case Document():
            return DocumentReady(request_id=event.request_id, document=event)
        case Failed():
            return _failure_in_words(event)


def _failure_in_words(event: Failed) -> AppEvent:
    problem = problem_of_failure(event)
    if not event.request_id:
        return Notice(key="library", severity="warning", problem=problem)
    return RequestFailed(request_id=event.request_id, problem=problem)


def _sync_in_words(event: SyncProgress | FileSkipped | SyncDone) -> AppEvent:
    if isinstance(event, SyncProgress):
        return FolderProgress(
            request_id=event.request_id,
            folder_id=event.folder_id,
            done=event.done,
            total=event.total,
            skipped=event.skipped,
            current=event.current,
        )
    if isinstance(event, FileSkipped):
        return FolderFileSkipped(
            request_id=event.request_id,
            folder_id=event.folder_id,
            file=event.file,
            problem=describe_skipped(event),
        )
    return FolderSynced(
        request_id=event.request_id, folder=event.folder, statistics=event.statistics
    )
