"""The library's events, put into words for a front end."""

from collections.abc import Callable

from core.app.events import (
    AppEvent,
    EmbedderChanging,
    EvaluationFinished,
    EvaluationMoved,
    FolderFileSkipped,
    FolderForgotten,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    LibraryChecked,
    Notice,
    RequestFailed,
    RerankerReady,
    SearchFinished,
    SkippedListed,
    StatusListed,
)
from core.app.problems import describe_skipped, problem_of_failure
from core.library.client import LibraryClient
from core.library.client_requests import EVERYTHING
from core.messages import (
    Document,
    EmbedderMeasured,
    EmbedderProgress,
    EvaluationProgress,
    Failed,
    FileRead,
    FileSkipped,
    FilesListed,
    Filters,
    FolderRemoved,
    Folders,
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

    def add(self, path: str, *, hidden: bool = False) -> str:
        """Read a folder, hidden parts too if wanted.

        FolderProgress, FolderFileSkipped and FolderSynced follow.
        """
        return self._library.add_folder(path, hidden=hidden)

    def sync(self, folder_id: str, *, retry: bool = False, file: str = "") -> str:
        """Bring a folder in step with the disk; events as for `add`.

        `retry`: read once more what was skipped, only `file` of it if one is named.
        """
        return self._library.sync(folder_id, retry=retry, file=file)

    def pause(self, folder_ids: tuple[str, ...], *, paused: bool) -> str:
        """Pause or resume folders, all if none is given; FoldersChanged answers."""
        return self._library.pause(folder_ids, paused=paused)

    def include(self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool) -> str:
        """Say what of a folder is read though it is passed over elsewhere; FoldersChanged answers.

        The next sync reads it; a folder that is watched is synced by itself.
        """
        return self._library.include(folder_id, patterns, hidden=hidden)

    def status(self) -> str:
        """Ask how folders, index and embedding model stand; StatusListed answers."""
        return self._library.status()

    def verify(self) -> str:
        """Check what is kept and mend what is wrong; LibraryChecked answers."""
        return self._library.verify()

    def choose_embedder(self, path: str) -> str:
        """Let another model embed ("": the one that ships); StatusListed answers when accepted.

        EmbedderChanging follows while everything is embedded anew.
        """
        return self._library.choose_embedder(path)

    def remove(self, folder_id: str) -> str:
        """Forget a folder; FolderForgotten answers."""
        return self._library.remove(folder_id)

    def list_skipped(self, folder_id: str) -> str:
        """Ask for the skipped files; SkippedListed answers."""
        return self._library.skipped(folder_id)

    def search(
        self,
        query: str,
        folder_ids: tuple[str, ...] = (),
        k: int = 8,
        filters: Filters = EVERYTHING,
    ) -> str:
        """Search folders (none: all), the files that `filters` let; SearchFinished answers."""
        return self._library.search(query, folder_ids, k, filters)

    def choose_reranker(self, path: str) -> str:
        """Let a cross-encoder's folder put results into order ("": none); RerankerReady answers."""
        return self._library.choose_reranker(path)

    def evaluate(self, path: str) -> str:
        """Measure search on a retrieval set; EvaluationMoved, then EvaluationFinished answer."""
        return self._library.evaluate(path)

    def cancel(self, request_id: str) -> None:
        """Stop a sync or drop a search."""
        self._library.cancel(request_id)

    def on_library(self, event: LibraryEvent) -> None:
        """Pass one event on. The search of an answer is the answer's and not given here."""
        if isinstance(event, Folders):
            self.known = event.folders
        elif isinstance(event, SyncDone):
            self.known = _with(self.known, event.folder)
        told = _in_words(event)
        if told is not None:
            self._emit(told)


def _with(known: tuple[FolderState, ...], folder: FolderState) -> tuple[FolderState, ...]:
    """Return the known folders, by name, with `folder` in place of what it was."""
    others = [each for each in known if each.folder_id != folder.folder_id]
    return tuple(sorted([*others, folder], key=lambda each: each.name.casefold()))


def _in_words(event: LibraryEvent) -> AppEvent | None:  # noqa: PLR0911 - one case a kind of event
    match event:
        case Hello() | EmbedderMeasured():
            return None
        case Document() | FileRead() | RenderedPage() | PageLetters() | FilesListed():
            return None  # what is about single files is the viewing desk's
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
        case LibraryStatus() | LibraryVerified() | EmbedderProgress() | RerankerChosen():
            return _library_in_words(event)
        case EvaluationProgress() | RetrievalEvaluated() | Failed():
            return _outcome_in_words(event)


def _library_in_words(
    event: LibraryStatus | LibraryVerified | EmbedderProgress | RerankerChosen,
) -> AppEvent:
    if isinstance(event, RerankerChosen):
        return RerankerReady(request_id=event.request_id, chosen=event)
    if isinstance(event, LibraryStatus):
        return StatusListed(request_id=event.request_id, status=event)
    if isinstance(event, LibraryVerified):
        return LibraryChecked(request_id=event.request_id, verified=event)
    return EmbedderChanging(
        path=event.path,
        done=event.done,
        total=event.total,
        changed=event.changed,
        failed=event.failed,
    )


def _outcome_in_words(event: EvaluationProgress | RetrievalEvaluated | Failed) -> AppEvent:
    if isinstance(event, EvaluationProgress):
        return EvaluationMoved(request_id=event.request_id, progress=event)
    if isinstance(event, RetrievalEvaluated):
        return EvaluationFinished(request_id=event.request_id, evaluated=event)
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
