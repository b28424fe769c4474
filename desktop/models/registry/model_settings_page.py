"""Settings page of one model: a row for each setting, with a reset to the general value."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.app.models.model_settings_service import ModelSetting, ModelSettingsService
from core.base.errors import InglenookError
from core.base.i18n import _
from desktop.kit.buttons_and_labels import IconButton, TextButton, plain_label
from desktop.kit.reading_column import margins
from desktop.kit.setting_formatting import format_choice
from desktop.kit.theme import Theme
from desktop.models.widgets.message_line import MessageLine
from desktop.models.widgets.scroll_page import ScrollPage

_LONG = frozenset({"system_prompt", "template"})
_ON_OTHER_PAGES = frozenset({"adapters"})
"""Settings that have a page of their own."""


class _LongText(QPlainTextEdit):
    """A text of several lines, which is taken when the focus leaves it."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class ModelSettingRow(QWidget):
    """One setting: name, help, value, the source of the value, and a reset button."""

    changed = Signal(str, str)  # key, text
    reset_wanted = Signal(str)

    def __init__(self, theme: Theme, setting: ModelSetting) -> None:
        super().__init__()
        self._theme = theme
        self.key = setting.key
        self._saved_text = ""
        self._build(setting)
        self.show_setting(setting)

    def _build(self, setting: ModelSetting) -> None:
        self._source = plain_label("", "muted", wrap=True)
        self.message = MessageLine()
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(plain_label(setting.label, "title", wrap=True))
        text.addWidget(plain_label(setting.help, "muted", wrap=True))
        text.addWidget(self._source)
        self.control = self._control(setting)
        self.control.setAccessibleName(setting.label)
        self.control.setAccessibleDescription(setting.help)
        self.reset_button = IconButton(
            self._theme, "again", _("Set “{name}” back").format(name=setting.label), size=16
        )
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        self.reset_button.clicked.connect(lambda: self.reset_wanted.emit(self.key))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(text, 3)
        side = QVBoxLayout()
        side.addWidget(self.control)
        side.addStretch(1)
        row.addLayout(side, 2)
        row.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.message.label)

    def _control(self, setting: ModelSetting) -> QWidget:
        if setting.choices:
            box = QComboBox()
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            for choice in setting.choices:
                box.addItem(format_choice(choice), choice)
            box.activated.connect(lambda place: self._on_edited(str(box.itemData(place))))
            return box
        if setting.key in _LONG:
            text = _LongText()
            text.setTabChangesFocus(True)
            text.setFixedHeight(5 * text.fontMetrics().lineSpacing() + 16)
            text.setPlaceholderText(_("none") if setting.key == "system_prompt" else "")
            text.left.connect(lambda: self._on_edited(text.toPlainText()))
            return text
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._on_edited(line.text().strip()))
        return line

    def show_setting(self, setting: ModelSetting) -> None:
        """Show the saved value."""
        value = f"{setting.value:g}" if isinstance(setting.value, float) else str(setting.value)
        self._saved_text = value
        with QSignalBlocker(self.control):
            self._show_value(value)
        is_set = setting.source == "model"
        self._source.setText(_format_source(setting.source))
        self._source.setProperty("role", "info" if is_set else "muted")
        self._source.style().polish(self._source)
        self.reset_button.setVisible(is_set)
        self.message.show_message("")

    def _on_edited(self, text: str) -> None:
        if text != self._saved_text:
            self._saved_text = text
            self.changed.emit(self.key, text)

    def _show_value(self, value: str) -> None:
        control = self.control
        if isinstance(control, QComboBox):
            place = control.findData(value)
            if place < 0:
                control.addItem(format_choice(value), value)
                place = control.count() - 1
            control.setCurrentIndex(place)
        elif isinstance(control, QPlainTextEdit):
            control.setPlainText(value)
        elif isinstance(control, QLineEdit):
            control.setText(value)
            control.setCursorPosition(0)


class ModelSettingsPage(ScrollPage):
    """Saves every change at once; it takes effect with the next question."""

    def __init__(self, theme: Theme, settings: ModelSettingsService) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._ref = ""
        self._stale = False
        self.rows: dict[str, ModelSettingRow] = {}
        self._build()

    def _build(self) -> None:
        self._message = MessageLine()
        self.reset_button = TextButton(self._theme, _("Set everything back"), icon="again")
        self.reset_button.clicked.connect(lambda: self._reset_setting(""))
        head = QVBoxLayout()  # beside its words the button would make a narrow page too wide
        head.setSpacing(8)
        text = _("For this model alone. Every change counts from the next question on.")
        head.addWidget(plain_label(text, "muted", wrap=True))
        head.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeft)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(margins(0, 8, 8, 0))
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._column.addWidget(self._message.label)
        self._column.addStretch(1)
        self.set_content(inner)

    def show_model(self, ref: str, *, anew: bool) -> None:
        """Show the settings of a model; unless `anew`, what is being typed stays."""
        if ref == self._ref and not anew:
            return
        self._ref = ref
        self._stale = True
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the rows when they are first visible."""
        super().showEvent(event)
        if self._stale:
            self._show()

    def _show(self) -> None:
        self._stale = False
        self._message.show_message("")
        settings: tuple[ModelSetting, ...] = ()
        if self._ref:
            try:
                settings = self._settings.list_settings(self._ref)
            except InglenookError as error:
                self._message.show_error(error)
        for setting in settings:
            if setting.key in _ON_OTHER_PAGES:
                continue
            if setting.key in self.rows:
                self.rows[setting.key].show_setting(setting)
            else:
                self._add_row(setting)
        self.reset_button.setEnabled(any(each.source == "model" for each in settings))

    def _add_row(self, setting: ModelSetting) -> None:
        row = self.rows[setting.key] = ModelSettingRow(self._theme, setting)
        row.changed.connect(self._on_changed)
        row.reset_wanted.connect(self._reset_setting)
        self._column.insertWidget(self._column.count() - 1, row)

    def _on_changed(self, key: str, text: str) -> None:
        if not self._ref:
            return
        try:
            self._settings.change_setting(self._ref, key, text)
        except InglenookError as error:
            self.rows[key].message.show_error(error)
            return
        self._show()

    def _reset_setting(self, key: str) -> None:
        try:
            self._settings.reset_settings(self._ref, key)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._show()
        if key:
            self.rows[key].control.setFocus()


def _format_source(source: str) -> str:
    return {
        "model": _("Set for this model"),
        "file": _("From the file"),
        "settings": _("As in the settings for all models"),
    }.get(source, _("As usual"))
