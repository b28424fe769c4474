"""Page renderer: pixels of a PDF or image page, and the boxes of a passage on it."""

import ctypes
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

import numpy as np
import pypdfium2
from PIL import Image
from pypdfium2 import raw

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.pdf_letters import spell_out
from core.library.extractors.documents.pdf_reader import open_page, open_pdf, read_letters
from core.library.extractors.page_images import image_files
from core.library.extractors.page_images.image_files import Pixels
from core.library.extractors.page_images.reading_order import RecognizedLine
from core.messages import TextBox

RECOGNITION_PIXELS = 4_000_000
"""Pixels of a page for text recognition: A4 at 200 dots an inch, where small print is legible."""
_MAX_PIXELS = 16_000_000
_DEVICE = 1_000_000
"""Side of the square in whose units pdfium gives places on a page."""
_UNIT = 1000.0
"""Distance of the points that show how a page is turned and cropped."""
_MIN_PART_LETTERS = 12
"""A shorter part of a passage may be found in several places."""
_SOFT_HYPHENS = {"\ufffe": "\u00ad", "\u0002": "\u00ad"}
"""Pdfium's marks for words that are hyphenated at the end of a line."""
_MARKS = frozenset("\ufffe\u0002\u00ad\ufeff|-•·[]")
"""Ignored in text and page: hyphens at line ends, and what readers put between cells and items."""


BoxesOfText = tuple[tuple[TextBox, ...], tuple[TextBox, ...]]
"""Boxes of a passage, and of the sentences in it."""


def is_pdf(data: bytes, name: str) -> bool:
    """Return whether a file is read as PDF."""
    return name.lower().endswith(".pdf") or data.startswith(b"%PDF-")


class PagedFile:
    """An opened PDF or picture file; its pages are `FilePage`s. Close it after use.

    Raises LibraryError if it can't be opened.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._document: pypdfium2.PdfDocument | None = None
        if is_pdf(data, name):
            self._document = open_pdf(data)
            self.page_count = len(self._document)
        else:
            self.page_count = len(image_files.image_page_numbers(data))

    def close(self) -> None:
        """Close the file."""
        if self._document is not None:
            self._document.close()

    def page_at(self, number: int) -> "FilePage":
        """Open a page, counted from 1. Raises LibraryError if there is none of that number."""
        if not 1 <= number <= self.page_count:
            raise LibraryError(ErrorCode.FILE_NO_TEXT)
        if self._document is None:
            return FilePage(pixels=image_files.read_pixels(self._data, number))
        try:
            return FilePage(page=open_page(self._document, number - 1))
        except pypdfium2.PdfiumError as error:
            raise LibraryError(ErrorCode.FILE_BROKEN) from error

    def page_sizes(self) -> tuple[tuple[float, float], ...]:
        """Return width and height of each page of a PDF; none of a picture file's."""
        if self._document is None:
            return ()
        size = raw.FS_SIZEF()
        found: list[tuple[float, float]] = []
        for index in range(self.page_count):
            known = raw.FPDF_GetPageSizeByIndexF(self._document, index, size)
            found.append((size.width, size.height) if known else (0.0, 0.0))
        return tuple(found)


