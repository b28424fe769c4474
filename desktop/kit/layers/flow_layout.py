"""Flow layout: widgets side by side, in further lines where one is full."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Begins where reading begins: on the right in a window that runs to the left.

    What is added after `add_gap` stands at the end of the line, if one line is enough.
    """

    def __init__(self, parent: QWidget, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._trailing: QLayoutItem | None = None
        self._has_gap = False
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)
        if self._has_gap and self._trailing is None:
            self._trailing = item

    def add_gap(self) -> None:
        """Let what is added from here on stand at the end of the line."""
        self._has_gap = True

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None past the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove an item and return it, None past the last."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return none: it takes the height it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """Return the size of one line."""
        hints = [item.sizeHint() for item in self._shown()]
        wide = sum(hint.width() for hint in hints) + self._gap * max(len(hints) - 1, 0)
        return QSize(wide, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest item when it is narrow."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _trailing_items(self) -> list[QLayoutItem]:
        if self._trailing is None:
            return []
        place = next(n for n, item in enumerate(self._items) if item is self._trailing)
        return [item for item in self._items[place:] if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Return the height that the items take; with `move` they are placed."""
        y = 0
        for line in self._lines(rect.width()):
            high = max(item.sizeHint().height() for item, _x, _wide in line)
            if move:
                self._place(line, rect, y, high)
            y += high + self._gap
        return max(y - self._gap, 0)

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, int, int]]]:
        """Return the items of each line, with where each begins and how wide it is."""
        lines: list[list[tuple[QLayoutItem, int, int]]] = []
        x = 0
        spare = max(0, width - self.sizeHint().width())
        at_end = self._trailing_items() if spare else []
        for item in self._shown():
            if at_end and item is at_end[0]:
                x += spare
            wide = min(item.sizeHint().width(), width)
            if not lines or (x and x + wide > width):
                x = x if not lines else 0
                lines.append([])
            lines[-1].append((item, x, wide))
            x += wide + self._gap
        return lines

    def _place(
        self, line: list[tuple[QLayoutItem, int, int]], rect: QRect, y: int, high: int
    ) -> None:
        """Place the items of a line in the middle of its height."""
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - makes all its enums, 10 ms of a start

        owner = self.parentWidget()
        direction = owner.layoutDirection() if owner else Qt.LayoutDirection.LeftToRight
        for item, x, wide in line:
            height = item.sizeHint().height()
            corner = rect.topLeft() + QPoint(x, y + (high - height) // 2)
            place = QRect(corner, QSize(wide, height))
            item.setGeometry(QStyle.visualRect(direction, rect, place))


class ButtonRow(QWidget):
    """Buttons side by side, in a further line where large text leaves no room for all."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=8)

    def add_buttons(self, *buttons: QWidget, at_end: bool = False) -> None:
        """Append buttons; from the first `at_end` on they stand at the end of the line."""
        if at_end:
            self._flow.add_gap()
        for button in buttons:
            self._flow.addWidget(button)
