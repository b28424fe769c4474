"""Code block widget: language label, syntax colours, copy button, optional line wrapping."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout
from shiboken6 import isValid

from core.base.i18n import _
from desktop.chat.markdown.block_types import FencedCode, Prose
from desktop.chat.message.background_thread import BackgroundThread
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.syntax_highlighting import HighlightedSpan, highlight_code
from desktop.kit.buttons_and_labels import IconButton, plain_label
from desktop.kit.reading_column import margins, reading_font
from desktop.kit.theme import Theme
from desktop.kit.theme_colours import ThemeColours
from desktop.kit.visible_text import visible_text


class CodeText(MessageText):
    """Code, which is not wrapped unless the user requests it."""

    def _build(self, colours: ThemeColours) -> None:
        super()._build(colours)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(reading_font().pointSizeF() - 1)
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.setFont(font)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.horizontalScrollBar().rangeChanged.connect(self._on_range_changed)
        self.set_wrapped(wrapped=False)

    @property
    def wrapped(self) -> bool:
        """Whether long lines are wrapped."""
        return self.wordWrapMode() != QTextOption.WrapMode.NoWrap

    def set_wrapped(self, *, wrapped: bool) -> None:
        """Wrap long lines, or scroll them."""
        wrap = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        self.setWordWrapMode(wrap if wrapped else QTextOption.WrapMode.NoWrap)

    def append_code(self, words: str) -> None:
        """Append what was streamed; a selection stays."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(words)

    def apply_highlighting(self, found: Sequence[HighlightedSpan], colours: ThemeColours) -> None:
        """Apply colours to spans; the text itself isn't changed, so a selection stays."""
        formats = {role: _format(colours, role) for role in {each.role for each in found}}
        parts: dict[int, list[QTextLayout.FormatRange]] = {}
        for each in found:
            place, end = each.start, each.start + each.length
            while place < end:
                block = self.document().findBlock(place)
                if not block.isValid():
                    break
                stop = min(end, block.position() + block.length())
                part = QTextLayout.FormatRange()
                part.start, part.length = place - block.position(), stop - place
                part.format = formats[each.role]
                parts.setdefault(block.blockNumber(), []).append(part)
                place = stop
        for number, ranges in parts.items():
            self.document().findBlockByNumber(number).layout().setFormats(ranges)
        self.document().markContentsDirty(0, self.document().characterCount())

    def _fit(self) -> None:
        super()._fit()
        bar = self.horizontalScrollBar()
        if bar.maximum() > 0:
            self.setFixedHeight(self.maximumHeight() + bar.sizeHint().height())

    def _on_range_changed(self, _least: int, _most: int) -> None:
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text."""
        return QSize(200, self.height())


def _format(colours: ThemeColours, role: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(getattr(colours, role)))
    return made


class CodeBlock(QFrame):
    """The code below a line with its language and two buttons."""

    citation_clicked = Signal(object)  # CitationMark
    mark_hovered = Signal(object, QRect)  # CitationMark
    mark_left = Signal()

    def __init__(self, theme: Theme, background: BackgroundThread | None) -> None:
        super().__init__()
        self._theme = theme
        self._background = background
        self._code = FencedCode("", "")
        self._asked = self._coloured = self._running = 0
        self._found: Sequence[HighlightedSpan] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("code_block")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._language = plain_label(role="muted")
        self._wrap = IconButton(self._theme, "wrap", _("Wrap long lines"), size=16)
        self._wrap.setCheckable(True)
        self._copy = IconButton(self._theme, "copy", _("Copy the code"), size=16)
        self._marks = MessageText(self._theme.colours)
        self._marks.setAccessibleName(_("Sources of the code"))
        self._marks.hide()
        self.text = CodeText(self._theme.colours)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self._language, 1)
        head.addWidget(self._wrap)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(12, 4, 8, 8))
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self._marks)

    def _connect(self) -> None:
        self._wrap.toggled.connect(self._on_wrap_toggled)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._marks.citation_clicked.connect(self.citation_clicked)
        self._marks.mark_hovered.connect(self.mark_hovered)
        self._marks.mark_left.connect(self.mark_left)

    def show_code(self, code: FencedCode, *, finished: bool) -> None:
        """Show `code`; an extension of the present code is appended, without flicker."""
        before, self._code = self._code, code
        old, new = visible_text(before.text), visible_text(code.text)
        if old and new.startswith(old):
            if new != old:
                self.text.append_code(new[len(old) :])
        elif new != old:
            self.text.show_plain(new)
            self._found = ()
        self._language.setText(visible_text(code.language) or _("Code"))
        name = _("Code in {language}").format(language=visible_text(code.language))
        self.text.setAccessibleName(name if code.language else _("Code"))
        if code.marks != before.marks:
            from desktop.chat.markdown.markdown_html import citation_anchors  # noqa: PLC0415 - loaded with the first answer

            self._marks.show_prose(
                Prose(f"<p>{citation_anchors([str(n) for n in code.marks])}</p>")
            )
            self._marks.setVisible(bool(code.marks))
        if finished or new.count("\n") > old.count("\n"):
            self._colour(new, at_once=finished)

    def set_colours(self) -> None:
        """Apply the colours of a new theme."""
        self.text.set_colours(self._theme.colours)
        self._marks.set_colours(self._theme.colours)
        self.text.apply_highlighting(self._found, self._theme.colours)

    def _colour(self, words: str, *, at_once: bool) -> None:
        """Request syntax colours for the whole code, one request at a time while it streams."""
        if self._background is None or not self._code.language:
            return
        self._asked += 1
        if self._running and not at_once:
            return
        self._running += 1
        job = partial(highlight_code, words, self._code.language)
        self._background.run_job(job, partial(self._on_coloured, self._asked))

    def _on_coloured(self, asked: int, found: Sequence[HighlightedSpan]) -> None:
        self._running -= 1
        if not isValid(self):  # its chat was left meanwhile
            return
        if asked == self._asked:
            self._coloured = asked
            self._found = found
            self.text.apply_highlighting(found, self._theme.colours)
        elif not self._running and self._coloured != self._asked:
            self._colour(visible_text(self._code.text), at_once=False)

    def _on_wrap_toggled(self, wrapped: bool) -> None:  # noqa: FBT001 - as Qt calls it
        self.text.set_wrapped(wrapped=wrapped)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text)
        self._copy.show_done_mark(_("Copied"))
