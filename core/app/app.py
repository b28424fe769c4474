"""Application object: all services of one root and the event loop, without a user interface."""

import logging
from collections.abc import Callable

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AskOptions, AskOptionsResolver
from core.app.chats.chat_organizer_service import ChatOrganizerService
from core.app.chats.chat_service import ChatService
from core.app.chats.comparison_service import ComparisonService
from core.app.chats.routing_service import RoutingService
from core.app.chats.title_generator import TitleGenerator
from core.app.chats.turn_service import TurnService
from core.app.clients import Clients, open_clients
from core.app.events.app_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AppEvent,
    ChatsChanged,
    Notice,
    OpenRequested,
    Problem,
)
from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.app.loading.device_service import DeviceService
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.model_load_service import ModelUsers
from core.app.loading.placement_service import PlacementService
from core.app.model_services import MachineDevices, open_model_services
from core.app.network.network_services import NetworkServices
from core.app.problems import problem_of
from core.app.quantization.quantization_service import open_quantization_services
from core.app.root_lock import RootLock, collect_open_requests
from core.base import log
from core.base.errors import StorageError
from core.base.i18n import _
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_request import AnswerRedo
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import Conversation
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.chat.store.temporary_chats import TemporaryChats
from core.messages import Adapter, Sampling

_log = logging.getLogger(__name__)


