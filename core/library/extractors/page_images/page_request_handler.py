"""Page requests in the extractor child: draw a page, locate its letters, recognize its text."""

import functools
from typing import Any

from core.base.paths import text_recognition_model
from core.library.extractors.page_images import page_renderer
from core.library.extractors.page_images.reading_order import RecognizedLine
from core.library.extractors.safe_file_open import FileStamp, open_file, read_and_close
from core.messages import (
    DrawnPage,
    DrawPage,
    LocatedLetters,
    LocateLetters,
    PageRecognized,
    RecognizePage,
)


class PageRequestHandler:
    """Answers requests; the last file stays open, since the next request mostly is of it, too."""

    def __init__(self) -> None:
        self._stamp: FileStamp | None = None
        self._sheets: page_renderer.PagedFile | None = None

    def handle_request(
        self, request: DrawPage | LocateLetters | RecognizePage, path: str
    ) -> DrawnPage | LocatedLetters | PageRecognized:
        """Answer a request for the file at `path`. Raises LibraryError."""
        match request:
            case DrawPage():
                return self._draw(request, path)
            case LocateLetters():
                return self._locate(request, path)
            case RecognizePage():
                return self._recognize(request, path)

    def _draw(self, request: DrawPage, path: str) -> DrawnPage:
        sheets = self._opened(path, request.content)
        sheet = sheets.page_at(request.page)
        try:
            picture = sheet.render_pixels(width=max(1, request.width))
            boxes, cited = sheet.find_text_boxes(request.text, request.sentences)
            if request.text and not boxes and request.recognize:
                lines, size = self._lines(sheet)
                boxes, cited = page_renderer.boxes_of_lines(
                    lines, request.text, size, request.sentences
                )
        finally:
            sheet.close()
        height, width = picture.shape[:2]
        return DrawnPage(
            request_id=request.request_id,
            width=width,
            height=height,
            pixels=picture.tobytes(),
            pages=sheets.page_count,
            boxes=boxes,
            sentence_boxes=cited,
            sizes=sheets.page_sizes() if request.sizes else (),
        )

    def _locate(self, request: LocateLetters, path: str) -> LocatedLetters:
        sheet = self._opened(path, request.content).page_at(request.page)
        try:
            text, places = sheet.locate_letters()
            if not text.strip() and request.recognize:
                lines, size = self._lines(sheet)
                text, places = page_renderer.letters_of_lines(lines, size)
        finally:
            sheet.close()
        return LocatedLetters(request_id=request.request_id, text=text, places=places)

    def _recognize(self, request: RecognizePage, path: str) -> PageRecognized:
        sheet = self._opened(path, request.content).page_at(request.page)
        try:
            picture = sheet.render_pixels(area=page_renderer.RECOGNITION_PIXELS)
        finally:
            sheet.close()
        return PageRecognized(
            request_id=request.request_id, text=_recognizer().recognize_page(picture).text
        )

    def _opened(self, path: str, content: bytes) -> page_renderer.PagedFile:
        """Return the file, opened anew only if it is another one or has changed."""
        if content:
            stamp: FileStamp = (path, 0, len(content), hash(content))
            return self._kept(stamp) or self._keep(content, path, stamp)
        file, stamp = open_file(path)
        if kept := self._kept(stamp):
            file.close()
            return kept
        return self._keep(read_and_close(file), path, stamp)

    def _kept(self, stamp: FileStamp) -> page_renderer.PagedFile | None:
        return self._sheets if stamp == self._stamp else None

    def _keep(self, content: bytes, path: str, stamp: FileStamp) -> page_renderer.PagedFile:
        if self._sheets is not None:
            self._sheets.close()
            self._sheets = None
        self._sheets = page_renderer.PagedFile(content, path)
        self._stamp = stamp
        return self._sheets

    def _lines(
        self, sheet: page_renderer.FilePage
    ) -> tuple[tuple[RecognizedLine, ...], tuple[int, int]]:
        """Return the lines recognized on a page, and width and height of the picture in pixels."""
        if not text_recognition_model().is_dir():
            return (), (1, 1)
        picture = sheet.render_pixels(area=page_renderer.RECOGNITION_PIXELS)
        return tuple(_recognizer().recognize_page(picture).lines), (
            picture.shape[1],
            picture.shape[0],
        )


@functools.cache
def _recognizer() -> Any:  # noqa: ANN401 - its type is imported where it is made
    from core.library.extractors.page_images.text_recognition import TextRecognizer  # noqa: PLC0415 - only scans pay

    return TextRecognizer(text_recognition_model())
