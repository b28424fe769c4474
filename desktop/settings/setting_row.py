"""Setting row of the settings page: name, help, value, and a reset button."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Scalar, Setting, SettingEffect
from desktop.kit.buttons_and_labels import IconButton, plain_label
from desktop.kit.theme import Theme
from desktop.settings.setting_editors import SettingEditor

_LEAST_LETTERS = 24
"""Letters of a line of words beside a value."""


class SettingRow(QWidget):
    """`changed` carries the requested value; whoever saves it calls `show_value`."""

    changed = Signal(object, object)  # Setting, Scalar

    def __init__(self, theme: Theme, editor: SettingEditor, settings: Settings) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self.setting: Setting[Scalar] = editor.setting
        self.editor = editor
        self._build()
        self._connect()
        self.show_value()

    def _build(self) -> None:
        name = _(self.setting.label)
        self._effect = plain_label(_(self.setting.effect.value), "info", wrap=True)
        self._effect.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(plain_label(name, "title", wrap=True))
        words.addWidget(plain_label(_(self.setting.help), "muted", wrap=True))
        words.addWidget(self._effect)
        words.addStretch(1)
        self.reset_button = IconButton(
            self._theme, "again", _("Set “{name}” back").format(name=name), size=16
        )
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        value = QHBoxLayout()
        value.setSpacing(16)
        value.addWidget(self.editor)
        value.addWidget(self.reset_button)
        value.addStretch(1)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(0, 8, 0, 8)
        self._parts.setSpacing(16)
        self._parts.addLayout(words, 1)
        self._parts.addLayout(value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the value below its words where these would be a narrow column beside it."""
        super().resizeEvent(event)
        editor = max(self.editor.minimumWidth(), self.editor.sizeHint().width())
        beside = editor + self.reset_button.sizeHint().width() + 32
        letters = (self.width() - beside) / self.fontMetrics().averageCharWidth()
        directions = QBoxLayout.Direction
        is_narrow = letters < _LEAST_LETTERS
        self._parts.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self._parts.setSpacing(6 if is_narrow else 16)

    def _connect(self) -> None:
        self.editor.edited.connect(self._on_edited)
        self.reset_button.clicked.connect(self._on_back_clicked)

    def matches_words(self, words: list[str]) -> bool:
        """Whether the texts of this row contain all of `words`, which are in lower case."""
        texts = (self.setting.label, self.setting.help)
        searched_text = " ".join(
            (self.setting.key, *texts, *(_(text) for text in texts))
        ).casefold()
        return all(word in searched_text for word in words)

    def show_value(self, *, changed: bool = False) -> None:
        """Show the saved value; `changed` says when a change takes effect, if that isn't now."""
        value = self._settings.get_value(self.setting)
        self.editor.show_value(value)
        self.reset_button.setVisible(value != self.setting.default)
        if changed:
            self._effect.setVisible(self.setting.effect is not SettingEffect.NOW)

    def _on_edited(self, value: object) -> None:
        self.changed.emit(self.setting, value)

    def _on_back_clicked(self) -> None:
        self.changed.emit(self.setting, self.setting.default)
        self.editor.control.setFocus()
