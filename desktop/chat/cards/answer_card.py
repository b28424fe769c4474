"""Answer card: stage, thinking, body, failure and footer of one answer."""

from collections.abc import Sequence
from functools import partial

from msgspec import structs
from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.app.events.app_events import AnswerFinished, Problem
from core.base.errors import ErrorCode
from core.base.i18n import _, ngettext
from core.chat.answering.refusal_text import APP_NAME
from core.chat.conversations.conversation import Source, Turn, TurnState, is_imported
from core.chat.intent.message_intent import Intent
from desktop.chat.cards.answer_failure import AnswerFailure
from desktop.chat.cards.answer_stage import WITH_TEXT, StageLine
from desktop.chat.cards.assurance_strip import AssuranceStrip
from desktop.chat.cards.cut_off_strip import CutOffStrip
from desktop.chat.cards.intent_strip import IntentStrip
from desktop.chat.cards.message_editor import InlineEditor
from desktop.chat.cards.statistics_formatting import (
    STATISTICS_SEPARATOR,
    format_statistics,
    format_statistics_details,
)
from desktop.chat.cards.thinking_fold import ThinkingFold
from desktop.chat.cards.tool_call_fold import ToolCallFold
from desktop.chat.cards.turn_bar import EDIT, TurnBar, make_turn_menu
from desktop.chat.cards.verdict_legend import format_verdict_legend
from desktop.chat.message.answer_body import AnswerBody
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.render_tools import RenderTools
from desktop.kit.buttons_and_labels import ElidedLabel, TextButton, plain_label, pop_up_menu
from desktop.kit.locale_formatting import format_count, format_hint
from desktop.kit.reading_column import INSET, margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text


class AnswerFooter(QWidget):
    """One line."""

    def __init__(self, theme: Theme, turn: Turn) -> None:
        super().__init__()
        self.bar = TurnBar(theme, turn)
        self.sources = TextButton(theme, "", role="link")
        self._cost = ElidedLabel(role="muted", separator=STATISTICS_SEPARATOR)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bar)
        row.addWidget(self.sources)
        row.addWidget(self._cost, 1)

    def set_sources(self, sources: Sequence[Source]) -> None:
        """Show the sources of the answer."""
        words = ngettext("{count} source", "{count} sources", len(sources))
        self.sources.setText(words.format(count=format_count(len(sources))))
        self.sources.setAccessibleName(self.sources.text())
        self.sources.setVisible(bool(sources))

    def show_turn(self, turn: Turn) -> None:
        """Show statistics and rating of a finished answer."""
        self.bar.show_turn(turn)
        self._cost.setText(format_statistics(turn.statistics))
        self._cost.set_details(format_statistics_details(turn.statistics))


