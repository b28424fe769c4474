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
    RequestFailed,
    SearchFinished,
    SkippedListed,
)
from core.app.problems import describe_skipped, problem_of_failure
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
    """Knows the folders as last heard, and passes on what the library tells."""

    def __init__(self, emit: Callable[[AppEvent], None]) -> None:
        self._emit = emit
        self.folders: tuple[FolderState, ...] = ()

    def names(self) -> dict[str, str]:
        """Return folder ids with their names."""
        return {folder.folder_id: folder.name for folder in self.folders}

    def on_library(self, event: LibraryEvent) -> None:
        """Pass one event on. The search of an answer is the answer's and not given here."""
        if isinstance(event, Folders):
            self.folders = event.folders
        elif isinstance(event, SyncDone):
            self._replace(event.folder)
        told = self._told(event)
        if told is not None:
            self._emit(told)

    def _replace(self, folder: FolderState) -> None:
        others = [known for known in self.folders if known.folder_id != folder.folder_id]
        self.folders = tuple(sorted([*others, folder], key=lambda each: each.name.casefold()))

    def _told(self, event: LibraryEvent) -> AppEvent | None:  # noqa: C901, PLR0911 - one case a kind of event
        match event:
            case Hello():
                return None
            case Folders():
                return FoldersChanged(folders=event.folders)
            case FolderRemoved():
                return FolderForgotten(request_id=event.request_id, folder_id=event.folder_id)
            case SyncProgress():
                return FolderProgress(
                    request_id=event.request_id,
                    folder_id=event.folder_id,
                    done=event.done,
                    total=event.total,
                    skipped=event.skipped,
                    current=event.current,
                )
            case FileSkipped():
                return FolderFileSkipped(
                    request_id=event.request_id,
                    folder_id=event.folder_id,
                    file=event.file,
                    problem=describe_skipped(event),
                )
            case SyncDone():
                return FolderSynced(
                    request_id=event.request_id, folder=event.folder, statistics=event.statistics
                )
            case SkippedFiles():
                return SkippedListed(request_id=event.request_id, files=event.files)
            case SearchDone():
                return SearchFinished(
                    request_id=event.request_id, hits=event.hits, seconds=event.seconds
                )
            case Document():
                return DocumentReady(request_id=event.request_id, document=event)
            case Failed():
                return RequestFailed(request_id=event.request_id, problem=problem_of_failure(event))
