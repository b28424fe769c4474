"""Prompt popup: completion list above the composer while a "/" command is typed."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from core.base.i18n import _
from core.chat.prompts.prompt_library import Prompt
from desktop.chat.composer.composer import Composer
from desktop.kit.locale_formatting import one_line
from desktop.kit.theme import Theme

_PROMPT = Qt.ItemDataRole.UserRole
_MOST_ROWS = 8
_PADDING = 10
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TAKES = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}


class PromptPopup(QListWidget):
    """Shown while the question is one word that begins with "/", until Escape."""

    prompt_used = Signal(object)  # Prompt
    manage_wanted = Signal()

    def __init__(self, theme: Theme, composer: Composer, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._theme = theme
        self._composer = composer
        self._prompts: tuple[Prompt, ...] = ()
        self._dismissed = False
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("popup_list")
        self.setAccessibleName(_("Prompts"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.hide()

    def _connect(self) -> None:
        self._composer.text_edit.installEventFilter(self)
        self.itemClicked.connect(self._on_item_clicked)

    def offer_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Show these prompts with the first one selected, and a row that opens all of them."""
        if self._dismissed:
            return
        self._prompts = tuple(prompts)
        self.clear()
        for prompt in prompts:
            item = QListWidgetItem(f"/{prompt.command}    {one_line(prompt.name, 60)}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{prompt.command}, {prompt.name}")
            item.setData(_PROMPT, prompt)
            self.addItem(item)
        self.addItem(QListWidgetItem(_("All prompts…")))
        self.setCurrentRow(0)
        self._place()
        self.show()
        self.raise_()
        self._announce_selection()

    def dismiss(self) -> None:
        """Hide until another question is started."""
        self._dismissed = True
        self.hide()

    def reset_popup(self) -> None:
        """Hide: the question is no longer a command."""
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
        prompt = item.data(_PROMPT)
        self.hide()
        if isinstance(prompt, Prompt):
            self.prompt_used.emit(prompt)
        else:
            self.manage_wanted.emit()

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
