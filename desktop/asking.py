"""A question before something that can't be undone, or that leaves the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.theme import Theme


class Asking(QDialog):
    """Two sentences and two buttons; `accepted` comes for the deed, `rejected` for leaving it."""

    def __init__(
        self, theme: Theme, holder: QWidget, *, title: str, text: str, deed: str, value: str | None
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(title, text, deed, value)
        self._connect()

    def _build(self, title: str, text: str, deed: str, value: str | None) -> None:
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(title, "title", wrap=True))
        if text:
            column.addWidget(plain_label(text, wrap=True))
        self.line = QLineEdit(value or "")
        self.line.setAccessibleName(title)
        column.addWidget(self.line)
        self.line.setVisible(value is not None)
        self.deed = TextButton(self._theme, deed, role="primary")
        self.leave = TextButton(self._theme, _("Cancel"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.deed)
        column.addLayout(row)
        if value is None:
            self.leave.setFocus()
        else:
            self.deed.setDefault(True)
            self.line.selectAll()
            self.line.setFocus()

    def _connect(self) -> None:
        self.deed.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
