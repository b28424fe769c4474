"""Application object: all services of one root and the event loop, without a user interface."""

import logging
from collections.abc import Callable

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AskOptions, AskOptionsResolver
from core.app.chats.chat_organizer_service import ChatOrganizerService
from core.app.chats.chat_service import ChatService
from core.app.chats.comparison_service import ComparisonService
from core.app.chats.routing_service import RoutingService
from core.app.chats.source_search import SourceSearch
from core.app.chats.title_generator import TitleGenerator
from core.app.chats.turn_service import TurnService
from core.app.clients import Clients, open_clients
from core.app.events.app_events import (
    AnswerStarted,
    Notice,
    OpenRequested,
    Problem,
)
from core.app.events.event_hub import EventHub
from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.app.loading.device_service import DeviceService
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.placement_service import PlacementService
from core.app.model_services import ModelServices
from core.app.network.network_services import NetworkServices
from core.app.problems import problem_of, problem_of_failure
from core.app.quantization.quantization_ladder_service import QuantizationLadderService
from core.app.quantization.quantization_service import QuantizationService
from core.app.root_lock import RootLock, collect_open_requests
from core.base import log
from core.base.errors import StorageError
from core.base.i18n import _
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_request import AnswerRedo
from core.chat.answering.running_answers import RunningAnswers
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import Conversation
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.chat.store.temporary_chats import TemporaryChats
from core.messages import Adapter, Failed, Sampling

_log = logging.getLogger(__name__)


