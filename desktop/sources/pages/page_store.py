"""Store of what is known of each page: picture, letters, passage marks and matches."""

from collections import OrderedDict
from collections.abc import Iterable

from msgspec import Struct, field
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPixmap

from core.messages import RenderedPage, TextBox
from desktop.sources.pages.page_text_layer import PageTextLayer, join_line_boxes

MAX_PICTURE_BYTES = 48 * 1024 * 1024
"""Limit of the pictures that are kept; those drawn longest ago are dropped first."""


class PagePicture(Struct, frozen=True):
    """A picture and the width that was requested, in pixels of the screen."""

    picture: QPixmap
    width: int

    @property
    def byte_size(self) -> int:
        """Bytes in memory."""
        return self.picture.width() * self.picture.height() * 4


class PageStore(Struct):
    """Tables by page, from 1.

    `marks` are the boxes of the passage, `sentences` of what is cited of it, `found` of matches.
    """

    pictures: OrderedDict[int, PagePicture] = field(default_factory=OrderedDict)
    marks: dict[int, list[QRectF]] = field(default_factory=dict)
    sentences: dict[int, list[QRectF]] = field(default_factory=dict)
    found: dict[int, list[QRectF]] = field(default_factory=dict)
    letters: dict[int, PageTextLayer] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    """Why a page can't be shown, as text for the person."""

    def add_picture(self, page: RenderedPage, width: int) -> None:
        """Keep a page's picture, and drop others if they take too much memory."""
        self.pictures[page.page] = PagePicture(as_pixmap(page), width)
        self.pictures.move_to_end(page.page)
        self.failed.pop(page.page, None)
        if page.boxes:
            self.mark_passage(page)
        while sum(each.byte_size for each in self.pictures.values()) > MAX_PICTURE_BYTES:
            if len(self.pictures) == 1:
                break
            self.pictures.popitem(last=False)

    def mark_passage(self, page: RenderedPage) -> None:
        """Keep the boxes of the passage and of its sentences."""
        self.marks[page.page] = _rectangles(page.boxes)
        self.sentences[page.page] = _rectangles(page.sentence_boxes)

    def clear_marks(self) -> None:
        """Forget the passage."""
        self.marks.clear()
        self.sentences.clear()

    def mark_matches(self, words: str) -> None:
        """Mark the matches of `words` on the pages whose letters are known."""
        self.found = (
            {page: self._match_boxes(page, words) for page in self.letters} if words else {}
        )

    def add_letters(self, page: int, letters: PageTextLayer, words: str) -> None:
        """Keep a page's letters, and mark the matches of `words` on it."""
        self.letters[page] = letters
        if words:
            self.found[page] = self._match_boxes(page, words)

    def _match_boxes(self, page: int, words: str) -> list[QRectF]:
        letters = self.letters[page]
        return [box for span in letters.find_spans(words) for box in letters.span_boxes(*span)]


def _rectangles(boxes: Iterable[TextBox]) -> list[QRectF]:
    return join_line_boxes(
        QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top) for box in boxes
    )


def as_pixmap(page: RenderedPage) -> QPixmap:
    """Return the picture of plain pixels; nothing is parsed."""
    if len(page.pixels) != page.width * page.height * 3:
        return QPixmap()
    picture = QImage(
        page.pixels, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888
    )
    return QPixmap.fromImage(picture)
