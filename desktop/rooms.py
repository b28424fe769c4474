"""Where each event goes."""

from msgspec import Struct

from core.app.events import (
    AnswerEvent,
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
    PageReady,
    RequestFailed,
    SearchFinished,
    SkippedListed,
    StatusListed,
)
from core.app.events_fetch import KeyStored, ServerTested, UpdateKnown
from core.errors import Code
from desktop.chat.chats_room import ChatsRoom
from desktop.chat.room import ChatRoom
from desktop.chat_parts import ChatParts
from desktop.library.room import FolderRoom
from desktop.models.choice import ModelChoice
from desktop.models.room import SHELF_EVENTS, ModelRoom
from desktop.models.server_room import ServerRoom
from desktop.notices import Notices
from desktop.sources.room import SourcesRoom
from desktop.updates import UpdateRoom


class Rooms(Struct, frozen=True):
    """All that listens to the application."""

    chat: ChatRoom
    chats: ChatsRoom
    parts: ChatParts
    folders: FolderRoom
    models: ModelChoice
    servers: ServerRoom
    shelf: ModelRoom
    sources: SourcesRoom
    updates: UpdateRoom
    notices: Notices

    def handle(self, event: AppEvent) -> None:
        """Pass an event to the room it is about."""
        self._hear(event)
        match event:
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
                | FolderFilesListed()
            ):
                self.folders.handle(event)
            case DocumentReady() | FileTextReady() | PageReady() | LettersReady():
                self.sources.handle(event)
            case ServerTested() | KeyStored():
                self.servers.handle(event)
            case UpdateKnown():
                self.updates.handle(event)
            case Notice() | RequestFailed():
                self._tell(event)
            case _:
                pass  # what was handed over the window opens itself; the rest is asked in dialogs

    def _hear(self, event: AppEvent) -> None:
        """Pass on what more than one room may want to know."""
        if isinstance(event, AnswerEvent):
            self.chat.handle(event)
        if isinstance(event, AnswerEvent | SearchFinished):
            self.parts.handle(event)
        if isinstance(event, SHELF_EVENTS):
            self.shelf.handle(event)

    def _tell(self, event: Notice | RequestFailed) -> None:
        if isinstance(event, RequestFailed):
            self._fail(event)
            return
        if event.key == "model" and event.severity == "error":
            self.models.give_up_loading()
            self.shelf.give_up_loading()
        self.notices.post(event)

    def _fail(self, event: RequestFailed) -> None:
        self.updates.fail(event.request_id)
        if self.sources.fail(event) or self.parts.fail(event) or self.servers.fail(event):
            return
        if self.shelf.fail(event):
            return
        self.folders.fail(event)
        if event.problem.code == Code.CANCELLED:
            return  # by a person's wish, or because nobody waits for it any more
        self.notices.post(
            Notice(key=f"failed {event.problem.code}", severity="error", problem=event.problem)
        )
