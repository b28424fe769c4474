"""Why an answer has no end, and the button that asks again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.theme import Theme


class Failure(QWidget):
    """Two sentences on a soft red ground where there are any, and "Try again"."""

    again_clicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._again.clicked.connect(self.again_clicked)

    def _build(self) -> None:
        self._message = plain_label(wrap=True)
        self._hint = plain_label(role="hint", wrap=True)
        self._frame = QFrame()
        self._frame.setObjectName("failure")
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.setSpacing(4)
        inner.addWidget(self._message)
        inner.addWidget(self._hint)
        self._again = TextButton(self._theme, _("Try again"), icon="again")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._frame)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._frame.hide()

    def show_problem(self, message: str, hint: str) -> None:
        """Say what happened and what to do next."""
        self._message.setText(message)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._frame.setVisible(bool(message))
        self.show()

    def show_again(self, *, wanted: bool) -> None:
        """Offer to ask again, or don't."""
        self._again.setVisible(wanted)
        self.setVisible(wanted or not self._frame.isHidden())
