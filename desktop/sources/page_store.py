"""What is known of each page of the open document: its picture, its letters, what is marked."""

from collections import OrderedDict

from msgspec import Struct, field
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPixmap

from core.messages import RenderedPage
from desktop.sources.letters import Letters

MOST_BYTES = 48 * 1024 * 1024
"""Of pictures that are kept; what was looked at longest ago goes first."""


class Drawn(Struct, frozen=True):
    """A picture and the width it was asked for, in pixels of the screen."""

    picture: QPixmap
    width: int

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return self.picture.width() * self.picture.height() * 4


class PageStore(Struct):
    """By page, from 1. `marks` are the boxes of the passage, `found` of what is looked for."""

    pictures: OrderedDict[int, Drawn] = field(default_factory=OrderedDict)
    marks: dict[int, list[QRectF]] = field(default_factory=dict)
    found: dict[int, list[QRectF]] = field(default_factory=dict)
    letters: dict[int, Letters] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    """Why a page can't be shown, in words."""

    def put(self, page: RenderedPage, width: int) -> None:
        """Keep a page's picture, and let go of others if they take too much."""
        self.pictures[page.page] = Drawn(as_pixmap(page), width)
        self.pictures.move_to_end(page.page)
        self.failed.pop(page.page, None)
        if page.boxes:
            self.mark(page)
        while sum(each.size for each in self.pictures.values()) > MOST_BYTES:
            if len(self.pictures) == 1:
                break
            self.pictures.popitem(last=False)

    def mark(self, page: RenderedPage) -> None:
        """Keep where the passage stands."""
        self.marks[page.page] = [
            QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)
            for box in page.boxes
        ]

    def look_for(self, words: str) -> None:
        """Mark what is looked for on the pages whose letters are known."""
        self.found = {page: self._places(page, words) for page in self.letters} if words else {}

    def spell(self, page: int, letters: Letters, words: str) -> None:
        """Keep a page's letters, and mark what is looked for on it."""
        self.letters[page] = letters
        if words:
            self.found[page] = self._places(page, words)

    def _places(self, page: int, words: str) -> list[QRectF]:
        letters = self.letters[page]
        return [box for span in letters.find(words) for box in letters.boxes(*span)]


def as_pixmap(page: RenderedPage) -> QPixmap:
    """Return the picture of plain pixels; nothing is parsed."""
    if len(page.pixels) != page.width * page.height * 3:
        return QPixmap()
    picture = QImage(
        page.pixels, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888
    )
    return QPixmap.fromImage(picture)
