"""Events that front ends receive: chats, folders, documents, notices, and the AppEvent union."""

from msgspec import Struct

from core.app.events.download_events import DownloadEvent
from core.app.events.model_events import ModelEvent, QuantizationEvent
from core.chat.answering.answer_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerTextAdded,
    AnswerThinkingAdded,
    Problem,
)
from core.messages import (
    DeviceMemory,
    Document,
    EvaluationProgress,
    FileRead,
    FileSkipped,
    FolderFile,
    FolderState,
    LibraryStatus,
    LibraryVerified,
    PageLetters,
    Placement,
    RenderedPage,
    RerankerChosen,
    RetrievalEvaluated,
    SearchHit,
    SyncStatistics,
)


class DocumentReady(Struct, frozen=True, kw_only=True):
    """The text of a file, for the viewer."""

    request_id: str
    document: Document


class FileTextReady(Struct, frozen=True, kw_only=True):
    """What is read from a file, with its passages, whether a folder holds it or not."""

    request_id: str
    file: FileRead


class PageImageReady(Struct, frozen=True, kw_only=True):
    """The picture of a page, and where on it the passage stands."""

    request_id: str
    page: RenderedPage


class PageCharactersReady(Struct, frozen=True, kw_only=True):
    """Where each letter of a page stands."""

    request_id: str
    letters: PageLetters


class FolderFilesListed(Struct, frozen=True, kw_only=True):
    """Files of a folder, those read last first; `total` counts also those that were left out."""

    request_id: str
    folder_id: str
    files: tuple[FolderFile, ...]
    total: int


DocumentEvent = (
    DocumentReady | FileTextReady | PageImageReady | PageCharactersReady | FolderFilesListed
)


class ChatsChanged(Struct, frozen=True, kw_only=True):
    """The list of chats is no longer what it was."""


class ModelsChanged(Struct, frozen=True, kw_only=True):
    """The shelf, or the chosen model, is no longer what it was."""


class ModelReady(Struct, frozen=True, kw_only=True):
    """The chosen model is loaded; `context` in tokens, `seconds` of loading.

    `draft` names the model that guesses ahead for it, "" when none does.
    """

    ref: str
    context: int
    threads: int
    seconds: float
    placement: Placement = Placement()
    memory: tuple[DeviceMemory, ...] = ()
    """What really went where."""
    draft: str = ""


class FoldersChanged(Struct, frozen=True, kw_only=True):
    """All folders as they are now."""

    folders: tuple[FolderState, ...]


class FolderProgress(Struct, frozen=True, kw_only=True):
    """A folder is being read; at most five a second. `current` is relative, with "/".

    `part` is the share of `current` that is done; `seconds_left` is None until it can be told.
    """

    request_id: str
    folder_id: str
    done: int
    total: int
    skipped: int
    current: str
    part: float = 0.0
    seconds_left: float | None = None


class FolderFileSkipped(Struct, frozen=True, kw_only=True):
    """A file that gives no answers, and why, in words."""

    request_id: str
    folder_id: str
    file: str
    problem: Problem


class FolderSynced(Struct, frozen=True, kw_only=True):
    """A folder is in step with the disk."""

    request_id: str
    folder: FolderState
    statistics: SyncStatistics


class LibraryFolderRemoved(Struct, frozen=True, kw_only=True):
    """A folder was forgotten."""

    request_id: str
    folder_id: str


class LibraryStatusReady(Struct, frozen=True, kw_only=True):
    """How every folder, the index and the embedding model stand."""

    request_id: str
    status: LibraryStatus


class RerankerReady(Struct, frozen=True, kw_only=True):
    """A reranker was tried, or given up."""

    request_id: str
    chosen: RerankerChosen


class SearchEvaluationProgress(Struct, frozen=True, kw_only=True):
    """Search is being measured; at most five a second."""

    request_id: str
    progress: EvaluationProgress


class SearchEvaluationFinished(Struct, frozen=True, kw_only=True):
    """How well search finds."""

    request_id: str
    evaluated: RetrievalEvaluated


class LibraryChecked(Struct, frozen=True, kw_only=True):
    """What is kept was checked, and mended where it had to be."""

    request_id: str
    verified: LibraryVerified


class EmbedderChanging(Struct, frozen=True, kw_only=True):
    """How many documents are embedded with the next model.

    `changed`: it has taken its place; `failed`: it has not, a Notice says why.
    """

    path: str
    done: int
    total: int
    changed: bool
    failed: bool = False


class SkippedFilesReady(Struct, frozen=True, kw_only=True):
    """The skipped files of a folder; `describe_skipped` puts the reasons into words."""

    request_id: str
    files: tuple[FileSkipped, ...]


class SearchFinished(Struct, frozen=True, kw_only=True):
    """The hits of a search, best first."""

    request_id: str
    hits: tuple[SearchHit, ...]
    seconds: float


class RequestFailed(Struct, frozen=True, kw_only=True):
    """A request about folders, search, documents or models ended in a problem."""

    request_id: str
    problem: Problem


class Notice(Struct, frozen=True, kw_only=True):
    """Something to tell the person outside any answer; a repeat of `key` replaces the last one.

    `severity` is info, warning or error.
    """

    key: str
    severity: str
    problem: Problem


class OpenRequested(Struct, frozen=True, kw_only=True):
    """A second start handed over its paths (folders, GGUF files); the window comes forward."""

    paths: tuple[str, ...]


AppEvent = (
    AnswerEvent
    | ModelEvent
    | QuantizationEvent
    | ChatsChanged
    | ModelsChanged
    | ModelReady
    | FoldersChanged
    | FolderProgress
    | FolderFileSkipped
    | FolderSynced
    | LibraryFolderRemoved
    | LibraryStatusReady
    | RerankerReady
    | SearchEvaluationProgress
    | SearchEvaluationFinished
    | LibraryChecked
    | EmbedderChanging
    | SkippedFilesReady
    | SearchFinished
    | DocumentEvent
    | DownloadEvent
    | RequestFailed
    | Notice
    | OpenRequested
)

__all__ = [
    "AnswerEvent",
    "AnswerFailed",
    "AnswerFinished",
    "AnswerSources",
    "AnswerStage",
    "AnswerStarted",
    "AnswerSummarised",
    "AnswerTextAdded",
    "AnswerThinkingAdded",
    "AppEvent",
    "ChatsChanged",
    "DocumentEvent",
    "DocumentReady",
    "EmbedderChanging",
    "FileTextReady",
    "FolderFileSkipped",
    "FolderFilesListed",
    "FolderProgress",
    "FolderSynced",
    "FoldersChanged",
    "LibraryChecked",
    "LibraryFolderRemoved",
    "LibraryStatusReady",
    "ModelReady",
    "ModelsChanged",
    "Notice",
    "OpenRequested",
    "PageCharactersReady",
    "PageImageReady",
    "Problem",
    "RequestFailed",
    "RerankerReady",
    "SearchEvaluationFinished",
    "SearchEvaluationProgress",
    "SearchFinished",
    "SkippedFilesReady",
]
