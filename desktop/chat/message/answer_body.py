"""Answer body widget: prose and code blocks of an answer, streaming or finished.

While an answer streams, only the last block is written anew with each piece, and at most every few
times as long as that takes: a long table costs no frame.
"""

import time
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import Citation, JudgedSentence
from desktop.chat.markdown.block_types import Block, FencedCode
from desktop.chat.message.code_block import CodeBlock
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.render_tools import RenderTools

_QUICK = 0.008
"""Seconds; a piece that is shown as fast as this is shown at once."""
_REST = 4
"""Share of the time that is left to everything else while a slow block streams."""
_LONGEST_PAUSE_MS = 200


class AnswerBody(QWidget):
    """Blocks of one answer, in widgets that exist as long as their block does."""

    citation_clicked = Signal(object)  # CitationMark
    link_clicked = Signal(str)
    mark_hovered = Signal(object, QRect)  # CitationMark
    mark_left = Signal()
    rewritten = Signal()
    """The visible text has changed."""

    def __init__(self, tools: RenderTools) -> None:
        super().__init__()
        self._tools = tools
        self._text = ""
        self._blocks: list[Block] = []
        self._parts: list[MessageText | CodeBlock] = []
        self._stream: object | None = None
        self._cost = 0.0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def text_widgets(self) -> list[MessageText]:
        """The widgets that show text, from top to bottom."""
        return [part.text if isinstance(part, CodeBlock) else part for part in self._parts]

    def start_streaming(self, text: str = "") -> None:
        """Show the beginning of a streaming answer."""
        from desktop.chat.markdown.markdown_blocks import BlockStream  # noqa: PLC0415 - 50 ms; the first paint needs none

        self._stream = BlockStream(text)
        self._show_streamed()

    def append_text(self, piece: str) -> None:
        """Append a piece of text."""
        from desktop.chat.markdown.markdown_blocks import BlockStream  # noqa: PLC0415 - as above

        if not isinstance(self._stream, BlockStream):
            self._stream = BlockStream()
        self._stream.add_piece(piece)
        if not self._timer.isActive():
            if self._blocks:
                self._timer.start(self._pause())
            else:
                self._show_streamed()

    def show_finished(
        self,
        text: str,
        citations: Sequence[Citation] = (),
        sentences: Sequence[JudgedSentence] = (),
    ) -> None:
        """Show a finished answer; unchanged blocks are not touched."""
        from desktop.chat.markdown.markdown_blocks import split_blocks  # noqa: PLC0415 - as above

        self._timer.stop()
        self._stream = None
        self._show(split_blocks(text, citations, sentences), finished=True)

    def set_colours(self) -> None:
        """Apply the colours of a new theme."""
        for part in self._parts:
            if isinstance(part, CodeBlock):
                part.set_colours()
            else:
                part.set_colours(self._tools.theme.colours)

    def show_ready_formulas(self) -> None:
        """Show formulas that have been rendered meanwhile."""
        for text in self.text_widgets:
            if text.formulas:
                text.show_ready_formulas()

    def _pause(self) -> int:
        """Return how many milliseconds to collect pieces before the next update."""
        if self._cost < _QUICK:
            return 0
        return min(int(self._cost * _REST * 1000), _LONGEST_PAUSE_MS)

    def _on_timeout(self) -> None:
        self._show_streamed()

    def _show_streamed(self) -> None:
        from desktop.chat.markdown.markdown_blocks import BlockStream  # noqa: PLC0415 - as above

        if isinstance(self._stream, BlockStream):
            parts, began = len(self._parts), time.perf_counter()
            self._show(self._stream.blocks, finished=False)
            if len(self._parts) == parts:  # to make a widget is no cost of each piece
                self._cost = time.perf_counter() - began

    def _show(self, blocks: list[Block], *, finished: bool) -> None:
        for place, block in enumerate(blocks):
            known = self._blocks[place] if place < len(self._blocks) else None
            is_last = place == len(blocks) - 1
            if known == block and not (finished and isinstance(block, FencedCode)):
                continue
            part = self._part(place, block)
            if isinstance(block, FencedCode):
                assert isinstance(part, CodeBlock)
                part.show_code(block, finished=finished or not is_last)
            else:
                assert isinstance(part, MessageText)
                part.show_prose(block)
        for part in self._parts[len(blocks) :]:
            self._drop(part)
        del self._parts[len(blocks) :]
        self._blocks = list(blocks)
        self._settle()
        self.rewritten.emit()

    def _settle(self) -> None:
        """Set the new height before anything is painted: Qt itself does it a frame later."""
        self._column.activate()
        self.updateGeometry()
        card = self.parentWidget()
        if card is not None:
            QCoreApplication.sendEvent(card, QEvent(QEvent.Type.LayoutRequest))

    def _part(self, place: int, block: Block) -> MessageText | CodeBlock:
        """Return the widget of a block; the existing one if it is of the same kind."""
        there = self._parts[place] if place < len(self._parts) else None
        if there is not None and isinstance(there, CodeBlock) == isinstance(block, FencedCode):
            return there
        made = self._new_code() if isinstance(block, FencedCode) else self._new_prose()
        if there is not None:
            self._drop(there)
            self._parts[place] = made
        else:
            self._parts.append(made)
        self._column.insertWidget(place, made)
        made.show()
        return made

    def _new_code(self) -> CodeBlock:
        made = CodeBlock(self._tools.theme, self._tools.background)
        made.citation_clicked.connect(self.citation_clicked)
        made.mark_hovered.connect(self.mark_hovered)
        made.mark_left.connect(self.mark_left)
        return made

    def _new_prose(self) -> MessageText:
        made = MessageText(self._tools.theme.colours, self._tools.formula_renderer)
        made.setAccessibleName(_("Answer"))
        made.citation_clicked.connect(self.citation_clicked)
        made.link_clicked.connect(self.link_clicked)
        made.mark_hovered.connect(self.mark_hovered)
        made.mark_left.connect(self.mark_left)
        return made

    def _drop(self, part: QWidget) -> None:
        self._column.removeWidget(part)
        part.hide()
        part.deleteLater()
