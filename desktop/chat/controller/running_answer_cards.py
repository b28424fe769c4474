"""Running answers of a window: text received so far, and event routing to their cards."""

import time

from msgspec import Struct, field, structs
from PySide6.QtCore import QObject, Signal

from core.app.events.app_events import (
    AnswerChecked,
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerTextAdded,
    AnswerThinkingAdded,
    AnswerToolCalls,
)
from core.chat.conversations.conversation import Conversation, Role, Source, Turn, TurnState
from core.chat.conversations.tool_calls import RecordedCall
from core.chat.intent.message_intent import Intent
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.answer_stage import format_progress
from desktop.chat.controller.chat_state import ChatState
from desktop.chat.controller.cited_source import cited_sources
from desktop.chat.view.chat_view import ChatView


class RunningAnswer(Struct):
    """What has arrived of an answer that was started, to the question `words`."""

    started: AnswerStarted
    words: str
    begun: str = ""
    """The text of the answer before it was continued."""
    stage: AnswerStage | None = None
    sources: tuple[Source, ...] = ()
    calls: tuple[RecordedCall, ...] = ()
    thoughts: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text received so far."""
        return self.begun + "".join(self.pieces)

    def copy(self) -> "RunningAnswer":
        """Return an independent copy."""
        return structs.replace(self, thoughts=list(self.thoughts), pieces=list(self.pieces))

    def clear_received(self) -> None:
        """Drop what came from an engine that was ended; another one begins anew."""
        self.pieces.clear()
        self.thoughts.clear()

    def question_turn(self) -> Turn:
        """Return the question as a turn."""
        return Turn(
            turn_id=self.started.question_id,
            parent_id=None,
            role=Role.USER,
            state=TurnState.DONE,
            text=self.words,
            created=time.time(),
        )

    def answer_turn(self) -> Turn:
        """Return the answer received so far as a turn."""
        return Turn(
            turn_id=self.started.turn_id,
            parent_id=self.started.question_id,
            role=Role.ASSISTANT,
            state=TurnState.STREAMING,
            text=self.text,
            thinking="".join(self.thoughts),
            created=time.time(),
            model=self.started.model,
            sources=self.sources,
            tool_calls=self.calls,
        )

    def conversation_turns(self, conversation: Conversation) -> list[Turn]:
        """Return the shown turns of a chat, with this answer as far as it has arrived."""
        turns = list(conversation.path())
        for index, turn in enumerate(turns):
            if turn.turn_id == self.started.turn_id:
                turns[index] = structs.replace(
                    turn,
                    text=self.text,
                    thinking="".join(self.thoughts),
                    state=TurnState.STREAMING,
                    sources=self.sources,
                    tool_calls=self.calls,
                )
        return turns


_BEFORE_WORDS = {"searching", "files", "waiting", "loading", "summarising", "reading"}
"""Stages without any text of the answer; one after text means that the text is discarded."""


class RunningAnswerCards(QObject):
    """At most one running answer for each chat, open or not."""

    sources_given = Signal(object, str)  # tuple[Source, ...] and turn, of a card that is shown
    answer_begun = Signal()
    """The answer to a question that was asked here; its sources are not known yet."""
    busy_changed = Signal()

    def __init__(self, view: ChatView, chat_state: ChatState) -> None:
        super().__init__(view)
        self._view = view
        self._chat_state = chat_state
        self._running: dict[str, RunningAnswer] = {}  # by chat id
        self._begun = ""

    @property
    def is_busy(self) -> bool:
        """Whether an answer runs in any chat of this window."""
        return bool(self._running)

    @property
    def chat_ids(self) -> frozenset[str]:
        """The chats in which an answer is running."""
        return frozenset(self._running)

    def running_turn_id(self, chat_id: str) -> str:
        """Return the turn whose answer runs in a chat, "" for none."""
        live = self._running.get(chat_id)
        return live.started.turn_id if live else ""

    def has_begun(self, started: AnswerStarted) -> bool:
        """Whether this answer is known: its start comes as an event and as a result."""
        return self._begun == started.turn_id

    def start_answer(self, started: AnswerStarted, text: str) -> None:
        """Show a question and the empty answer under it."""
        self._begun = started.turn_id
        live = self._running[started.chat_id] = RunningAnswer(started, text)
        self._view.add_turn(live.question_turn())
        self._view.add_turn(live.answer_turn())
        self._view.transcript.follow_end()
        self.answer_begun.emit()
        self.busy_changed.emit()

    def track_answer(self, started: AnswerStarted) -> None:
        """Track an answer that was requested elsewhere, as in another window."""
        if started.chat_id not in self._running and not self.has_begun(started):
            self._running[started.chat_id] = RunningAnswer(started, "")
            self.busy_changed.emit()

    def copy_running(self) -> dict[str, RunningAnswer]:
        """Return copies of all running answers, by chat, for another window to continue."""
        return {chat_id: live.copy() for chat_id, live in self._running.items()}

    def follow_window(self, other: "RunningAnswerCards") -> None:
        """Track the answers of another window, from their current state."""
        self._running = other.copy_running()
        self.busy_changed.emit()

    def continue_answer(self, started: AnswerStarted, begun: str) -> None:
        """Track an answer that is continued after its existing text."""
        self._running[started.chat_id] = RunningAnswer(started, "", begun=begun)
        self.busy_changed.emit()

    def conversation_turns(self, conversation: Conversation) -> list[Turn]:
        """Return the turns of a chat, with its running answer as far as it has arrived."""
        live = self._running.get(conversation.chat_id)
        return live.conversation_turns(conversation) if live else list(conversation.path())

    def restore_stage(self, chat_id: str) -> None:
        """Show again, for a reopened chat, what its answer waits for."""
        live = self._running.get(chat_id)
        if live is None or live.stage is None:
            return
        card = self._view.transcript.find_answer_card(live.started.turn_id)
        if card is not None:
            card.set_stage(live.stage.stage, live.stage.tokens, format_progress(live.stage))

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Show an event of an answer; a late event of one that has ended is dropped."""
        if isinstance(event, AnswerSummarised):  # maybe after an answer, for the next question
            self._view.transcript.add_summary(event.summary)
        live = self._running.get(event.chat_id)
        if live is None or live.started.turn_id != event.turn_id:
            return
        card = self._view.transcript.find_answer_card(event.turn_id)
        match event:
            case AnswerStage():
                self._take_stage(live, event, card)
            case AnswerSources():
                self._take_sources(live, event, card)
            case AnswerThinkingAdded() | AnswerTextAdded():
                _take_words(live, event, card)
            case AnswerToolCalls():
                live.calls = event.calls
                if card is not None:
                    card.calls.show_calls(event.calls)
            case AnswerFinished() | AnswerFailed():
                self._end(event, card)

    def show_checks(self, event: AnswerChecked) -> None:
        """Show how far the checks of a saved answer are, or what they have shown."""
        turn = self._view.transcript.find_turn(event.turn_id)
        card = self._view.transcript.find_answer_card(event.turn_id)
        if turn is None:
            return
        if event.has_ended:
            assurance = structs.replace(turn.assurance, checks=event.checks)
            turn = structs.replace(turn, assurance=assurance)
            self._view.transcript.update_turn(turn)
            if card is not None:
                card.turn = turn
                card.assurance.show_turn(turn)
        elif card is not None:
            card.assurance.show_checking(len(event.checks), event.total)

    def _take_stage(self, live: RunningAnswer, event: AnswerStage, card: AnswerCard | None) -> None:
        live.stage = event
        if event.stage in _BEFORE_WORDS and (live.pieces or live.thoughts):
            live.clear_received()
            if card is not None:
                card.restart_answer(live.begun)
        if card is not None:
            card.set_stage(event.stage, event.tokens, format_progress(event))

    def _take_sources(
        self, live: RunningAnswer, event: AnswerSources, card: AnswerCard | None
    ) -> None:
        live.sources = event.sources
        self._chat_state.sources[event.turn_id] = event.sources
        if card is not None:
            card.footer.set_sources(event.sources)
            self.sources_given.emit(event.sources, event.turn_id)

    def _end(self, event: AnswerFinished | AnswerFailed, card: AnswerCard | None) -> None:
        question_id = self._running.pop(event.chat_id).started.question_id
        self.busy_changed.emit()
        if isinstance(event, AnswerFinished):
            if event.statistics.intent == Intent.LIBRARY:
                self._show_beginning(question_id)
            sources = cited_sources(event.sources, event.citations, event.sentences)
            self._chat_state.sources[event.turn_id] = sources
            if card is not None:
                card.finish_answer(event)
                self._view.transcript.update_turn(card.turn)
                self.sources_given.emit(sources, event.turn_id)
        elif card is not None:
            card.show_failure(event.problem)
            self._view.transcript.update_turn(card.turn)

    def _show_beginning(self, question_id: str) -> None:
        """Show a list that came at once from its head, which tells the number, not from its end."""
        if self._view.transcript.following:
            self._view.transcript.scroll_to_turn(question_id)


def _take_words(
    live: RunningAnswer, event: AnswerThinkingAdded | AnswerTextAdded, card: AnswerCard | None
) -> None:
    if isinstance(event, AnswerThinkingAdded):
        live.thoughts.append(event.text)
        if card is not None:
            card.thinking.add_thought(event.text)
        return
    live.pieces.append(event.text)
    if card is not None:
        card.add_text(event.text)
