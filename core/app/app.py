"""Application object: all services of one root and the event loop, without a user interface."""

from collections.abc import Callable

from core.app.api.api_call_service import ApiCallService, ApiServices
from core.app.api.api_service import ApiService
from core.app.chats.answer_cache_service import AnswerCacheService
from core.app.chats.answer_service import AnswerDependencies, AnswerService
from core.app.chats.ask_options import AskOptionsResolver
from core.app.chats.chat_backup_service import ChatBackupService
from core.app.chats.chat_organizer_service import ChatOrganizerService
from core.app.chats.chat_service import ChatService
from core.app.chats.chat_stores import ChatStores
from core.app.chats.comparison_service import ComparisonService
from core.app.chats.digest_upkeep import DigestUpkeep
from core.app.chats.history_service import HistoryService
from core.app.chats.model_identity import ModelIdentity
from core.app.chats.past_reader import PastReader
from core.app.chats.question_service import QuestionService
from core.app.chats.routing_service import RoutingService
from core.app.chats.title_generator import TitleGenerator
from core.app.chats.turn_service import TurnService
from core.app.chats.verification_service import VerificationService
from core.app.clients import Clients, open_clients
from core.app.events.app_events import (
    Notice,
    OpenRequested,
    Problem,
)
from core.app.library.document_service import DocumentService
from core.app.library_app import LibraryApp
from core.app.loading.device_service import DeviceService
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.placement_service import PlacementService
from core.app.model_services import ModelServices
from core.app.network.network_services import NetworkServices
from core.app.problems import problem_of, problem_of_failure
from core.app.quantization.quantization_ladder_service import QuantizationLadderService
from core.app.quantization.quantization_service import QuantizationService
from core.app.root_lock import collect_open_requests
from core.app.tools.own_tools import OwnTools
from core.app.tools.tool_permissions import ToolPermissions
from core.app.tools.tool_service import ToolService
from core.app.training.chat_examples import ChatExamples
from core.app.training.example_upkeep import ExampleUpkeep
from core.app.training.training_service import TrainingService
from core.app.usage.usage_service import UsageService
from core.app.usage.usage_store import UsageStore
from core.base.errors import StorageError
from core.base.i18n import _
from core.base.paths import Paths
from core.chat.answering.answer_protocols import AnswerEngine
from core.chat.answering.running_answers import RunningAnswers
from core.chat.store.attachment_store import AttachmentStore
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.chat.store.temporary_chats import TemporaryChats
from core.messages import Failed, Seal
from core.models.server_registry import is_server_path


