"""Document viewer: page pictures or text, opened at a passage, with search and selection."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import Source
from core.messages import DocumentPage
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.sources.cards.source_card import format_passage_place
from desktop.sources.pages.pages_view import PagesView
from desktop.sources.viewer.document_find_bar import DocumentFindBar
from desktop.sources.viewer.document_search import DocumentSearch
from desktop.sources.viewer.document_text_view import DocumentTextView
from desktop.sources.viewer.viewer_shortcuts import command_for_key
from desktop.sources.viewer.viewer_toolbar import ViewerHeader, ViewerToolbar

_ZOOM_STEP = 1.25


class DocumentViewer(QWidget):
    """Shows a document; whatever needs the application or the system is requested by signals."""

    closed = Signal()
    passage_wanted = Signal(int)
    """1: the next one of this answer, -1: the one before."""
    menu_wanted = Signal(QPoint)
    selection_asked = Signal(str, int)
    """The selected text, and its page (0: none)."""
    view_mode_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.source: Source | None = None
        self._document: tuple[DocumentPage, ...] = ()
        self._is_text_outdated = False
        """Whether the text is still to be laid out, which takes long for a long document."""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("preview")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = ViewerHeader(self._theme)
        self.toolbar = ViewerToolbar(self._theme)
        self.find_bar = DocumentFindBar(self._theme)
        self._message = plain_label(role="warning", wrap=True)
        self._message.setContentsMargins(16, 0, 16, 8)
        self._message.hide()
        self.text_view = DocumentTextView(self._theme)
        self.pages_view = PagesView(self._theme)
        self._views = QStackedWidget()
        self._views.addWidget(self.text_view)
        self._views.addWidget(self.pages_view)
        self.search = DocumentSearch(self.find_bar, self.text_view, self.pages_view)
        self.ask_button = TextButton(self._theme, _("Ask about the selection"), icon="pencil")
        self.ask_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.toolbar, self.find_bar, self._message):
            column.addWidget(part)
        column.addWidget(self._views, 1)
        column.addWidget(self.ask_button)

    def _connect(self) -> None:
        self.header.closed.connect(self.closed)
        self.toolbar.passage_wanted.connect(self.passage_wanted)
        self.toolbar.page_wanted.connect(self.go_to_page)
        self.toolbar.zoom_wanted.connect(self.zoom_by_step)
        self.toolbar.find_wanted.connect(self.find_bar.open_bar)
        self.toolbar.menu_wanted.connect(self.menu_wanted)
        self.find_bar.closed.connect(self.focus_document)
        for view in (self.text_view, self.pages_view):
            view.menu_wanted.connect(self.menu_wanted)
            view.page_changed.connect(self.show_current_page)
        self.text_view.selectionChanged.connect(self._on_selection_changed)
        self.pages_view.selection_changed.connect(self._on_selection_changed)
        self.pages_view.selector.words_copied.connect(self.search.copy_words)
        self.pages_view.zoom_changed.connect(
            lambda: self.toolbar.show_zoom(self.pages_view.page_layout)
        )
        self.ask_button.clicked.connect(lambda: self.selection_asked.emit(*self.selection))

    # ------------------------------------------------------------ what is shown

    @property
    def shows_pages(self) -> bool:
        """Whether pictures of pages are shown."""
        return self._views.currentWidget() is self.pages_view

    @property
    def _active_view(self) -> PagesView | DocumentTextView:
        return self.pages_view if self.shows_pages else self.text_view

    def show_source(self, source: Source) -> None:
        """Show the saved text of a passage until its document arrives."""
        self.source = source
        self.search.clear_document()
        self.header.show_source(
            visible_text(source.file), visible_text(format_passage_place(source))
        )
        self.show_message("", "")
        self._document, self._is_text_outdated = (), False
        self.text_view.show_passage(source)
        self.set_view_mode(drawn=False)

    def show_other_passage(self, source: Source) -> None:
        """Show another passage of the same document in the header."""
        self.source = source
        self.header.show_source(
            visible_text(source.file), visible_text(format_passage_place(source))
        )
        self.show_message("", "")
        self._is_text_outdated = bool(self._document) and self.shows_pages
        if self._document and not self.shows_pages:
            self.text_view.show_other_passage(source)

    def set_view_mode(self, *, drawn: bool) -> None:
        """Show pictures of pages, or the text."""
        focused = self._active_view.hasFocus()
        self._views.setCurrentWidget(self.pages_view if drawn else self.text_view)
        if not drawn and self._is_text_outdated:
            self._show_document_text()
        if focused:
            self._active_view.setFocus()
        self.toolbar.set_view_mode(drawn=drawn)
        self.show_current_page()
        self._on_selection_changed()
        self.search.set_view_mode(drawn=drawn)
        self.view_mode_changed.emit()

    def set_document_text(self, pages: Sequence[DocumentPage]) -> bool:
        """Set a document's text; returns False if text is shown and the passage is not in it."""
        self._document, self._is_text_outdated = tuple(pages), True
        found = self.shows_pages or self._show_document_text()
        self.search.set_document_pages(pages)
        self.show_current_page()
        return found

    @property
    def has_text(self) -> bool:
        """Whether the document's text has arrived."""
        return bool(self._document)

    def _show_document_text(self) -> bool:
        assert self.source is not None  # a document is that of a source
        self._is_text_outdated = False
        return self.text_view.show_document(self._document, self.source)

    def show_message(self, message: str, hint: str) -> None:
        """Show a message about the document; "" hides it."""
        self._message.setText(f"{message} {hint}".strip())
        self._message.setVisible(bool(self._message.text()))

    # ------------------------------------------------------------ moving

    def go_to_page(self, page: int) -> None:
        """Show a page from its top."""
        if self.shows_pages:
            self.pages_view.go_to_page(page)
        else:
            self.text_view.go_to_page(page)
        self._active_view.setFocus()

    def focus_document(self) -> None:
        """Give the document the keyboard focus."""
        self._active_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def zoom_by_step(self, step: int) -> None:
        """Enlarge (1), make smaller (-1), or fit the width (0)."""
        if self.shows_pages:
            zoom = self.pages_view.page_layout.zoom * _ZOOM_STEP**step if step else 0.0
            self.pages_view.set_zoom(zoom)

    @property
    def selection(self) -> tuple[str, int]:
        """The selected text, and its page (0: none)."""
        if self.shows_pages:
            return self.pages_view.selector.text, self.pages_view.selector.first_page
        words = self.text_view.textCursor().selectedText().replace("\u2029", "\n")
        return words, self.text_view.current_page

    # ------------------------------------------------------------ keys

    def event(self, event: QEvent) -> bool:
        """Claim our keys before the window's shortcuts while the focus is in here."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            closes_find_bar = event.key() == Qt.Key.Key_Escape and self.find_bar.isVisible()
            if closes_find_bar or command_for_key(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run the command of a key."""
        command = command_for_key(event)
        match command:
            case "find":
                self.find_bar.open_bar()
            case "next" | "before":
                self.search.step_match(1 if command == "next" else -1)
            case "page":
                self.toolbar.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.toolbar.line.selectAll()
            case "larger" | "smaller" | "width":
                self.zoom_by_step({"larger": 1, "smaller": -1, "width": 0}[command])
            case "passage" | "passage_before":
                self.passage_wanted.emit(1 if command == "passage" else -1)
            case "copy":
                self.search.copy_selection()
            case "all" if self.shows_pages:
                self.pages_view.selector.select_page()
            case "" if event.key() == Qt.Key.Key_Escape and self.find_bar.isVisible():
                self.find_bar.close_bar()
            case _:
                super().keyPressEvent(event)

    # ------------------------------------------------------------ within

    def show_current_page(self, _page: int = 0) -> None:
        """Show the number of the current page."""
        if self.shows_pages:
            page, pages = self.pages_view.current_page, self.pages_view.page_layout.page_count
        else:
            page, pages = self.text_view.current_page, self.search.last_page
        self.toolbar.show_page(page, pages)
        if self.source is not None and self.shows_pages:
            name = self.source.file.rpartition("/")[2]
            self.pages_view.describe_page(
                visible_text(name), visible_text(self.search.page_text(page))
            )

    def _on_selection_changed(self) -> None:
        selector = self.pages_view.selector
        if not self.shows_pages:
            words = bool(self.selection[0].strip())
        elif selector.is_dragging:
            return  # the button would push the pages up
        else:
            words = selector.selection.has_words(self.pages_view.store.letters)
        self.ask_button.setVisible(words and self.source is not None)
