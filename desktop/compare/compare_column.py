"""Compare column: model choice, streaming answer and keep button of one contestant."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from core.app.chats.comparison_service import Contestant
from core.app.events.app_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AnswerTextAdded,
    AnswerThinkingAdded,
)
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import Citation, Source
from core.models.info.model_entry import ModelEntry
from core.models.server_registry import ServerEntry
from desktop.chat.controller.cited_source import source_at_mark
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.chat.message.answer_body import AnswerBody
from desktop.chat.message.external_links import ask_to_open_link
from desktop.chat.message.render_tools import RenderTools
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.locale_formatting import format_count, format_decimal
from desktop.models.choice.server_choice import ServerBadge
from desktop.prompts.chat_style_page import make_preset_box

_SLACK = 4


class ComparedAnswer(QScrollArea):
    """Keeps its end in view while it grows, unless the user has scrolled up."""

    citation_clicked = Signal(object)  # CitationMark

    def __init__(self, tools: RenderTools) -> None:
        super().__init__()
        self._tools = tools
        self._follows = True
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("compared_answer")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        parent = QWidget()
        parent.setObjectName("compared_page")
        self._body = AnswerBody(self._tools)
        column = QVBoxLayout(parent)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._body)
        column.addStretch(1)
        self.setWidget(parent)

    def _connect(self) -> None:
        theme, bar = self._tools.theme, self.verticalScrollBar()
        bar.valueChanged.connect(self._on_value_changed)
        bar.rangeChanged.connect(self._on_range_changed)
        theme.changed.connect(self._body.set_colours)
        self._tools.formula_renderer.formula_ready.connect(self._body.show_ready_formulas)
        self._body.citation_clicked.connect(self.citation_clicked)
        self._body.link_clicked.connect(partial(ask_to_open_link, theme, self))

    def start_streaming(self) -> None:
        """Clear the answer."""
        self._follows = True
        self._body.start_streaming()

    def append_text(self, piece: str) -> None:
        """Append a piece of text."""
        self._body.append_text(piece)

    def show_finished(self, text: str, citations: Sequence[Citation]) -> None:
        """Show the whole answer in place of what was streamed, with its citations."""
        self._body.show_finished(text, citations)

    def _on_value_changed(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - _SLACK

    def _on_range_changed(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)


class CompareColumn(QFrame):
    """`number` counts from 1. The answer is shown as in a chat."""

    keep_wanted = Signal()
    server_wanted = Signal(str)
    """The text would be sent to this server, which the user has not agreed to yet."""
    source_chosen = Signal(object)  # Source

    def __init__(
        self,
        tools: RenderTools,
        number: int,
        models: Sequence[ModelEntry],
        servers: Sequence[ServerEntry],
    ) -> None:
        super().__init__()
        self._tools = tools
        self._number = number
        self._servers = {server.name: server for server in servers}
        self._sources: tuple[Source, ...] = ()
        self._citations: tuple[Citation, ...] = ()
        self._chosen = 0
        self.chat_id = ""
        """The temporary chat of this answer, "" before the question is sent."""
        self.turn_id = ""
        self._build(models)
        self._connect()

    def _build(self, models: Sequence[ModelEntry]) -> None:
        number = self._number
        self.model = QComboBox()
        self.model.setAccessibleName(_("Model {number}").format(number=number))
        self.model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for entry in (*models, *(server.model_entry for server in self._servers.values())):
            self.model.addItem(entry.ref, entry.ref)
        self.preset = make_preset_box("")
        name = _("Choice of words {number}").format(number=number)
        self.preset.setAccessibleName(name)
        self._badge = ServerBadge()
        self._answer = ComparedAnswer(self._tools)
        self._answer.setAccessibleName(_("Answer {number}").format(number=number))
        self._line = plain_label(role="muted", wrap=True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.keep_button = TextButton(
            self._tools.theme, _("Keep answer {number}").format(number=number)
        )
        self.keep_button.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.model, self.preset, self._badge):
            column.addWidget(part)
        column.addWidget(self._answer, 1)
        column.addWidget(self._line)
        column.addWidget(self.keep_button)

    def _connect(self) -> None:
        self.keep_button.clicked.connect(self.keep_wanted)
        self.model.activated.connect(self._on_activated)
        self.model.currentIndexChanged.connect(self._show_badge)
        self._answer.citation_clicked.connect(self._on_citation_clicked)
        self._show_badge()

    @property
    def contestant(self) -> Contestant:
        """The chosen model or server."""
        return Contestant(
            model=str(self.model.currentData() or ""), preset=str(self.preset.currentData())
        )

    @property
    def is_answering(self) -> bool:
        """Whether its answer is running."""
        return bool(self.turn_id)

    def choose_model(self, ref: str) -> bool:
        """Choose a model or server; returns whether it is in the list."""
        place = self.model.findData(ref)
        if place >= 0:
            self.model.setCurrentIndex(place)
            self._chosen = place
        self._show_badge()
        return place >= 0

    def allow_server(self, server: ServerEntry) -> None:
        """Choose a server that the user has just agreed to."""
        self._servers[server.name] = server
        self.choose_model(server.name)

    def start_answer(self, chat_id: str, turn_id: str) -> None:
        """Show that its answer has been requested."""
        self.chat_id, self.turn_id = chat_id, turn_id
        self._answer.start_streaming()
        self._line.setText("")
        self.keep_button.setEnabled(False)
        for choice in (self.model, self.preset):
            choice.setEnabled(False)

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Show an event of this column's answer."""
        match event:
            case AnswerStage():
                self._line.setText(_stage(event.stage))
                if event.stage not in {"thinking", "writing"}:
                    self._answer.start_streaming()  # of what came, nothing holds any more
            case AnswerThinkingAdded():
                self._line.setText(_("Thinking…"))
            case AnswerTextAdded():
                self._answer.append_text(event.text)
            case AnswerFinished():
                self._sources, self._citations = event.sources, event.citations
                self._answer.show_finished(event.text, event.citations)
                self._line.setText(_cost(event))
                self._end(can_be_kept=True)
            case AnswerFailed():
                self._line.setText(f"{event.problem.message} {event.problem.hint}")
                self._end(can_be_kept=False)
            case _:
                pass

    def _end(self, *, can_be_kept: bool) -> None:
        self.turn_id = ""
        self.keep_button.setEnabled(can_be_kept)
        for choice in (self.model, self.preset):
            choice.setEnabled(True)

    def _on_activated(self, place: int) -> None:
        """Apply the user's choice; a server without consent waits until the user agrees."""
        server = self._servers.get(str(self.model.itemData(place)))
        if server is not None and server.unapproved_addresses:
            self.model.setCurrentIndex(self._chosen)
            self.server_wanted.emit(server.name)
        else:
            self._chosen = place

    def _show_badge(self) -> None:
        self._badge.show_server(self._servers.get(str(self.model.currentData())))

    def _on_citation_clicked(self, mark: CitationMark) -> None:
        source = source_at_mark(self._sources, self._citations, (), mark)
        if source is not None:
            self.source_chosen.emit(source)


def _stage(stage: str) -> str:
    names = {
        "searching": _("Looking in your folders…"),
        "files": _("Reading your files…"),
        "waiting": _("Waiting for another answer to end…"),
        "loading": _("Loading the model…"),
        "summarising": _("Summarising early messages…"),
        "reading": _("Reading your question…"),
        "thinking": _("Thinking…"),
        "writing": _("Writing…"),
    }
    return names.get(stage, "")


def _cost(event: AnswerFinished) -> str:
    statistics = event.statistics
    if not statistics.completion_tokens:
        return ""  # it was not the model that answered
    words = ngettext(
        "{tokens} token, {rate} tokens/s, first word after {seconds} s",
        "{tokens} tokens, {rate} tokens/s, first word after {seconds} s",
        statistics.completion_tokens,
    )
    return words.format(
        tokens=format_count(statistics.completion_tokens),
        rate=format_decimal(statistics.tokens_per_second),
        seconds=format_decimal(statistics.seconds_to_first_token),
    )
