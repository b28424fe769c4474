"""Composer: input box of the question, with its send and stop button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QMimeData, Qt, Signal
from PySide6.QtGui import QDropEvent, QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.chat.composer.composer_bar import ComposerBar
from desktop.chat.composer.composer_chips import QuestionChips, TickedFolder
from desktop.chat.composer.composer_strips import ChatStyleStrip, TemporaryStrip
from desktop.kit.buttons_and_labels import ElidedLabel, set_style_property
from desktop.kit.reading_column import MARGIN, place_in_reading_column, reading_font
from desktop.kit.theme import Theme

if TYPE_CHECKING:  # shown only where a chat has adapters
    from desktop.chat.composer.adapter_chips import AdapterChips

_LINES = 8
PASTE_AS_TEXT = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_V
)


class ComposerText(QPlainTextEdit):
    """Grows with its text; Enter sends, Shift+Enter starts a new line."""

    entered = Signal()
    focus_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.take_paste: Callable[[QMimeData], bool] = _not_taken
        """Called with what is pasted; returns whether it became something else than text."""
        self._build()
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)

    def _build(self) -> None:
        self.setObjectName("composer_text")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.setFont(reading_font())
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to the window while nothing was typed that it could take back."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo)
            if undoes and not self.document().isUndoAvailable():
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send on Enter alone; Ctrl+Shift+V pastes as text, however long it is."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
            return
        if event.keyCombination() == PASTE_AS_TEXT:
            self.insertPlainText(QGuiApplication.clipboard().text())
            return
        super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Pass dropped files to the window."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert what is pasted, unless it becomes a file."""
        if not self.take_paste(source):
            super().insertFromMimeData(source)

    def dropEvent(self, event: QDropEvent) -> None:
        """Copy text from elsewhere: told that it was moved, its program would delete it there."""
        from desktop.kit.drag_and_drop import accept_as_copy  # noqa: PLC0415 - not for the first key

        super().dropEvent(event)
        if event.source() is not self.viewport():
            accept_as_copy(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the frame show the focus."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let the frame show the focus."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Update the height when the font changes."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _on_size_changed(self) -> None:
        self._fit()

    def _fit(self) -> None:
        lines = min(max(int(self.document().size().height()), 1), _LINES)
        height = lines * self.fontMetrics().lineSpacing() + 8
        if height != self.height():
            self.setFixedHeight(height)
        full = self.document().size().height() > _LINES
        policy = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setVerticalScrollBarPolicy(policy)


class Composer(QWidget):
    """The text, the button that sends it, and in the same place the one that stops the answer.

    The text is taken away by `clear` only, after the question was saved.
    """

    sent = Signal(str)
    stopped = Signal()
    files_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._answering = False
        self._awaits_folders = False
        self._has_model = True
        self._on_server = False
        self.expand_command: Callable[[str], bool] = _as_typed
        """Called with a text that begins with "/"; returns whether it replaced a command."""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.text_edit = ComposerText()
        self.text_edit.setAccessibleName(_("Your question"))
        self.text_edit.setPlaceholderText(_("Ask anything"))
        self.bar = ComposerBar(self._theme)
        self.button = self.bar.send_button
        self.chips = QuestionChips(self._theme)
        self._build_frame()
        self.temporary_strip = TemporaryStrip(self._theme)
        self.style_strip = ChatStyleStrip(self._theme)
        self._hint = ElidedLabel(role="muted")
        column = QWidget()
        inner = self._column = QVBoxLayout(column)
        inner.setContentsMargins(MARGIN, 4, MARGIN, 12)
        inner.setSpacing(6)
        inner.addWidget(self.temporary_strip)
        inner.addWidget(self.style_strip)
        inner.addWidget(self.frame)
        inner.addWidget(self._hint)
        place_in_reading_column(column, self)
        self.setFocusProxy(self.text_edit)
        self._show_button()

    @cached_property
    def adapter_chips(self) -> AdapterChips:
        """The adapters above the frame; they come behind the first picture of the window."""
        from desktop.chat.composer.adapter_chips import AdapterChips  # noqa: PLC0415 - as said

        chips = AdapterChips(self._theme)
        self._column.insertWidget(self._column.indexOf(self.frame), chips)
        return chips

    def _build_frame(self) -> None:
        self.frame = QFrame()
        self.frame.setObjectName("composer_frame")
        # At once, since it gets the focus: styling it anew would take 20 ms of the first picture.
        set_style_property(self.frame, "active", value=True)
        text = QVBoxLayout()
        text.setContentsMargins(6, 0, 6, 0)
        text.addWidget(self.text_edit)
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.chips)
        column.addLayout(text)
        column.addWidget(self.bar)

    def _connect(self) -> None:
        self.text_edit.entered.connect(self._on_entered)
        self.text_edit.textChanged.connect(self._on_text_changed)
        self.text_edit.focus_changed.connect(self.show_focus)
        self.button.clicked.connect(self._on_button_clicked)
        self.chips.files_changed.connect(self._on_files_changed)

    @property
    def draft(self) -> str:
        """The text that is typed and not sent."""
        return self.text_edit.toPlainText()

    def set_draft(self, text: str) -> None:
        """Show a saved draft."""
        self.text_edit.setPlainText(text)
        self.text_edit.moveCursor(self.text_edit.textCursor().MoveOperation.End)

    def set_answering(self, *, answering: bool) -> None:
        """Turn the button into Stop while an answer runs; typing is still possible."""
        self._answering = answering
        self._show_button()

    @property
    def files(self) -> tuple[str, ...]:
        """Absolute paths of the files to answer from, in place of folders."""
        return self.chips.paths

    def set_files(self, paths: Sequence[str]) -> None:
        """Answer from these files in place of folders; none: from folders again."""
        self.chips.show_files(paths)
        self._show_hint()
        self.files_changed.emit()

    def set_folders(self, folders: Sequence[TickedFolder], *, awaited: bool) -> None:
        """Show the folders of the next answer; `awaited`: their names are not known yet."""
        self.chips.show_folders(folders)
        self._awaits_folders = awaited
        self._show_hint()

    def show_model(self, ref: str, *, on_server: bool = False) -> None:
        """Show who answers, "" while no model is chosen; `on_server`: not on this computer."""
        self._has_model = bool(ref)
        self._on_server = on_server
        self.bar.show_model(ref)
        self._show_hint()

    def _show_hint(self) -> None:
        names = self.chips.names
        if self._awaits_folders:
            text = _("Reading the list of folders…")
        elif names:
            text = _("Answers from {folders}").format(folders=", ".join(names))
        elif not self._has_model:
            text = ""
        elif self._on_server:
            text = _("Your server answers by itself; tick a folder to ask your documents.")
        else:
            text = _("The model answers by itself; tick a folder to ask your documents.")
        self._hint.setText(text)

    def _show_button(self) -> None:
        if self._answering:
            self.button.show_icon("stop", _("Stop (Esc)"))
        else:
            self.button.show_icon("send", _("Send (Enter)"))
        self.button.setEnabled(self._answering or bool(self.draft.strip()))

    def _send(self) -> None:
        text = self.draft.strip()
        if text.startswith("/") and self.expand_command(text):
            return
        if text and not self._answering:
            self.sent.emit(text)

    def _on_entered(self) -> None:
        self._send()

    def _on_button_clicked(self) -> None:
        if self._answering:
            self.stopped.emit()
        else:
            self._send()

    def _on_files_changed(self) -> None:
        self._show_hint()
        self.files_changed.emit()
        self.setFocus()

    def _on_text_changed(self) -> None:
        self._show_button()

    def show_focus(self) -> None:
        """Let the frame say whether what is typed arrives here."""
        set_style_property(self.frame, "active", self.text_edit.hasFocus())


def _as_typed(_text: str) -> bool:
    return False


def _not_taken(_data: QMimeData) -> bool:
    return False
