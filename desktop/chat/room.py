"""What happens in the middle of the window: which chat is open, and what is asked in it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from core.app.events import AnswerEvent, AnswerStarted
from core.chat.conversation import Conversation, Source, Turn
from core.chat.tree import shown_versions
from core.errors import InglenookError
from core.words import _
from desktop.chat.chat_adapters import ChatAdapters
from desktop.chat.course import AnswerCourse
from desktop.chat.links import ask_to_open
from desktop.chat.memory import ChatMemory
from desktop.chat.standing import NEW, Standing
from desktop.chat.turn_room import TurnRoom
from desktop.chat.view import ChatView
from desktop.notices import Notices
from desktop.ports import ChatCalls
from desktop.theme import Theme


class ChatRoom(QObject):
    """Opens chats and sends questions; `course` shows what comes back."""

    chat_opened = Signal(str)
    sources_shown = Signal(object, str)  # tuple[Source, ...] and their turn
    source_chosen = Signal(int)
    ticks_restored = Signal(object)  # tuple[str, ...]: the folders the opened chat answers from

    def __init__(self, front: ChatCalls, theme: Theme, notices: Notices, view: ChatView) -> None:
        super().__init__(view)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._view = view
        self._chat_id = NEW
        self._asking = ""
        self.model_for_new: Callable[[], str] = str
        """Names the server that a new chat begins with; "" for none."""
        self._memory = ChatMemory()
        self.adapters = ChatAdapters(front, notices, view.composer.adapters)
        self.standing = Standing(front, notices, view.composer)
        self.course = AnswerCourse(view, self._memory)
        place = lambda: (self._chat_id, self._memory.ticks.get(self._chat_id, ()))  # noqa: E731
        self.turns = TurnRoom(front.turns, theme, notices, view, self.course, place)
        self._connect()

    def _connect(self) -> None:
        self.course.sources_given.connect(self.sources_shown)
        self.course.busy_changed.connect(self._on_busy_changed)
        self._view.composer.sent.connect(self.ask)
        self._view.composer.stopped.connect(self.stop)
        transcript = self._view.transcript
        transcript.citation_clicked.connect(self._show_sources)
        transcript.sources_clicked.connect(self._show_sources)
        transcript.link_clicked.connect(partial(ask_to_open, self._theme, self._view))
        self.turns.changed.connect(self.reload)
        self.turns.chat_wanted.connect(self.open_chat)

    @property
    def chat_id(self) -> str:
        """The open chat; NEW is one that isn't saved yet."""
        return self._chat_id

    @property
    def answering(self) -> str:
        """The turn that is answered in the open chat, "" for none."""
        return self.course.turn_in(self._chat_id)

    def sources_of(self, turn_id: str) -> tuple[Source, ...]:
        """Return the passages an answer that was shown stands on."""
        return self._memory.sources.get(turn_id, ())

    def set_ticks(self, folder_ids: tuple[str, ...]) -> None:
        """Answer the open chat from these folders."""
        self._memory.ticks[self._chat_id] = folder_ids

    def open_new(self, *, temporary: bool = False) -> None:
        """Show an empty chat; it answers from the folders of the one before.

        Nothing of a `temporary` one is ever saved.
        """
        ticks = self._memory.ticks.get(self._chat_id, ())
        self._leave(NEW)
        self.standing.open_new(temporary=temporary)
        self._memory.ticks[NEW] = ticks
        self.adapters.forget(NEW)
        self.adapters.open(NEW)
        self._show([], None)
        if temporary:
            self.set_title(_("Temporary chat"))

    def open_chat(self, chat_id: str) -> None:
        """Show a saved chat; what was typed in the one before is kept for it."""
        try:
            conversation = self._front.chat_desk.load(chat_id)
        except InglenookError as error:
            self._notices.refuse("chat", error)
            return
        self._leave(chat_id)
        self.standing.open(conversation)
        self._memory.ticks.setdefault(chat_id, conversation.folder_ids)
        self.adapters.open(chat_id, conversation.adapters)
        self._show(self.course.turns(conversation), conversation)
        self.ticks_restored.emit(self._memory.ticks[chat_id])

    def reload(self) -> None:
        """Show the open chat as it is by now, where it is read."""
        try:
            conversation = self._front.chat_desk.load(self._chat_id)
        except InglenookError as error:
            self._notices.refuse("chat", error)
            return
        turns = self.course.turns(conversation)
        self._memory.note(turns)
        self._view.show_turns(
            turns, conversation.summaries, shown_versions(conversation), stay=True
        )
        self.course.resume(self._chat_id)
        self._on_busy_changed()

    def forget(self, chat_id: str) -> None:
        """A chat was deleted."""
        self._memory.forget(chat_id)
        self.adapters.forget(chat_id)
        self.standing.forget(chat_id)
        if self._chat_id == chat_id:
            self._chat_id = NEW

    def ask(self, text: str, when_full: str = "") -> None:
        """Send a question from the open chat. Its text stays in the composer if that fails.

        `when_full` says what becomes of early messages that no longer fit, "" as it is set.
        """
        if self.answering:
            return
        folder_ids = self._memory.ticks.get(self._chat_id, ())
        self._asking = text
        try:
            started = self._front.ask(
                text,
                chat_id=self._chat_id or None,
                folder_ids=folder_ids,
                files=self._view.composer.files,
                when_full=when_full,
                model=self.model_for_new(),
                adapters=self.adapters.shown,
                temporary=self.standing.is_temporary,
                manner=self.standing.manner,
            )
        except InglenookError as error:
            self._notices.refuse("ask", error)
            return
        finally:
            self._asking = ""
        self._begin(started, text)
        self._notices.drop("ask")
        if self._view.composer.draft.strip() == text:
            self._view.composer.set_draft("")

    def stop(self) -> None:
        """Stop the answer in the open chat, whatever it is doing."""
        if self.answering:
            self._front.stop_answer(self.answering)

    def set_title(self, title: str) -> None:
        """Show another title for the open chat."""
        self._view.header.set_title(title)

    def handle(self, event: AnswerEvent) -> None:
        """Take what was heard about an answer."""
        if isinstance(event, AnswerStarted):
            if self._asking:
                self._begin(event, self._asking)
            else:
                self.course.note(event)
        else:
            self.course.handle(event)

    def _begin(self, started: AnswerStarted, text: str) -> None:
        if self.course.knows(started):
            return
        if self._chat_id != started.chat_id:
            self._memory.ticks[started.chat_id] = self._memory.ticks.get(self._chat_id, ())
            self.adapters.begin(started.chat_id)
            self.standing.begin(started.chat_id)
            self._chat_id = started.chat_id
            self.chat_opened.emit(started.chat_id)
        self.course.begin(started, text)

    def _leave(self, chat_id: str) -> None:
        self.standing.leave(chat_id)
        self._chat_id = chat_id

    def _show(self, turns: list[Turn], conversation: Conversation | None) -> None:
        self._memory.note(turns)
        if conversation is None:
            self._view.show_turns(turns)
        else:
            versions = shown_versions(conversation)
            self._view.show_turns(turns, conversation.summaries, versions)
        self._view.header.set_title(conversation.title if conversation else "")
        self.course.resume(self._chat_id)
        self._on_busy_changed()
        self.chat_opened.emit(self._chat_id)
        last = turns[-1] if turns else None
        self.sources_shown.emit(last.sources if last else (), last.turn_id if last else "")

    def _on_busy_changed(self) -> None:
        self._view.composer.set_answering(answering=bool(self.answering))

    def _show_sources(self, turn_id: str, number: int = 0) -> None:
        self.sources_shown.emit(self.sources_of(turn_id), turn_id)
        if number:
            self.source_chosen.emit(number)
