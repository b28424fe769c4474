"""The words of one message: read-only rich text that grows to its height and opens nothing."""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QRect, QSize, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFontInfo,
    QFontMetricsF,
    QImage,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from core.chat.conversation import Citation
from desktop.chat.focused_mark import FocusedMark
from desktop.chat.hovered_mark import HoveredMark
from desktop.chat.maths import Maths
from desktop.chat.message_style import sheet
from desktop.chat.prose import Formula, Prose, plain_html
from desktop.colours import Colours
from desktop.reading import reading_font

_LINES_OF_BLOCK = 12
_MATHS_SIZE = 1.1
"""The letters of formulas are drawn smaller than those of most system fonts."""


class MessageText(QTextBrowser):
    """Shows plain text that arrives in pieces, or HTML of `desktop.chat.markdown`.

    No name in a text ever reaches the disk: Qt would open a path it is given even if told that
    there is nothing, so each resource it asks for is a picture: of a formula, or of one pixel.
    """

    citation_clicked = Signal(int)
    link_clicked = Signal(str)
    mark_hovered = Signal(int, QRect)
    """The pointer is on the mark of a citation, whose place on the screen is the rectangle."""
    mark_left = Signal()

    def __init__(self, colours: Colours, maths: Maths | None = None) -> None:
        super().__init__()
        self._maths = maths
        self._prose = Prose("")
        self._pictures: dict[int, QImage] = {}
        self._build(colours)
        self._connect()

    def _build(self, colours: Colours) -> None:
        self.setObjectName("message_text")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(24)
        self.setFont(reading_font())
        self.set_colours(colours)
        self._fit()

    def _connect(self) -> None:
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        self.anchorClicked.connect(self._on_anchor_clicked)
        HoveredMark(self, self.mark_hovered.emit, self.mark_left.emit)
        FocusedMark(self, self.mark_hovered.emit, self.mark_left.emit)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas among the words, as they were written."""
        return self._prose.formulas

    def set_colours(self, colours: Colours) -> None:
        """Use these colours from now on."""
        self._colours = colours
        self.document().setDefaultStyleSheet(sheet(colours))
        if self._prose.html:
            self.show_prose(self._prose)

    def show_plain(self, text: str) -> None:
        """Show `text` letter by letter as it is."""
        self._prose = Prose("")
        self.setPlainText(text)

    def stream(self, piece: str) -> None:
        """Put one more piece at the end; costs the same however long the text is."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        self._split_last_block()

    def _split_last_block(self) -> None:
        """Cut a long paragraph where its last line begins: each insert lays out its whole block."""
        block = self.document().lastBlock()
        lines = block.layout().lineCount()
        if lines > _LINES_OF_BLOCK:
            cursor = QTextCursor(self.document())
            cursor.setPosition(block.position() + block.layout().lineAt(lines - 1).textStart())
            cursor.insertBlock()

    def show_rendered(self, text: str, citations: Sequence[Citation] = ()) -> None:
        """Show `text` as Markdown with its citation marks, all in this one widget."""
        from desktop.chat.markdown import render  # noqa: PLC0415 - 50 ms; the first paint needs none

        self.show_prose(render(text, citations))

    def show_prose(self, prose: Prose) -> None:
        """Show a block; a formula that isn't set yet is shown as it was written."""
        self._prose = prose
        html = prose.html
        for number, formula in enumerate(prose.formulas):
            picture = self._picture(formula)
            if picture is None:
                self._pictures.pop(number, None)
                written = f'<code class="maths">{plain_html(formula.written)}</code>'
                html = html.replace(f'<img src="maths:{number}">', written)
            else:
                self._pictures[number] = picture
        self.setHtml(html)

    def show_ready_formulas(self) -> None:
        """More formulas may be set by now."""
        if len(self._pictures) < len(self._prose.formulas):
            self.show_prose(self._prose)

    def _picture(self, formula: Formula) -> QImage | None:
        if self._maths is None:
            return None
        size = QFontInfo(self.font()).pixelSize() * _MATHS_SIZE
        metrics = QFontMetricsF(self.font())
        return self._maths.draw(formula, size, self._colours.text, metrics)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ANN401 - as in Qt
        """Answer every request with a formula of ours, or one transparent pixel."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return ""
        asked = name if isinstance(name, str) else name.toString()
        scheme, _, number = asked.partition(":")
        if scheme == "maths" and number.isdecimal() and int(number) in self._pictures:
            return self._pictures[int(number)]
        pixel = QImage(1, 1, QImage.Format.Format_ARGB32)
        pixel.fill(Qt.GlobalColor.transparent)
        return pixel

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy words alone, formulas as they were written."""
        data = QMimeData()
        data.setText(self.selected_words())
        return data

    def selected_words(self) -> str:
        """Return what is selected; a formula as LaTeX between dollars."""
        cursor = self.textCursor()
        words = cursor.selection().toPlainText()
        if "\ufffc" not in words:
            return words
        before = QTextCursor(self.document())
        before.setPosition(cursor.selectionStart(), QTextCursor.MoveMode.KeepAnchor)
        shown = [self._prose.formulas[n] for n in sorted(self._pictures)]
        for formula in shown[before.selectedText().count("\ufffc") :]:
            words = words.replace("\ufffc", formula.written, 1)
        return words

    def sizeHint(self) -> QSize:
        """As high as the text."""
        return QSize(super().sizeHint().width(), self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the transcript."""
        event.ignore()

    def _on_size_changed(self, _size: QSizeF) -> None:
        self._fit()

    def _fit(self) -> None:
        height = max(math.ceil(self.document().size().height()), self.fontMetrics().height())
        if height != self.height() or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def _on_anchor_clicked(self, url: QUrl) -> None:
        kind, _, number = url.toString().partition(":")
        if not number.isdecimal():
            return
        if kind == "cite":
            self.citation_clicked.emit(int(number))
        elif kind == "link" and int(number) < len(self._prose.links):
            self.link_clicked.emit(self._prose.links[int(number)])
