"""What a front end is told: frozen values, handed to its listeners on the thread that pumps."""

from msgspec import Struct

from core.chat.conversation import Citation, Source, Statistics
from core.messages import Document, FileSkipped, FolderState, Hit, SyncStatistics


class Problem(Struct, frozen=True, kw_only=True):
    """An error in words: a stable code, what happened, what to do next."""

    code: str
    message: str
    hint: str


class AnswerStarted(Struct, frozen=True, kw_only=True):
    """A question was saved and is on its way. `question_id` and `turn_id` are its two turns."""

    chat_id: str
    question_id: str
    turn_id: str
    model: str


class AnswerSources(Struct, frozen=True, kw_only=True):
    """What the folders gave for the question; empty when they hold nothing on it."""

    chat_id: str
    turn_id: str
    sources: tuple[Source, ...]


class AnswerText(Struct, frozen=True, kw_only=True):
    """The next piece of the answer."""

    chat_id: str
    turn_id: str
    text: str


class AnswerStage(Struct, frozen=True, kw_only=True):
    """What the answer is waiting for: "searching", "loading", "reading" or "writing"."""

    chat_id: str
    turn_id: str
    stage: str


class AnswerFinished(Struct, frozen=True, kw_only=True):
    """The answer as saved: final text, its citations, `note` on what was left out."""

    chat_id: str
    turn_id: str
    text: str
    citations: tuple[Citation, ...]
    sources: tuple[Source, ...]
    statistics: Statistics
    note: str


class AnswerFailed(Struct, frozen=True, kw_only=True):
    """The answer ended without its end; what had come of it is saved."""

    chat_id: str
    turn_id: str
    problem: Problem


class ChatsChanged(Struct, frozen=True, kw_only=True):
    """The list of chats is no longer what it was."""


class ModelsChanged(Struct, frozen=True, kw_only=True):
    """The shelf, or the chosen model, is no longer what it was."""


class ModelReady(Struct, frozen=True, kw_only=True):
    """The chosen model is loaded; `context` in tokens, `seconds` of loading."""

    ref: str
    context: int
    threads: int
    seconds: float


class FoldersChanged(Struct, frozen=True, kw_only=True):
    """All folders as they are now."""

    folders: tuple[FolderState, ...]


class FolderProgress(Struct, frozen=True, kw_only=True):
    """A folder is being read; at most five a second. `current` is relative, with "/"."""

    request_id: str
    folder_id: str
    done: int
    total: int
    skipped: int
    current: str


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


class FolderForgotten(Struct, frozen=True, kw_only=True):
    """A folder was forgotten."""

    request_id: str
    folder_id: str


class SkippedListed(Struct, frozen=True, kw_only=True):
    """The skipped files of a folder; `describe_skipped` puts the reasons into words."""

    request_id: str
    files: tuple[FileSkipped, ...]


class SearchFinished(Struct, frozen=True, kw_only=True):
    """The hits of a search, best first."""

    request_id: str
    hits: tuple[Hit, ...]
    seconds: float


class DocumentReady(Struct, frozen=True, kw_only=True):
    """The text of a file, for the preview."""

    request_id: str
    document: Document


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
    AnswerStarted
    | AnswerStage
    | AnswerSources
    | AnswerText
    | AnswerFinished
    | AnswerFailed
    | ChatsChanged
    | ModelsChanged
    | ModelReady
    | FoldersChanged
    | FolderProgress
    | FolderFileSkipped
    | FolderSynced
    | FolderForgotten
    | SkippedListed
    | SearchFinished
    | DocumentReady
    | RequestFailed
    | Notice
    | OpenRequested
)
