"""Protocols of core.app.App as the window calls it; the tests' fake satisfies them too."""

from collections.abc import Callable
from typing import Protocol

from core.app.chats.routing_service import RoutingService
from core.app.events.app_events import AnswerStarted, AppEvent
from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.app.loading.device_service import DeviceService
from core.app.models.model_service import ModelService
from core.app.network.key_service import KeyService
from core.app.network.server_service import ServerService
from core.app.network.update_service import UpdateService
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import ChatListEntry, Conversation
from core.library.client.library_client import LibraryClient
from core.messages import Adapter
from core.models.info.model_entry import AdapterEntry
from core.models.registry.model_registry import ModelRegistry
from desktop.protocols.chat_protocols import (
    ChatOrganizerCalls,
    ChatSearchCalls,
    ChatServiceCalls,
    ComparisonCalls,
    DraftCalls,
    PromptCalls,
    TurnCalls,
)
from desktop.protocols.model_protocols import ModelAppProtocol


class WrongSourceCalls(Protocol):
    """What a person says of sources that don't support an answer."""

    def wrong_source_numbers(self, turn_id: str) -> frozenset[int]:
        """Return the numbers of an answer's sources that are said to be wrong."""

    def mark_source(self, turn_id: str, n: int, *, wrong: bool) -> bool:
        """Keep or take back what is said; False if the answer is not on disk."""


class ChatStoreCalls(Protocol):
    """The saved chats; every call is quick."""

    @property
    def drafts(self) -> DraftCalls:
        """What was typed and not sent."""

    @property
    def prompts(self) -> PromptCalls:
        """The prompts."""

    @property
    def search(self) -> ChatSearchCalls:
        """The words of all chats."""

    @property
    def wrong_sources(self) -> WrongSourceCalls:
        """What is said of wrong sources."""

    def list_chats(self) -> tuple[ChatListEntry, ...]:
        """Return all chats, the latest first."""

    def load_conversation(self, chat_id: str) -> Conversation:
        """Return one chat with all its turns. Raises StorageError."""

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title. Raises StorageError."""


class ChatCalls(Protocol):
    """What is asked about chats and answers."""

    @property
    def chats(self) -> ChatStoreCalls:
        """The saved chats."""

    @property
    def chat_service(self) -> ChatServiceCalls:
        """What is done with whole chats."""

    @property
    def chat_organizer(self) -> ChatOrganizerCalls:
        """The arrangement of their list."""

    @property
    def turns(self) -> TurnCalls:
        """What is done with single turns."""

    @property
    def comparison(self) -> ComparisonCalls:
        """One question to several."""

    @property
    def questions(self) -> "QuestionCalls":
        """Questions of a person."""

    @property
    def answers(self) -> "AnswerCalls":
        """Answers on their way."""

    @property
    def adapters(self) -> "AdapterCalls":
        """LoRA adapters."""


class QuestionCalls(Protocol):
    """What is asked of `core.app.chats.question_service.QuestionService`."""

    def ask_question(  # noqa: PLR0913 - one word for each thing a person may wish
        self,
        text: str,
        *,
        chat_id: str | None = None,
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        model: str = "",
        adapters: tuple[Adapter, ...] | None = None,
        when_full: str = "",
        temporary: bool = False,
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
    ) -> AnswerStarted:
        """Save a question and start its answer. Raises InglenookError when nothing was saved."""


class AnswerCalls(Protocol):
    """What is asked of `core.app.chats.answer_service.AnswerService`."""

    def stop_answer(self, turn_id: str | None = None) -> None:
        """Stop an answer, whatever it is doing; all of them without an id."""


class AdapterCalls(Protocol):
    """What is asked about adapters before a question goes through them."""

    def is_adapter_file(self, path: str) -> bool:
        """Whether a GGUF file says that it is an adapter."""

    def adapters_for_model(self, path: str) -> tuple[AdapterEntry, ...]:
        """Return the adapters on the shelf that the model in a file can have."""

    def adapter_for_chosen_model(self, path: str) -> Adapter:
        """Return the adapter in a file. Raises ModelError if the chosen model can't have it."""


class AppProtocol(ChatCalls, ModelAppProtocol, Protocol):
    """All of it; answers come as events to the listeners, from `process_events`."""

    @property
    def library(self) -> LibraryClient:
        """Searches."""

    @property
    def folders(self) -> FolderService:
        """Folders and their documents."""

    @property
    def documents(self) -> DocumentService:
        """Single documents."""

    @property
    def registry(self) -> ModelRegistry:
        """All model files that are known."""

    @property
    def models(self) -> ModelService:
        """The shelf."""

    @property
    def servers(self) -> ServerService:
        """Servers of the person's own."""

    @property
    def routing(self) -> RoutingService:
        """Who answers."""

    @property
    def keys(self) -> KeyService:
        """Keys and tokens."""

    @property
    def updates(self) -> UpdateService:
        """Newer versions."""

    @property
    def devices(self) -> DeviceService:
        """The machine and its graphics cards."""

    @property
    def paths(self) -> Paths:
        """Where everything of this root lies."""

    @property
    def settings(self) -> Settings:
        """The settings of this root."""

    def subscribe(self, listener: Callable[[AppEvent], None]) -> Callable[[], None]:
        """Tell `listener` every event from now on, until the result is called."""

    def warm_up(self) -> None:
        """Start the children in the background."""

    def close(self) -> None:
        """Save, stop the children, let go of the root."""

    def process_events(self) -> None:
        """Tell the listeners what has come in."""

    def receive_open_requests(self) -> None:
        """Take what second starts have handed over; OpenRequested follows."""


class OpenableAppProtocol(AppProtocol, Protocol):
    """A front before it is open."""

    def open_root(self) -> None:
        """Own the root and what is in it. Raises StorageError."""
