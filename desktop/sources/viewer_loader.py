"""Loader of the document viewer: requests page pictures, letters and text, shows replies."""

from PySide6.QtCore import QObject

from core.app.events.app_events import (
    DocumentEvent,
    DocumentReady,
    FileTextReady,
    PageCharactersReady,
    PageImageReady,
)
from core.base.errors import InglenookError
from core.base.i18n import _
from core.chat.conversations.conversation import Source
from core.library.client.file_request_sender import FileLocation
from core.messages import DocumentPage, PageLetters
from desktop.protocols.app_protocols import ViewingCalls
from desktop.sources.pages.page_layout import GAP
from desktop.sources.viewer.document_kinds import has_page_pictures
from desktop.sources.viewer.document_viewer import DocumentViewer

_MOST_ASKED = 2
"""Pages that are drawn at once: one who scrolls on has other wishes soon."""
_UNKNOWN = (595.0, 842.0)
_LEAST_WIDTH = 300


class ViewerLoader(QObject):
    """Answers that come for a document that was left are dropped."""

    def __init__(self, viewing: ViewingCalls, viewer: DocumentViewer) -> None:
        super().__init__(viewer)
        self._viewing = viewing
        self._viewer = viewer
        self._place = FileLocation()
        self._drawing: dict[str, tuple[int, int]] = {}
        """Requests for pictures, by id: page and width."""
        self._spelling: dict[str, int] = {}
        self._recognizing = ""
        self._reading = ""
        self._has_picture = False
        """Whether a picture of this document has come."""
        self._scanned = False
        viewer.pages_view.pages_wanted.connect(self._request_pages)
        viewer.pages_view.letters_wanted.connect(self._request_letters)

    def open_source(self, source: Source) -> None:
        """Show a source's document, at its passage."""
        place = source_location(source)
        again = place == self._place and self._has_picture and self._viewer.shows_pages
        self._drop_requests(again=again)
        self._place = place
        self._has_picture = again
        self._scanned = False
        try:
            if not has_page_pictures(source.file):
                self._viewer.show_source(source)
                self._request_text(source)
            elif again:
                self._show_other_passage(source)
            else:
                self._draw_first(source)
        except InglenookError as error:
            self._viewer.show_message(error.message, error.hint)

    def on_viewing_event(self, event: DocumentEvent) -> None:
        """Take what has come."""
        if isinstance(event, PageImageReady) and event.request_id in self._drawing:
            self._on_page_ready(event)
        elif isinstance(event, PageImageReady) and event.request_id == self._recognizing:
            self._on_page_recognized(event)
        elif isinstance(event, PageCharactersReady) and event.request_id in self._spelling:
            del self._spelling[event.request_id]
            self._viewer.search.add_page_letters(event.letters)
        elif isinstance(event, DocumentReady) and event.request_id == self._reading:
            document = event.document
            self._on_text_ready(document.pages, document.content_hash, document.standing)
        elif isinstance(event, FileTextReady) and event.request_id == self._reading:
            self._on_text_ready(event.file.pages, "", "here")

    def on_request_failed(self, request_id: str, message: str, hint: str) -> bool:
        """Take a failed request; returns whether it was one of ours."""
        if request_id in self._drawing:
            page, _width = self._drawing.pop(request_id)
            self._fail_page(page, message, hint)
        elif request_id in self._spelling:
            page = self._spelling.pop(request_id)
            none = PageLetters(request_id=request_id, page=page, text="", places=b"")
            self._viewer.search.add_page_letters(none)  # what is selected goes on behind it
        elif request_id == self._recognizing:
            self._recognizing = ""
            self._say_missing()
        elif request_id and request_id == self._reading:
            self._reading = ""
            if not self._has_picture:
                self._viewer.show_message(message, hint)
        else:
            return False
        return True

    # ------------------------------------------------------------ asking

    def _draw_first(self, source: Source) -> None:
        viewer = self._viewer
        viewer.show_source(source)
        page = source.page or 1
        viewer.set_view_mode(drawn=True)
        viewer.pages_view.start_document([_UNKNOWN] * page)
        viewer.pages_view.go_to_page(page)
        room = viewer.pages_view.viewport().width() - 2 * GAP
        width = round(max(room, _LEAST_WIDTH) * viewer.pages_view.devicePixelRatioF())
        request_id = self._viewing.render_page(
            self._place, page, width=width, text=source.text, sizes=True
        )
        self._drawing[request_id] = (page, width)

    def _show_other_passage(self, source: Source) -> None:
        """Show another passage of the document that is open."""
        viewer = self._viewer
        viewer.show_other_passage(source)
        page = source.page or 1
        viewer.pages_view.store.marks.clear()
        viewer.pages_view.go_to_page(page)
        width = viewer.pages_view.picture_width(min(page, viewer.pages_view.page_layout.page_count))
        request_id = self._viewing.render_page(self._place, page, width=width, text=source.text)
        self._drawing[request_id] = (page, width)
        if not self._viewer.has_text:
            self._request_text(source)

    def _request_text(self, source: Source) -> None:
        if source.folder_id:
            self._reading = self._viewing.open_document(source.folder_id, source.file)
        else:
            self._reading = self._viewing.read_file(source.path)

    def _request_pages(self) -> None:
        if not self._has_picture:
            return
        seen = set(self._viewer.pages_view.visible_pages())
        for request_id, (page, _width) in list(self._drawing.items()):
            if page not in seen:
                del self._drawing[request_id]
                self._viewing.cancel(request_id)
        asked = set(self._drawing.values())
        for page, width in self._viewer.pages_view.missing_pictures():
            if (page, width) not in asked and len(self._drawing) < _MOST_ASKED:
                request_id = self._viewing.render_page(self._place, page, width=width)
                self._drawing[request_id] = (page, width)

    def _request_letters(self, page: int) -> None:
        if self._has_picture and page not in self._spelling.values():
            request_id = self._viewing.locate_characters(self._place, page, recognize=self._scanned)
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

    def _on_page_ready(self, event: PageImageReady) -> None:
        _page, width = self._drawing.pop(event.request_id)
        viewer, source = self._viewer, self._viewer.source
        page = event.page
        first, self._has_picture = not self._has_picture, True
        if first:
            sizes = page.sizes or [(page.width * 1.0, page.height * 1.0)] * page.pages
            viewer.pages_view.set_page_sizes(sizes)
        viewer.pages_view.show_picture(page, width)
        if source is not None and page.page == (source.page or 1) and not self._recognizing:
            self._show_passage(event, source)
        if first and source is not None and not self._reading:
            self._request_text(source)
        viewer.show_current_page()
        self._request_pages()

    def _show_passage(self, event: PageImageReady, source: Source) -> None:
        pages = self._viewer.pages_view
        marks = pages.store.marks.get(event.page.page)
        if not source.text:
            return  # the document was opened for itself
        if event.page.boxes and marks:
            pages.go_to_box(event.page.page, marks[0])
        elif not marks and not self._scanned:
            pages.go_to_page(event.page.page)
            self._scanned = True
            self._recognizing = self._viewing.render_page(
                self._place, event.page.page, width=_LEAST_WIDTH, text=source.text, recognize=True
            )

    def _on_page_recognized(self, event: PageImageReady) -> None:
        self._recognizing = ""
        pages = self._viewer.pages_view
        if not event.page.boxes:
            self._say_missing()
            return
        pages.store.mark_passage(event.page)
        pages.go_to_box(event.page.page, pages.store.marks[event.page.page][0])

    def _on_text_ready(
        self, pages: tuple[DocumentPage, ...], content_hash: str, standing: str
    ) -> None:
        self._reading = ""
        source = self._viewer.source
        if source is None:
            return
        found = self._viewer.set_document_text(pages)
        known = bool(content_hash and source.content_hash)
        changed = known and content_hash != source.content_hash
        words = _format_document_state(standing, changed=changed)
        if words:
            self._viewer.show_message(*words)
        elif not found and not self._has_picture and source.text:
            self._say_missing()

    def _fail_page(self, page: int, message: str, hint: str) -> None:
        """Say on the page that it can't be drawn; if none can, what was read is shown as text."""
        viewer = self._viewer
        if self._has_picture:
            viewer.pages_view.store.failed[page] = f"{message} {hint}".strip()
            viewer.pages_view.viewport().update()
            self._request_pages()
            return
        viewer.set_view_mode(drawn=False)
        viewer.show_message(message, hint)
        if viewer.source is not None and viewer.source.folder_id:
            self._request_text(viewer.source)

    def _say_missing(self) -> None:
        self._viewer.show_message(
            _("The passage is no longer in the document; it changed since it was read."), ""
        )


def source_location(source: Source) -> FileLocation:
    """Return where a source's document is: in a folder, or by itself."""
    if source.folder_id:
        return FileLocation(folder_id=source.folder_id, file=source.file)
    return FileLocation(path=source.path)


def _format_document_state(standing: str, *, changed: bool) -> tuple[str, str] | None:
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
