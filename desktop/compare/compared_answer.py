"""Compared answer: scroll pane with the blocks of one answer."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.chat.conversations.conversation import Citation
from desktop.chat.message.answer_body import AnswerBody
from desktop.chat.message.external_links import ask_to_open_link
from desktop.chat.message.render_tools import RenderTools

_SLACK = 4


class ComparedAnswer(QScrollArea):
    """Keeps its end in view while it grows, unless the person scrolled up."""

    citation_clicked = Signal(int)

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
        holder = QWidget()
        holder.setObjectName("compared_page")
        self._body = AnswerBody(self._tools)
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._body)
        column.addStretch(1)
        self.setWidget(holder)

    def _connect(self) -> None:
        theme, bar = self._tools.theme, self.verticalScrollBar()
        bar.valueChanged.connect(self._on_value_changed)
        bar.rangeChanged.connect(self._on_range_changed)
        theme.changed.connect(self._body.set_colours)
        self._tools.maths.formula_ready.connect(self._body.show_ready_formulas)
        self._body.citation_clicked.connect(self.citation_clicked)
        self._body.link_clicked.connect(partial(ask_to_open_link, theme, self))

    def start_streaming(self) -> None:
        """Show nothing yet."""
        self._follows = True
        self._body.start_streaming()

    def append_text(self, piece: str) -> None:
        """Put one more piece at the end."""
        self._body.append_text(piece)

    def show_finished(self, text: str, citations: Sequence[Citation]) -> None:
        """Show a finished answer."""
        self._body.show_finished(text, citations)

    def _on_value_changed(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - _SLACK

    def _on_range_changed(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)
