"""Prompts page: list of all prompts, with the fields of the selected one."""

from functools import partial

from msgspec import structs
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _
from core.chat.prompts.prompt_library import Prompt
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import one_line
from desktop.kit.notices import NoticeCenter
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme, follow_text_size
from desktop.prompts.chat_style_page import make_preset_box
from desktop.prompts.example_table import ExampleTable

_PROMPT = Qt.ItemDataRole.UserRole
_PADDING = 14
"""Above and below a line of the list; asked of Qt before it has its style, that is left out."""
_BESIDE = 640
"""Width in pixels, at the usual text size, from which on labels stand beside their fields."""
_LEAST_LINES = 4
_NOTICE = "prompt"
_NAME_LENGTH = 40
"""Letters of the text that are the name of a prompt without one."""
_LTR, _END = "\u2066", "\u2069"
"""Around a command, so that its slash stands before it in a window from right to left."""
_HELP = "{{selection}}, {{clipboard}}, {{input}}, {{date}}, {{time}}"  # names, the same everywhere


class _LongField(QPlainTextEdit):
    """Grows with the page, and keeps some lines where there is little room."""

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), _LEAST_LINES * self.fontMetrics().height())


class PromptsPage(Page):
    """Editing a shipped prompt saves a copy; `prompt_used` applies one to the open chat."""

    prompt_used = Signal(object)  # Prompt
    widest = 1000

    def __init__(self, theme: Theme, notices: NoticeCenter, app: App, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notices = notices
        self._app = app
        self._shown = self._as_shown = Prompt(name="", command="")
        """What the fields are of, and what they held before anything was typed in them."""
        self._build()
        self._connect()
        self._fill("")
        follow_text_size(self, self._fit)

    def _build(self) -> None:
        words = _("Prompts")
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        self._list = QListWidget()
        self._list.setObjectName("plain_list")
        self._list.setAccessibleName(words)
        self._new = TextButton(self._theme, _("New prompt"), icon="add")
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._list, 1)
        left.addWidget(self._new)
        self._use = TextButton(self._theme, _("Use"))
        self._save = TextButton(self._theme, _("Save"), role="primary")
        self._remove = TextButton(self._theme, _("Delete"))
        buttons = ButtonRow()
        buttons.add_buttons(self._remove)
        buttons.add_buttons(self._use, self._save, at_end=True)
        inside = QWidget()
        inside.setObjectName("column")
        self._form = self._fields()
        inside.setLayout(self._form)
        scroll = QScrollArea()  # of large text a small window shows a part at a time
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(scroll, 1)
        right.addWidget(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(20)
        row.addLayout(left)
        row.addLayout(right, 1)

    def _fields(self) -> QFormLayout:
        self._name = QLineEdit()
        self._command = QLineEdit()
        self._command.setPlaceholderText(_("made from the name"))
        self._text = _LongField()
        self._system = _LongField()
        self._examples = ExampleTable()
        self._preset = make_preset_box("")
        form = QFormLayout()
        form.setContentsMargins(margins(0, 0, 4, 0))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        self._add(form, _("Name"), self._name)
        self._add(form, _("Command, after “/”"), self._command)
        self._add(form, _("Text of the question"), self._text)
        filled = _("Filled in: {variables}. Any other {{{{name}}}} is left to you.")
        form.addRow("", plain_label(filled.format(variables=_HELP), "muted", wrap=True))
        self._add(form, _("Instructions"), self._system)
        self._add(form, _("Examples"), self._examples)
        self._add(form, _("Choice of words"), self._preset)
        for text in (self._text, self._system):
            text.setTabChangesFocus(True)
        return form

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the fields to the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the labels above their fields where these would be too narrow beside them."""
        self._list.setMaximumWidth(self._theme.scaled(240))
        line = self.fontMetrics().height()
        for row in range(self._list.count()):
            self._list.item(row).setSizeHint(QSize(0, line + _PADDING))
        policies = QFormLayout.RowWrapPolicy
        is_narrow = self.width() < self._theme.scaled(_BESIDE)
        self._form.setRowWrapPolicy(policies.WrapAllRows if is_narrow else policies.DontWrapRows)

    def _add(self, form: QFormLayout, label: str, field: QWidget) -> None:
        field.setAccessibleName(label)
        form.addRow(label, field)

    def _connect(self) -> None:
        self._list.currentItemChanged.connect(self._on_current_changed)
        self._new.clicked.connect(self._on_new)
        self._save.clicked.connect(self._on_save)
        self._remove.clicked.connect(self._on_remove)
        self._use.clicked.connect(self._on_use)
        self._list.itemActivated.connect(self._on_use)

    def _fill(self, command: str) -> None:
        """List all prompts, with the one of this command selected."""
        self._list.clear()
        for row, prompt in enumerate(self._app.chats.prompts.list_prompts()):
            command_words = f"{_LTR}/{prompt.command}{_END}"
            item = QListWidgetItem(f"{command_words}  {one_line(prompt.name, 40)}")
            item.setData(_PROMPT, prompt)
            self._list.addItem(item)
            if prompt.command == command:
                self._list.setCurrentRow(row)
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
        self._fit()
        self._list.setFocus()

    def _show(self, prompt: Prompt) -> None:
        self._shown = prompt
        self._name.setText(prompt.name)
        self._command.setText(prompt.command)
        self._text.setPlainText(prompt.text)
        self._system.setPlainText(prompt.system)
        self._examples.show_examples(prompt.examples)
        self._preset.setCurrentIndex(max(self._preset.findData(prompt.preset), 0))
        self._remove.setEnabled(bool(prompt.prompt_id))
        self._as_shown = self._typed()

    def _typed(self) -> Prompt:
        text, system = self._text.toPlainText().strip(), self._system.toPlainText().strip()
        name = " ".join(self._name.text().split())
        return structs.replace(
            self._shown,
            name=name or one_line(text or system, _NAME_LENGTH),
            command=self._command.text().strip(),
            text=text,
            system=system,
            examples=self._examples.examples,
            preset=str(self._preset.currentData()),
        )

    def reject(self) -> None:
        """Save what was written: who goes back doesn't mean to throw it away."""
        self._keep_typed()
        super().reject()

    def _keep_typed(self) -> bool:
        """Save a prompt that was changed, and offer to undo it; returns whether it was saved."""
        typed, before = self._typed(), self._shown
        if not typed.name or typed == self._as_shown:
            return False
        saved = self._try_to_save(typed)
        if saved is None:
            return False
        self._shown = self._as_shown = saved
        words = _("The prompt “{name}” was saved.").format(name=one_line(saved.name, _NAME_LENGTH))
        undo = partial(self._take_back, saved, before)
        self._notices.post_undoable(_NOTICE, words, undo)
        return True

    def _take_back(self, saved: Prompt, before: Prompt) -> None:
        """Undo what was saved by itself, also after the page was left."""
        try:
            if before.prompt_id:
                self._app.chats.prompts.save_prompt(before)
            else:
                self._app.chats.prompts.remove_prompt(saved.prompt_id)
        except InglenookError as error:
            self._notices.post_error(_NOTICE, error)
            return
        if isValid(self):
            self._fill(before.command)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        prompt: Prompt = item.data(_PROMPT)
        if self._keep_typed():  # the list is old then, and must not be cleared in its own signal
            QTimer.singleShot(0, self, partial(self._fill, prompt.command))
        self._show(prompt)

    def _on_new(self) -> None:
        if self._keep_typed():
            self._fill("")
        self._list.setCurrentRow(-1)
        self._show(Prompt(name="", command=""))
        self._name.setFocus()

    def _on_save(self) -> None:
        typed = self._typed()
        if not typed.name:
            self._name.setFocus()
            return
        saved = self._try_to_save(typed)
        if saved is not None:
            self._as_shown = typed
            self._fill(saved.command)

    def _try_to_save(self, prompt: Prompt) -> Prompt | None:
        try:
            return self._app.chats.prompts.save_prompt(prompt)
        except InglenookError as error:
            self._notices.post_error(_NOTICE, error)
            return None

    def _on_remove(self) -> None:
        removed = self._shown
        try:
            self._app.chats.prompts.remove_prompt(removed.prompt_id)
        except InglenookError as error:
            self._notices.post_error(_NOTICE, error)
            return
        self._as_shown = self._typed()
        self._fill("")
        undo = partial(self._restore, removed)
        words = _("The prompt “{name}” was deleted.").format(
            name=one_line(removed.name, _NAME_LENGTH)
        )
        self._notices.post_undoable(_NOTICE, words, undo)

    def _restore(self, removed: Prompt) -> None:
        """Undo a deletion, also after the page was left."""
        saved = self._try_to_save(removed)
        if saved is not None and isValid(self):
            self._fill(saved.command)

    def _on_use(self) -> None:
        prompt = self._typed()
        self._keep_typed()
        self.accept()
        self.prompt_used.emit(prompt)
