"""Message text widget: read-only rich text that grows to its height and loads no resource."""

import math
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

from core.base.lazy_regex import lazy_pattern
from desktop.chat.markdown.block_types import Formula, Prose, plain_html
from desktop.chat.markdown.citation_marks import mark_of_address
from desktop.chat.message.citation_hover import FocusedCitation, HoveredCitation
from desktop.chat.message.formula_renderer import FormulaRenderer
from desktop.kit.reading_column import reading_font
from desktop.kit.theme_colours import ThemeColours

_STYLE = """
p, li {{ line-height: 130%; }}
p {{ margin-top: 0px; margin-bottom: 10px; }}
ul, ol {{ margin-top: 0px; margin-bottom: 10px; }}
li {{ margin-bottom: 4px; }}
ul.tasks {{ list-style-type: none; }}
h3, h4, h5, h6 {{ margin-top: 12px; margin-bottom: 6px; font-weight: 600; }}
h3 {{ font-size: large; }}
h4, h5, h6 {{ font-size: medium; }}
blockquote {{ color: {muted}; margin-left: 16px; margin-right: 16px; }}
code, pre {{ font-family: monospace; }}
code {{ background-color: {code}; }}
code.maths {{ background-color: transparent; color: {muted}; }}
table.code {{ background-color: {code}; margin-bottom: 10px; }}
table.code pre {{ background-color: {code}; margin: 0px; }}
table.grid {{ border-collapse: collapse; border-style: solid; border-width: 1px;
  border-color: {line}; margin-bottom: 10px; }}
table.grid td, table.grid th {{ border: 1px solid {line}; padding: 4px 8px; }}
table.grid th {{ background-color: {code}; font-weight: 600; }}
table.note {{ color: {muted}; }}
table.note p {{ margin-bottom: 4px; }}
hr {{ background-color: {line}; }}
img {{ vertical-align: middle; }}
a.cite {{ color: {link}; text-decoration: none; font-weight: 600; }}
a.against {{ color: {contrary}; text-decoration: none; font-weight: 600; }}
span.unproven {{ color: {muted}; }}
a.link {{ color: {link}; text-decoration: underline; }}
"""


def message_style_sheet(colours: ThemeColours) -> str:
    """Return the style sheet in these colours."""
    return _STYLE.format(
        muted=colours.muted,
        code=colours.code,
        line=colours.line,
        link=colours.link,
        contrary=colours.error,
    )


_LINES_OF_BLOCK = 12
_MATHS_SIZE = 1.1
"""Scale of formulas, whose glyphs are smaller than those of most system fonts."""
_INDENT = 24
"""Pixels before the entries of a list, at least."""
_LIST_STARTS = lazy_pattern(r'<ol start="(\d{1,9})"')


