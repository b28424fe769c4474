"""One passage in the Sources panel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.chat.conversation import Source
from core.words import _
from desktop.buttons import ElidedLabel, IconButton, plain_label, set_property
from desktop.chat.visible import shown
from desktop.theme import Theme
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
    wrong_toggled = Signal(int, bool)

    def __init__(self, theme: Theme, source: Source, *, wrong: bool) -> None:
        super().__init__()
        self._theme = theme
        self.source = source
        self._wrong = wrong
        self._build()
        self.wrong_button.clicked.connect(self._on_wrong_clicked)
        self._show_wrong()

    def _build(self) -> None:
        source = self.source
        self.setObjectName("source_card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(source.text)
        number = plain_label(str(source.n))
        number.setObjectName("source_number")
        self.wrong_button = IconButton(self._theme, "wrong", "", size=16)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(number, 0, Qt.AlignmentFlag.AlignVCenter)
        name = shown(self._name)
        top.addWidget(ElidedLabel(name, "title", mode=Qt.TextElideMode.ElideMiddle), 1)
        top.addWidget(self.wrong_button)
        self._verdict = plain_label(_("You said: it doesn't support the answer."), "warning")
        self._verdict.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        column.addLayout(top)
        place = place_words(source)
        if place:
            column.addWidget(ElidedLabel(shown(place), "muted"))
        column.addWidget(plain_label(shown(one_line(source.text, _LONGEST)), wrap=True))
        column.addWidget(self._verdict)

    @property
    def _name(self) -> str:
        return self.source.file.rpartition("/")[2]

    def set_chosen(self, *, chosen: bool) -> None:
        """Show whether this is the passage that is looked at."""
        set_property(self, "chosen", chosen)

    def set_wrong(self, *, wrong: bool) -> None:
        """Show what the person says of it."""
        self._wrong = wrong
        self._show_wrong()

    def _show_wrong(self) -> None:
        self._verdict.setVisible(self._wrong)
        words = (
            _("Source {n}: take back that it is wrong")
            if self._wrong
            else _("Source {n}: it doesn't support the answer")
        )
        self.wrong_button.show_icon(
            "again" if self._wrong else "wrong", words.format(n=self.source.n)
        )
        words = _("Source {n}: {file}. Opens the document.")
        name = words.format(n=self.source.n, file=self._name)
        verdict = f" {self._verdict.text()}" if self._wrong else ""
        self.setAccessibleName(f"{name}{verdict}")

    def _on_wrong_clicked(self) -> None:
        self.wrong_toggled.emit(self.source.n, not self._wrong)

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
