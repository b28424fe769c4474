"""Card of one source passage in the sources panel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.base.i18n import _
from core.chat.conversations.conversation import Source
from desktop.chat.controller.cited_source import show_passage
from desktop.kit.buttons_and_labels import (
    ElidedLabel,
    IconButton,
    plain_label,
    set_style_property,
)
from desktop.kit.locale_formatting import format_count, one_line
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

_LONGEST = 320


def format_passage_place(source: Source) -> str:
    """Return page and heading of a passage, as far as they are known."""
    parts = []
    if source.page is not None:
        parts.append(_("Page {page}").format(page=format_count(source.page)))
    if source.heading:
        parts.append(one_line(source.heading, 120))
    return " · ".join(parts)


class SourceCard(QFrame):
    """Shows number, file, place and text; a click or Enter opens the document."""

    opened = Signal(int)
    wrong_toggled = Signal(int, bool)

    def __init__(self, theme: Theme, source: Source, *, wrong: bool) -> None:
        super().__init__()
        self._theme = theme
        self.source = source
        self._wrong = wrong
        self._build()
        self.wrong_button.clicked.connect(self._on_wrong_clicked)
        self._theme.changed.connect(self._show_passage)
        self._show_wrong()

    def _build(self) -> None:
        source = self.source
        self.setObjectName("source_card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(source.text)
        self._number = plain_label(str(source.n))
        self._number.setObjectName("source_number")
        self.wrong_button = IconButton(self._theme, "wrong", "", size=16)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._number, 0, Qt.AlignmentFlag.AlignVCenter)
        name = visible_text(self._name)
        top.addWidget(ElidedLabel(name, "title", mode=Qt.TextElideMode.ElideMiddle), 1)
        top.addWidget(self.wrong_button)
        self._verdict = plain_label(_("You said: it doesn't support the answer."), "warning")
        self._verdict.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        column.addLayout(top)
        place = format_passage_place(source)
        if place:
            column.addWidget(ElidedLabel(visible_text(place), "muted"))
        self.passage = plain_label("", wrap=True)
        self._show_passage()
        column.addWidget(self.passage)
        column.addWidget(self._verdict)

    def _show_passage(self) -> None:
        show_passage(self.passage, self.source, _LONGEST, self._theme.colours.muted)

    @property
    def _name(self) -> str:
        return self.source.file.rpartition("/")[2]

    def set_chosen(self, *, chosen: bool) -> None:
        """Show whether this is the passage whose document is open."""
        for part in (self, self._number):  # Qt styles no child anew with its parent
            set_style_property(part, "chosen", chosen)

    def set_wrong(self, *, wrong: bool) -> None:
        """Show whether the person has marked the source as wrong."""
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
