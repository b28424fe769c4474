"""Manual page: chapters and sections at the side, a search above them, and the text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from desktop.chat.markdown.markdown_html import render_markdown
from desktop.chat.message.message_text import message_style_sheet
from desktop.help.manual.contents_tree import ContentsTree
from desktop.help.manual.manual_chapters import (
    Chapter,
    Section,
    folded_words,
    manual_chapters,
    search_sections,
    word_spans,
)
from desktop.kit.buttons_and_labels import add_clear_button
from desktop.kit.layers.page import Page
from desktop.kit.reading_column import reading_font
from desktop.kit.theme import Theme

_SECTION = Qt.ItemDataRole.UserRole
_LEFT = "\u200e"
"""Beside code in a sentence from right to left: else the dashes of “--json” stand behind it."""
_LIST_WIDTH, _TEXT_WIDTH = 240, 660


class ManualPage(Page):
    """Shows one chapter at a time; choosing a section scrolls to it."""

    widest = 1080

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chapters = {chapter.name: chapter for chapter in manual_chapters()}
        self._shown = ""
        self._build()
        self._connect()
        self._fill()

    def _build(self) -> None:
        title = _("Manual")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._line = QLineEdit()
        self._line.setAccessibleName(_("Search the manual"))
        self._line.setPlaceholderText(_("Search the manual"))
        add_clear_button(self._line)
        self._list = ContentsTree()
        self._list.setAccessibleName(_("Contents"))
        self._text = QTextBrowser()
        self._text.setAccessibleName(title)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setOpenLinks(False)
        self._text.setTabChangesFocus(True)
        self._text.setFont(reading_font())
        self._text.document().setDocumentMargin(self._theme.scaled(16))
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._line)
        column.addWidget(self._list, 1)
        self._parts = QSplitter()
        self._parts.addWidget(self._side)
        self._parts.addWidget(self._text)
        self._parts.setStretchFactor(1, 1)
        self._parts.setChildrenCollapsible(False)
        self._parts.setSizes([self._theme.scaled(_LIST_WIDTH), self._theme.scaled(_TEXT_WIDTH)])
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.addWidget(self._parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of a narrow page to the text."""
        super().resizeEvent(event)
        most = self.width() * 2 // 5
        if self._side.width() > most:
            self._parts.setSizes([most, self.width() - most])

    def _connect(self) -> None:
        self._line.textChanged.connect(self._fill)
        self._line.returnPressed.connect(self._list.setFocus)
        self._list.currentItemChanged.connect(self._on_item_changed)
        self._theme.changed.connect(self._on_theme_changed)

    def show_section(self, section: Section) -> None:
        """Show the chapter of a section, scrolled to its heading."""
        self._show_chapter(self._chapters[section.chapter])
        headings = [
            block
            for number in range(self._text.document().blockCount())
            if (block := self._text.document().findBlockByNumber(number)).blockFormat()
            .headingLevel()
        ]  # fmt: skip
        if section.number < len(headings):
            self._text.moveCursor(QTextCursor.MoveOperation.End)
            self._text.setTextCursor(QTextCursor(headings[section.number]))

    def _show_chapter(self, chapter: Chapter) -> None:
        if self._shown != chapter.name:
            self._shown = chapter.name
            self._render()
        self._mark_words()

    def _mark_words(self) -> None:
        """Mark the searched words in the text."""
        ground = QTextCharFormat()
        ground.setBackground(QColor(self._theme.colours.mark))
        ground.setForeground(QColor(self._theme.colours.text))
        marks = []
        text = self._text.document().toPlainText()
        for start, end in word_spans(text, folded_words(self._line.text())):
            found = QTextCursor(self._text.document())
            found.setPosition(start)
            found.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            marks.append(_selection(found, ground))
        self._text.setExtraSelections(marks)

    def _render(self) -> None:
        document = self._text.document()
        document.setDefaultStyleSheet(message_style_sheet(self._theme.colours))
        html = render_markdown(self._chapters[self._shown].text).html
        if self._text.isRightToLeft():
            html = html.replace("<code>", f"<code>{_LEFT}").replace("</code>", f"{_LEFT}</code>")
        self._text.setHtml(html)

    def _fill(self) -> None:
        query = self._line.text()
        self._list.clear()
        if query.strip():
            for section in search_sections(tuple(self._chapters.values()), query):
                self._list.addTopLevelItem(_item(section, self._label(section)))
        else:
            for chapter in self._chapters.values():
                self._list.addTopLevelItem(_chapter_item(chapter))
            self._list.expandAll()
        first = self._list.topLevelItem(0)
        if first is not None:
            self._list.setCurrentItem(first)

    def _label(self, section: Section) -> str:
        title = self._chapters[section.chapter].title
        return section.heading if section.number == 0 else f"{section.heading} · {title}"

    def _on_item_changed(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.show_section(item.data(0, _SECTION))

    def _on_theme_changed(self) -> None:
        if self._shown:
            self._render()
            self._mark_words()


def _selection(cursor: QTextCursor, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor, made.format = cursor, look
    return made


def _chapter_item(chapter: Chapter) -> QTreeWidgetItem:
    first, *others = chapter.sections
    item = _item(first, first.heading)
    item.addChildren([_item(section, section.heading) for section in others])
    return item


def _item(section: Section, label: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([label])
    item.setData(0, _SECTION, section)
    return item
