"""An answer that scrolls by itself, in the same blocks as in the transcript."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.chat.conversation import Citation
from desktop.chat.answer_text import AnswerText
from desktop.chat.links import ask_to_open
from desktop.chat.tools import Tools

_SLACK = 4


class AnswerPane(QScrollArea):
    """Keeps its end in view while it grows, unless the person scrolled up."""

    citation_clicked = Signal(int)

    def __init__(self, tools: Tools) -> None:
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
        self._body = AnswerText(self._tools)
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
        self._tools.maths.ready.connect(self._body.show_ready_formulas)
        self._body.citation_clicked.connect(self.citation_clicked)
        self._body.link_clicked.connect(partial(ask_to_open, theme, self))

    def begin(self) -> None:
        """Show nothing yet."""
        self._follows = True
        self._body.begin()

    def stream(self, piece: str) -> None:
        """Put one more piece at the end."""
        self._body.stream(piece)

    def show_whole(self, text: str, citations: Sequence[Citation]) -> None:
        """Show a finished answer."""
        self._body.show_whole(text, citations)

    def _on_value_changed(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - _SLACK

    def _on_range_changed(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)