class MessageText(QTextBrowser):
    """Shows plain text that arrives in pieces, or HTML of `desktop.chat.markdown.markdown_html`.

    No name in a text ever reaches the disk: Qt would open a path it is given even if told that
    there is nothing, so each resource it asks for is a picture: of a formula, or of one pixel.
    """

    citation_clicked = Signal(object)  # CitationMark
    link_clicked = Signal(str)
    mark_hovered = Signal(object, QRect)  # CitationMark
    """The pointer is on the mark of a citation; the rectangle is its place on the screen."""
    mark_left = Signal()

    def __init__(
        self, colours: ThemeColours, formula_renderer: FormulaRenderer | None = None
    ) -> None:
        super().__init__()
        self._formula_renderer = formula_renderer
        self._prose = Prose("")
        self._pictures: dict[int, QImage] = {}
        self._build(colours)
        self._connect()

    def _build(self, colours: ThemeColours) -> None:
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
        self.document().setIndentWidth(_INDENT)
        self.setFont(reading_font())
        self.set_colours(colours)
        self._fit()

    def _connect(self) -> None:
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        self.anchorClicked.connect(self._on_anchor_clicked)
        HoveredCitation(self, self.mark_hovered.emit, self.mark_left.emit)
        FocusedCitation(self, self.mark_hovered.emit, self.mark_left.emit)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas of the text, as LaTeX."""
        return self._prose.formulas

    def set_colours(self, colours: ThemeColours) -> None:
        """Apply these colours."""
        self._colours = colours
        self.document().setDefaultStyleSheet(message_style_sheet(colours))
        if self._prose.html:
            self.show_prose(self._prose)

    def show_plain(self, text: str) -> None:
        """Show `text` without interpreting it."""
        self._prose = Prose("")
        self.setPlainText(text)

    def append_text(self, piece: str) -> None:
        """Append a piece of text; the cost doesn't depend on the length of the text."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece)
        self._split_last_block()

    def _split_last_block(self) -> None:
        """Split a long paragraph at its last line: each insert lays out its whole block."""
        block = self.document().lastBlock()
        lines = block.layout().lineCount()
        if lines > _LINES_OF_BLOCK:
            cursor = QTextCursor(self.document())
            cursor.setPosition(block.position() + block.layout().lineAt(lines - 1).textStart())
            cursor.insertBlock()

    def show_prose(self, prose: Prose) -> None:
        """Show a block; a formula that isn't rendered yet is shown as source."""
        self._prose = prose
        html = prose.html
        for number, formula in enumerate(prose.formulas):
            picture = self._picture(formula)
            if picture is None:
                self._pictures.pop(number, None)
                written = f'<code class="maths">{plain_html(formula.latex_source)}</code>'
                html = html.replace(f'<img src="maths:{number}">', written)
            else:
                self._pictures[number] = picture
        self.document().setIndentWidth(_list_indent(html, QFontMetricsF(self.font())))
        self.setHtml(html)

    def show_ready_formulas(self) -> None:
        """Show formulas that have been rendered meanwhile."""
        if len(self._pictures) < len(self._prose.formulas):
            self.show_prose(self._prose)

    def _picture(self, formula: Formula) -> QImage | None:
        if self._formula_renderer is None:
            return None
        size = QFontInfo(self.font()).pixelSize() * _MATHS_SIZE
        metrics = QFontMetricsF(self.font())
        return self._formula_renderer.formula_image(formula, size, self._colours.text, metrics)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ANN401 - as in Qt
        """Answer every request with one of our formulas, or one transparent pixel."""
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
        """Copy plain text, formulas as LaTeX."""
        data = QMimeData()
        data.setText(self.selected_plain_text())
        return data

    def selected_plain_text(self) -> str:
        """Return the selected text; formulas as LaTeX between dollar signs."""
        cursor = self.textCursor()
        words = cursor.selection().toPlainText()
        if "\ufffc" not in words:
            return words
        before = QTextCursor(self.document())
        before.setPosition(cursor.selectionStart(), QTextCursor.MoveMode.KeepAnchor)
        shown = [self._prose.formulas[n] for n in sorted(self._pictures)]
        for formula in shown[before.selectedText().count("\ufffc") :]:
            words = words.replace("\ufffc", formula.latex_source, 1)
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
        address = url.toString()
        kind, _, number = address.partition(":")
        mark = mark_of_address(address)
        if mark is not None:
            self.citation_clicked.emit(mark)
        elif kind == "link" and number.isdecimal() and int(number) < len(self._prose.links):
            self.link_clicked.emit(self._prose.links[int(number)])


def _list_indent(html: str, metrics: QFontMetricsF) -> float:
    """Return the room of the widest number before an entry of a list, in this size of text."""
    numbers = [int(number) for number in _LIST_STARTS.findall(html)] if "<ol" in html else []
    mark = f"{max([1, *numbers]) + html.count('<li') - 1}." if "<ol" in html else "•"
    return max(_INDENT, metrics.horizontalAdvance(f"{mark}  "))
