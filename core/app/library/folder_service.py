"""Library folders and search: requests of front ends, and their answers as app events."""

from collections.abc import Callable

from core.app.events.app_events import (
    AppEvent,
    EmbedderChanging,
    FolderFileSkipped,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    LibraryChecked,
    LibraryFolderRemoved,
    LibraryStatusReady,
    Notice,
    RequestFailed,
    RerankerReady,
    SearchEvaluationFinished,
    SearchEvaluationProgress,
    SearchFinished,
    SkippedFilesReady,
)
from core.app.problems import describe_skipped, problem_of_failure
from core.library.client.library_client import LibraryClient
from core.library.client.library_request_sender import NO_FILTERS
from core.messages import (
    Document,
    EmbedderMeasured,
    EmbedderProgress,
    EvaluationProgress,
    Failed,
    FileRead,
    FileSkipped,
    FilesListed,
    FolderRemoved,
    FoldersListed,
    FolderState,
    Hello,
    LibraryEvent,
    LibraryStatus,
    LibraryVerified,
    PageLetters,
    RenderedPage,
    RerankerChosen,
    RetrievalEvaluated,
    SearchDone,
    SearchFilters,
    SkippedFiles,
    SyncDone,
    SyncProgress,
)


class FolderService:
    """What is asked about folders, and what is heard of them. Each call returns a request id."""

    def __init__(self, library: LibraryClient, emit: Callable[[AppEvent], None]) -> None:
        self._library = library
        self._emit = emit
        self.known_folders: tuple[FolderState, ...] = ()
        """All folders as last heard, by name."""

    def folder_names(self) -> dict[str, str]:
        """Return folder ids with their names."""
        return {folder.folder_id: folder.name for folder in self.known_folders}

    def list_folders(self) -> str:
        """Ask for all folders; FoldersChanged answers."""
        return self._library.list_folders()

    def add_folder(self, path: str, *, hidden: bool = False) -> str:
        """Read a folder, hidden parts too if wanted.

        FolderProgress, FolderFileSkipped and FolderSynced follow.
        """
        return self._library.add_folder(path, hidden=hidden)

    def sync_folder(self, folder_id: str, *, retry: bool = False, file: str = "") -> str:
        """Bring a folder in step with the disk; events as for `add_folder`.

        `retry`: read once more what was skipped, only `file` of it if one is named.
        """
        return self._library.sync_folder(folder_id, retry=retry, file=file)

    def pause_folders(self, folder_ids: tuple[str, ...], *, paused: bool) -> str:
        """Pause or resume folders, all if none is given; FoldersChanged answers."""
        return self._library.pause_folders(folder_ids, paused=paused)

    def set_included_patterns(
        self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool
    ) -> str:
        """Say what of a folder is read though it is passed over elsewhere; FoldersChanged answers.

        The next sync reads it; a folder that is watched is synced by itself.
        """
        return self._library.include_parts(folder_id, patterns, hidden=hidden)

    def request_status(self) -> str:
        """Ask how folders, index and embedding model stand; LibraryStatusReady answers."""
        return self._library.list_status()

    def verify_library(self) -> str:
        """Check what is kept and mend what is wrong; LibraryChecked answers."""
        return self._library.verify_library()

    def set_embedder(self, path: str) -> str:
        """Let another model embed ("": the shipped one); LibraryStatusReady answers when accepted.

        EmbedderChanging follows while everything is embedded anew.
        """
        return self._library.choose_embedder(path)

    def remove_folder(self, folder_id: str) -> str:
        """Forget a folder; LibraryFolderRemoved answers."""
        return self._library.remove_folder(folder_id)

    def list_skipped_files(self, folder_id: str) -> str:
        """Ask for the skipped files; SkippedFilesReady answers."""
        return self._library.list_skipped(folder_id)

    def search_folders(
        self,
        query: str,
        folder_ids: tuple[str, ...] = (),
        k: int = 8,
        filters: SearchFilters = NO_FILTERS,
    ) -> str:
        """Search folders (none: all), the files that `filters` let; SearchFinished answers."""
        return self._library.search_folders(query, folder_ids, k, filters)

    def set_reranker(self, path: str) -> str:
        """Let a cross-encoder's folder put results into order ("": none); RerankerReady answers."""
        return self._library.choose_reranker(path)

    def evaluate_search(self, path: str) -> str:
        """Measure search on a retrieval set; SearchEvaluationFinished answers."""
        return self._library.evaluate_retrieval(path)

    def cancel(self, request_id: str) -> None:
        """Stop a sync or drop a search."""
        self._library.cancel(request_id)

    def on_library_event(self, event: LibraryEvent) -> None:
        """Pass one event on. The search of an answer is the answer's and not given here."""
        if isinstance(event, FoldersListed):
            self.known_folders = event.folders
        elif isinstance(event, SyncDone):
            self.known_folders = _with_folder(self.known_folders, event.folder)
        told = _to_app_event(event)
        if told is not None:
            self._emit(told)


