"""Chat style page: system prompt, examples and sampling preset of one chat."""

from msgspec import structs
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.app.models.sampling_defaults import PRESETS
from core.base.i18n import _
from core.chat.conversations.chat_style import ChatStyle
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import preset_name
from desktop.kit.theme import Theme
from desktop.prompts.example_table import ExampleTable


class ChatStylePage(Page):
    """`accepted` comes when the person has decided on a `chat_style`."""

    widest = 900

    def __init__(self, theme: Theme, parent: QWidget, chat_style: ChatStyle) -> None:
        super().__init__(parent)
        self._theme = theme
        self._before = chat_style
        self._build(chat_style)
        self._connect()

    def _build(self, chat_style: ChatStyle) -> None:
        words = _("Instructions of this chat")
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        self._system = QPlainTextEdit(chat_style.system)
        self._system.setAccessibleName(_("What the model is told first"))
        self._system.setPlaceholderText(_("Answer in short sentences. You are a gardener."))
        self._system.setTabChangesFocus(True)
        self._examples = ExampleTable()
        self._examples.show_examples(chat_style.examples)
        self._preset = make_preset_box(chat_style.preset)
        self._save = TextButton(self._theme, _("Use in this chat"), role="primary")
        self._clear = TextButton(self._theme, _("Clear"))
        self._leave = TextButton(self._theme, _("Cancel"))
        buttons = QHBoxLayout()
        buttons.addWidget(self._clear)
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        about = _("They count from the next question on, in this chat alone.")
        column.addWidget(plain_label(about, "muted", wrap=True))
        column.addWidget(plain_label(_("What the model is told first"), "section"))
        column.addWidget(self._system, 2)
        column.addWidget(plain_label(_("Examples of good answers"), "section"))
        column.addWidget(self._examples, 2)
        column.addWidget(plain_label(_("Choice of words"), "section"))
        column.addWidget(self._preset)
        column.addSpacing(8)
        column.addLayout(buttons)
        self._system.setFocus()

    def _connect(self) -> None:
        self._save.clicked.connect(self.accept)
        self._leave.clicked.connect(self.reject)
        self._clear.clicked.connect(self._on_clear)

    def yield_to_chat(self) -> None:
        """Keep what was written: who opens another chat doesn't mean to throw it away."""
        if self.chat_style == self._before:
            self.reject()
        else:
            self.accept()

    @property
    def chat_style(self) -> ChatStyle:
        """The style from the values of the fields."""
        return structs.replace(
            self._before,
            system=self._system.toPlainText().strip(),
            examples=self._examples.examples,
            preset=str(self._preset.currentData()),
        )

    def _on_clear(self) -> None:
        self._system.clear()
        self._examples.show_examples(())
        self._preset.setCurrentIndex(0)
        self._system.setFocus()


def make_preset_box(chosen: str) -> QComboBox:
    """Return a combo box of the sampling presets."""
    box = QComboBox()
    box.setAccessibleName(_("Choice of words"))
    policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    box.setSizeAdjustPolicy(policy)  # else large text makes it wider than a narrow page
    for preset in ("", *PRESETS):
        box.addItem(preset_name(preset), preset)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box
