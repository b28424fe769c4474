"""The application without a face: built from one root, called by the window and the terminal."""

import logging
from collections.abc import Callable

from core import log
from core import settings as declared
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
from core.app.fitting import fits_with
from core.app.folders import FolderDesk
from core.app.lock import RootLock, take_over
from core.app.models import ModelDesk
from core.app.problems import problem_of
from core.app.quarantine import Quarantine
from core.app.sampling import default_sampling
from core.chat.answer import Answer
from core.chat.chats import Chats, title_of
from core.chat.order import Order
from core.chat.saving import Saving
from core.engine.client import EngineClient
from core.errors import StorageError
from core.library.client import LibraryClient
from core.messages import Failed, Sampling, SearchDone
from core.models.shelf import Shelf
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
    ) -> None:
        self.paths = paths
        self._lock = RootLock(paths)
        self._listeners: list[Callable[[AppEvent], None]] = []
        self.engine = engine or EngineClient(paths, wake)
        self.library = library or LibraryClient(paths, wake)
        self.folders = FolderDesk(self.library, self._emit)
        self._answer: Answer | None = None
        self._early: list[AppEvent] = []  # told by the first pump: nobody listens before

    def subscribe(self, listener: Callable[[AppEvent], None]) -> None:
        """Call `listener` with each event, on the thread that pumps."""
        self._listeners.append(listener)

    def open(self) -> None:
        """Own the root and open what is in it; fast, starts no child. Raises StorageError."""
        self._lock.take()
        try:
            log.to_file(self.paths.logs / "front-end.log")
            self.settings = Settings(self.paths.settings)
            self.chats = Chats(self.paths.chats, self.paths.backups, self._on_damage)
            quarantine = Quarantine(self.paths)
            fits = fits_with(lambda: int(self.settings.get(declared.CONTEXT)))
            shelf = Shelf(self.paths, fits, quarantine.problem)
            self.models = ModelDesk(shelf, quarantine, self.settings, self.engine, self._emit)
            self._saving = Saving(self.chats, self._on_saving)
        except BaseException:
            self._lock.release()
            raise

    def warm_up(self) -> None:
        """Start the children and load the chosen model, while the person looks at the window."""
        self.library.start()
        self.library.list_folders()
        self.models.load_ahead()

    def close(self) -> None:
        """Stop the answer, save it, end the children and give the root back."""
        self._end_answer()
        self.models.close()
        self.library.stop()
        self._saving.retry(now=True)
        self.chats.close()
        log.close()
        self._lock.release()

    def pump(self) -> None:
        """Take what the children sent and tell the listeners; also saves what is due."""
        early, self._early = self._early, []
        for event in early:
            self._emit(event)
        for engine_event in self.engine.poll():
            answering = self._answer is not None
            if self._answer:
                self._answer.on_engine(engine_event)
            self.models.on_engine(engine_event, answering=answering)
        for library_event in self.library.poll():
            if (
                self._answer
                and isinstance(library_event, SearchDone | Failed)
                and library_event.request_id == self._answer.search_id
            ):
                self._answer.on_library(library_event)
            else:
                self.folders.on_library(library_event)
        if self._answer:
            self._answer.tick()
        self._saving.retry()

    def check_spool(self) -> None:
        """Take what second starts have handed over."""
        for arguments in take_over(self.paths):
            self._emit(OpenRequested(paths=tuple(arguments)))

    # ------------------------------------------------------------ chats

    @property
    def answering(self) -> str | None:
        """The id of the answer that is on its way."""
        return self._answer.turn_id if self._answer else None

    def ask(
        self,
        text: str,
        *,
        chat_id: str | None = None,
        folder_ids: tuple[str, ...] = (),
        model: str = "",
        sampling: Sampling | None = None,
        max_tokens: int = 0,
        try_anyway: bool = False,
    ) -> AnswerStarted:
        """Ask in a chat (None: a new one), from these folders (none: a plain chat).

        One answer at a time: an earlier one is stopped first. Raises ModelError or StorageError
        before anything was saved; what goes wrong later arrives as AnswerFailed.
        """
        self._end_answer()
        entry = self.models.find(model, again=bool(model), anyway=try_anyway)
        conversation = self._saving.load(chat_id) if chat_id else self.chats.new(title_of(text))
        order = Order(
            conversation=conversation,
            text=text,
            folder_ids=folder_ids,
            folder_names=self.folders.names(),
            model=entry.ref,
            model_path=entry.path,
            sampling=sampling or default_sampling(self.settings, grounded=bool(folder_ids)),
            max_tokens=max_tokens or self.settings.get(declared.MAX_TOKENS),
        )
        self._answer = Answer(order, self._saving, self.library, self.models, self._on_answer)
        return self._answer.start()

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat; an answer that is on its way in it ends first. Raises StorageError."""
        if self._answer and self._answer.conversation.chat_id == chat_id:
            self._end_answer()
        self._saving.forget(chat_id)
        self.chats.delete(chat_id)
        self._emit(ChatsChanged())

    def stop_answer(self) -> None:
        """Stop the answer that is on its way, whatever it is doing."""
        if self._answer:
            self._answer.stop()

    def _end_answer(self) -> None:
        if self._answer:
            self._answer.close()
            self._answer = None

    def _on_answer(self, event: AnswerEvent) -> None:
        if isinstance(event, AnswerFinished | AnswerFailed):
            self._answer = None
            self.models.catch_up()
        self._emit(event)
        if isinstance(event, AnswerStarted | AnswerFinished | AnswerFailed):
            self._emit(ChatsChanged())

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