def _with_folder(known: tuple[FolderState, ...], folder: FolderState) -> tuple[FolderState, ...]:
    """Return the known folders, by name, with `folder` in place of what it was."""
    others = [each for each in known if each.folder_id != folder.folder_id]
    return tuple(sorted([*others, folder], key=lambda each: each.name.casefold()))


def _to_app_event(event: LibraryEvent) -> AppEvent | None:  # noqa: PLR0911 - one case a kind of event
    match event:
        case Hello() | EmbedderMeasured():
            return None
        case Document() | FileRead() | RenderedPage() | PageLetters() | FilesListed():
            return None  # what is about single files is the viewing desk's
        case SyncProgress() | FileSkipped() | SyncDone():
            return _to_sync_event(event)
        case FoldersListed():
            return FoldersChanged(folders=event.folders)
        case FolderRemoved():
            return LibraryFolderRemoved(request_id=event.request_id, folder_id=event.folder_id)
        case SkippedFiles():
            return SkippedFilesReady(request_id=event.request_id, files=event.files)
        case SearchDone():
            return SearchFinished(
                request_id=event.request_id, hits=event.hits, seconds=event.seconds
            )
        case LibraryStatus() | LibraryVerified() | EmbedderProgress() | RerankerChosen():
            return _to_library_event(event)
        case EvaluationProgress() | RetrievalEvaluated() | Failed():
            return _to_outcome_event(event)


def _to_library_event(
    event: LibraryStatus | LibraryVerified | EmbedderProgress | RerankerChosen,
) -> AppEvent:
    if isinstance(event, RerankerChosen):
        return RerankerReady(request_id=event.request_id, chosen=event)
    if isinstance(event, LibraryStatus):
        return LibraryStatusReady(request_id=event.request_id, status=event)
    if isinstance(event, LibraryVerified):
        return LibraryChecked(request_id=event.request_id, verified=event)
    return EmbedderChanging(
        path=event.path,
        done=event.done,
        total=event.total,
        changed=event.changed,
        failed=event.failed,
    )


def _to_outcome_event(event: EvaluationProgress | RetrievalEvaluated | Failed) -> AppEvent:
    if isinstance(event, EvaluationProgress):
        return SearchEvaluationProgress(request_id=event.request_id, progress=event)
    if isinstance(event, RetrievalEvaluated):
        return SearchEvaluationFinished(request_id=event.request_id, evaluated=event)
    problem = problem_of_failure(event)
    if not event.request_id:
        return Notice(key="library", severity="warning", problem=problem)
    return RequestFailed(request_id=event.request_id, problem=problem)


def _to_sync_event(event: SyncProgress | FileSkipped | SyncDone) -> AppEvent:
    if isinstance(event, SyncProgress):
        return FolderProgress(
            request_id=event.request_id,
            folder_id=event.folder_id,
            done=event.done,
            total=event.total,
            skipped=event.skipped,
            current=event.current,
            part=event.part,
            seconds_left=event.seconds_left,
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
