"""Brings what the viewer shows: asks for pages, letters and text, and hands on what comes."""

from PySide6.QtCore import QObject

from core.app.events_viewing import (
    DocumentReady,
    FileTextReady,
    LettersReady,
    PageReady,
    ViewingEvent,
)
from core.chat.conversation import Source
from core.errors import InglenookError
from core.library.file_requests import FilePlace
from core.messages import DocumentPage, PageLetters
from core.words import _
from desktop.ports import ViewingCalls
from desktop.sources.kinds import is_drawn
from desktop.sources.page_layout import GAP
from desktop.sources.viewer import Viewer

_MOST_ASKED = 2
"""Pages that are drawn at once: one who scrolls on has other wishes soon."""
_UNKNOWN = (595.0, 842.0)
_LEAST_WIDTH = 300


class Feed(QObject):
    """Answers that come for a document that was left are dropped."""

    def __init__(self, viewing: ViewingCalls, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._viewing = viewing
        self._viewer = viewer
        self._place = FilePlace()
        self._drawing: dict[str, tuple[int, int]] = {}
        """Requests for pictures, by id: page and width."""
        self._spelling: dict[str, int] = {}
        self._recognizing = ""
        self._reading = ""
        self._begun = False
        """Whether a picture of this document has come."""
        self._scanned = False
        viewer.pages.pages_wanted.connect(self._ask_pages)
        viewer.pages.letters_wanted.connect(self._ask_letters)

    def open(self, source: Source) -> None:
        """Show a source's document, at its passage."""
        place = place_of(source)
        again = place == self._place and self._begun and self._viewer.shows_pages
        self._drop_requests(again=again)
        self._place = place
        self._begun = again
        self._scanned = False
        try:
            if not is_drawn(source.file):
                self._viewer.show_source(source)
                self._read(source)
            elif again:
                self._turn_to(source)
            else:
                self._draw_first(source)
        except InglenookError as error:
            self._viewer.say(error.message, error.hint)

    def handle(self, event: ViewingEvent) -> None:
        """Take what has come."""
        if isinstance(event, PageReady) and event.request_id in self._drawing:
            self._take_page(event)
        elif isinstance(event, PageReady) and event.request_id == self._recognizing:
            self._take_recognized(event)
        elif isinstance(event, LettersReady) and event.request_id in self._spelling:
            del self._spelling[event.request_id]
            self._viewer.finding.show_letters(event.letters)
        elif isinstance(event, DocumentReady) and event.request_id == self._reading:
            document = event.document
            self._take_text(document.pages, document.content_hash, document.standing)
        elif isinstance(event, FileTextReady) and event.request_id == self._reading:
            self._take_text(event.file.pages, "", "here")

    def fail(self, request_id: str, message: str, hint: str) -> bool:
        """Take a failed request; returns whether it was one of ours."""
        if request_id in self._drawing:
            page, _width = self._drawing.pop(request_id)
            self._fail_page(page, message, hint)
        elif request_id in self._spelling:
            page = self._spelling.pop(request_id)
            none = PageLetters(request_id=request_id, page=page, text="", places=b"")
            self._viewer.finding.show_letters(none)  # what is selected goes on behind it
        elif request_id == self._recognizing:
            self._recognizing = ""
            self._say_missing()
        elif request_id and request_id == self._reading:
            self._reading = ""
            if not self._begun:
                self._viewer.say(message, hint)
        else:
            return False
        return True

    # ------------------------------------------------------------ asking

    def _draw_first(self, source: Source) -> None:
        viewer = self._viewer
        viewer.show_source(source)
        page = source.page or 1
        viewer.show_face(drawn=True)
        viewer.pages.begin([_UNKNOWN] * page)
        viewer.pages.go_to(page)
        room = viewer.pages.viewport().width() - 2 * GAP
        width = round(max(room, _LEAST_WIDTH) * viewer.pages.devicePixelRatioF())
        request_id = self._viewing.render_page(
            self._place, page, width=width, text=source.text, sizes=True
        )
        self._drawing[request_id] = (page, width)

    def _turn_to(self, source: Source) -> None:
        """Show another passage of the document that is open."""
        viewer = self._viewer
        viewer.turn_to(source)
        page = source.page or 1
        viewer.pages.store.marks.clear()
        viewer.pages.go_to(page)
        width = viewer.pages.width_of(min(page, viewer.pages.layout_of_pages.pages))
        request_id = self._viewing.render_page(self._place, page, width=width, text=source.text)
        self._drawing[request_id] = (page, width)
        if not self._viewer.has_text:
            self._read(source)

    def _read(self, source: Source) -> None:
        if source.folder_id:
            self._reading = self._viewing.open_document(source.folder_id, source.file)
        else:
            self._reading = self._viewing.read_file(source.path)

    def _ask_pages(self) -> None:
        if not self._begun:
            return
        seen = set(self._viewer.pages.visible_pages())
        for request_id, (page, _width) in list(self._drawing.items()):
            if page not in seen:
                del self._drawing[request_id]
                self._viewing.cancel(request_id)
        asked = set(self._drawing.values())
        for page, width in self._viewer.pages.wanted():
            if (page, width) not in asked and len(self._drawing) < _MOST_ASKED:
                request_id = self._viewing.render_page(self._place, page, width=width)
                self._drawing[request_id] = (page, width)

    def _ask_letters(self, page: int) -> None:
        if self._begun and page not in self._spelling.values():
            request_id = self._viewing.read_letters(self._place, page, recognize=self._scanned)
            self._spelling[request_id] = page

    def _drop_requests(self, *, again: bool) -> None:
        """Give up what was asked for; letters of the same document are wanted on."""
        spelling = {} if again else self._spelling
        for request_id in (*self._drawing, *spelling, self._recognizing, self._reading):
            if request_id:
                self._viewing.cancel(request_id)
        self._drawing.clear()
        spelling.clear()
        self._recognizing = self._reading = ""

    # ------------------------------------------------------------ taking

    def _take_page(self, event: PageReady) -> None:
        _page, width = self._drawing.pop(event.request_id)
        viewer, source = self._viewer, self._viewer.source
        page = event.page
        first, self._begun = not self._begun, True
        if first:
            sizes = page.sizes or [(page.width * 1.0, page.height * 1.0)] * page.pages
            viewer.pages.set_sizes(sizes)
        viewer.pages.show_page(page, width)
        if source is not None and page.page == (source.page or 1) and not self._recognizing:
            self._show_passage(event, source)
        if first and source is not None and not self._reading:
            self._read(source)
        viewer.show_place()
        self._ask_pages()

    def _show_passage(self, event: PageReady, source: Source) -> None:
        pages = self._viewer.pages
        marks = pages.store.marks.get(event.page.page)
        if not source.text:
            return  # the document was opened for itself
        if event.page.boxes and marks:
            pages.go_to_box(event.page.page, marks[0])
        elif not marks and not self._scanned:
            pages.go_to(event.page.page)
            self._scanned = True
            self._recognizing = self._viewing.render_page(
                self._place, event.page.page, width=_LEAST_WIDTH, text=source.text, recognize=True
            )

    def _take_recognized(self, event: PageReady) -> None:
        self._recognizing = ""
        pages = self._viewer.pages
        if not event.page.boxes:
            self._say_missing()
            return
        pages.store.mark(event.page)
        pages.go_to_box(event.page.page, pages.store.marks[event.page.page][0])

    def _take_text(self, pages: tuple[DocumentPage, ...], content_hash: str, standing: str) -> None:
        self._reading = ""
        source = self._viewer.source
        if source is None:
            return
        found = self._viewer.show_text(pages)
        known = bool(content_hash and source.content_hash)
        changed = known and content_hash != source.content_hash
        words = _standing_words(standing, changed=changed)
        if words:
            self._viewer.say(*words)
        elif not found and not self._begun and source.text:
            self._say_missing()

    def _fail_page(self, page: int, message: str, hint: str) -> None:
        """Say on the page that it can't be drawn; if none can, what was read is shown as text."""
        viewer = self._viewer
        if self._begun:
            viewer.pages.store.failed[page] = f"{message} {hint}".strip()
            viewer.pages.viewport().update()
            self._ask_pages()
            return
        viewer.show_face(drawn=False)
        viewer.say(message, hint)
        if viewer.source is not None and viewer.source.folder_id:
            self._read(viewer.source)

    def _say_missing(self) -> None:
        self._viewer.say(
            _("The passage is no longer in the document; it changed since it was read."), ""
        )


def place_of(source: Source) -> FilePlace:
    """Return where a source's document is: in a folder, or by itself."""
    if source.folder_id:
        return FilePlace(folder_id=source.folder_id, file=source.file)
    return FilePlace(path=source.path)


def _standing_words(standing: str, *, changed: bool) -> tuple[str, str] | None:
    """Return what to say of a document that is not what it was, None if it is."""
    if standing == "offline":
        return (
            _("The drive of this folder is not there."),
            _("This is what was read from it before."),
        )
    if standing == "gone":
        return _("The file is gone."), _("This is what was read from it before.")
    if standing == "changed":
        return (
            _("The file has changed since it was read."),
            _("The next sync reads it again; the passage may stand elsewhere."),
        )
    if changed:
        return (
            _("The file has changed since this answer was given."),
            _("The passage may stand elsewhere, or say something else now."),
        )
    return None
