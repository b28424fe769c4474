"""The application without a face: built from one root, called by the window and the terminal."""

import logging
from collections.abc import Callable

from core import log
from core import settings as declared
from core.app.answers import AnswerDesk
from core.app.arranging import ArrangingDesk
from core.app.chat_desk import ChatDesk
from core.app.comparing import ComparisonDesk
from core.app.devices import DeviceDesk
from core.app.events import (
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
from core.app.folders import FolderDesk
from core.app.level_desks import open_levels
from core.app.loads import Users
from core.app.lock import RootLock, take_over
from core.app.model_desks import Machine, open_models
from core.app.network import Network
from core.app.orders import Orders, Wish
from core.app.plans import PlanDesk
from core.app.problems import problem_of
from core.app.routing import RoutingDesk
from core.app.states import States
from core.app.titling import Titling
from core.app.turns import TurnDesk
from core.app.viewing import ViewingDesk
from core.chat.chats import Chats
from core.chat.conversation import Conversation
from core.chat.manner import AS_SET, Manner
from core.chat.order import Redo
from core.chat.saving import Saving
from core.chat.temporary import TemporaryChats
from core.chat.titles import title_of
from core.courier.client import CourierClient
from core.engine.client import EngineClient
from core.engine.planner import PlannerClient
from core.errors import StorageError
from core.library.client import LibraryClient
from core.messages import Adapter, Sampling
from core.paths import Paths
from core.settings import Settings
from core.words import _

_log = logging.getLogger(__name__)


class App:
    """Everything a front end calls. One thread owns it; `wake` may be called from others.

    Requests go in as calls, events come back through `pump` to the listeners.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        engine: EngineClient | None = None,
        library: LibraryClient | None = None,
        planner: PlannerClient | None = None,
        courier: CourierClient | None = None,
    ) -> None:
        self.paths = paths
        self._wake = wake
        self._lock = RootLock(paths)
        self._listeners: list[Callable[[AppEvent], None]] = []
        self.engine = engine or EngineClient(paths, wake)
        self.library = library or LibraryClient(paths, wake)
        self.courier = courier or CourierClient(paths, wake)
        self.folders = FolderDesk(self.library, self._emit)
        self.viewing = ViewingDesk(self.library, self._emit)
        self.plans = PlanDesk(planner or PlannerClient(paths, wake), self._emit)
        self.devices = DeviceDesk(paths, self.plans, self._emit)
        self._early: list[AppEvent] = []  # told by the first pump: nobody listens before
        self._is_warm = False

    def subscribe(self, listener: Callable[[AppEvent], None]) -> Callable[[], None]:
        """Call `listener` with each event, on the thread that pumps, until the result is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def open(self) -> None:
        """Own the root and open what is in it; fast, starts no child. Raises StorageError."""
        self._lock.take()
        try:
            log.to_file(self.paths.logs / "front-end.log")
            self.settings = Settings(self.paths.settings)
            self.chats = Chats(self.paths.chats, self.paths.backups, self._on_damage)
            self._states = States(self.paths, self.settings)
            self._open_model_desks()
            self._network = Network(
                self.courier,
                self.paths,
                self.settings,
                self.models,
                self._emit,
                hear=lambda event: self._answers.on_engine(event),  # noqa: PLW0108 - made below
                wake=self._wake,
            )
            self.fetches, self.servers = self._network.fetches, self._network.servers
            self.keys, self.updates = self._network.keys, self._network.updates
            self.routing = RoutingDesk(self.models, self.servers, self.settings)
            self._orders = Orders(self.settings, self.model_settings, self.folders.names)
            self._answers = AnswerDesk(
                self.library,
                self.loads,
                self._on_answer,
                self.loads.catch_up,
                elsewhere=self._network.port,
            )
            self._saving = Saving(self.chats, self._on_saving)
            self._temporary = TemporaryChats()
            self._open_chat_desks()
            self._states.tidy(self.chats.ids())
            self.servers.tidy(self.chats.ids())
        except BaseException:
            self._lock.release()
            raise

    def _open_model_desks(self) -> None:
        machine = Machine(lambda: self.plans.devices, self.devices.avoided)
        users = Users(
            in_use=lambda: self._answers.use_engine,
            stop_waiting=lambda load: self._answers.stop_load(load),  # noqa: PLW0108 - made later
        )
        desks = open_models(
            self.paths,
            self.settings,
            self.engine,
            self._states,
            machine,
            users,
            emit=self._emit,
            wake=self._wake,
        )
        self.models, self.loads, self.shelf = desks.models, desks.loads, desks.shelf
        self.model_settings, self.adapters = desks.settings, desks.adapters
        self.checksums = desks.checksums
        self.wishes = desks.wishes
        self.ladders, self.levels = open_levels(
            self.paths, self._wake, self.models, self.wishes, self._emit
        )

    def _open_chat_desks(self) -> None:
        self.chat_desk = ChatDesk(
            self.chats,
            self._saving,
            self._temporary,
            self._states,
            self.folders,
            end_answers=self._answers.close_chat,
            kept=self.servers.keep,
            emit=self._emit,
        )
        self.arranging = ArrangingDesk(self.chats.arrangement, self._emit)
        self.turns = TurnDesk(self.chats, self.chat_desk, self.ask, self._emit)
        self.comparing = ComparisonDesk(
            self.chats, self.chat_desk, self.routing, self.model_settings, self.ask
        )
        self._titling = Titling(self.chats, self.loads, may_begin=self._may_title, emit=self._emit)
        self.chat_desk.tidy()

    def _may_title(self) -> bool:
        """Only a window, which stays, wants titles; only what is loaded here makes them."""
        wanted = self._is_warm and bool(self.settings.get(declared.TITLES))
        return wanted and self.engine.loaded is not None and not self._answers.turn_ids

    def warm_up(self) -> None:
        """Start the children and load the chosen model, while the person looks at the window."""
        self._is_warm = True
        self.library.start()
        self.library.list_folders()
        self.plans.look()
        self.loads.load_ahead(self.routing.usual())
        self.shelf.start()

    def close(self) -> None:
        """Stop all answers, save them, end the children and give the root back."""
        self._answers.close()
        self.shelf.close()
        self.loads.close()
        self.plans.close()
        self.ladders.close()
        self.levels.close()
        self._network.close()
        self.library.stop()
        self._saving.retry(now=True)
        self._states.tidy(self.chats.ids())
        self.chats.close()
        log.close()
        self._lock.release()

    def pump(self) -> None:
        """Take what the children sent and tell the listeners; also saves what is due."""
        early, self._early = self._early, []
        for event in early:
            self._emit(event)
        for engine_event in self.engine.poll():
            self.devices.watch(engine_event, self.wishes.settings)
            self.ladders.watch(engine_event)
            if given_up := self.loads.takes_less(engine_event):
                self._answers.load_again(given_up)
                self.loads.catch_up()
                continue
            if self._titling.on_engine(engine_event):
                continue
            answering = self._answers.on_engine(engine_event)
            self.loads.on_engine(engine_event, answering=answering)
        for library_event in self.library.poll():
            taken = self._answers.on_library(library_event)
            if not (taken or self.viewing.on_library(library_event)):
                self.folders.on_library(library_event)
        self.plans.pump()
        self.ladders.pump()
        self.levels.pump()
        self.shelf.pump()
        self.loads.tick()
        self._network.pump()
        self.devices.tidy()
        self._answers.tick()
        self._saving.retry()
        self._titling.go_on()

    def check_spool(self) -> None:
        """Take what second starts have handed over."""
        for arguments in take_over(self.paths):
            self._emit(OpenRequested(paths=tuple(arguments)))

    # ------------------------------------------------------------ chats

    @property
    def answering(self) -> tuple[str, ...]:
        """The turns that are being answered, the first asked first."""
        return self._answers.turn_ids

    def ask(  # noqa: PLR0913 - one word for each thing a person may wish
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
        manner: Manner = AS_SET,
        redo: Redo | None = None,
    ) -> AnswerStarted:
        """Ask in a chat (None: a new one); what is not wished is as set (`core.app.orders.Wish`).

        An answer in the same chat is stopped first. Of several `samples` the first one's start is
        returned. A `temporary` chat never reaches the disk; a new one has this `manner`, any other
        its own. Raises ModelError, NetworkError or StorageError before anything was saved.
        """
        wish = Wish(
            text=text, folder_ids=folder_ids, files=files, sampling=sampling, redo=redo,
            max_tokens=max_tokens, adapters=adapters, when_full=when_full,
        )  # fmt: skip
        before = self.chat_desk.load(chat_id) if chat_id else None
        choice = self.routing.choose(
            model, text, before, grounded=wish.is_grounded, anyway=try_anyway
        )
        self._titling.give_way()
        saving, chat = self._chat(chat_id, text, temporary=temporary, manner=manner)
        if model:
            self.servers.remember(chat.chat_id, choice.entry.path, saved=saving is self._saving)
        order = self._orders.of(wish, choice, chat, self._state_folder(saving, chat))
        return self._answers.begin(order, saving, samples)

    def _chat(
        self, chat_id: str | None, text: str, *, temporary: bool, manner: Manner
    ) -> tuple[Saving | TemporaryChats, Conversation]:
        """Return where a chat is kept, and the chat; what is being answered in it ends."""
        if chat_id is None:
            made = self.chats.new(title_of(text), manner=manner)
            return self._temporary if temporary else self._saving, made
        self._answers.close_chat(chat_id)
        saving = self._temporary if chat_id in self._temporary else self._saving
        return saving, saving.load(chat_id)

    def _state_folder(self, saving: Saving | TemporaryChats, chat: Conversation) -> str:
        """Only what is saved of a chat may have a state on disk."""
        return self._states.folder(chat.chat_id) if saving is self._saving else ""

    def stop_answer(self, turn_id: str | None = None) -> None:
        """Stop an answer, whatever it is doing; all of them without an id."""
        self._answers.stop(turn_id)

    def _on_answer(self, event: AnswerEvent) -> None:
        self._emit(event)
        if isinstance(event, AnswerStarted | AnswerFinished | AnswerFailed):
            self._emit(ChatsChanged())
        if isinstance(event, AnswerFinished):
            self._titling.note(event.chat_id)

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
