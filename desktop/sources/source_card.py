"""One passage in the Sources panel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.chat.conversation import Source
from core.words import _
from desktop.buttons import ElidedLabel, plain_label, set_property
from desktop.chat.visible import shown
from desktop.words import count, one_line

_LONGEST = 320


def place_words(source: Source) -> str:
    """Return page and heading of a passage, as far as they are known."""
    parts = []
    if source.page is not None:
        parts.append(_("Page {page}").format(page=count(source.page)))
    if source.heading:
        parts.append(one_line(source.heading, 120))
    return " · ".join(parts)


class SourceCard(QFrame):
    """Number, file, place and words; a click or Enter opens it."""

    opened = Signal(int)

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self._build()

    def _build(self) -> None:
        source = self.source
        self.setObjectName("source_card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        name = source.file.rpartition("/")[2]
        words = _("Source {n}: {file}. Opens the document.")
        self.setAccessibleName(words.format(n=source.n, file=name))
        self.setAccessibleDescription(source.text)
        number = plain_label(str(source.n))
        number.setObjectName("source_number")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(number, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(ElidedLabel(shown(name), "title", mode=Qt.TextElideMode.ElideMiddle), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        column.addLayout(top)
        place = place_words(source)
        if place:
            column.addWidget(ElidedLabel(shown(place), "muted"))
        column.addWidget(plain_label(shown(one_line(source.text, _LONGEST)), wrap=True))

    def set_chosen(self, *, chosen: bool) -> None:
        """Show whether this is the passage that is looked at."""
        set_property(self, "chosen", chosen)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open on a click that ends on the card."""
        super().mouseReleaseEvent(event)
        left = event.button() is Qt.MouseButton.LeftButton
        if left and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.source.n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(self.source.n)
            return
        super().keyPressEvent(event)