class AnswerCard(QWidget):
    """Card of one answer, from its request on."""

    citation_clicked = Signal(str, object)  # the turn, CitationMark
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    action_requested = Signal(str, str)
    edited = Signal(str, str)
    edit_changed = Signal(str)
    """What is written so far in place of the answer."""
    mark_hovered = Signal(str, object, QRect)  # the turn, CitationMark
    mark_left = Signal()
    rewritten = Signal(str)
    call_decided = Signal(str, int, object)  # the turn, the number of the call, CallDecision

    def __init__(self, tools: RenderTools, turn: Turn) -> None:
        super().__init__()
        self._tools = tools
        self._theme = tools.theme
        self.turn_id = turn.turn_id
        self.turn = turn
        self._written = [turn.text]
        self._build(turn)
        self._connect()
        self._show_turn(turn)

    def _build(self, turn: Turn) -> None:
        self.setAccessibleName(_("Answer of {model}").format(model=turn.model))
        self.body = AnswerBody(self._tools)
        """The text of the answer."""
        self._stage = StageLine(self._theme)
        self.thinking = ThinkingFold(self._theme)
        self.calls = ToolCallFold(self._theme)
        """The calls of tools."""
        self._legend = plain_label(role="muted", wrap=True)
        self._legend.hide()
        self._note = plain_label(role="muted", wrap=True)
        self.assurance = AssuranceStrip(self._theme)
        self._failure = AnswerFailure(self._theme)
        self.cut_off = CutOffStrip(self._theme)
        self._intent = IntentStrip(self._theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(INSET, 0, INSET // 2, 0))
        column.setSpacing(8)
        self._model = ElidedLabel(turn.model, "muted")
        self._speaker = plain_label(_("Inglenook"), "speaker")
        column.addWidget(_head(self._speaker, self._model))
        texts = (self.thinking, self.calls, self.body, self._legend, self.assurance, self._note)
        parts = (self._stage, *texts, self._failure)
        for part in (*parts, self.cut_off, self._intent):
            column.addWidget(part)
        self.footer = AnswerFooter(self._theme, turn)
        column.addWidget(self.footer)
        self._place = InlineEditor(self._theme, column, self.body)

    def _connect(self) -> None:
        body, turn_id = self.body, self.turn_id
        body.citation_clicked.connect(partial(self.citation_clicked.emit, turn_id))
        body.link_clicked.connect(self.link_clicked)
        body.mark_hovered.connect(partial(self.mark_hovered.emit, turn_id))
        body.mark_left.connect(self.mark_left)
        body.rewritten.connect(partial(self.rewritten.emit, turn_id))
        self.footer.bar.action_chosen.connect(self._on_wanted)
        self.footer.sources.clicked.connect(lambda: self.sources_clicked.emit(turn_id))
        self.assurance.action_chosen.connect(partial(self.action_requested.emit, turn_id))
        self.calls.decided.connect(partial(self.call_decided.emit, turn_id))
        self._failure.again_clicked.connect(partial(self.again_clicked.emit, turn_id))
        self.cut_off.action_chosen.connect(partial(self.action_requested.emit, turn_id))
        self._intent.action_chosen.connect(partial(self.action_requested.emit, turn_id))
        self._intent.nearest_clicked.connect(lambda: self.sources_clicked.emit(turn_id))
        self._place.saved.connect(partial(self.edited.emit, turn_id))
        self._place.text_changed.connect(self.edit_changed)
        self._theme.changed.connect(body.set_colours)

    @property
    def message_text(self) -> str:
        """The answer received so far."""
        return "".join(self._written)

    @property
    def text_widgets(self) -> list[MessageText]:
        """The widgets that show the text, from top to bottom."""
        return self.body.text_widgets

    @property
    def is_finished(self) -> bool:
        """Whether the answer has ended."""
        return self.turn.state is not TurnState.STREAMING

    def set_stage(self, stage: str, tokens: int = 0, progress: str = "") -> None:
        """Show what the answer is waiting for; `progress` in the place of the usual words."""
        self._stage.set_stage(stage, tokens, progress)
        is_first = not self.message_text or stage in WITH_TEXT
        self._stage.setVisible(not self.is_finished and is_first)

    def add_text(self, piece: str) -> None:
        """Append the next piece."""
        if not self._written[0] and len(self._written) == 1:
            self._stage.hide()
            self.body.show()
        self._written.append(piece)
        self.body.append_text(piece)

    def restart_answer(self, text: str) -> None:
        """The engine was restarted and the request repeated: keep only `text` of the answer."""
        self._written = [text]
        self.body.start_streaming(text)
        self.body.setVisible(bool(text))
        self.thinking.clear_thoughts()

    def set_version(self, number: int, versions: int) -> None:
        """Show which of several versions this is."""
        self.footer.bar.set_version(number, versions)
        if versions > 1 and self.is_finished:
            self.footer.show()

    def set_rating(self, rating: int) -> None:
        """Show the rating."""
        self.turn = structs.replace(self.turn, rating=rating)
        self.footer.bar.show_turn(self.turn)

    def finish_answer(self, event: AnswerFinished) -> None:
        """Show the answer as saved."""
        self.thinking.finish_thinking(event.thinking, event.statistics.seconds_of_thinking)
        self._end(finished_turn(self.turn, event))

    def show_failure(self, problem: Problem) -> None:
        """Show why the answer failed; the text received so far stays."""
        self.thinking.finish_thinking(None, 0)
        self._end(failed_turn(self.turn, self.message_text, problem))
        self._failure.show_problem(problem.message, format_hint(problem.code, problem.hint))
        self._failure.show_context_full_buttons(wanted=problem.code == ErrorCode.CONTEXT_FULL)

    def mark_as_past(self) -> None:
        """Withdraw the offers to try again and to go on: the chat has continued."""
        self._failure.show_retry_button(wanted=False)
        self.cut_off.hide()

    def start_editing(self, written: str = "") -> None:
        """Open the editor in place of the text, without the focus if something is `written`."""
        if self.is_finished:
            self._place.open_editor(
                written or self.turn.text,
                button_text=_("Save as a version"),
                hint=_("The answer as it was stays as another version."),
                take_focus=not written,
            )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the actions of the turn bar as a context menu."""
        menu = make_turn_menu(self.turn, self, self._on_wanted)
        menu.aboutToHide.connect(menu.deleteLater)
        pop_up_menu(menu, event.globalPos())

    def _show_turn(self, turn: Turn) -> None:
        self._failure.hide()
        self._note.hide()
        self.assurance.hide()
        self._intent.hide()
        self.cut_off.hide()
        self.footer.hide()
        self.calls.show_calls(turn.tool_calls)
        if turn.state is TurnState.STREAMING:
            self.footer.set_sources(turn.sources)
            self.body.start_streaming(turn.text) if turn.text else self.body.hide()
            if turn.thinking:
                self.thinking.add_thought(turn.thinking)
            self.set_stage("")
            return
        self.thinking.finish_thinking(turn.thinking, turn.statistics.seconds_of_thinking)
        self._end(turn)
        if is_imported(turn):
            self._speaker.setText(visible_text(turn.model) or _("Model"))
            self._model.setText(_("taken in from another program"))

    def _end(self, turn: Turn) -> None:
        """Show a turn that has ended."""
        self.turn = turn
        self._written = [turn.text]
        self.footer.set_sources(turn.sources)
        self.calls.show_calls(turn.tool_calls)
        self._stage.hide()
        self.body.show_finished(turn.text, turn.citations, turn.sentences)
        self._legend.setText(format_verdict_legend(turn.sentences))
        self._legend.setVisible(bool(self._legend.text()))
        self.body.setVisible(bool(turn.text))
        self.footer.show_turn(turn)
        self.assurance.show_turn(turn)
        self._intent.show_turn(turn)
        self.cut_off.show_turn(turn)
        if is_said_by_app(turn):
            self._model.hide()
            self.setAccessibleName(_("Answer of {model}").format(model=APP_NAME))
        unfinished = turn.state in {TurnState.FAILED, TurnState.INTERRUPTED} or (
            turn.state is TurnState.CANCELLED and not turn.text  # which has no buttons below it
        )
        self._failure.show_retry_button(wanted=unfinished)
        self.footer.setVisible(bool(turn.text))
        if turn.state is TurnState.FAILED:
            self._failure.show_problem(turn.note, "")
        else:
            self._say(turn)

    def _say(self, turn: Turn) -> None:
        states = {
            TurnState.CANCELLED: _("Stopped."),
            TurnState.INTERRUPTED: _("Interrupted: Inglenook ended before the answer did."),
        }
        parts = [part for part in (states.get(turn.state, ""), turn.note) if part]
        self._note.setText(" ".join(parts))
        self._note.setVisible(bool(parts))

    def _on_wanted(self, action: str) -> None:
        if action == EDIT:
            self.start_editing()
        else:
            self.action_requested.emit(self.turn_id, action)


def is_said_by_app(turn: Turn) -> bool:
    """Whether the app speaks, not the model."""
    signed = turn.model == APP_NAME or turn.statistics.intent == Intent.LIBRARY
    return signed or turn.statistics.is_refused


def _head(speaker: QLabel, model: ElidedLabel) -> QWidget:
    head = QWidget()
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(speaker)
    row.addWidget(model, 1)
    return head


def finished_turn(turn: Turn, event: AnswerFinished) -> Turn:
    """Return `turn` with the content of the finished answer."""
    stopped = event.statistics.stop == "cancelled"
    return structs.replace(
        turn,
        state=TurnState.CANCELLED if stopped else TurnState.DONE,
        text=event.text,
        raw=event.text,
        model=event.model or turn.model,
        thinking=event.thinking,
        citations=event.citations,
        sentences=event.sentences,
        sources=event.sources,
        statistics=event.statistics,
        note=event.note,
        assurance=event.assurance,
        tool_calls=event.tool_calls,
    )


def failed_turn(turn: Turn, words: str, problem: Problem) -> Turn:
    """Return `turn` with the text received so far and the problem that ended it."""
    note = f"{problem.message} {problem.hint}".strip()
    return structs.replace(turn, state=TurnState.FAILED, text=words, raw=words, note=note)
