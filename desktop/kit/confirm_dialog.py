"""Confirmation dialog before an action that can't be undone, with an optional text field."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.dialog_manager import grow_to_content
from desktop.kit.theme import Theme


class ConfirmDialog(QDialog):
    """Two sentences and two buttons; Enter presses the one that has the focus."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        *,
        title: str,
        text: str,
        button_text: str,
        value: str | None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(title, text, button_text, value)
        self._connect()

    def _build(self, title: str, text: str, button_text: str, value: str | None) -> None:
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.addStrut(
            self._theme.scaled(392)
        )  # a least width of the dialog's own would let it cut its buttons
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(title, "title", wrap=True))
        if text:
            column.addWidget(plain_label(text, wrap=True))
        self.input_line = QLineEdit(value or "")
        self.input_line.setAccessibleName(title)
        column.addWidget(self.input_line)
        self.input_line.setVisible(value is not None)
        self.confirm_button = TextButton(self._theme, button_text, role="primary")
        self.cancel_button = TextButton(self._theme, _("Cancel"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.confirm_button)
        column.addLayout(row)
        if value is None:
            self.confirm_button.setFocus()
        else:
            self.input_line.selectAll()
            self.input_line.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Make room for all lines of the text."""
        super().showEvent(event)
        grow_to_content(self)

    def prefer_cancel(self) -> None:
        """Let Enter cancel: for what can't be brought back, and for what leaves this computer."""
        self.confirm_button.setDefault(False)
        self.cancel_button.setFocus()

    def _connect(self) -> None:
        self.confirm_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
