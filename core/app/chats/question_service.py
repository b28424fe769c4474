"""Questions: the call that asks in a chat, from options and routing to the started answer."""

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AskOptions, AskOptionsResolver
from core.app.chats.chat_service import ChatService
from core.app.chats.chat_stores import ChatStore
from core.app.chats.routing_service import RoutingDecision, RoutingService
from core.app.chats.title_generator import TitleGenerator
from core.app.events.app_events import AnswerStarted
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.network.server_service import ServerService
from core.chat.answering.answer_request import AnswerRedo, DocumentUse
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import Conversation
from core.chat.store.temporary_chats import TemporaryChats
from core.messages import Adapter, Sampling


class QuestionService:
    """Belongs to the thread of the application.

    Of several samples the first one's start is returned; those that are to agree become one answer.
    A model that is named `once` answers this question alone: the chat goes on as before.
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

    def ask_question(  # noqa: PLR0913 - one word for each thing a person may choose
        self,
        text: str,
        *,
        chat_id: str | None = None,
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        model: str = "",
        sampling: Sampling | None = None,
        max_tokens: int = 0,
        adapters: tuple[Adapter, ...] | None = None,
        samples: int = 1,
        agree: bool = False,
        temporary: bool = False,
        try_anyway: bool = False,
        fresh: bool = False,
        when_full: str = "",
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
        redo: AnswerRedo | None = None,
        document_use: DocumentUse = DocumentUse.AUTO,
        preset: str = "",
        once: bool = False,
        only_proven: bool = False,
        may_repeat: bool = False,
        use_tools: bool = False,
    ) -> AnswerStarted:
        """Ask in a chat, None: a new one; what is not given is as set (see `AskOptions`).

        Raises ModelError, NetworkError or StorageError before anything was saved.
        """
        options = AskOptions(
            text=text, folder_ids=folder_ids, files=files, sampling=sampling, redo=redo,
            max_tokens=max_tokens, adapters=adapters, when_full=when_full, fresh=fresh, agree=agree,
            document_use=document_use, preset=preset, only_proven=only_proven,
            may_repeat=may_repeat, use_tools=use_tools, once=once,
        )  # fmt: skip
        decision = self._route(model, chat_id, options, anyway=try_anyway)
        store, chat = self._open_chat(chat_id, text, chat_style, temporary=temporary)
        self._record_choice("" if once else model, store, chat, decision.entry.path)
        return self._start_answer(options, decision, store, chat, samples)

    def _route(
        self, model: str, chat_id: str | None, options: AskOptions, *, anyway: bool
    ) -> RoutingDecision:
        before = self._chat_service.load_chat(chat_id) if chat_id else None
        return self._routing.route_question(
            model, options.text, before, grounded=options.is_grounded, anyway=anyway
        )

    def _start_answer(
        self,
        options: AskOptions,
        decision: RoutingDecision,
        store: ChatStore,
        chat: Conversation,
        samples: int,
    ) -> AnswerStarted:
        states = self._state_folder(store, chat)
        self._chat_service.note_files(chat.chat_id, options.files)
        request = self._options.build_request(options, decision, chat, states)
        return self._answers.start_answer(request, store, samples)

    def can_answer(self, model: str) -> bool:
        """Whether a model or server of this name could answer now."""
        return self._routing.can_answer(model)

    def _record_choice(self, model: str, store: ChatStore, chat: Conversation, path: str) -> None:
        """Let the chat go on with the model at `path`, if a person named one."""
        if model:
            saved = not isinstance(store, TemporaryChats)
            self._servers.record_chat_model(chat.chat_id, path, saved=saved)

    def _state_folder(self, store: ChatStore, chat: Conversation) -> str:
        """Return where what the model read of a chat is kept, "" for a temporary one."""
        is_temporary = isinstance(store, TemporaryChats)
        return "" if is_temporary else self._states.chat_folder(chat.chat_id)

    def _open_chat(
        self, chat_id: str | None, text: str, chat_style: ChatStyle, *, temporary: bool
    ) -> tuple[ChatStore, Conversation]:
        """Return where a chat is kept, and the chat, in which the answers have ended."""
        self._titles.pause_for_answer()
        if chat_id is None:
            return self._chat_service.new_chat(text, chat_style, temporary=temporary)
        self._answers.end_answers_in_chat(chat_id)
        store = self._chat_service.store_of_chat(chat_id)
        return store, store.load_conversation(chat_id)
