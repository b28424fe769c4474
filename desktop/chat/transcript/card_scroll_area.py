"""Scroll area over the card layout: scroll bar, keys, and following of the end."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QScrollBar, QWidget

from core.base.i18n import _
from desktop.chat.cards.card_factory import Card, CardFactory
from desktop.chat.transcript.card_layout import EDGE, CardLayout
from desktop.chat.transcript.tab_stops import stop_beside
from desktop.kit.buttons_and_labels import IconButton
from desktop.kit.scroll_viewport import set_plain_viewport
from desktop.kit.theme import Theme

_SIZE, _EDGE = 36, 16


class JumpToEndButton(IconButton):
    """Floats over the lower right corner while the end is out of view."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "to-end", _("Jump to the end"), side=_SIZE)
        self.setParent(parent)
        self.setProperty("role", "jump")
        self.hide()

    def place_in_corner(self, view: QSize, *, shown: bool) -> None:
        """Move to the corner of a view of this size, or hide."""
        self.move(view.width() - self.width() - _EDGE, view.height() - self.height() - _EDGE)
        if shown != (not self.isHidden()):
            self.setVisible(shown)
        if shown:
            self.raise_()


_SLACK = 32


class CardScrollArea(QAbstractScrollArea):
    """Shows the cards of `deck`, which `maker` creates."""

    laid_out = Signal()
    """The set of built cards has changed."""

    def __init__(self, theme: Theme, maker: CardFactory) -> None:
        super().__init__()
        self._busy = False
        self._upper_edge = 0  # in the window
        self._build(theme, maker)
        self._connect()

    def _build(self, theme: Theme, maker: CardFactory) -> None:
        # our own: asking Qt for its bar makes PySide load every class of widgets (30 ms)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self.setVerticalScrollBar(self._bar)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_plain_viewport(self)
        self.card_layout = CardLayout(self.viewport(), maker.make_card, self.on_card_built)
        self._jump = JumpToEndButton(theme, self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)

    def _connect(self) -> None:
        self._bar.valueChanged.connect(self._on_value_changed)
        self._jump.clicked.connect(self.follow_end)
        self._later.timeout.connect(self._on_later)

    def on_card_built(self, card: Card) -> None:
        """Watch a new card: its height may change."""
        card.installEventFilter(self)

    @property
    def following(self) -> bool:
        """Whether the end stays in view as the chat grows."""
        return self.card_layout.following

    def follow_end(self) -> None:
        """Scroll to the end and stay there."""
        self.card_layout.following = True
        self.lay_out()

    def scroll_to_turn(self, turn_id: str) -> Card | None:
        """Scroll to a turn; returns its card."""
        row = self.card_layout.row_of(turn_id)
        if row is None:
            return None
        self.card_layout.following = False
        for _round in range(2):  # what is built on the way has other heights than were guessed
            self.card_layout.top = (
                self.card_layout.heights.row_top(row) - self.viewport().height() // 4
            )
            self.lay_out()
        return self.card_layout.cards.get(row)

    def scroll_by(self, pixels: int) -> None:
        """Scroll by pixels, down if positive."""
        self._bar.setValue(self._bar.value() + pixels)

    def scroll_into_view(self, widget: QWidget, part: QRect) -> None:
        """Scroll as little as needed to show a part of a card; of anything else, not at all."""
        if not self.viewport().isAncestorOf(widget):
            return
        top = widget.mapTo(self.viewport(), part.topLeft()).y()
        bottom, height = top + part.height(), self.viewport().height()
        if top < EDGE:
            self.scroll_by(top - EDGE)
        elif bottom > height - EDGE:
            self.scroll_by(min(bottom - height + EDGE, top - EDGE))

    def lay_out(self) -> None:
        """Build and place the visible cards; does nothing while hidden."""
        if self._busy or not self.isVisible():
            return
        self._busy = True
        self.card_layout.lay_out()
        self._busy = False
        self._show_bar()
        self.laid_out.emit()
        self._later.start()

    def _show_bar(self) -> None:
        height = self.viewport().height()
        with QSignalBlocker(self._bar):
            beyond = max(0, self.card_layout.total_height - height)
            self._bar.setRange(0, beyond + self.card_layout.spare)
            self._bar.setPageStep(height)
            self._bar.setSingleStep(20)
            self._bar.setValue(self.card_layout.top + EDGE)
        self._bar.setVisible(self._bar.maximum() > 0)
        self._bar.update()
        away = self._bar.value() < self._bar.maximum()
        self._jump.place_in_corner(
            self.viewport().size(), shown=away and not self.card_layout.following
        )

    def eventFilter(self, card: QObject, event: QEvent) -> bool:
        """Handle that a card requests another height."""
        asks = event.type() == QEvent.Type.LayoutRequest and not self._busy
        if asks and self.card_layout.update_card_height(card):
            self.lay_out()
        return False

    def _on_value_changed(self, value: int) -> None:
        self.card_layout.top = value - EDGE
        self.card_layout.following = value >= self._bar.maximum() - _SLACK
        self.lay_out()

    def _on_later(self) -> None:
        """Build a card near the view, so that scrolling shows it at once."""
        self._busy = True
        more = self.card_layout.build_nearby_card()
        self._busy = False
        if more:
            self._show_bar()
            self.laid_out.emit()
            self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the cards again; a notice that comes or goes above moves none of them."""
        super().resizeEvent(event)
        upper_edge = self.mapTo(self.window(), QPoint(0, 0)).y()
        moved, self._upper_edge = upper_edge - self._upper_edge, upper_edge
        if moved and event.size().height() + moved == event.oldSize().height():
            self.card_layout.top += moved
            self.card_layout.spare = max(0, self.card_layout.spare + moved)
        self.lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the visible cards: before, their height could not be measured."""
        super().showEvent(event)
        self.lay_out()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Do nothing: the cards are moved one by one."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; scrolling up stops following the end."""
        if event.angleDelta().y() > 0 and self._bar.value() > 0:
            self.card_layout.following = False
        self._bar.event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by keys, wherever in the transcript the focus is."""
        steps = {
            Qt.Key.Key_PageUp: 2 * EDGE - self._bar.pageStep(),
            Qt.Key.Key_PageDown: self._bar.pageStep() - 2 * EDGE,
            Qt.Key.Key_Up: -3 * self._bar.singleStep(),
            Qt.Key.Key_Down: 3 * self._bar.singleStep(),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.scroll_by(steps[key])
        elif key == Qt.Key.Key_Home:
            self._bar.setValue(0)
        elif key == Qt.Key.Key_End:
            self.follow_end()
        else:
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - as in Qt
        """Move the focus through the cards from top to bottom, building them as needed."""
        focused = QApplication.focusWidget()
        step = 1 if next else -1
        stops, target = stop_beside(self.card_layout, focused, step)
        if not 0 <= target < len(stops) and stops and self.card_layout.build_adjacent_card(step):
            stops, target = stop_beside(self.card_layout, focused, step)
        if 0 <= target < len(stops):
            reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
            stops[target].setFocus(reason)
            self.scroll_into_view(stops[target], stops[target].rect())
            return True
        return bool(super().focusNextPrevChild(next))