class FilePage:
    """One opened page. Close it after use."""

    def __init__(
        self, *, page: pypdfium2.PdfPage | None = None, pixels: Pixels | None = None
    ) -> None:
        self._page = page
        self._pixels = pixels

    def close(self) -> None:
        """Close the page."""
        if self._page is not None:
            self._page.close()

    def render_pixels(self, *, width: int = 0, area: int = _MAX_PIXELS) -> Pixels:
        """Return the page `width` pixels wide (0: as wide as `area` allows), at most `area`."""
        wide, tall = self._size()
        scale = (area / (wide * tall)) ** 0.5
        if width:
            scale = min(scale, width / wide)
        if self._pixels is not None:
            scale = min(scale, 1.0) if not width else scale
            size = (max(1, round(wide * scale)), max(1, round(tall * scale)))
            return np.asarray(Image.fromarray(self._pixels).resize(size))
        assert self._page is not None  # a sheet is one or the other
        bitmap = self._page.render(scale=scale, rev_byteorder=True)
        rendered = np.asarray(bitmap.to_numpy())
        gray = rendered.ndim == 2 or rendered.shape[2] == 1
        if gray:
            return np.repeat(rendered.reshape(*rendered.shape[:2], 1), 3, axis=2)
        return np.ascontiguousarray(rendered[:, :, :3])

    def find_text_boxes(self, text: str, sentences: Sequence[str] = ()) -> BoxesOfText:
        """Return the boxes of `text` in the text layer, one a line, and those of its sentences.

        None if it isn't there.
        """
        layer = self._layer() if text else None
        if layer is None or self._page is None:
            return (), ()
        letters, places = _letters(layer)
        whole = list(_spans(letters, text))
        boxes, cited = (
            tuple(
                box
                for first, last in _unbroken(spans, places)
                for box in _rectangles(self._page, layer, first, last)
            )
            for spans in (whole, _sentence_spans(letters, whole, sentences))
        )
        layer.close()
        return boxes, cited

    def locate_letters(self) -> tuple[str, bytes]:
        """Return the letters of the text layer and their packed places (see PageLetters)."""
        layer = self._layer()
        if layer is None or self._page is None:
            return "", b""
        spelled = read_letters(layer)
        corners = np.zeros((len(spelled), 4))
        sides = [ctypes.c_double() for _ in range(4)]
        for place, (_letter, index) in enumerate(spelled):
            if raw.FPDFText_GetCharBox(layer, index, *sides):
                corners[place] = [side.value for side in sides]  # left, right, bottom, top
        layer.close()
        text = "".join(_SOFT_HYPHENS.get(letter, letter) for letter, _index in spelled)
        return text, _packed(_shares(self._page, corners[:, [0, 3, 1, 2]]))

    def _layer(self) -> pypdfium2.PdfTextPage | None:
        if self._page is None:
            return None
        try:
            return self._page.get_textpage()
        except pypdfium2.PdfiumError:
            return None

    def _size(self) -> tuple[float, float]:
        if self._pixels is not None:
            return self._pixels.shape[1], self._pixels.shape[0]
        assert self._page is not None  # a sheet is one or the other
        wide, tall = self._page.get_size()
        return max(1.0, wide), max(1.0, tall)


def boxes_of_lines(
    lines: Sequence[RecognizedLine],
    text: str,
    size: tuple[int, int],
    sentences: Sequence[str],
) -> BoxesOfText:
    """Return the boxes of `text` in recognised lines, one a line, and those of its sentences.

    `size` is width and height. A part of a line gets its share of the line's width.
    """
    letters: list[str] = []
    owners: list[tuple[int, float, float]] = []
    for number, line in enumerate(lines):
        folded = _folded(line.text)
        letters.append(folded)
        owners += [
            (number, place / len(folded), (place + 1) / len(folded)) for place in range(len(folded))
        ]
    joined = "".join(letters)
    whole = list(_spans(joined, text))
    boxes, cited = (
        tuple(_parts_of_lines(lines, owners, spans, size))
        for spans in (whole, _sentence_spans(joined, whole, sentences))
    )
    return boxes, cited


def _parts_of_lines(
    lines: Sequence[RecognizedLine],
    owners: Sequence[tuple[int, float, float]],
    spans: Iterable[tuple[int, int]],
    size: tuple[int, int],
) -> Iterator[TextBox]:
    """Yield the box of each part of a line in `spans`; `owners` has line and shares of a letter."""
    width, height = size
    for first, last in spans:
        for number, shares in itertools.groupby(owners[first : last + 1], key=itemgetter(0)):
            parts = list(shares)
            line = lines[number]
            wide = line.right - line.left
            yield _box(
                (line.left + parts[0][1] * wide) / width,
                line.top / height,
                (line.left + parts[-1][2] * wide) / width,
                line.bottom / height,
            )


def letters_of_lines(lines: Sequence[RecognizedLine], size: tuple[int, int]) -> tuple[str, bytes]:
    """Return the letters of recognised lines, each given an equal part of its line's width."""
    text: list[str] = []
    places: list[tuple[float, float, float, float]] = []
    for line in lines:
        step = (line.right - line.left) / max(1, len(line.text))
        text.append(f"{line.text}\n")
        places += [
            (line.left + step * n, line.top, line.left + step * (n + 1), line.bottom)
            for n in range(len(line.text))
        ]
        places.append((line.right, line.top, line.right, line.bottom))
    width, height = size
    shares = np.asarray(places).reshape(-1, 4) / (width, height, width, height)
    return "".join(text), _packed(shares)