class App(EventHub):
    """Everything a front end calls, without a user interface. One thread owns it.

    Requests go in as calls that return a value or a `Reply`; what changes for everyone comes back
    as events to the listeners. Replies and events are delivered by `process_events`, which the
    owner's loop calls after `wake`. Several front ends may share an application: each subscribes,
    and one with a thread of its own hands its calls in with `call_soon`.
    """

    def __init__(
        self, paths: Paths, wake: Callable[[], None], clients: Clients | None = None
    ) -> None:
        """`wake` is called from any thread; `clients` replace those of real child processes."""
        super().__init__(wake)
        self.paths = paths
        self._lock = RootLock(paths)
        self._clients = clients or open_clients(paths, wake)
        self.engine, self.library = self._clients.engine, self._clients.library
        self.courier = self._clients.courier
        self.folders = FolderService(self.library, self.emit)
        self.documents = DocumentService(self.library)
        self.devices = DeviceService(paths, self._clients.planner, self.emit)

    def open_root(self) -> None:
        """Own the root and open what is in it; fast, starts no child. Raises StorageError."""
        self._lock.acquire()
        try:
            log.to_file(self.paths.logs / "front-end.log")
            self.settings = Settings(self.paths.settings)
            self.chats = ChatDatabase(self.paths.chats, self.paths.backups, self._on_damage)
            self._states = KvStateFolders(self.paths, self.settings)
            self._running = RunningAnswers()
            self._open_model_services()
            self._open_network_services()
            self._open_answer_services()
            self._open_chat_services()
            self._states.remove_stale_folders(self.chats.chat_ids())
            self.servers.remove_deleted_chats(self.chats.chat_ids())
        except BaseException:
            self._lock.release()
            raise

    def _open_model_services(self) -> None:
        services = ModelServices(
            self.paths,
            self.settings,
            self.engine,
            self.devices,
            self._states,
            self._running,
            self,
        )
        self.registry, self.models = services.registry, services.models
        self.model_files = services.files
        self.model_loading, self._preloader = services.loading, services.preloader
        self.model_settings, self.adapters = services.settings, services.adapters
        self.checksums, self.load_options = services.checksums, services.load_options
        self._file_tasks = services.file_tasks, services.checksum_tasks
        self.placements = PlacementService(self._clients.planner, self.load_options)
        self.quantization_ladders = QuantizationLadderService(
            self._clients.ladders,
            self.models,
            self.load_options,
            services.measurements,
            self.emit,
        )
        self.quantizations = QuantizationService(
            self._clients.quantization,
            self.paths,
            self.models,
            self.load_options,
            services.measurements,
            self.emit,
        )

    def _open_network_services(self) -> None:
        self._network = NetworkServices(
            self.courier, self.paths, self.settings, self.models, self.emit
        )
        self.downloads, self.servers = self._network.downloads, self._network.servers
        self.keys, self.updates = self._network.keys, self._network.updates
        self.routing = RoutingService(self.models, self.servers, self.settings)

    def _open_answer_services(self) -> None:
        self._saving = RetryingSaver(self.chats, self._on_saving)
        self._temporary = TemporaryChats()
        self._ask_options = AskOptionsResolver(
            self.settings, self.model_settings, self.folders.folder_names
        )
        self._sources = SourceSearch(self.library)
        self._answers = AnswerService(
            self._running,
            self._sources,
            self.model_loading,
            self._network.server_engine,
            self.emit,
        )
        self._title_generator = TitleGenerator(
            self.chats, self.model_loading, self._running, self.settings, self.emit
        )
        self.subscribe(self._title_generator.on_app_event)

    def _open_chat_services(self) -> None:
        self.chat_service = ChatService(
            self.chats,
            self._saving,
            self._temporary,
            self._states,
            self.folders,
            end_answers=self._answers.end_answers_in_chat,
            kept=self.servers.persist_chat_server,
            emit=self.emit,
        )
        self.chat_organizer = ChatOrganizerService(self.chats.organizer, self.emit)
        self.turns = TurnService(self.chats, self.chat_service, self.ask_question, self.emit)
        self.comparison = ComparisonService(
            self.chats, self.chat_service, self.routing, self.model_settings, self.ask_question
        )
        self.chat_service.delete_expired_chats()

    def warm_up(self) -> None:
        """Start the children and load the chosen model, while the person looks at the window."""
        self._title_generator.is_enabled = True
        self.library.start()
        self.folders.list_folders().on_error(self._on_library_failure)
        self.devices.refresh_devices()
        self._preloader.preload_model(self.routing.likely_model())
        self.model_files.start()

    def close(self) -> None:
        """Stop all answers, save them, end the children and give the root back."""
        self._answers.close()
        for tasks in self._file_tasks:
            tasks.close()
        self.model_files.close()
        self.model_loading.close()
        self._clients.planner.stop()
        self._clients.ladders.stop()
        self.quantizations.close()
        self.courier.stop()
        self.library.stop()
        self._saving.retry_saving(now=True)
        self._states.remove_stale_folders(self.chats.chat_ids())
        self.chats.close()
        log.close()
        self._lock.release()

    def process_events(self) -> None:
        """Deliver what the children sent and what other threads asked for; save what is due."""
        self.run_calls()
        self.engine.poll()
        self.library.poll()
        self._clients.planner.poll()
        self._clients.ladders.poll()
        self._clients.quantization.poll()
        for tasks in self._file_tasks:
            tasks.poll()
        self.model_loading.unload_if_idle()
        self.courier.poll()
        self._answers.save_due_answers()
        self._saving.retry_saving()
        self._title_generator.start_next_title()

    def receive_open_requests(self) -> None:
        """Take what second starts have handed over."""
        for arguments in collect_open_requests(self.paths):
            self.emit(OpenRequested(paths=tuple(arguments)))

    # ------------------------------------------------------------ chats

    @property
    def answering_turn_ids(self) -> tuple[str, ...]:
        """The turns that are being answered, the first asked first."""
        return self._running.turn_ids

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

    def _on_library_failure(self, failure: Failed) -> None:
        problem = problem_of_failure(failure)
        self.emit(Notice(key="library", severity="error", problem=problem))

    def _on_damage(self, error: StorageError) -> None:
        notice = Notice(key="chats", severity="warning", problem=problem_of(error))
        self.call_soon(lambda: self.emit(notice))  # nobody listens while a root is being opened

    def _on_saving(self, error: StorageError | None) -> None:
        if error is None:
            problem = Problem(code="saved", message=_("Everything is saved again."), hint="")
            self.emit(Notice(key="saving", severity="info", problem=problem))
        else:
            self.emit(Notice(key="saving", severity="error", problem=problem_of(error)))
