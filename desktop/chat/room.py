"""What happens in the middle of the window: which chat is open, and the course of its answer."""

from PySide6.QtCore import QObject, Signal

from core.app.events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerText,
)
from core.chat.conversation import Conversation, Turn
from core.errors import InglenookError
from desktop.chat.answer_card import AnswerCard
from desktop.chat.links import ask_to_open
from desktop.chat.live import LiveAnswer
from desktop.chat.memory import ChatMemory
from desktop.chat.view import ChatView
from desktop.notices import Notices
from desktop.ports import Front
from desktop.theme import Theme

NEW = ""
"""Id of the chat that isn't saved yet."""


class ChatRoom(QObject):
    """Sends questions to the front's calls and shows what comes back."""

    chat_opened = Signal(str)
    sources_shown = Signal(object)  # tuple[Source, ...]
    source_chosen = Signal(int)
    ticks_restored = Signal(object)  # tuple[str, ...]: the folders the opened chat answers from
    model_awaited = Signal()
    busy_changed = Signal()

    def __init__(self, front: Front, theme: Theme, notices: Notices, view: ChatView) -> None:
        super().__init__(view)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._view = view
        self._chat_id = NEW
        self._memory = ChatMemory()
        self._live: LiveAnswer | None = None
        self._begun = ""
        self._asking = ""
        self._connect()

    def _connect(self) -> None:
        self._view.composer.sent.connect(self.ask)
        self._view.composer.stopped.connect(self.stop)
        transcript = self._view.transcript
        transcript.citation_clicked.connect(self._on_citation_clicked)
        transcript.sources_clicked.connect(self._on_sources_clicked)
        transcript.link_clicked.connect(self._on_link_clicked)
        transcript.again_clicked.connect(self._on_again_clicked)

    @property
    def chat_id(self) -> str:
        """The open chat; NEW is one that isn't saved yet."""
        return self._chat_id

    @property
    def busy(self) -> bool:
        """Whether an answer runs, in this chat or another."""
        return self._live is not None

    def answers_in(self, chat_id: str) -> bool:
        """Whether the answer that runs is in this chat."""
        return self._live is not None and self._live.started.chat_id == chat_id

    def set_ticks(self, folder_ids: tuple[str, ...]) -> None:
        """Answer the open chat from these folders."""
        self._memory.ticks[self._chat_id] = folder_ids

    def forget(self, chat_id: str) -> None:
        """A chat was deleted."""
        self._memory.forget(chat_id)
        if self._chat_id == chat_id:
            self._chat_id = NEW

    def open_new(self) -> None:
        """Show an empty chat; it answers from the folders of the one before."""
        ticks = self._memory.ticks.get(self._chat_id, ())
        self._leave(NEW)
        self._memory.ticks[NEW] = ticks
        self._show([], "")

    def open_chat(self, chat_id: str) -> None:
        """Show a saved chat; what was typed in the one before is kept for it."""
        try:
            conversation = self._front.chats.load(chat_id)
        except InglenookError as error:
            self._notices.refuse("chat", error)
            return
        self._leave(chat_id)
        self._memory.ticks.setdefault(chat_id, conversation.folder_ids)
        self._show(self._turns(conversation), conversation.title)
        self.ticks_restored.emit(self._memory.ticks[chat_id])

    def ask(self, text: str) -> None:
        """Send a question from the open chat. Its text stays in the composer if that fails."""
        if self._live is not None:
            return
        self._asking = text
        try:
            started = self._front.ask(
                text,
                chat_id=self._chat_id or None,
                folder_ids=self._memory.ticks.get(self._chat_id, ()),
            )
        except InglenookError as error:
            self._notices.refuse("ask", error)
            return
        finally:
            self._asking = ""
        self._begin(started, text)
        if self._view.composer.draft.strip() == text:
            self._view.composer.set_draft("")

    def stop(self) -> None:
        """Stop the answer, whatever it is doing."""
        if self._live is not None:
            self._front.stop_answer()

    def set_title(self, title: str) -> None:
        """Show another title for the open chat."""
        self._view.header.set_title(title)

    def handle(self, event: AnswerEvent) -> None:
        """Take what was heard about an answer."""
        if isinstance(event, AnswerStarted):
            if self._asking:
                self._begin(event, self._asking)
            return
        live = self._live
        if live is None or live.started.turn_id != event.turn_id:
            return  # the late word of an answer that is over
        card = self._view.transcript.answer(event.turn_id)
        if isinstance(event, AnswerStage):
            live.stage = event
            if event.stage == "loading":
                self.model_awaited.emit()
            if card is not None:
                card.set_stage(event.stage, event.tokens)
        elif isinstance(event, AnswerSources):
            self._take_sources(live, event, card)
        elif isinstance(event, AnswerText):
            live.pieces.append(event.text)
            if card is not None:
                card.add_text(event.text)
        else:
            self._end(event, card)

    def _begin(self, started: AnswerStarted, text: str) -> None:
        if self._begun == started.turn_id:
            return  # heard as an event before the call returned
        self._begun = started.turn_id
        self._live = LiveAnswer(started, text)
        if self._chat_id != started.chat_id:
            self._memory.ticks[started.chat_id] = self._memory.ticks.get(self._chat_id, ())
            self._chat_id = started.chat_id
            self.chat_opened.emit(started.chat_id)
        self._view.add_turn(self._live.question())
        self._view.add_turn(self._live.answer())
        self._view.transcript.follow()
        self._view.composer.set_answering(answering=True)
        self.busy_changed.emit()

    def _end(self, event: AnswerFinished | AnswerFailed, card: AnswerCard | None) -> None:
        self._live = None
        self._view.composer.set_answering(answering=False)
        self.busy_changed.emit()
        if isinstance(event, AnswerFinished):
            self._memory.sources[event.turn_id] = event.sources
            if card is not None:
                card.finish(event)
                self.sources_shown.emit(event.sources)
        elif card is not None:
            card.fail(event.problem)

    def _take_sources(
        self, live: LiveAnswer, event: AnswerSources, card: AnswerCard | None
    ) -> None:
        live.sources = event.sources
        self._memory.sources[event.turn_id] = event.sources
        if card is not None:
            card.set_sources(event.sources)
            self.sources_shown.emit(event.sources)

    def _leave(self, chat_id: str) -> None:
        self._memory.drafts[self._chat_id] = self._view.composer.draft
        self._chat_id = chat_id

    def _turns(self, conversation: Conversation) -> list[Turn]:
        live = self._live
        if live is not None and live.started.chat_id == conversation.chat_id:
            return live.path(conversation)
        return list(conversation.path())

    def _show(self, turns: list[Turn], title: str) -> None:
        self._view.show_turns(turns)
        self._view.header.set_title(title)
        self._view.composer.set_draft(self._memory.drafts.pop(self._chat_id, ""))
        self._memory.note(turns)
        live = self._live
        card = self._view.transcript.answer(live.started.turn_id) if live else None
        if live is not None and live.stage is not None and card is not None:
            card.set_stage(live.stage.stage, live.stage.tokens)
        self.chat_opened.emit(self._chat_id)
        self.sources_shown.emit(turns[-1].sources if turns else ())

    def _on_citation_clicked(self, turn_id: str, number: int) -> None:
        self.sources_shown.emit(self._memory.sources.get(turn_id, ()))
        self.source_chosen.emit(number)

    def _on_sources_clicked(self, turn_id: str) -> None:
        self.sources_shown.emit(self._memory.sources.get(turn_id, ()))

    def _on_link_clicked(self, address: str) -> None:
        ask_to_open(self._theme, self._view.window(), address)

    def _on_again_clicked(self, turn_id: str) -> None:
        question = self._view.transcript.question_before(turn_id)
        if question:
            self.ask(question)
