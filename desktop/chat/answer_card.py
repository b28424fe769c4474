"""An answer in the transcript: how far it is, its words with their marks, what it cost."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.app.events import AnswerFinished, Problem
from core.chat.conversation import Citation, Source, Statistics, Turn, TurnState
from core.errors import Code
from core.words import _, ngettext
from desktop.buttons import ElidedLabel, IconButton, TextButton, plain_label
from desktop.chat.cost import cost_words, saving_words
from desktop.chat.failure import Failure
from desktop.chat.message_text import MessageText
from desktop.chat.stage_line import StageLine
from desktop.chat.thinking_fold import ThinkingFold
from desktop.reading import INSET
from desktop.theme import Theme
from desktop.words import count, hint_words


class AnswerCard(QWidget):
    """One answer, from the moment it was asked for."""

    citation_clicked = Signal(str, int)
    sources_clicked = Signal(str)
    link_clicked = Signal(str)
    again_clicked = Signal(str, str)
    mark_hovered = Signal(str, int, QRect)
    mark_left = Signal()

    def __init__(self, theme: Theme, turn: Turn) -> None:
        super().__init__()
        self._theme = theme
        self.turn_id = turn.turn_id
        self._written: list[str] = [turn.text]
        self._citations: Sequence[Citation] = ()
        self._ended = False
        self._build(turn.model)
        self._connect()
        self._show_turn(turn)

    def _build(self, model: str) -> None:
        self._text = MessageText(self._theme.colours)
        self._text.setAccessibleName(_("Answer"))
        self._stage = StageLine(self._theme)
        self.thinking = ThinkingFold(self._theme)
        self._note = plain_label(role="muted", wrap=True)
        self._failure = Failure(self._theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(INSET, 0, INSET // 2, 0)
        column.setSpacing(8)
        column.addWidget(self._build_head(model))
        column.addWidget(self._stage)
        column.addWidget(self.thinking)
        column.addWidget(self._text)
        column.addWidget(self._note)
        column.addWidget(self._failure)
        column.addWidget(self._build_foot())

    def _build_head(self, model: str) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(plain_label(_("Inglenook"), "speaker"))
        row.addWidget(ElidedLabel(model, "muted"), 1)
        return head

    def _build_foot(self) -> QWidget:
        self._foot = QWidget()
        self._copy = IconButton(self._theme, "copy", _("Copy the answer"), size=16)
        self._sources = TextButton(self._theme, "", role="link")
        self._cost = ElidedLabel(role="muted")
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._copy)
        row.addWidget(self._sources)
        row.addWidget(self._cost, 1)
        return self._foot

    def _connect(self) -> None:
        self._text.citation_clicked.connect(self._on_citation_clicked)
        self._text.link_clicked.connect(self.link_clicked)
        self._text.mark_hovered.connect(self._on_mark_hovered)
        self._text.mark_left.connect(self.mark_left)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._sources.clicked.connect(self._on_sources_clicked)
        self._failure.again_clicked.connect(self._on_again_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    @property
    def words(self) -> str:
        """The answer as far as it has come."""
        return "".join(self._written)

    def set_stage(self, stage: str, tokens: int = 0) -> None:
        """Say what the answer is waiting for."""
        self._stage.set_stage(stage, tokens)
        self._stage.setVisible(not self._ended and not self.words)

    def add_text(self, piece: str) -> None:
        """Show the next piece."""
        if not self._written[0] and len(self._written) == 1:
            self._stage.hide()
            self._text.show()
        self._written.append(piece)
        self._text.stream(piece)

    def set_sources(self, sources: Sequence[Source]) -> None:
        """Offer the passages the answer was given."""
        words = ngettext("{count} source", "{count} sources", len(sources))
        self._sources.setText(words.format(count=count(len(sources))))
        self._sources.setAccessibleName(self._sources.text())
        self._sources.setVisible(bool(sources))

    def finish(self, event: AnswerFinished) -> None:
        """Show the answer as it was saved."""
        self.set_sources(event.sources)
        stopped = event.statistics.stop == "cancelled"
        state = TurnState.CANCELLED if stopped else TurnState.DONE
        self._end(event.text, event.citations, state)
        self.thinking.end(event.thinking, event.statistics.seconds_of_thinking)
        self._say(event.note, event.statistics, state)

    def fail(self, problem: Problem) -> None:
        """Show why the answer has no end; what came of it stays."""
        self._end(self.words, (), TurnState.FAILED)
        self.thinking.end(None, 0)
        self._failure.show_problem(problem.message, hint_words(problem.code, problem.hint))
        self._failure.ask_for_room(wanted=problem.code == Code.CONTEXT_FULL)

    def be_past(self) -> None:
        """The chat has gone on: this answer isn't asked for again."""
        self._failure.show_again(wanted=False)

    def _show_turn(self, turn: Turn) -> None:
        self.set_sources(turn.sources)
        self._failure.hide()
        self._note.hide()
        self._foot.hide()
        if turn.state is TurnState.STREAMING:
            self._text.show_plain(turn.text)
            self._text.setVisible(bool(turn.text))
            if turn.thinking:
                self.thinking.add(turn.thinking)
            self.set_stage("")
            return
        self.thinking.end(turn.thinking, turn.statistics.seconds_of_thinking)
        self._end(turn.text, turn.citations, turn.state)
        if turn.state is TurnState.FAILED:
            self._failure.show_problem(turn.note, "")
        else:
            self._say(turn.note, turn.statistics, turn.state)

    def _end(self, text: str, citations: Sequence[Citation], state: TurnState) -> None:
        self._ended = True
        self._written = [text]
        self._citations = citations
        self._stage.hide()
        self._text.show_rendered(text, citations)
        self._text.setVisible(bool(text))
        self._failure.show_again(wanted=state in {TurnState.FAILED, TurnState.INTERRUPTED})
        self._foot.setVisible(bool(text))

    def _say(self, note: str, statistics: Statistics, state: TurnState) -> None:
        states = {
            TurnState.CANCELLED: _("Stopped."),
            TurnState.INTERRUPTED: _("Interrupted: Inglenook ended before the answer did."),
        }
        parts = [part for part in (states.get(state, ""), note) if part]
        self._note.setText(" ".join(parts))
        self._note.setVisible(bool(parts))
        self._cost.setText(cost_words(statistics))
        self._cost.set_details(saving_words(statistics))

    def _on_citation_clicked(self, number: int) -> None:
        self.citation_clicked.emit(self.turn_id, number)

    def _on_mark_hovered(self, number: int, place: QRect) -> None:
        self.mark_hovered.emit(self.turn_id, number, place)

    def _on_sources_clicked(self) -> None:
        self.sources_clicked.emit(self.turn_id)

    def _on_again_clicked(self, when_full: str) -> None:
        self.again_clicked.emit(self.turn_id, when_full)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.words)

    def _on_theme_changed(self) -> None:
        self._text.set_colours(self._theme.colours)
        if self._ended:
            self._text.show_rendered(self.words, self._citations)
