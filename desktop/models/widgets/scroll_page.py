"""Scroll area that keeps wrapped labels at full height and scrolls when they don't fit."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class ScrollPage(QScrollArea):
    """Qt's own squeezes rows below their height when a wrapped label among them grows.

    `most_lines` lets it take no more height than so many lines of text, and no less than it needs.
    """

    def __init__(self, most_lines: int = 0) -> None:
        super().__init__()
        self._most_lines = most_lines
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_content(self, inner: QWidget) -> None:
        """Show a widget with a layout."""
        self.setWidget(inner)
        inner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Adapt to the height of the content."""
        if watched is self.widget() and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the content to the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        inner = self.widget()
        layout = inner.layout() if inner is not None else None
        if inner is None or layout is None:
            return
        width = self.viewport().width()
        wrapped = layout.hasHeightForWidth()
        needed = layout.minimumHeightForWidth(width) if wrapped else layout.minimumSize().height()
        inner.setMinimumHeight(needed)
        if self._most_lines:
            self.setFixedHeight(min(needed, self._most_lines * self.fontMetrics().height()))
