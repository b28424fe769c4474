"""Where each event goes."""

from msgspec import Struct

from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerText,
    AnswerThought,
    AppEvent,
    ChatsChanged,
    DocumentReady,
    EmbedderChanging,
    FileTextReady,
    FolderFileSkipped,
    FolderFilesListed,
    FolderForgotten,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    LettersReady,
    LibraryChecked,
    ModelReady,
    ModelsChanged,
    Notice,
    OpenRequested,
    PageReady,
    RequestFailed,
    SearchFinished,
    SkippedListed,
    StatusListed,
)
from desktop.chat.chats_room import ChatsRoom
from desktop.chat.room import ChatRoom
from desktop.chat_parts import ChatParts
from desktop.library.room import FolderRoom
from desktop.models.choice import ModelChoice
from desktop.notices import Notices
from desktop.sources.room import SourcesRoom


class Rooms(Struct, frozen=True):
    """All that listens to the application."""

    chat: ChatRoom
    chats: ChatsRoom
    parts: ChatParts
    folders: FolderRoom
    models: ModelChoice
    sources: SourcesRoom
    notices: Notices

    def handle(self, event: AppEvent) -> None:
        """Pass an event to the room it is about."""
        match event:
            case (
                AnswerStarted()
                | AnswerStage()
                | AnswerSummarised()
                | AnswerSources()
                | AnswerText()
                | AnswerThought()
                | AnswerFinished()
                | AnswerFailed()
            ):
                self.chat.handle(event)
                self.parts.handle(event)
            case ChatsChanged():
                self.chats.refresh()
            case ModelsChanged() | ModelReady():
                self.models.handle(event)
            case (
                FoldersChanged()
                | FolderProgress()
                | FolderFileSkipped()
                | FolderSynced()
                | FolderForgotten()
                | SkippedListed()
                | StatusListed()
                | LibraryChecked()
                | EmbedderChanging()
            ):
                self.folders.handle(event)
            case DocumentReady() | FileTextReady() | PageReady() | LettersReady():
                self.sources.handle(event)
            case FolderFilesListed():
                self.folders.handle(event)
            case RequestFailed():
                self._fail(event)
            case Notice():
                if event.key == "model" and event.severity == "error":
                    self.models.give_up_loading()
                self.notices.post(event)
            case SearchFinished():
                self.parts.handle(event)
            case OpenRequested():
                pass  # the window itself opens what was handed over

    def _fail(self, event: RequestFailed) -> None:
        if self.sources.fail(event) or self.parts.fail(event):
            return
        self.folders.fail(event)
        self.notices.post(
            Notice(key=f"failed {event.problem.code}", severity="error", problem=event.problem)
        )
