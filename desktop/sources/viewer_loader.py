"""Loader of the document viewer: requests page pictures, letters and text, shows replies."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from core.app.events.app_events import Problem
from core.app.library.document_service import DocumentService, FileLocation
from core.app.problems import problem_of_failure
from core.base.error_codes import ErrorCode
from core.base.i18n import _
from core.chat.conversations.conversation import Source
from core.ipc.reply import Reply
from core.messages import DocumentPage, Failed, PageLetters, RenderedPage
from desktop.chat.controller.cited_source import cited_sentences
from desktop.sources.pages.page_layout import GAP
from desktop.sources.viewer.document_kinds import has_page_pictures
from desktop.sources.viewer.document_viewer import DocumentViewer

_MOST_DRAWN = 2
"""Pages that are drawn at once: after more scrolling others are wanted."""
_UNKNOWN = (595.0, 842.0)
"""Size of a page, in points, before the sizes are known."""
_LEAST_WIDTH = 300


class ViewerLoader(QObject):
    """Loads one document at a time; replies that are about an earlier one are dropped."""

    def __init__(self, documents: DocumentService, viewer: DocumentViewer) -> None:
        super().__init__(viewer)
        self._documents = documents
        self._viewer = viewer
        self._place = FileLocation()
        self._pictures: dict[tuple[int, int], Reply[Any, RenderedPage]] = {}
        """Pictures that are being drawn, by page and width."""
        self._letters: dict[int, Reply[Any, PageLetters]] = {}
        """Letters that are being located, by page."""
        self._recognition: Reply[Any, RenderedPage] | None = None
        self._text: Reply[Any, Any] | None = None
        self._has_picture = False
        """Whether a picture of this document has come."""
        self._is_scan = False
        self._standing = ("", "")
        """What was said of the document."""
        viewer.pages_view.pages_wanted.connect(self._request_pages)
        viewer.pages_view.letters_wanted.connect(self._request_letters)

    def open_source(self, source: Source) -> None:
        """Show a source's document, at its passage."""
        place = source_location(source)
        again = place == self._place and self._has_picture and self._viewer.shows_pages
        if place == self._place and not self._viewer.shows_pages and self._viewer.has_text:
            self._viewer.show_other_passage(source)
            self._viewer.show_message(*self._standing)
            return
        self._drop_requests(keep_letters=again)
        self._place = place
        self._has_picture = again
        self._is_scan = False
        if not has_page_pictures(source.file):
            self._viewer.show_source(source)
            self._request_text(source)
        elif again:
            self._show_other_passage(source)
        else:
            self._draw_first_page(source)

    def close(self) -> None:
        """Drop everything that was requested."""
        self._drop_requests(keep_letters=False)

    # ------------------------------------------------------------ requests

    def _draw_first_page(self, source: Source) -> None:
        viewer = self._viewer
        viewer.show_source(source)
        page = source.page or 1
        viewer.set_view_mode(drawn=True)
        viewer.pages_view.start_document([_UNKNOWN] * page)
        viewer.pages_view.go_to_page(page)
        available = viewer.pages_view.viewport().width() - 2 * GAP
        width = round(max(available, _LEAST_WIDTH) * viewer.pages_view.devicePixelRatioF())
        self._request_picture(page, width, source, sizes=True)

    def _show_other_passage(self, source: Source) -> None:
        """Show another passage of the document that is open."""
        viewer = self._viewer
        viewer.show_other_passage(source)
        page = source.page or 1
        viewer.pages_view.store.clear_marks()
        viewer.pages_view.go_to_page(page)
        width = viewer.pages_view.picture_width(min(page, viewer.pages_view.page_layout.page_count))
        self._request_picture(page, width, source)
        if not self._viewer.has_text:
            self._request_text(source)

    def _request_picture(
        self, page: int, width: int, source: Source | None = None, *, sizes: bool = False
    ) -> None:
        reply = self._documents.render_page(
            self._place,
            page,
            width=width,
            text=source.text if source else "",
            sentences=cited_sentences(source) if source else (),
            sizes=sizes,
        )
        self._pictures[page, width] = reply
        reply.on_done(partial(self._on_picture, page, width))
        reply.on_error(partial(self._on_picture_failed, page, width))

    def _request_text(self, source: Source) -> None:
        if self._text is not None:
            _drop(self._text)
        if source.folder_id:
            document = self._documents.open_document(source.folder_id, source.file)
            self._text = document.on_done(
                lambda read: self._show_text(read.pages, read.content_hash, read.standing)
            )
        else:
            file = self._documents.read_file(source.path)
            self._text = file.on_done(lambda read: self._show_text(read.pages, "", "here"))
        self._text.on_error(self._on_text_failed)

    def _request_pages(self) -> None:
        if not self._has_picture:
            return
        visible = set(self._viewer.pages_view.visible_pages())
        for page, width in list(self._pictures):
            if page not in visible:
                _drop(self._pictures.pop((page, width)))
        for page, width in self._viewer.pages_view.missing_pictures():
            if (page, width) not in self._pictures and len(self._pictures) < _MOST_DRAWN:
                self._request_picture(page, width)

    def _request_letters(self, page: int) -> None:
        if self._has_picture and page not in self._letters:
            reply = self._documents.locate_characters(self._place, page, recognize=self._is_scan)
            self._letters[page] = reply
            reply.on_done(partial(self._on_letters, page))
            reply.on_error(partial(self._on_letters_failed, page))

    def _drop_requests(self, *, keep_letters: bool) -> None:
        """Cancel what was requested, but not the letters of the same document."""
        letters = {} if keep_letters else self._letters
        for reply in (*self._pictures.values(), *letters.values(), self._recognition, self._text):
            if reply is not None:
                _drop(reply)
        self._pictures.clear()
        letters.clear()
        self._recognition = self._text = None

    # ------------------------------------------------------------ replies

    def _on_picture(self, asked: int, width: int, page: RenderedPage) -> None:
        del self._pictures[asked, width]
        viewer, source = self._viewer, self._viewer.source
        first, self._has_picture = not self._has_picture, True
        if first:
            sizes = page.sizes or [(page.width * 1.0, page.height * 1.0)] * page.pages
            viewer.pages_view.set_page_sizes(sizes)
        viewer.pages_view.show_picture(page, width)
        if source is not None and page.page == (source.page or 1) and self._recognition is None:
            self._show_passage(page, source)
        if first and source is not None and self._text is None:
            self._request_text(source)
        viewer.show_current_page()
        self._request_pages()

    def _show_passage(self, page: RenderedPage, source: Source) -> None:
        pages = self._viewer.pages_view
        marks = pages.store.marks.get(page.page)
        if not source.text:
            return  # the document was opened for itself
        if page.boxes and marks:
            pages.go_to_passage(page.page)
        elif not marks and not self._is_scan:
            pages.go_to_page(page.page)
            self._is_scan = True
            self._recognition = self._documents.render_page(
                self._place,
                page.page,
                width=_LEAST_WIDTH,
                text=source.text,
                sentences=cited_sentences(source),
                recognize=True,
            )
            self._recognition.on_done(self._on_recognized).on_error(self._on_recognition_failed)

    def _on_picture_failed(self, page: int, width: int, failure: Failed) -> None:
        """Say on the page that it can't be drawn; if none can, what was read is shown as text."""
        del self._pictures[page, width]
        viewer, problem = self._viewer, _describe_failure(failure)
        if self._has_picture:
            viewer.pages_view.store.failed[page] = f"{problem.message} {problem.hint}".strip()
            viewer.pages_view.viewport().update()
            self._request_pages()
            return
        viewer.set_view_mode(drawn=False)
        viewer.show_message(problem.message, problem.hint)
        if viewer.source is not None and viewer.source.folder_id:
            self._request_text(viewer.source)

    def _on_letters(self, asked: int, letters: PageLetters) -> None:
        del self._letters[asked]
        self._viewer.search.add_page_letters(letters)

    def _on_letters_failed(self, page: int, failure: Failed) -> None:
        """Treat the page as one without text, so that a selection continues after it."""
        del self._letters[page]
        none = PageLetters(request_id=failure.request_id, page=page, text="", places=b"")
        self._viewer.search.add_page_letters(none)

    def _on_recognized(self, page: RenderedPage) -> None:
        self._recognition = None
        pages = self._viewer.pages_view
        if not page.boxes:
            self._show_passage_missing()
            return
        pages.store.mark_passage(page)
        pages.go_to_passage(page.page)

    def _on_recognition_failed(self, _failure: Failed) -> None:
        self._recognition = None
        self._show_passage_missing()

    def _on_text_failed(self, failure: Failed) -> None:
        self._text = None
        if not self._has_picture:
            problem = _describe_failure(failure)
            self._viewer.show_message(problem.message, problem.hint)

    def _show_text(self, pages: tuple[DocumentPage, ...], content_hash: str, state: str) -> None:
        self._text = None
        source = self._viewer.source
        if source is None:
            return
        found = self._viewer.set_document_text(pages)
        known = bool(content_hash and source.content_hash)
        changed = known and content_hash != source.content_hash
        words = _format_document_state(state, changed=changed)
        self._standing = words or ("", "")
        if words:
            self._viewer.show_message(*words)
        elif not found and not self._has_picture and source.text:
            self._show_passage_missing()

    def _show_passage_missing(self) -> None:
        self._viewer.show_message(
            _("The passage is no longer in the document; it changed since it was read."), ""
        )


def _drop(reply: Reply[Any, Any]) -> None:
    reply.detach()
    reply.cancel()


def source_location(source: Source) -> FileLocation:
    """Return where a source's document is: in a folder, or by itself."""
    if source.folder_id:
        return FileLocation(folder_id=source.folder_id, file=source.file)
    return FileLocation(path=source.path)


def _describe_failure(failure: Failed) -> Problem:
    """Return why a document can't be shown: what is opened here had been read before."""
    if failure.code != ErrorCode.FILE_UNKNOWN:
        return problem_of_failure(failure)
    return Problem(
        code=failure.code,
        message=_("This file is no longer in the library."),
        hint=_("It was moved or deleted, or can't be read any more."),
    )


def _format_document_state(state: str, *, changed: bool) -> tuple[str, str] | None:
    """Return what to say of a document that is not what it was, None if it is."""
    if state == "offline":
        return (
            _("The drive of this folder is not there."),
            _("This is what was read from it before."),
        )
    if state == "gone":
        return _("The file is gone."), _("This is what was read from it before.")
    if state == "changed":
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
