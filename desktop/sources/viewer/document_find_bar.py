"""Find bar of the document viewer: query field, match count, previous and next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from core.base.i18n import _
from desktop.kit.buttons_and_labels import IconButton, add_clear_button, plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme


class DocumentFindBar(QFrame):
    """Enter goes to the next match, Shift+Enter to the one before, Escape closes the bar."""

    changed = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("find_bar")
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Find in this document"))
        self.line.setAccessibleName(_("Find in this document"))
        add_clear_button(self.line)
        self._match_count = plain_label("", "muted")
        self.previous_button = IconButton(
            self._theme, "up", _("Previous place (Shift+F3)"), size=16
        )
        self.next_button = IconButton(self._theme, "down", _("Next place (F3)"), size=16)
        self._close = IconButton(self._theme, "close", _("Close the search (Esc)"), size=16)
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(12, 4, 8, 4))
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        for part in (self._match_count, self.previous_button, self.next_button, self._close):
            row.addWidget(part)
        self.hide()

    def _connect(self) -> None:
        self.line.textChanged.connect(self.changed)
        self.previous_button.clicked.connect(lambda: self.stepped.emit(-1))
        self.next_button.clicked.connect(lambda: self.stepped.emit(1))
        self._close.clicked.connect(self.close_bar)

    def open_bar(self) -> None:
        """Show the bar and focus its field."""
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def close_bar(self) -> None:
        """Hide the bar and end the search."""
        if not self.isHidden():
            self.hide()
            self.line.clear()
            self.closed.emit()

    def show_match_count(self, at: int, of: int) -> None:
        """Show the number of matches (`of`) and the current one (`at`, 0: none)."""
        if not self.line.text().strip():
            self._match_count.setText("")
        elif not of:
            self._match_count.setText(_("not found"))
        elif at:
            self._match_count.setText(
                _("{at} of {of}").format(at=format_count(at), of=format_count(of))
            )
        else:
            self._match_count.setText(format_count(of))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys that the field does not."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)
