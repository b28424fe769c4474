"""Application events: changes of state that are broadcast to every front end."""

from msgspec import Struct

from core.app.events.api_events import ApiPortEvent
from core.app.events.download_events import DownloadEvent
from core.app.events.model_events import ModelEvent, QuantizationEvent
from core.chat.answering.answer_events import (
    AnswerChecked,
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerTextAdded,
    AnswerThinkingAdded,
    AnswerToolCalls,
    Problem,
)
from core.messages import (
    DeviceMemory,
    EmbedderProgress,
    EngineTuning,
    FolderState,
    Placement,
    SyncDone,
    SyncProgress,
)


class ChatsChanged(Struct, frozen=True, kw_only=True):
    """The list of chats has changed."""


class ModelsChanged(Struct, frozen=True, kw_only=True):
    """The list of models or the chosen model has changed."""


class ModelReady(Struct, frozen=True, kw_only=True):
    """The chosen model is loaded; `context` in tokens, `seconds` of loading.

    `draft` names the model that guesses ahead for it, "" when none does.
    """

    ref: str
    context: int
    threads: int
    seconds: float
    placement: Placement
    memory: tuple[DeviceMemory, ...]
    """What really went where."""
    draft: str
    tuning: EngineTuning | None
    """What was measured of models of its shape on this machine."""


class FoldersChanged(Struct, frozen=True, kw_only=True):
    """All folders as they are now, by name."""

    folders: tuple[FolderState, ...]


class SettingChanged(Struct, frozen=True, kw_only=True):
    """A setting was changed by a command, by its key: windows that show or follow it are told."""

    key: str


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
    | SettingChanged
    | SyncProgress
    | SyncDone
    | EmbedderProgress
    | DownloadEvent
    | ApiPortEvent
    | Notice
    | OpenRequested
)

__all__ = [
    "AnswerChecked",
    "AnswerEvent",
    "AnswerFailed",
    "AnswerFinished",
    "AnswerSources",
    "AnswerStage",
    "AnswerStarted",
    "AnswerSummarised",
    "AnswerTextAdded",
    "AnswerThinkingAdded",
    "AnswerToolCalls",
    "AppEvent",
    "ChatsChanged",
    "FoldersChanged",
    "ModelReady",
    "ModelsChanged",
    "Notice",
    "OpenRequested",
    "Problem",
]
