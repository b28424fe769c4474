"""The words of one message: read-only rich text that grows to its height and opens nothing."""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import QCursor, QImage, QTextCursor, QTextDocument, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from core.chat.conversation import Citation
from desktop.reading import reading_font
from desktop.colours import Colours

_LINES_OF_BLOCK = 12

_STYLE = """
p, li {{ line-height: 130%; }}
p {{ margin-top: 0px; margin-bottom: 10px; }}
ul, ol {{ margin-top: 0px; margin-bottom: 10px; }}
li {{ margin-bottom: 4px; }}
h3, h4, h5, h6 {{ margin-top: 12px; margin-bottom: 6px; font-weight: 600; }}
h3 {{ font-size: large; }}
h4, h5, h6 {{ font-size: medium; }}
blockquote {{ color: {muted}; margin-left: 16px; margin-right: 16px; }}
code, pre {{ font-family: monospace; }}
code {{ background-color: {code}; }}
table.code {{ background-color: {code}; margin-bottom: 10px; }}
table.code pre {{ background-color: {code}; margin: 0px; }}
table.grid {{ border-collapse: collapse; border-style: solid; border-width: 1px;
  border-color: {line}; margin-bottom: 10px; }}
table.grid td, table.grid th {{ border: 1px solid {line}; padding: 4px 8px; text-align: left; }}
table.grid th {{ background-color: {code}; font-weight: 600; }}
a.cite {{ color: {accent}; text-decoration: none; font-weight: 600; }}
a.link {{ color: {accent}; text-decoration: underline; }}
"""


class MessageText(QTextBrowser):
    """Shows plain text that arrives in pieces, or HTML of `desktop.chat.markdown`.

    No name in a text ever reaches the disk: Qt would open a path it is given even if told that
    there is nothing, so each resource it asks for is a picture of one pixel.
    """

    citation_clicked = Signal(int)
    link_clicked = Signal(str)
    mark_hovered = Signal(int, QRect)
    """The pointer is on the mark of a citation, whose place on the screen is the rectangle."""
    mark_left = Signal()

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self._links: tuple[str, ...] = ()
        self._on_mark = False
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
        self.highlighted.connect(self._on_highlighted)

    def set_colours(self, colours: Colours) -> None:
        """Use these colours for the next `show_rendered`."""
        sheet = _STYLE.format(
            muted=colours.muted, code=colours.code, line=colours.line, accent=colours.accent
        )
        self.document().setDefaultStyleSheet(sheet)

    def show_plain(self, text: str) -> None:
        """Show `text` letter by letter as it is."""
        self._links = ()
        self.setPlainText(text)

    def stream(self, piece: str) -> None:
        """Put one more piece at the end; costs the same however long the text is."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        self._split_last_block()

    def _split_last_block(self) -> None:
        """Cut a long paragraph where its last line begins: each insert lays out its whole block.

        Nothing is seen of it, and the finished answer is written anew anyway.
        """
        block = self.document().lastBlock()
        lines = block.layout().lineCount()
        if lines > _LINES_OF_BLOCK:
            cursor = QTextCursor(self.document())
            cursor.setPosition(block.position() + block.layout().lineAt(lines - 1).textStart())
            cursor.insertBlock()

    def show_rendered(self, text: str, citations: Sequence[Citation] = ()) -> None:
        """Show `text` as Markdown with its citation marks."""
        from desktop.chat.markdown import render  # noqa: PLC0415 - 50 ms; the first paint needs none

        rendered = render(text, citations)
        self._links = rendered.links
        self.setHtml(rendered.html)

    def loadResource(self, kind: int, _name: QUrl | str) -> Any:  # noqa: ANN401 - as in Qt
        """Answer every request with one transparent pixel."""
        if kind == QTextDocument.ResourceType.ImageResource.value:
            pixel = QImage(1, 1, QImage.Format.Format_ARGB32)
            pixel.fill(Qt.GlobalColor.transparent)
            return pixel
        return ""

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
        if height != self.height():
            self.setFixedHeight(height)

    def _on_anchor_clicked(self, url: QUrl) -> None:
        kind, _, number = url.toString().partition(":")
        if not number.isdigit():
            return
        if kind == "cite":
            self.citation_clicked.emit(int(number))
        elif kind == "link" and int(number) < len(self._links):
            self.link_clicked.emit(self._links[int(number)])

    def _on_highlighted(self, url: QUrl) -> None:
        """The pointer came to an anchor, or left one."""
        kind, _, number = url.toString().partition(":")
        if self._on_mark:
            self._on_mark = False
            self.mark_left.emit()
        if kind == "cite" and number.isdigit():
            self._on_mark = True
            self.mark_hovered.emit(int(number), self._anchor_place())

    def _anchor_place(self) -> QRect:
        """Return where on the screen the anchor under the pointer stands."""
        view = self.viewport()
        cursor = self.cursorForPosition(view.mapFromGlobal(QCursor.pos()))
        href = cursor.charFormat().anchorHref()
        block = cursor.block()
        fragments = block.begin()
        place = self.cursorRect(cursor)
        while not fragments.atEnd():
            part = fragments.fragment()
            if part.charFormat().anchorHref() == href and part.contains(cursor.position() - 1):
                start, end = QTextCursor(block), QTextCursor(block)
                start.setPosition(part.position())
                end.setPosition(part.position() + part.length())
                place = self.cursorRect(start).united(self.cursorRect(end))
            fragments += 1
        return QRect(view.mapToGlobal(QPoint(place.left(), place.top())), place.size())
