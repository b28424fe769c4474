"""Prompts page: list of all prompts, with the fields of the selected one."""

from msgspec import structs
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _
from core.chat.prompts.prompt_library import Prompt
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import one_line
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.prompts.chat_style_page import make_preset_box
from desktop.prompts.example_table import ExampleTable

_PROMPT = Qt.ItemDataRole.UserRole
_PADDING = 14
"""Above and below a line of the list; asked of Qt before it has its style, that is left out."""
_LTR, _END = "\u2066", "\u2069"
"""Around a command, so that its slash stands before it in a window from right to left."""
_HELP = "{{selection}}, {{clipboard}}, {{input}}, {{date}}, {{time}}"  # names, the same everywhere


class PromptsPage(Page):
    """Editing a shipped prompt saves a copy; `prompt_used` applies one to the open chat."""

    prompt_used = Signal(object)  # Prompt
    widest = 1000

    def __init__(self, theme: Theme, notices: NoticeCenter, app: App, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notices = notices
        self._app = app
        self._shown = Prompt(name="", command="")
        self._build()
        self._connect()
        self._fill("")

    def _build(self) -> None:
        words = _("Prompts")
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        self._list = QListWidget()
        self._list.setObjectName("plain_list")
        self._list.setAccessibleName(words)
        self._list.setMaximumWidth(self._theme.scaled(240))
        self._new = TextButton(self._theme, _("New prompt"), icon="add")
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._list, 1)
        left.addWidget(self._new)
        self._use = TextButton(self._theme, _("Use"))
        self._save = TextButton(self._theme, _("Save"), role="primary")
        self._remove = TextButton(self._theme, _("Delete"))
        buttons = QHBoxLayout()
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        for button in (self._use, self._save):
            buttons.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(self._fields(), 1)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(20)
        row.addLayout(left)
        row.addLayout(right, 1)

    def _fields(self) -> QFormLayout:
        self._name = QLineEdit()
        self._command = QLineEdit()
        self._command.setPlaceholderText(_("made from the name"))
        self._text = QPlainTextEdit()
        self._system = QPlainTextEdit()
        self._examples = ExampleTable()
        self._preset = make_preset_box("")
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        self._add(form, _("Name"), self._name)
        self._add(form, _("Command, after “/”"), self._command)
        self._add(form, _("Text of the question"), self._text)
        filled = _("Filled in: {variables}. Any other {{{{name}}}} is left to you.")
        form.addRow("", plain_label(filled.format(variables=_HELP), "muted", wrap=True))
        self._add(form, _("Told first"), self._system)
        self._add(form, _("Examples"), self._examples)
        self._add(form, _("Choice of words"), self._preset)
        for text in (self._text, self._system):
            text.setTabChangesFocus(True)
        return form

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
            item.setSizeHint(QSize(0, self.fontMetrics().height() + _PADDING))
            item.setData(_PROMPT, prompt)
            self._list.addItem(item)
            if prompt.command == command:
                self._list.setCurrentRow(row)
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
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

    def _typed(self) -> Prompt:
        return structs.replace(
            self._shown,
            name=" ".join(self._name.text().split()),
            command=self._command.text().strip(),
            text=self._text.toPlainText().strip(),
            system=self._system.toPlainText().strip(),
            examples=self._examples.examples,
            preset=str(self._preset.currentData()),
        )

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(item.data(_PROMPT))

    def _on_new(self) -> None:
        self._list.setCurrentRow(-1)
        self._show(Prompt(name="", command=""))
        self._name.setFocus()

    def _on_save(self) -> None:
        typed = self._typed()
        if not typed.name:
            self._name.setFocus()
            return
        try:
            saved = self._app.chats.prompts.save_prompt(typed)
        except InglenookError as error:
            self._notices.post_error("prompt", error)
            return
        self._fill(saved.command)

    def _on_remove(self) -> None:
        try:
            self._app.chats.prompts.remove_prompt(self._shown.prompt_id)
        except InglenookError as error:
            self._notices.post_error("prompt", error)
            return
        self._fill("")

    def _on_use(self) -> None:
        prompt = self._typed()
        self.accept()
        self.prompt_used.emit(prompt)