def _folded(text: str) -> str:
    """Return the letters that are compared: without white space, marks and ligatures."""
    return "".join(each for each in spell_out(text) if not each.isspace() and each not in _MARKS)


def _packed(shares: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bytes:
    return (np.clip(shares, 0.0, 1.0) * 65535).round().astype("<u2").tobytes()


def _shares(
    page: pypdfium2.PdfPage, corners: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return rows of left, top, right, bottom on the page as shares of the page as it is shown.

    A page is shown turned and cropped, which pdfium does for one point at a time; three of them
    tell what becomes of all.
    """
    zero, unit = ctypes.c_double(0.0), ctypes.c_double(_UNIT)
    origin, across, up = (
        np.asarray(_on_device(page, x, y)) for x, y in ((zero, zero), (unit, zero), (zero, unit))
    )
    by_x, by_y = (across - origin) / _UNIT, (up - origin) / _UNIT
    one = origin + corners[:, [0]] * by_x + corners[:, [1]] * by_y
    other = origin + corners[:, [2]] * by_x + corners[:, [3]] * by_y
    return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)


def _letters(layer: pypdfium2.PdfTextPage) -> tuple[str, list[int]]:
    """Return the letters of a text layer, and for each its index in pdfium."""
    letters: list[str] = []
    places: list[int] = []
    for letter, index in read_letters(layer):
        folded = _folded(letter)
        letters.append(folded)
        places += [index] * len(folded)
    return "".join(letters), places


def _spans(letters: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield first and last place of `text` in `letters`: whole, else each of its lines in order."""
    whole = _folded(text)
    start = letters.find(whole) if whole else -1
    if start >= 0:
        yield start, start + len(whole) - 1
        return
    reach = 0
    for line in text.splitlines():
        piece = _folded(line)
        start = letters.find(piece, reach) if len(piece) >= _MIN_PART_LETTERS else -1
        if start >= 0:
            reach = start + len(piece)
            yield start, reach - 1


def _unbroken(spans: Iterable[tuple[int, int]], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last index in pdfium of each run of letters that is one there too.

    `places` has the index of each letter that the `spans` are of. The lines of a column are no
    run where the page's program drew those of another between them.
    """
    ranks = {index: rank for rank, index in enumerate(sorted(set(places)))}
    for first, last in spans:
        start = first
        for place in range(first, last):
            if not 0 <= ranks[places[place + 1]] - ranks[places[place]] <= 1:
                yield places[start], places[place]
                start = place + 1
        yield places[start], places[last]


def _sentence_spans(
    letters: str, whole: Sequence[tuple[int, int]], sentences: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield first and last place of each sentence within the spans of its text."""
    for sentence in sentences:
        piece = _folded(sentence)
        for first, last in whole if piece else ():
            start = letters.find(piece, first, last + 1)
            if start >= 0:
                yield start, start + len(piece) - 1
                break


def _rectangles(
    page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, first: int, last: int
) -> Iterator[TextBox]:
    for index in range(raw.FPDFText_CountRects(layer, first, last - first + 1)):
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetRect(layer, index, left, top, right, bottom)
        corners = [_on_device(page, left, top), _on_device(page, right, bottom)]
        across = sorted(x for x, _ in corners)
        down = sorted(y for _, y in corners)
        yield _box(across[0], down[0], across[1], down[1])


def _on_device(
    page: pypdfium2.PdfPage, x: ctypes.c_double, y: ctypes.c_double
) -> tuple[float, float]:
    """Return a point of the page as it is shown, turned and cropped, in shares of its sides."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x.value, y.value, across, down)
    return across.value / _DEVICE, down.value / _DEVICE


def _box(left: float, top: float, right: float, bottom: float) -> TextBox:
    within = [min(1.0, max(0.0, float(side))) for side in (left, top, right, bottom)]
    return TextBox(left=within[0], top=within[1], right=within[2], bottom=within[3])
