"""A document as it was read, open at a passage."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from core.chat.conversation import Source
from core.messages import Document, DocumentPage
from core.words import _
from desktop.buttons import ElidedLabel, IconButton, plain_label
from desktop.chat.visible import shown
from desktop.sources.place import find_passage
from desktop.sources.source_card import place_words
from desktop.theme import Theme
from desktop.words import count


def page_title(page: DocumentPage) -> str:
    """Return the line over a page; a document without pages has its headings there."""
    if page.number is None:
        return page.heading
    words = _("Page {page}").format(page=count(page.number))
    return f"{words} · {page.heading}" if page.heading else words


class Preview(QWidget):
    """Plain text, page after page, with one passage marked."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._span: tuple[int, int] | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("preview")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = ElidedLabel(role="title", mode=Qt.TextElideMode.ElideMiddle)
        self._place = ElidedLabel(role="muted")
        self.close_button = IconButton(self._theme, "close", _("Close the document (Esc)"), size=16)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._place)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 8, 6)
        head.addLayout(names, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._message = plain_label(role="warning", wrap=True)
        self._message.setContentsMargins(16, 0, 16, 8)
        self._message.hide()
        self.text = QPlainTextEdit()
        self.text.setObjectName("preview_text")
        self.text.setAccessibleName(_("Document"))
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setTabChangesFocus(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.document().setDocumentMargin(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._message)
        column.addWidget(self.text, 1)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self._theme.changed.connect(self._on_theme_changed)

    def show_source(self, source: Source) -> None:
        """Show the kept copy of a passage until its document is here."""
        self._title.setText(shown(source.file))
        self._place.setText(shown(place_words(source)))
        self._place.setVisible(bool(self._place.text()))
        self._message.hide()
        self.text.setPlainText(shown(source.text))
        self._mark((0, len(shown(source.text))))

    def show_problem(self, message: str, hint: str) -> None:
        """Say why only the kept copy can be shown."""
        self._message.setText(f"{message} {hint}".strip())
        self._message.show()

    def show_document(self, document: Document, source: Source) -> None:
        """Show the whole document, at the passage."""
        pieces: list[str] = []
        length = 0
        span = None
        for page in document.pages:
            title = page_title(page)
            head = f"{title}\n\n" if title else ""
            body = shown(page.text)
            here = source.page is None or page.number in {None, source.page}
            if span is None and here:
                found = find_passage(body, shown(source.text))
                if found is not None:
                    offset = length + len(head)
                    span = (found[0] + offset, found[1] + offset)
            pieces.append(f"{head}{body}")
            length += len(pieces[-1]) + 2
        self.text.setPlainText("\n\n".join(pieces))
        if span is None:
            self.show_problem(
                _("The passage is no longer in the document; it changed since it was read."), ""
            )
        self._mark(span)

    def _mark(self, span: tuple[int, int] | None) -> None:
        self._span = span
        if span is None:
            self.text.setExtraSelections([])
            return
        # Qt counts UTF-16 units, Python letters
        before = len(self.text.toPlainText()[: span[0]].encode("utf-16-le")) // 2
        inside = len(self.text.toPlainText()[span[0] : span[1]].encode("utf-16-le")) // 2
        cursor = self.text.textCursor()
        cursor.setPosition(before + inside)
        cursor.setPosition(before, QTextCursor.MoveMode.KeepAnchor)
        marking = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(QColor(self._theme.colours.mark))
        look.setForeground(QColor(self._theme.colours.text))
        marking.format = look
        marking.cursor = cursor
        self.text.setExtraSelections([marking])
        place = self.text.textCursor()
        place.setPosition(before)
        self.text.setTextCursor(place)
        QTimer.singleShot(0, self.text, self.text.centerCursor)  # when its height is known

    @property
    def marked_text(self) -> str:
        """The words that are marked."""
        if self._span is None:
            return ""
        return self.text.toPlainText()[self._span[0] : self._span[1]]

    def _on_theme_changed(self) -> None:
        self._mark(self._span)
