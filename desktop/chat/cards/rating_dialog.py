"""Rating dialog: an optional note on why an answer is good or bad."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme


class RatingDialog(QDialog):
    """The rating is already saved; `note_saved` adds a note to it."""

    note_saved = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget, rating: int, note: str) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(rating, note)
        self._save.clicked.connect(self._on_save_clicked)
        self._leave.clicked.connect(self.reject)

    def _build(self, rating: int, note: str) -> None:
        title = _("A good answer") if rating > 0 else _("A bad answer")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._note = QPlainTextEdit(note)
        self._note.setAccessibleName(_("Note"))
        self._note.setPlaceholderText(_("What was good or bad about it? This is not needed."))
        self._note.setTabChangesFocus(True)
        self._note.setFixedHeight(6 * self.fontMetrics().lineSpacing())
        self._save = TextButton(self._theme, _("Keep the note"), role="primary")
        self._leave = TextButton(self._theme, _("Without a note"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._leave)
        row.addWidget(self._save)
        column = QVBoxLayout(self)
        column.addStrut(self._theme.scaled(392))
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(title, "title"))
        words = _("Kept with the chat on this computer; it is sent nowhere.")
        column.addWidget(plain_label(words, "muted", wrap=True))
        column.addWidget(self._note)
        column.addLayout(row)
        self._note.setFocus()

    def _on_save_clicked(self) -> None:
        self.note_saved.emit(self._note.toPlainText().strip())
        self.accept()
