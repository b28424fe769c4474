"""Digest label: a long word without spaces, such as a checksum, broken wherever a line ends."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

_LEAST_LETTERS = 8


class DigestLabel(QLabel):
    """Wraps a sentence between its words and a digest anywhere; Qt's labels would be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_digest(self) -> bool:
        """Whether it shows one word."""
        return bool(self.text()) and " " not in self.text()

    def hasHeightForWidth(self) -> bool:
        """Its lines depend on its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of its lines."""
        room = QRect(0, 0, max(width, 1), 1 << 16)
        return self.fontMetrics().boundingRect(room, self._flags(), self.text()).height()

    def minimumSizeHint(self) -> QSize:
        """A few letters in a line are enough."""
        metrics = self.fontMetrics()
        return QSize(_LEAST_LETTERS * metrics.averageCharWidth(), metrics.height())

    def sizeHint(self) -> QSize:
        """One line, where there is room."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw its lines."""
        painter = QPainter(self)
        painter.drawText(self.contentsRect(), self._flags(), self.text())
        painter.end()

    def _flags(self) -> int:
        anywhere, words = Qt.TextFlag.TextWrapAnywhere, Qt.TextFlag.TextWordWrap
        wrap = anywhere if self.is_digest else words
        return wrap.value | Qt.AlignmentFlag.AlignTop.value | Qt.AlignmentFlag.AlignLeading.value
