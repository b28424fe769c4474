"""Least-size area: shows a widget in the room there is, and scrolls where that is too little."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class LeastSizeArea(QScrollArea):
    """Its widget is as large as itself, but never smaller than the widget can be.

    Qt's own resizable area would give it the height it likes best, and scroll sooner.
    """

    def __init__(self, shown: QWidget) -> None:
        super().__init__()
        self._shown = shown
        self.setObjectName("least_size_area")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(shown)
        shown.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the widget again when its parts need another size."""
        if watched is self._shown and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the widget into the new size."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the size that the widget likes best."""
        return self._shown.sizeHint()

    def _fit(self) -> None:
        focused = self._focused_in_sight()
        self._shown.resize(self._fitting_size())
        layout = self._shown.layout()
        if focused is not None and layout is not None:
            layout.activate()
            self.ensureWidgetVisible(focused)

    def _focused_in_sight(self) -> QWidget | None:
        """The focused widget inside, None if the person has scrolled away from it."""
        focused = self._shown.focusWidget()
        if focused is None or not focused.hasFocus():
            return None
        place = QRect(focused.mapTo(self.viewport(), QPoint(0, 0)), focused.size())
        is_at_start = self.verticalScrollBar().value() == 0
        in_sight = self.viewport().rect().intersects(place)
        return focused if is_at_start or in_sight else None

    def _fitting_size(self) -> QSize:
        room = self.maximumViewportSize()
        least = self._least_size(room.width())
        if self._is_flat:
            least.setWidth(0)
        bar_width = self.verticalScrollBar().sizeHint().width()
        bar_height = self.horizontalScrollBar().sizeHint().height()
        if least.width() > room.width():
            room.setHeight(room.height() - bar_height)
        if least.height() > room.height():
            room.setWidth(room.width() - bar_width)
            least.setHeight(self._least_size(room.width()).height())
        return room.expandedTo(least)

    @property
    def _is_flat(self) -> bool:
        """Whether it scrolls up and down alone."""
        policy = self.horizontalScrollBarPolicy()
        return policy is Qt.ScrollBarPolicy.ScrollBarAlwaysOff

    def _least_size(self, width: int) -> QSize:
        least, layout = self._shown.minimumSizeHint(), self._shown.layout()
        if layout is not None and layout.hasHeightForWidth():
            tall = layout.totalMinimumHeightForWidth(max(width, least.width()))
            least.setHeight(max(least.height(), tall))
        return least.expandedTo(self._shown.minimumSize())
