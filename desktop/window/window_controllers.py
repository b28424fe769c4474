"""Controllers of one window, and the dispatch of app events to them."""

from msgspec import Struct

from core.app.events.app_events import (
    AnswerEvent,
    AppEvent,
    ChatsChanged,
    FoldersChanged,
    ModelReady,
    ModelsChanged,
    Notice,
)
from core.app.events.model_events import ModelSettingsChanged
from core.messages import EmbedderProgress, SyncDone, SyncProgress
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.list.chat_list_controller import ChatListController
from desktop.help.update_controller import UpdateController
from desktop.kit.notices import NoticeCenter
from desktop.library.folder_controller import FolderController
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.models_controller import MODEL_EVENTS, ModelsController
from desktop.models.servers.servers_controller import ServersController
from desktop.sources.sources_controller import SourcesController
from desktop.window.answer_announcer import AnswerAnnouncer
from desktop.window.chat_features_controller import ChatFeaturesController


class WindowControllers(Struct, frozen=True):
    """All controllers of the window that receive app events."""

    chat: ChatController
    chats: ChatListController
    chat_features: ChatFeaturesController
    folders: FolderController
    models: ModelChoice
    servers: ServersController
    models_controller: ModelsController
    sources: SourcesController
    updates: UpdateController
    notices: NoticeCenter
    announcer: AnswerAnnouncer

    def dispatch_event(self, event: AppEvent) -> None:
        """Pass an event to the controller it is about."""
        self._dispatch_shared_event(event)
        match event:
            case ChatsChanged():
                self.chats.refresh_list()
            case ModelsChanged() | ModelReady():
                self.models.on_model_event(event)
            case ModelSettingsChanged():
                self.chat.adapter_selection.show_adapters()
            case FoldersChanged() | SyncProgress() | SyncDone() | EmbedderProgress():
                self.folders.on_app_event(event)
                self.chat.turn_controller.awaited_reading.check_folders()
                if isinstance(event, SyncDone):
                    self.chat.suggestions.on_folder_read(event)
            case Notice():
                self._post_notice(event)
            case _:
                pass  # what was handed over the window opens itself; the rest is asked in dialogs

    def _dispatch_shared_event(self, event: AppEvent) -> None:
        """Pass on what more than one controller needs."""
        if isinstance(event, AnswerEvent):
            self.chat.on_answer_event(event)
            self.chat_features.on_answer_event(event)
            if event.chat_id == self.chat.chat_id:
                self.announcer.on_answer_event(event)
        if isinstance(event, MODEL_EVENTS):
            self.models_controller.on_app_event(event)

    def _post_notice(self, event: Notice) -> None:
        if event.key == "library" and event.severity == "error":
            self.folders.end_listing()
        self.notices.post_notice(event)
