"""The passages an answer was given, and under them the document one of them is from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from core.chat.conversation import Source
from core.words import _
from desktop.buttons import IconButton, plain_label
from desktop.sources.preview import Preview
from desktop.sources.source_card import SourceCard
from desktop.theme import Theme


class SourcesPanel(QWidget):
    """Hides while there is nothing to show."""

    source_opened = Signal(object)  # Source

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sources: tuple[Source, ...] = ()
        self._cards: list[SourceCard] = []
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("sources")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(280)
        self._close = IconButton(self._theme, "close", _("Hide the sources"), size=16)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 8, 8)
        head.addWidget(plain_label(_("Sources"), "title"), 1)
        head.addWidget(self._close)
        cards = QWidget()
        self._column = QVBoxLayout(cards)
        self._column.setContentsMargins(12, 0, 12, 12)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(cards)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(_("Sources"))
        self.preview = Preview(self._theme)
        self.preview.hide()
        self._cards_holder = cards
        self._parts = parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self._area)
        parts.addWidget(self.preview)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(parts, 1)
        self.hide()

    def _connect(self) -> None:
        self._close.clicked.connect(self.hide)
        self.preview.closed.connect(self.close_preview)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The passages that are shown."""
        return self._sources

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Show the passages of an answer."""
        if tuple(sources) != self._sources:
            self.close_preview()
            self._sources = tuple(sources)
            self._fill()
        self.setVisible(bool(self._sources))

    def choose(self, number: int) -> None:
        """Bring a source into view and open its document."""
        for card in self._cards:
            if card.source.n == number:
                self._mark(number)
                self.show()
                self._area.ensureWidgetVisible(card)
                self.preview.show_source(card.source)
                self._show_preview()
                self.source_opened.emit(card.source)

    def close_preview(self) -> None:
        """Show the passages alone."""
        self.preview.hide()
        self._mark(0)

    def _show_preview(self) -> None:
        """Give the document what the passages don't need, and half of the panel at least."""
        if not self.preview.isHidden():
            return
        self.preview.show()
        height = self._parts.height()
        needed = min(self._cards_holder.sizeHint().height() + 4, height // 2)
        self._parts.setSizes([needed, height - needed])

    def _fill(self) -> None:
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [SourceCard(source) for source in self._sources]
        for place, card in enumerate(self._cards):
            card.opened.connect(self.choose)
            self._column.insertWidget(place, card)

    def _mark(self, number: int) -> None:
        for card in self._cards:
            card.set_chosen(chosen=card.source.n == number)
