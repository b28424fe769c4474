"""Sources panel: cards of the passages behind an answer, and the document viewer below."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import Source
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme, follow_text_size
from desktop.sources.cards.source_card import SourceCard
from desktop.sources.viewer.document_viewer import DocumentViewer
from desktop.sources.viewer.viewer_shortcuts import command_for_key

_AROUND_CARD = 12
_FINDING = {"find", "next", "before"}


class SourcesPanel(QWidget):
    """Hidden while there are no sources."""

    source_opened = Signal(object)  # Source
    wrong_toggled = Signal(int, bool)
    viewer_toggled = Signal()
    """A document is shown beside the chat, or no longer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sources: tuple[Source, ...] = ()
        self._wrong: frozenset[int] = frozenset()
        self._judged = True
        self._cards: list[SourceCard] = []
        self._build()
        self._connect()

    def _set_least_width(self) -> None:
        self.setMinimumWidth(max(208, 24 * self.fontMetrics().averageCharWidth()))

    def _build(self) -> None:
        self.setObjectName("sources")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        follow_text_size(self, self._set_least_width)
        self._close = IconButton(self._theme, "close", _("Hide the sources"), size=16)
        head = QHBoxLayout()
        head.setContentsMargins(margins(16, 10, 8, 10))  # as high as the head of the chat
        self.title = ElidedLabel(_("Sources"), "title")
        head.addWidget(self.title, 1)
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
        self.viewer = DocumentViewer(self._theme)
        self.viewer.hide()
        self._cards_area = cards
        self._parts = parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self._area)
        parts.addWidget(self.viewer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(parts, 1)
        self.hide()

    def _connect(self) -> None:
        self._close.clicked.connect(self.hide)
        self.viewer.closed.connect(self.close_viewer)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The passages that are shown."""
        return self._sources

    @property
    def holds_viewer(self) -> bool:
        """Whether the viewer is in here, not in a window of its own."""
        return self.viewer.parentWidget() is self._parts

    @property
    def shows_document(self) -> bool:
        """Whether a document is open in here."""
        return self.holds_viewer and not self.viewer.isHidden()

    def show_sources(
        self,
        sources: Sequence[Source],
        wrong: frozenset[int] = frozenset(),
        *,
        judged: bool = True,
    ) -> None:
        """Show the passages of an answer; `wrong` are the numbers of those marked as wrong.

        Passages that are not from an answer can't be `judged`.
        """
        self._judged = judged
        self.title.setText(_("Sources"))
        if tuple(sources) != self._sources:
            self.close_viewer()
            self._sources, self._wrong = tuple(sources), wrong
            self._rebuild_cards()
        elif wrong != self._wrong:
            self._wrong = wrong
            for card in self._cards:
                card.set_wrong(wrong=card.source.n in wrong)
        self._area.setVisible(any(source.text for source in self._sources))
        self.setVisible(bool(self._sources))

    def choose_source(self, number: int) -> None:
        """Bring a source into view and open its document, at all its cited sentences."""
        for source in self._sources:
            if source.n == number:
                self.open_source(source)

    def open_source(self, source: Source) -> None:
        """Bring a source into view and open its document, at the sentences cited in `source`."""
        for card in self._cards:
            if card.source.n == source.n:
                self._show_chosen_card(source.n)
                self.show()
                self.open_viewer(card)
                self._bring_into_view(card)
                self.source_opened.emit(source)

    def step_source(self, step: int) -> None:
        """Open the next source, or the one before; after the last comes the first."""
        numbers = [source.n for source in self._sources]
        if numbers and self.viewer.source is not None:
            here = self.viewer.source.n
            at = numbers.index(here) if here in numbers else -1
            self.choose_source(numbers[(at + step) % len(numbers)])

    def close_viewer(self) -> None:
        """Show the passages alone."""
        if self.holds_viewer and not self.viewer.isHidden():
            self.viewer.hide()
            self.viewer_toggled.emit()
        self._show_chosen_card(0)

    def restore_viewer(self) -> None:
        """Take the viewer back from its own window."""
        self._parts.addWidget(self.viewer)
        self.viewer.header.set_in_own_window(alone=False)
        self.viewer.hide()
        self.open_viewer()

    def _bring_into_view(self, card: SourceCard) -> None:
        """Show a card whole, or from its beginning on where it is too high."""
        room = self._area.viewport().height()
        bar = self._area.verticalScrollBar()
        if card.height() + 2 * _AROUND_CARD >= room or card is self._cards[0]:
            bar.setValue(max(0, card.y() - _AROUND_CARD))
        else:
            self._area.ensureWidgetVisible(card, 0, _AROUND_CARD)

    def open_viewer(self, card: SourceCard | None = None) -> None:
        """Give the document the height that the cards don't need, at least two thirds.

        It gets less, down to half of the height, where `card` would be cut.
        """
        self.viewer.toolbar.set_passage_count(len(self._sources))
        if not self.holds_viewer or not self.viewer.isHidden():
            return
        self.viewer.show()
        self.viewer_toggled.emit()
        self._column.activate()  # cards that are new in this event have their heights then
        height = self._parts.height()
        whole = min(card.height() + 2 * _AROUND_CARD, height // 2) if card is not None else 0
        needed = min(self._cards_area.sizeHint().height() + 4, max(height // 3, whole))
        self._parts.setSizes([needed, height - needed])

    def _rebuild_cards(self) -> None:
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [
            SourceCard(self._theme, source, wrong=source.n in self._wrong)
            for source in self._sources
        ]
        for place, card in enumerate(self._cards):
            card.opened.connect(self.choose_source)
            card.wrong_toggled.connect(self.wrong_toggled)
            card.wrong_button.setHidden(not self._judged)
            self._column.insertWidget(place, card)
            card.show()  # at once: the layout counts nothing hidden

    def event(self, event: QEvent) -> bool:
        """Claim the keys of a search from the window: on a card, its document is meant."""
        if event.type() is QEvent.Type.ShortcutOverride and self._is_for_document(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Search in the open document."""
        if self._is_for_document(event):
            self.viewer.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _is_for_document(self, event: QEvent) -> bool:
        if not self.shows_document or not isinstance(event, QKeyEvent):
            return False
        return command_for_key(event) in _FINDING

    def _show_chosen_card(self, number: int) -> None:
        for card in self._cards:
            card.set_chosen(chosen=card.source.n == number)
