"""Completion popup: a list above the composer while what is typed there stands for something."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop.chat.composer.composer import Composer
from desktop.kit.theme import Theme

_VALUE = Qt.ItemDataRole.UserRole
_MOST_ROWS = 8
_PADDING = 10
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TAKES = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}


class CompletionRow(Struct, frozen=True):
    """A row: its text, what a screen reader says, what it stands for, the name of an icon."""

    text: str
    spoken: str
    value: object
    icon: str = ""


class CompletionPopup(QListWidget):
    """The composer keeps the focus; Escape hides the list until `reset_popup`."""

    row_used = Signal(object)
    """The value of the row that was chosen."""

    def __init__(self, theme: Theme, composer: Composer, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._parent = parent
        self._theme = theme
        self._composer = composer
        self._dismissed = False
        self._build(name)
        self._connect()

    def _build(self, name: str) -> None:
        self.setObjectName("popup_list")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.hide()

    def _connect(self) -> None:
        self._composer.text_edit.installEventFilter(self)
        self.itemClicked.connect(self._on_item_clicked)

    def offer_rows(self, rows: Sequence[CompletionRow]) -> None:
        """Show these rows with the first one selected; none: hide."""
        if self._dismissed or not rows:
            self.hide()
            return
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            if row.icon:
                item.setIcon(self._theme.icon(row.icon, size=16))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
            item.setData(_VALUE, row.value)
            self.addItem(item)
        self.setCurrentRow(0)
        self._place()
        self.show()
        self.raise_()
        self._announce_selection()

    def dismiss(self) -> None:
        """Hide until something else is typed."""
        self._dismissed = True
        self.hide()

    def reset_popup(self) -> None:
        """Hide: what is typed stands for nothing any more."""
        self._dismissed = False
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the keys that select, before the text widget does."""
        if not self.isVisible() or not isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.FocusOut and not self.underMouse():
                self.hide()
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()  # else it would stop the answer
            return True
        if event.type() is QEvent.Type.KeyPress and self._take_key(event):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.dismiss()
        elif key in _MOVES:
            self.setCurrentRow((self.currentRow() + _MOVES[key]) % self.count())
            self._announce_selection()
        elif key in _TAKES and not event.modifiers():
            self._use(self.currentItem())
        else:
            return False
        return True

    def _use(self, item: QListWidgetItem) -> None:
        self.hide()
        self.row_used.emit(item.data(_VALUE))

    def _place(self) -> None:
        rows = min(self.count(), _MOST_ROWS)
        height = rows * max(self.sizeHintForRow(0), 1) + _PADDING
        frame = self._composer.frame
        corner = frame.mapTo(self._parent, QPoint(0, 0))
        self.setGeometry(corner.x(), max(corner.y() - height - 4, 0), frame.width(), height)

    def _announce_selection(self) -> None:
        """Let a screen reader announce the selected row though the text has the focus."""
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        event.setChild(self.currentRow())
        QAccessible.updateAccessibility(event)

    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self._use(item)
        self._composer.setFocus()
