"""What is done with the pages of PDFs and pictures: drawn, searched, spelled out, recognised."""

import functools
from typing import Any

from core.library.extractors import drawing
from core.library.extractors.layout import Line
from core.library.extractors.opening import Stamp, open_file, read_all
from core.messages import (
    DrawnPage,
    DrawPage,
    LocatedLetters,
    LocateLetters,
    Recognized,
    RecognizePage,
)
from core.paths import text_recognition_model


class Showing:
    """Keeps the last file open: whoever looks at one page looks at the next."""

    def __init__(self) -> None:
        self._stamp: Stamp | None = None
        self._sheets: drawing.Sheets | None = None

    def answer(
        self, request: DrawPage | LocateLetters | RecognizePage, path: str
    ) -> DrawnPage | LocatedLetters | Recognized:
        """Do what was asked for the file at `path`. Raises LibraryError."""
        match request:
            case DrawPage():
                return self._draw(request, path)
            case LocateLetters():
                return self._locate(request, path)
            case RecognizePage():
                return self._recognize(request, path)

    def _draw(self, request: DrawPage, path: str) -> DrawnPage:
        sheets = self._opened(path)
        sheet = sheets.sheet(request.page)
        try:
            picture = sheet.pixels(width=max(1, request.width))
            boxes = tuple(sheet.find(request.text))
            if request.text and not boxes and request.recognize:
                lines, size = self._lines(sheet)
                boxes = drawing.boxes_of_lines(lines, request.text, size)
        finally:
            sheet.close()
        height, width = picture.shape[:2]
        return DrawnPage(
            request_id=request.request_id,
            width=width,
            height=height,
            pixels=picture.tobytes(),
            pages=sheets.count,
            boxes=boxes,
            sizes=sheets.sizes() if request.sizes else (),
        )

    def _locate(self, request: LocateLetters, path: str) -> LocatedLetters:
        sheet = self._opened(path).sheet(request.page)
        try:
            text, places = sheet.letters()
            if not text.strip() and request.recognize:
                lines, size = self._lines(sheet)
                text, places = drawing.letters_of_lines(lines, size)
        finally:
            sheet.close()
        return LocatedLetters(request_id=request.request_id, text=text, places=places)

    def _recognize(self, request: RecognizePage, path: str) -> Recognized:
        sheet = self._opened(path).sheet(request.page)
        try:
            picture = sheet.pixels(area=drawing.RECOGNIZED_PIXELS)
        finally:
            sheet.close()
        return Recognized(request_id=request.request_id, text=_recognizer().read(picture).text)

    def _opened(self, path: str) -> drawing.Sheets:
        """Return the file, opened anew only if it is another one or has changed."""
        file, stamp = open_file(path)
        if self._sheets is not None and stamp == self._stamp:
            file.close()
            return self._sheets
        if self._sheets is not None:
            self._sheets.close()
            self._sheets = None
        self._sheets = drawing.Sheets(read_all(file), path)
        self._stamp = stamp
        return self._sheets

    def _lines(self, sheet: drawing.Sheet) -> tuple[tuple[Line, ...], tuple[int, int]]:
        """Return the lines recognised on a page, and width and height of what was read."""
        if not text_recognition_model().is_dir():
            return (), (1, 1)
        picture = sheet.pixels(area=drawing.RECOGNIZED_PIXELS)
        return tuple(_recognizer().read(picture).lines), (picture.shape[1], picture.shape[0])


@functools.cache
def _recognizer() -> Any:  # noqa: ANN401 - its type is imported where it is made
    from core.library.extractors.recognition import Recognizer  # noqa: PLC0415 - only scans pay

    return Recognizer(text_recognition_model())
