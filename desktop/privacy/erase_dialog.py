"""Erase dialog: two confirmations before all data is erased."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit import locale_formatting
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.theme import Theme


class EraseDialog(QDialog):
    """`confirmed` comes after both answers; its value says whether models go too."""

    confirmed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget, *, root: str, size: int, models: int) -> None:
        """`size` (without models) and `models` are in bytes."""
        super().__init__(parent)
        self._theme = theme
        self._sure = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(root, size, models)
        self._connect()

    def _build(self, root: str, size: int, models: int) -> None:
        self.setMinimumWidth(max(480, 64 * self.fontMetrics().averageCharWidth()))
        self._title = plain_label(role="title", wrap=True)
        self._text = plain_label(wrap=True)
        self.models = ThemedCheckBox(self._theme)
        text = _("The models in that folder too ({size})").format(
            size=locale_formatting.format_size(models)
        )
        self.models.setText(text)
        self.models.setAccessibleName(text)
        self.cancel_button = TextButton(self._theme, _("Keep everything"))
        self.confirm_button = TextButton(self._theme, _("Go on…"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.confirm_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (self._title, self._text, self.models):
            column.addWidget(part)
        self.models.setVisible(models > 0)
        column.addLayout(row)
        self._say(
            _("Erase everything Inglenook keeps?"),
            _(
                "All chats, what was read from your folders, settings and logs go: {size} in "
                "{root}. Your documents, and models that lie elsewhere, are not touched."
            ).format(size=locale_formatting.format_size(size), root=root),
        )
        self.cancel_button.setFocus()

    def _connect(self) -> None:
        self.cancel_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self._on_erase_clicked)

    def _say(self, title: str, text: str) -> None:
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._title.setText(title)
        self._text.setText(text)

    def _on_erase_clicked(self) -> None:
        if self._sure:
            self.confirmed.emit(self.models.isChecked() and not self.models.isHidden())
            self.accept()
            return
        self._sure = True
        self._say(
            _("Really? This is the second and last question."),
            _(
                "Nothing of it can be brought back. Inglenook closes, and begins as new when it "
                "is started next."
            ),
        )
        self.models.setEnabled(False)
        self.confirm_button.show_words(_("Erase everything"))
        self.cancel_button.setFocus()
