"""The course of the answers that run: what is heard of one goes to its card, if that is shown."""

from PySide6.QtCore import QObject, Signal

from core.app.events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerText,
    AnswerThought,
)
from core.chat.conversation import Conversation, Turn
from desktop.chat.answer_card import AnswerCard
from desktop.chat.live import LiveAnswer
from desktop.chat.memory import ChatMemory
from desktop.chat.view import ChatView

_BEFORE_WORDS = {"searching", "waiting", "loading", "summarising", "reading"}
"""Stages in which nothing of the answer stands; after words they say that those no longer hold."""


class AnswerCourse(QObject):
    """At most one answer in a chat, in the open one and in those that were left meanwhile."""

    sources_given = Signal(object, str)  # tuple[Source, ...] and turn, of a card that is shown
    model_awaited = Signal()
    busy_changed = Signal()

    def __init__(self, view: ChatView, memory: ChatMemory) -> None:
        super().__init__(view)
        self._view = view
        self._memory = memory
        self._live: dict[str, LiveAnswer] = {}  # by chat id
        self._begun = ""

    @property
    def busy(self) -> bool:
        """Whether an answer runs."""
        return bool(self._live)

    @property
    def chat_ids(self) -> frozenset[str]:
        """The chats in which an answer runs."""
        return frozenset(self._live)

    def turn_in(self, chat_id: str) -> str:
        """Return the turn that is answered in a chat, "" for none."""
        live = self._live.get(chat_id)
        return live.started.turn_id if live else ""

    def knows(self, started: AnswerStarted) -> bool:
        """Whether this answer was begun before: it is heard of as an event and as a result."""
        return self._begun == started.turn_id

    def begin(self, started: AnswerStarted, text: str) -> None:
        """Show a question and the empty answer under it."""
        self._begun = started.turn_id
        live = self._live[started.chat_id] = LiveAnswer(started, text)
        self._view.add_turn(live.question())
        self._view.add_turn(live.answer())
        self._view.transcript.follow()
        self.busy_changed.emit()

    def note(self, started: AnswerStarted) -> None:
        """Follow an answer that was asked for elsewhere, as in another window."""
        if started.chat_id not in self._live and not self.knows(started):
            self._live[started.chat_id] = LiveAnswer(started, "")
            self.busy_changed.emit()

    def followed(self) -> dict[str, LiveAnswer]:
        """Return what is known of each answer that runs, by chat; for another window to go on."""
        return {chat_id: live.copy() for chat_id, live in self._live.items()}

    def join(self, other: "AnswerCourse") -> None:
        """Follow the answers that another window follows, from where they are."""
        self._live = other.followed()
        self.busy_changed.emit()

    def go_on(self, started: AnswerStarted, begun: str) -> None:
        """Follow an answer that goes on behind what stood of it."""
        self._live[started.chat_id] = LiveAnswer(started, "", begun=begun)
        self.busy_changed.emit()

    def turns(self, conversation: Conversation) -> list[Turn]:
        """Return the turns of a chat, with the answer that runs in it as far as it was heard."""
        live = self._live.get(conversation.chat_id)
        return live.path(conversation) if live else list(conversation.path())

    def resume(self, chat_id: str) -> None:
        """A chat is shown again: say what its answer waits for."""
        live = self._live.get(chat_id)
        if live is None or live.stage is None:
            return
        card = self._view.transcript.answer(live.started.turn_id)
        if card is not None:
            card.set_stage(live.stage.stage, live.stage.tokens)

    def handle(self, event: AnswerEvent) -> None:
        """Take what was heard; the late word of an answer that is over is dropped."""
        live = self._live.get(event.chat_id)
        if live is None or live.started.turn_id != event.turn_id:
            return
        card = self._view.transcript.answer(event.turn_id)
        match event:
            case AnswerStage():
                self._take_stage(live, event, card)
            case AnswerSources():
                self._take_sources(live, event, card)
            case AnswerSummarised():
                self._view.transcript.add_summary(event.summary)
            case AnswerThought():
                live.thoughts.append(event.text)
                if card is not None:
                    card.thinking.add(event.text)
            case AnswerText():
                live.pieces.append(event.text)
                if card is not None:
                    card.add_text(event.text)
            case AnswerFinished() | AnswerFailed():
                self._end(event, card)

    def _take_stage(self, live: LiveAnswer, event: AnswerStage, card: AnswerCard | None) -> None:
        live.stage = event
        if event.stage in _BEFORE_WORDS and (live.pieces or live.thoughts):
            live.begin_again()
            if card is not None:
                card.begin_again(live.begun)
        if event.stage == "loading":
            self.model_awaited.emit()
        if card is not None:
            card.set_stage(event.stage, event.tokens)

    def _take_sources(
        self, live: LiveAnswer, event: AnswerSources, card: AnswerCard | None
    ) -> None:
        live.sources = event.sources
        self._memory.sources[event.turn_id] = event.sources
        if card is not None:
            card.foot.set_sources(event.sources)
            self.sources_given.emit(event.sources, event.turn_id)

    def _end(self, event: AnswerFinished | AnswerFailed, card: AnswerCard | None) -> None:
        del self._live[event.chat_id]
        self.busy_changed.emit()
        if isinstance(event, AnswerFinished):
            self._memory.sources[event.turn_id] = event.sources
            if card is not None:
                card.finish(event)
                self._view.transcript.update_turn(card.turn)
                self.sources_given.emit(event.sources, event.turn_id)
        elif card is not None:
            card.fail(event.problem)
            self._view.transcript.update_turn(card.turn)
