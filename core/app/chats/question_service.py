"""Questions: the call that asks in a chat, from options and routing to the started answer."""

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AS_SET, AskOptions, AskOptionsResolver
from core.app.chats.chat_service import ChatService
from core.app.chats.chat_stores import ChatStore
from core.app.chats.routing_service import RoutingDecision, RoutingService
from core.app.chats.title_generator import TitleGenerator
from core.app.events.app_events import AnswerStarted
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.network.server_service import ServerService
from core.chat.conversations.conversation import Conversation
from core.chat.store.temporary_chats import TemporaryChats


class QuestionService:
    """Belongs to the thread of the application.

    Of several samples the first one's start is returned; those that are to agree become one answer.
    """

    def __init__(
        self,
        chat_service: ChatService,
        routing: RoutingService,
        options: AskOptionsResolver,
        servers: ServerService,
        states: KvStateFolders,
        answers: AnswerService,
        titles: TitleGenerator,
    ) -> None:
        self._chat_service = chat_service
        self._routing = routing
        self._options = options
        self._servers = servers
        self._states = states
        self._answers = answers
        self._titles = titles

    def ask_question(
        self, text: str, options: AskOptions = AS_SET, *, chat_id: str | None = None
    ) -> AnswerStarted:
        """Ask in a chat, None: a new one.

        Raises ModelError, NetworkError or StorageError before anything was saved.
        """
        decision = self._route(text, options, chat_id)
        store, chat = self._open_chat(text, options, chat_id)
        if options.model and not options.once:
            self._record_model(store, chat, decision.entry.path)
        self._chat_service.note_files(chat.chat_id, options.files)
        states = self._state_folder(store, chat)
        request = self._options.build_request(text, options, decision, chat, states)
        return self._answers.start_answer(request, store, options.samples)

    def _route(self, text: str, options: AskOptions, chat_id: str | None) -> RoutingDecision:
        before = self._chat_service.load_chat(chat_id) if chat_id else None
        return self._routing.route_question(
            options.model,
            text,
            before,
            grounded=options.is_grounded,
            anyway=options.try_anyway,
        )

    def can_answer(self, model: str) -> bool:
        """Whether a model or server of this name could answer now."""
        return self._routing.can_answer(model)

    def _record_model(self, store: ChatStore, chat: Conversation, path: str) -> None:
        """Let the chat go on with the model at `path`, which a person has named."""
        saved = not isinstance(store, TemporaryChats)
        self._servers.record_chat_model(chat.chat_id, path, saved=saved)

    def _state_folder(self, store: ChatStore, chat: Conversation) -> str:
        """Return where what the model read of a chat is kept, "" for a temporary one."""
        is_temporary = isinstance(store, TemporaryChats)
        return "" if is_temporary else self._states.chat_folder(chat.chat_id)

    def _open_chat(
        self, text: str, options: AskOptions, chat_id: str | None
    ) -> tuple[ChatStore, Conversation]:
        """Return where a chat is kept, and the chat, in which the answers have ended."""
        self._titles.pause_for_answer()
        if chat_id is None:
            return self._chat_service.new_chat(
                text, options.chat_style, temporary=options.temporary
            )
        self._answers.end_answers_in_chat(chat_id)
        store = self._chat_service.store_of_chat(chat_id)
        return store, store.load_conversation(chat_id)