class App(LibraryApp):
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
        self._clients = clients or open_clients(paths, wake)
        super().__init__(paths, wake, self._clients.library)
        self._before_close: list[Callable[[], object]] = []
        self.engine, self.courier = self._clients.engine, self._clients.courier
        self.key_store = self.courier.keys
        self.documents = DocumentService(self.library)
        self.devices = DeviceService(paths, self._clients.planner, self.emit)

    def _open_services(self) -> None:
        self.chats = ChatDatabase(self.paths.chats, self.paths.backups, self._on_damage)
        self.attachments = AttachmentStore(self.paths.attachments)
        self._states = KvStateFolders(self.paths, self.settings)
        self.running_answers = RunningAnswers()
        self._open_model_services()
        self._open_network_services()
        self._open_answer_services()
        self._open_chat_services()
        self._states.remove_stale_folders(self.chats.chat_ids())
        self.attachments.remove_unused(self.chats.attached_paths)
        self.servers.remove_deleted_chats(self.chats.chat_ids())

    def end_children(self) -> None:
        """End what was started ahead: the root could not be opened."""
        self.engine.unload_model()

    def _open_model_services(self) -> None:
        services = ModelServices(
            self.paths,
            self.settings,
            self.engine,
            self.devices,
            self._states,
            self.running_answers,
            self,
        )
        self.registry, self.models = services.registry, services.models
        self.model_files = services.files
        self.model_loading, self._preloader = services.loading, services.preloader
        self.model_settings, self.adapters = services.settings, services.adapters
        self.abilities, self.chat_judge = services.abilities, services.chat_judge
        self.subscribe(self.abilities.on_app_event)
        self.subscribe(self.models.on_app_event)
        self.checksums, self.load_options = services.checksums, services.load_options
        self.tunings, self.model_timing = services.tunings, services.timing
        self._checksum_tasks = services.checksum_tasks
        self._file_tasks = services.file_tasks, self._checksum_tasks
        self._clients.set_known_models(self._known_models)
        self.placements = PlacementService(
            self._clients.planner, self.load_options, services.tunings
        )
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

    @property
    def child_seals(self) -> dict[str, Seal]:
        """What holds each child that was started so far, by the names of `Clients`."""
        clients = self._clients._asdict() | {"engine": self.engine, "library": self.library}
        seals = {name: client.seal for name, client in clients.items()}
        return {name: seal for name, seal in seals.items() if seal is not None}

    def _known_models(self) -> list[str]:
        return [entry.path for entry in self.registry.list_models()]

    def _open_network_services(self) -> None:
        self._usage_store = UsageStore(self.paths.usage)
        self._network = NetworkServices(
            self.courier, self.paths, self.settings, self.models, self._usage_store, self.emit
        )
        self.downloads, self.servers = self._network.downloads, self._network.servers
        self.keys, self.updates = self._network.keys, self._network.updates
        self.usage = UsageService(
            self._usage_store,
            self.settings,
            self.servers.get_server,
            self.registry.ref_for_path,
            self.emit,
        )
        self.routing = RoutingService(self.models, self.servers, self.settings)
        self.training = TrainingService(
            self.paths,
            self._clients.examples,
            self._clients.trainer,
            self.models,
            self.load_options,
            self.emit,
        )
        self.chat_examples = ChatExamples(
            self.chats,
            lambda path: self.model_settings.store.settings_for_model(path).system_prompt or "",
        )

    def _open_answer_services(self) -> None:
        identity = ModelIdentity(self.registry, self.model_settings.store, self.servers)
        cache = AnswerCacheService(self.chats, self.library, self.settings, identity.identify_model)
        self.subscribe(cache.on_app_event)
        self.subscribe(DigestUpkeep(self.chats.digests, self.library).on_app_event)
        own_tools = OwnTools(self.library, self.folders, self.documents)
        rules = ToolPermissions(self.paths.tools)
        self.tools = ToolService(own_tools, rules, self.wake, str(self.paths.root))
        stores = self._open_stores()
        self.answers = AnswerService(
            self.running_answers,
            self.library,
            self.model_loading,
            self._engine_for,
            AnswerDependencies(cache, self.chat_judge, self.tools, self._past, self.call_soon),
            self.emit,
        )
        self._titles = TitleGenerator(
            self.chats, self.model_loading, self.running_answers, self.settings, self.emit
        )
        self.subscribe(self._titles.on_app_event)
        self.chat_service = ChatService(
            stores,
            self._states,
            self.folders,
            self.servers,
            self.answers,
            self.attachments,
            self.emit,
        )
        self.questions = QuestionService(
            self.chat_service,
            self.routing,
            AskOptionsResolver(self.settings, self.model_settings, self.folders.folder_names),
            self.servers,
            self._states,
            self.answers,
            self._titles,
        )

    def _open_stores(self) -> ChatStores:
        """Open where chats are kept, and what reads ahead in them."""
        self._saver = RetryingSaver(self.chats, self._on_saving)
        stores = ChatStores(self.chats, self._saver, TemporaryChats())
        self._past = PastReader(
            self.engine, self.model_loading, self.running_answers, stores, self.emit
        )
        self.subscribe(self._past.on_app_event)
        return stores

    def _open_chat_services(self) -> None:
        self.history = HistoryService(self.chats, self.emit, self.wake)
        self.chat_organizer = ChatOrganizerService(self.chats.organizer, self.emit)
        self.turns = TurnService(
            self.chats, self.chat_service, self.answers, self.questions, self.emit
        )
        self.verification = VerificationService(
            self.chat_service, self.routing, self.answers, self._titles
        )
        self.comparison = ComparisonService(
            self.chats,
            self.chat_service,
            self.answers,
            self.questions,
            self.routing,
            self.model_settings,
        )
        upkeep = ExampleUpkeep(self.chats, self.training)
        self.subscribe(upkeep.on_app_event)
        self.chat_service.delete_expired_chats()
        upkeep.forget_deleted_chats()
        self._chat_backups = ChatBackupService(
            self.paths, self.chats, self._checksum_tasks, self.running_answers
        )
        services = ApiServices(
            models=self.models,
            model_settings=self.model_settings,
            loading=self.model_loading,
            answers=self.answers,
            folders=self.folders,
            library=self.library,
            chats=self.chat_service,
            questions=self.questions,
            usage=self.usage,
        )
        client, keys = self._clients.api, self.key_store
        calls = ApiCallService(client, services)
        self.subscribe(calls.on_app_event)
        self.api = ApiService(client, keys, calls, self.paths, self.settings, self.emit)

    def _engine_for(self, path: str) -> AnswerEngine:
        """Return who answers with the model at a path, counted for who asks now."""
        is_server = is_server_path(path)
        engine = self._network.server_engine(path) if is_server else self.model_loading
        return self.usage.metered_engine(engine, path)

    def warm_up(self) -> None:
        """Start the children and load the chosen model, while the person looks at the window."""
        self._past.is_enabled = True
        self._titles.is_enabled = self.abilities.is_enabled = self.models.keeps_choice = True
        self._chat_backups.is_enabled = True
        self.library.start()
        self.folders.list_folders().on_error(self._on_library_failure)
        self.devices.refresh_devices()
        self.preload_model()
        self.model_files.start()
        self.api.open_port_if_set()

    def preload_model(self) -> None:
        """Begin to load the model that is likely asked, if that is set."""
        self._preloader.preload_model(self.routing.likely_model())

    def close(self) -> None:
        """Stop all answers, save them, end the children and give the root back."""
        for function in self._before_close:
            function()
        self.api.close_port()
        self.answers.close()
        self.tools.stop_servers()
        for tasks in (*self._file_tasks, self.history.tasks):
            tasks.close()
        self.model_files.close()
        self.abilities.close()
        self.model_loading.close()
        self.quantizations.close()
        self.training.close()
        self._clients.courier.stop()  # first: nothing is transferred while others end
        self.key_store.close()
        for client in self._clients:
            client.stop()
        self._saver.retry_saving(now=True)
        self._usage_store.save_when_due(now=True)
        self._states.remove_stale_folders(self.chats.chat_ids())
        self.attachments.remove_unused(self.chats.attached_paths)
        self.chats.close()
        self._close_root()

    def call_before_close(self, function: Callable[[], object]) -> None:
        """Have `close` call a function first, while requests can still be made."""
        self._before_close.append(function)

    def process_events(self) -> None:
        """Deliver what the children sent and what other threads asked for; save what is due."""
        self.run_calls()
        self.key_store.poll()
        for client in self._clients:
            client.poll()
        for tasks in (*self._file_tasks, self.history.tasks):
            tasks.poll()
        self.tools.poll_servers()
        self.model_loading.unload_if_idle()
        self.model_loading.report_state()
        self.answers.save_due_answers()
        self._saver.retry_saving()
        self._usage_store.save_when_due()
        self._titles.start_next_title()
        if not self._titles.is_writing:
            self._past.read_when_idle()
        self._chat_backups.back_up_when_due()
        self.chat_judge.cancel_late_judgements()
        self.abilities.continue_measurement()

    def receive_open_requests(self) -> None:
        """Take what second starts have handed over."""
        for arguments in collect_open_requests(self.paths):
            self.emit(OpenRequested(paths=tuple(arguments)))

    def _on_library_failure(self, failure: Failed) -> None:
        problem = problem_of_failure(failure)
        self.emit(Notice(key="library", severity="error", problem=problem))

    def _on_damage(self, error: StorageError) -> None:
        self._report("chats", error)

    def _on_saving(self, error: StorageError | None) -> None:
        if error is None:
            problem = Problem(code="saved", message=_("Everything is saved again."), hint="")
            self.emit(Notice(key="saving", severity="info", problem=problem))
        else:
            self.emit(Notice(key="saving", severity="error", problem=problem_of(error)))