class App:
    """Everything a front end calls. One thread owns it; `wake` may be called from others.

    Requests go in as calls, events come back through `pump` to the listeners.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        clients: Clients | None = None,
    ) -> None:
        """`clients` stand for real children, which are made otherwise."""
        self.paths = paths
        self._wake = wake
        self._lock = RootLock(paths)
        self._listeners: list[Callable[[AppEvent], None]] = []
        self._clients = clients or open_clients(paths, wake)
        self.engine, self.library = self._clients.engine, self._clients.library
        self.courier = self._clients.courier
        self.folders = FolderService(self.library, self._emit)
        self.documents = DocumentService(self.library, self._emit)
        self.devices = DeviceService(paths, self._clients.planner, self._emit)
        self._early: list[AppEvent] = []  # told by the first pump: nobody listens before
        self._is_warm = False

    def subscribe(self, listener: Callable[[AppEvent], None]) -> Callable[[], None]:
        """Call `listener` with each event, on the thread that pumps, until the result is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def open_root(self) -> None:
        """Own the root and open what is in it; fast, starts no child. Raises StorageError."""
        self._lock.acquire()
        try:
            log.to_file(self.paths.logs / "front-end.log")
            self.settings = Settings(self.paths.settings)
            self.chats = ChatDatabase(self.paths.chats, self.paths.backups, self._on_damage)
            self._states = KvStateFolders(self.paths, self.settings)
            self._open_model_services()
            self._network = NetworkServices(
                self.courier,
                self.paths,
                self.settings,
                self.models,
                self._emit,
                on_answer_event=lambda event: self._answers.on_engine_event(event),  # noqa: PLW0108 - made below
            )
            self.downloads, self.servers = self._network.downloads, self._network.servers
            self.keys, self.updates = self._network.keys, self._network.updates
            self.routing = RoutingService(self.models, self.servers, self.settings)
            self._ask_options = AskOptionsResolver(
                self.settings, self.model_settings, self.folders.folder_names
            )
            self._answers = AnswerService(
                self.library,
                self.model_loading,
                self._on_answer,
                self.model_loading.load_pending,
                elsewhere=self._network.server_engine,
            )
            self._saving = RetryingSaver(self.chats, self._on_saving)
            self._temporary = TemporaryChats()
            self._open_chat_services()
            self._states.remove_stale_folders(self.chats.chat_ids())
            self.servers.remove_deleted_chats(self.chats.chat_ids())
        except BaseException:
            self._lock.release()
            raise

    def _open_model_services(self) -> None:
        machine = MachineDevices(
            lambda: self.devices.known_devices, self.devices.excluded.without_excluded
        )
        users = ModelUsers(
            in_use=lambda: self._answers.uses_engine,
            stop_waiting=lambda load: self._answers.stop_waiting_for_load(load),  # noqa: PLW0108 - made later
        )
        desks = open_model_services(
            self.paths,
            self.settings,
            self.engine,
            self._states,
            machine,
            users,
            emit=self._emit,
            wake=self._wake,
        )
        self.models, self.model_loading, self.model_files = desks.models, desks.loads, desks.shelf
        self.model_settings, self.adapters = desks.settings, desks.adapters
        self.checksums = desks.checksums
        self.load_options = desks.wishes
        self.placements = PlacementService(self._clients.planner, self.load_options)
        self.quantization_ladders, self.quantizations = open_quantization_services(
            self._clients, self.paths, self.models, self.load_options, self._emit
        )

    def _open_chat_services(self) -> None:
        self.chat_service = ChatService(
            self.chats,
            self._saving,
            self._temporary,
            self._states,
            self.folders,
            end_answers=self._answers.end_answers_in_chat,
            kept=self.servers.persist_chat_server,
            emit=self._emit,
        )
        self.chat_organizer = ChatOrganizerService(self.chats.organizer, self._emit)
        self.turns = TurnService(self.chats, self.chat_service, self.ask_question, self._emit)
        self.comparison = ComparisonService(
            self.chats, self.chat_service, self.routing, self.model_settings, self.ask_question
        )
        self._title_generator = TitleGenerator(
            self.chats, self.model_loading, may_begin=self._may_generate_title, emit=self._emit
        )
        self.chat_service.delete_expired_chats()

    def _may_generate_title(self) -> bool:
        """Only a window, which stays, wants titles; only what is loaded here makes them."""
        wanted = self._is_warm and bool(self.settings.get_value(declared.TITLES))
        return wanted and self.engine.loaded is not None and not self._answers.turn_ids

    def warm_up(self) -> None:
        """Start the children and load the chosen model, while the person looks at the window."""
        self._is_warm = True
        self.library.start()
        self.library.list_folders()
        self.devices.refresh_devices()
        self.model_loading.preload_model(self.routing.likely_model())
        self.model_files.start()

    def close(self) -> None:
        """Stop all answers, save them, end the children and give the root back."""
        self._answers.close()
        self.model_files.close()
        self.model_loading.close()
        self._clients.planner.stop()
        self.quantization_ladders.close()
        self.quantizations.close()
        self.courier.stop()
        self.library.stop()
        self._saving.retry_saving(now=True)
        self._states.remove_stale_folders(self.chats.chat_ids())
        self.chats.close()
        log.close()
        self._lock.release()

    def process_events(self) -> None:
        """Take what the children sent and tell the listeners; also saves what is due."""
        early, self._early = self._early, []
        for event in early:
            self._emit(event)
        for engine_event in self.engine.poll():
            self.devices.excluded.track_engine_event(
                engine_event, self.load_options.default_placement
            )
            self.quantization_ladders.record_engine_speed(engine_event)
            if given_up := self.model_loading.retry_with_less_memory(engine_event):
                self._answers.retry_load(given_up)
                self.model_loading.load_pending()
                continue
            if self._title_generator.on_engine_event(engine_event):
                continue
            answering = self._answers.on_engine_event(engine_event)
            self.model_loading.on_engine_event(engine_event, answering=answering)
        for library_event in self.library.poll():
            taken = self._answers.on_library_event(library_event)
            if not (taken or self.documents.on_library_event(library_event)):
                self.folders.on_library_event(library_event)
        self._clients.planner.poll()
        self.quantization_ladders.process_child_events()
        self.quantizations.process_child_events()
        self.model_files.process_task_events()
        self.model_loading.unload_if_idle()
        self.courier.poll()
        self._answers.save_due_answers()
        self._saving.retry_saving()
        self._title_generator.start_next_title()

    def receive_open_requests(self) -> None:
        """Take what second starts have handed over."""
        for arguments in collect_open_requests(self.paths):
            self._emit(OpenRequested(paths=tuple(arguments)))

    # ------------------------------------------------------------ chats

    @property
    def answering_turn_ids(self) -> tuple[str, ...]:
        """The turns that are being answered, the first asked first."""
        return self._answers.turn_ids

    def ask_question(  # noqa: PLR0913 - one word for each thing a person may wish
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
        temporary: bool = False,
        try_anyway: bool = False,
        when_full: str = "",
        manner: ChatStyle = DEFAULT_CHAT_STYLE,
        redo: AnswerRedo | None = None,
    ) -> AnswerStarted:
        """Ask in a chat (None: a new one); what is not given is as set (see `AskOptions`).

        An answer in the same chat is stopped first. Of several `samples` the first one's start is
        returned. A `temporary` chat never reaches the disk; a new one has this `manner`, any other
        its own. Raises ModelError, NetworkError or StorageError before anything was saved.
        """
        wish = AskOptions(
            text=text, folder_ids=folder_ids, files=files, sampling=sampling, redo=redo,
            max_tokens=max_tokens, adapters=adapters, when_full=when_full,
        )  # fmt: skip
        before = self.chat_service.load_chat(chat_id) if chat_id else None
        choice = self.routing.route_question(
            model, text, before, grounded=wish.is_grounded, anyway=try_anyway
        )
        self._title_generator.pause_for_answer()
        saving, chat = self._chat(chat_id, text, temporary=temporary, manner=manner)
        if model:
            saved = saving is self._saving
            self.servers.record_chat_model(chat.chat_id, choice.entry.path, saved=saved)
        states = self._state_folder(saving, chat)
        order = self._ask_options.build_request(wish, choice, chat, states)
        return self._answers.start_answer(order, saving, samples)

    def _chat(
        self, chat_id: str | None, text: str, *, temporary: bool, manner: ChatStyle
    ) -> tuple[RetryingSaver | TemporaryChats, Conversation]:
        """Return where a chat is kept, and the chat; what is being answered in it ends."""
        if chat_id is None:
            made = self.chats.new_conversation(title_from_question(text), manner=manner)
            return self._temporary if temporary else self._saving, made
        self._answers.end_answers_in_chat(chat_id)
        saving = self._temporary if chat_id in self._temporary else self._saving
        return saving, saving.load_conversation(chat_id)

    def _state_folder(self, saving: RetryingSaver | TemporaryChats, chat: Conversation) -> str:
        """Only what is saved of a chat may have a state on disk."""
        return self._states.chat_folder(chat.chat_id) if saving is self._saving else ""

    def stop_answer(self, turn_id: str | None = None) -> None:
        """Stop an answer, whatever it is doing; all of them without an id."""
        self._answers.stop_answer(turn_id)

    def _on_answer(self, event: AnswerEvent) -> None:
        self._emit(event)
        if isinstance(event, AnswerStarted | AnswerFinished | AnswerFailed):
            self._emit(ChatsChanged())
        if isinstance(event, AnswerFinished):
            self._title_generator.queue_title(event.chat_id)

    # ------------------------------------------------------------ telling

    def _emit(self, event: AppEvent) -> None:
        for listener in list(self._listeners):
            listener(event)

    def _on_damage(self, error: StorageError) -> None:
        notice = Notice(key="chats", severity="warning", problem=problem_of(error))
        self._early.append(notice)

    def _on_saving(self, error: StorageError | None) -> None:
        if error is None:
            problem = Problem(code="saved", message=_("Everything is saved again."), hint="")
            self._emit(Notice(key="saving", severity="info", problem=problem))
        else:
            self._emit(Notice(key="saving", severity="error", problem=problem_of(error)))
