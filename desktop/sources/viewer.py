"""The built-in viewer: a document as pictures of its pages or as text, open at a passage."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from core.chat.conversation import Source
from core.messages import DocumentPage
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.chat.visible import shown
from desktop.sources.find_bar import FindBar
from desktop.sources.finding import Finding
from desktop.sources.pages_view import PagesView
from desktop.sources.source_card import place_words
from desktop.sources.text_view import TextView
from desktop.sources.viewer_bar import ViewerBar
from desktop.sources.viewer_head import ViewerHead
from desktop.sources.viewer_keys import deed_of
from desktop.theme import Theme

_ZOOM_STEP = 1.25


class Viewer(QWidget):
    """Shows what it is told; what needs the application or the system is asked for by signals."""

    closed = Signal()
    passage_wanted = Signal(int)
    """1: the next one of this answer, -1: the one before."""
    menu_wanted = Signal(QPoint)
    selection_asked = Signal(str, int)
    """Words that were selected, and the page they stand on (0: none)."""
    face_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.source: Source | None = None
        self._document: tuple[DocumentPage, ...] = ()
        self._stale = False
        """Whether the document's text is yet to be laid out: a long one takes its time."""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("preview")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head = ViewerHead(self._theme)
        self.bar = ViewerBar(self._theme)
        self.find_bar = FindBar(self._theme)
        self._message = plain_label(role="warning", wrap=True)
        self._message.setContentsMargins(16, 0, 16, 8)
        self._message.hide()
        self.text = TextView(self._theme)
        self.pages = PagesView(self._theme)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.text)
        self._faces.addWidget(self.pages)
        self.finding = Finding(self.find_bar, self.text, self.pages)
        self.ask_button = TextButton(self._theme, _("Ask about the selection"), icon="pencil")
        self.ask_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.bar, self.find_bar, self._message):
            column.addWidget(part)
        column.addWidget(self._faces, 1)
        column.addWidget(self.ask_button)

    def _connect(self) -> None:
        self.head.closed.connect(self.closed)
        self.bar.passage_wanted.connect(self.passage_wanted)
        self.bar.page_wanted.connect(self.go_to_page)
        self.bar.zoom_wanted.connect(self.zoom)
        self.bar.find_wanted.connect(self.find_bar.open_bar)
        self.bar.menu_wanted.connect(self.menu_wanted)
        self.find_bar.closed.connect(self.take_focus)
        for face in (self.text, self.pages):
            face.menu_wanted.connect(self.menu_wanted)
            face.page_changed.connect(self.show_place)
        self.text.selectionChanged.connect(self._on_selection_changed)
        self.pages.selection_changed.connect(self._on_selection_changed)
        self.pages.selecting.words_copied.connect(self.finding.copy)
        self.pages.zoom_changed.connect(lambda: self.bar.show_zoom(self.pages.layout_of_pages))
        self.ask_button.clicked.connect(lambda: self.selection_asked.emit(*self.selection))

    # ------------------------------------------------------------ what is shown

    @property
    def shows_pages(self) -> bool:
        """Whether pictures of pages are looked at."""
        return self._faces.currentWidget() is self.pages

    @property
    def _face(self) -> PagesView | TextView:
        return self.pages if self.shows_pages else self.text

    def show_source(self, source: Source) -> None:
        """Show the kept copy of a passage until its document is here."""
        self.source = source
        self.finding.forget()
        self.head.show_source(shown(source.file), shown(place_words(source)))
        self.say("", "")
        self._document, self._stale = (), False
        self.text.show_copy(source.text or _("Opening the document…"))
        self.show_face(drawn=False)

    def turn_to(self, source: Source) -> None:
        """Name another passage of the same document."""
        self.source = source
        self.head.show_source(shown(source.file), shown(place_words(source)))
        self.say("", "")
        self._stale = bool(self._document)

    def show_face(self, *, drawn: bool) -> None:
        """Show pictures of pages, or the text."""
        focused = self._face.hasFocus()
        self._faces.setCurrentWidget(self.pages if drawn else self.text)
        if not drawn and self._stale:
            self._lay_out()
        if focused:
            self._face.setFocus()
        self.bar.show_drawn(drawn=drawn)
        self.show_place()
        self._on_selection_changed()
        self.finding.show_face(drawn=drawn)
        self.face_changed.emit()

    def show_text(self, pages: Sequence[DocumentPage]) -> bool:
        """Take a document's text; returns whether the passage was found if text is looked at."""
        self._document, self._stale = tuple(pages), True
        found = self.shows_pages or self._lay_out()
        self.finding.take(pages)
        self.show_place()
        return found

    @property
    def has_text(self) -> bool:
        """Whether the document's text is here."""
        return bool(self._document)

    def _lay_out(self) -> bool:
        assert self.source is not None  # a document is that of a source
        self._stale = False
        return self.text.show_document(self._document, self.source)

    def say(self, message: str, hint: str) -> None:
        """Say what is the matter with the document; "" takes it away."""
        self._message.setText(f"{message} {hint}".strip())
        self._message.setVisible(bool(self._message.text()))

    # ------------------------------------------------------------ moving

    def go_to_page(self, page: int) -> None:
        """Show a page from its top."""
        if self.shows_pages:
            self.pages.go_to(page)
        else:
            self.text.go_to_page(page)
        self._face.setFocus()

    def take_focus(self) -> None:
        """Let the keys go to the document."""
        self._face.setFocus(Qt.FocusReason.OtherFocusReason)

    def zoom(self, step: int) -> None:
        """Enlarge (1), make smaller (-1), or fit the width (0)."""
        if self.shows_pages:
            zoom = self.pages.layout_of_pages.zoom * _ZOOM_STEP**step if step else 0.0
            self.pages.set_zoom(zoom)

    @property
    def selection(self) -> tuple[str, int]:
        """The words that are selected, and their page (0: none)."""
        if self.shows_pages:
            return self.pages.selecting.text, self.pages.selecting.page
        words = self.text.textCursor().selectedText().replace("\u2029", "\n")
        return words, self.text.page

    # ------------------------------------------------------------ keys

    def event(self, event: QEvent) -> bool:
        """Claim our keys before the window's shortcuts while the focus is in here."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            leaves = event.key() == Qt.Key.Key_Escape and self.find_bar.isVisible()
            if leaves or deed_of(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for in a document."""
        deed = deed_of(event)
        match deed:
            case "find":
                self.find_bar.open_bar()
            case "next" | "before":
                self.finding.step(1 if deed == "next" else -1)
            case "page":
                self.bar.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.bar.line.selectAll()
            case "larger" | "smaller" | "width":
                self.zoom({"larger": 1, "smaller": -1, "width": 0}[deed])
            case "passage" | "passage_before":
                self.passage_wanted.emit(1 if deed == "passage" else -1)
            case "copy":
                self.finding.copy_selected()
            case "all" if self.shows_pages:
                self.pages.selecting.select_page()
            case "" if event.key() == Qt.Key.Key_Escape and self.find_bar.isVisible():
                self.find_bar.close_bar()
            case _:
                super().keyPressEvent(event)

    # ------------------------------------------------------------ within

    def show_place(self, _page: int = 0) -> None:
        """Say which page is read."""
        if self.shows_pages:
            page, pages = self.pages.page, self.pages.layout_of_pages.pages
        else:
            page, pages = self.text.page, self.finding.last_page
        self.bar.show_page(page, pages)
        if self.source is not None and self.shows_pages:
            name = self.source.file.rpartition("/")[2]
            self.pages.describe(shown(name), shown(self.finding.text_of(page)))

    def _on_selection_changed(self) -> None:
        selecting = self.pages.selecting
        if not self.shows_pages:
            words = bool(self.selection[0].strip())
        elif selecting.is_dragging:
            return  # the button would push the pages up
        else:
            words = selecting.selection.has_words(self.pages.store.letters)
        self.ask_button.setVisible(words and self.source is not None)
