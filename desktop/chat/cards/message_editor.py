"""Message editor: a text box that replaces a message in its card while it is edited."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.page import first_focusable
from desktop.kit.reading_column import reading_font
from desktop.kit.theme import Theme

_LEAST_LINES, _MOST_LINES = 3, 24


class MessageEditor(QWidget):
    """The text, "Save", "Cancel", and what saving does; no version is ever overwritten.

    With `enter_saves` Enter alone saves, as it sends in the composer, and with Shift it begins a
    line; otherwise Enter begins a line. Ctrl+Enter always saves.
    """

    saved = Signal(str)
    cancelled = Signal()
    text_changed = Signal(str)

    def __init__(
        self, theme: Theme, text: str, *, button_text: str, hint: str, enter_saves: bool
    ) -> None:
        super().__init__()
        self._theme = theme
        self._enter_saves = enter_saves
        self._build(text, button_text, hint)
        self._save.clicked.connect(self._on_saved)
        self._cancel.clicked.connect(self.cancelled)
        self._edit.textChanged.connect(lambda: self.text_changed.emit(self._edit.toPlainText()))

    def _build(self, text: str, button_text: str, hint: str) -> None:
        self._edit = QPlainTextEdit(text)
        self._edit.setObjectName("edit_text")
        self._edit.setAccessibleName(_("Message text"))
        self._edit.setFont(reading_font())
        self._edit.setTabChangesFocus(True)
        self._edit.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        self._fit_height()
        self._edit.installEventFilter(self)
        self._save = TextButton(self._theme, button_text, role="primary")
        self._cancel = TextButton(self._theme, _("Cancel"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(plain_label(hint, "muted", wrap=True), 1)
        row.addWidget(self._cancel)
        row.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._edit)
        column.addLayout(row)

    def _fit_height(self) -> None:
        """Be as high as the text, within limits; its height is counted in lines as wrapped."""
        lines = round(self._edit.document().size().height()) + 1
        lines = min(_MOST_LINES, max(_LEAST_LINES, lines))
        self._edit.setFixedHeight(lines * self._edit.fontMetrics().lineSpacing() + 16)

    def focus_at_end(self) -> None:
        """Take the focus, with the cursor at the end."""
        self._edit.setFocus()
        cursor = self._edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self._edit.setTextCursor(cursor)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Save on Ctrl+Return, or Return alone; leave on Escape."""
        if watched is self._edit and isinstance(event, QKeyEvent):
            key = event.key()
            pressed = event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
            if pressed and key == Qt.Key.Key_Escape:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self.cancelled.emit()
                return True
            is_return = key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            saves = is_return and self._saves(event.modifiers())
            if event.type() == QEvent.Type.KeyPress and saves:
                self._on_saved()
                return True
        return False

    def _saves(self, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return True
        return self._enter_saves and not modifiers & Qt.KeyboardModifier.ShiftModifier

    def _on_saved(self) -> None:
        if text := self._edit.toPlainText().strip():
            self.saved.emit(text)


class InlineEditor(QObject):
    """Editor in the layout of a card, in place of the text."""

    saved = Signal(str)
    text_changed = Signal(str)
    """What is written so far; "" when the editor was closed."""

    def __init__(self, theme: Theme, layout: QVBoxLayout, words: QWidget) -> None:
        super().__init__(words)
        self._theme = theme
        self._layout = layout
        self._words = words
        self._box: MessageEditor | None = None

    def open_editor(
        self,
        text: str,
        *,
        button_text: str,
        hint: str,
        enter_saves: bool = False,
        take_focus: bool = True,
    ) -> None:
        """Open the editor with `text`."""
        if self._box is not None:
            return
        self._box = MessageEditor(
            self._theme, text, button_text=button_text, hint=hint, enter_saves=enter_saves
        )
        self._box.saved.connect(self.saved)
        self._box.text_changed.connect(self.text_changed)
        self._box.cancelled.connect(self.close_editor)
        self._words.hide()
        self._layout.insertWidget(self._layout.indexOf(self._words), self._box)
        self._box.show()
        if take_focus:
            self._box.focus_at_end()

    def close_editor(self) -> None:
        """Close the editor and show the text again."""
        if self._box is not None:
            self._words.show()
            focused = QApplication.focusWidget()
            if focused is not None and self._box.isAncestorOf(focused):
                # else Qt moves it on to any place in the window
                (first_focusable(self._words) or self._words).setFocus()
            self._layout.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
            self._box = None
            self.text_changed.emit("")
