"""Editor widgets of settings, by kind: switch, choice, number, text, folder."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from core.app.models.draft_selection import AUTO, OFF
from core.base.i18n import _, available_languages
from core.base.settings import app_settings as declared
from core.base.settings.auto_model_settings import AUTO_LARGE, AUTO_SMALL
from core.base.settings.setting import Scalar, Setting
from core.base.settings.window_settings import ASK_BOX_KEY, LANGUAGE
from core.models.info.model_entry import ModelEntry
from desktop.kit.buttons_and_labels import TextButton, pad_number
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.layers.file_chooser import make_folder_chooser
from desktop.kit.setting_formatting import (
    format_choice,
    format_special_value,
    step_size,
    unit_suffix,
)
from desktop.kit.theme import Theme, follow_text_size
from desktop.kit.ui_language import native_language_name

ChoiceOptions = Sequence[tuple[str, str]]
"""Values and their labels."""
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_MOST = 2**31 - 1
_WIDTH, _LETTERS = 240, 26


class SettingEditor(QWidget):
    """Shows a value and signals when a person changed it; `control` is what has the focus."""

    edited = Signal(object)  # Scalar

    def __init__(self, setting: Setting[Scalar], control: QWidget) -> None:
        super().__init__()
        self.setting = setting
        self.control = control
        follow_text_size(self, self._set_width)
        control.setAccessibleName(_(setting.label))
        control.setAccessibleDescription(_(setting.help))
        control.installEventFilter(self)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(control, 1)

    def _set_width(self) -> None:
        self.setFixedWidth(max(_WIDTH, _LETTERS * self.fontMetrics().averageCharWidth()))

    def show_value(self, value: Scalar) -> None:
        """Show a value without a signal."""
        with QSignalBlocker(self.control):
            self._put(value)

    def _put(self, value: Scalar) -> None:
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the page: scrolling must not change a value unnoticed."""
        if event.type() is QEvent.Type.Wheel and not isinstance(self.control, QLineEdit):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class SwitchEditor(SettingEditor):
    """On or off."""

    def __init__(self, setting: Setting[Scalar], theme: Theme) -> None:
        self._box = ThemedCheckBox(theme)
        super().__init__(setting, self._box)
        self._box.toggled.connect(self._on_toggled)

    def _put(self, value: Scalar) -> None:
        self._box.setChecked(bool(value))
        self._name()

    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._name()
        self.edited.emit(on)

    def _name(self) -> None:
        self._box.setText(_("On") if self._box.isChecked() else _("Off"))
        self._box.setAccessibleName(_(self.setting.label))


class ChoiceEditor(SettingEditor):
    """One of several choices; a value that is not among them is shown and left unchanged."""

    def __init__(self, setting: Setting[Scalar], options: ChoiceOptions = ()) -> None:
        self._box = QComboBox()
        super().__init__(setting, self._box)
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for value, words in options or [(each, format_choice(each)) for each in setting.choices]:
            self._box.addItem(words, value)
        self._box.currentIndexChanged.connect(self._on_index_changed)

    def _put(self, value: Scalar) -> None:
        place = self._box.findData(value)
        if place < 0:
            self._box.addItem(str(value), value)
            place = self._box.count() - 1
        self._box.setCurrentIndex(place)

    def _on_index_changed(self, place: int) -> None:
        self.edited.emit(self._box.itemData(place))


class NumberEditor(SettingEditor):
    """An integer or decimal number within its bounds."""

    def __init__(self, setting: Setting[Scalar]) -> None:
        whole = isinstance(setting.default, int)
        box: QSpinBox | QDoubleSpinBox = QSpinBox() if whole else QDoubleSpinBox()
        super().__init__(setting, box)
        least = setting.minimum if setting.minimum is not None else -_MOST
        most = setting.maximum if setting.maximum is not None else _MOST
        if isinstance(box, QSpinBox):
            box.setRange(int(least), int(most))
            box.setSingleStep(step_size(setting))
        else:
            box.setRange(least, most)
            box.setSingleStep(0.1)
            box.setDecimals(2)
        box.setSpecialValueText(format_special_value(setting))
        box.setSuffix(unit_suffix(setting))
        box.setKeyboardTracking(False)
        box.setGroupSeparatorShown(True)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        pad_number(box)
        self._box = box
        box.valueChanged.connect(self._on_value_changed)

    def _put(self, value: Scalar) -> None:
        if isinstance(self._box, QSpinBox):
            self._box.setValue(int(value))
        else:
            self._box.setValue(float(value))

    def _on_value_changed(self, value: float) -> None:
        self.edited.emit(value)


class TextEditor(SettingEditor):
    """A line of text, saved when it loses the focus or on Enter."""

    def __init__(self, setting: Setting[Scalar], placeholder: str = "") -> None:
        self.line = QLineEdit()
        super().__init__(setting, self.line)
        self.line.setPlaceholderText(placeholder or _("none"))
        self._saved_text = ""
        self.line.editingFinished.connect(self._on_editing_finished)

    def _put(self, value: Scalar) -> None:
        self._saved_text = str(value)
        self.line.setText(self._saved_text)
        self.line.setCursorPosition(0)

    def _on_editing_finished(self) -> None:
        text = self.line.text().strip()
        if text != self._saved_text:
            self._saved_text = text
            self.edited.emit(text)


class _KeyField(QKeySequenceEdit):
    """Leaves Tab and Shift+Tab to the window, where Qt would take them for the key to set."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab and not is_shifted)
        else:
            super().keyPressEvent(event)


class KeyEditor(SettingEditor):
    """One key with its modifiers, pressed and not typed; its button takes the key away."""

    def __init__(self, setting: Setting[Scalar]) -> None:
        self.keys = _KeyField()
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        super().__init__(setting, self.keys)
        for line in self.keys.findChildren(QLineEdit):
            line.setAccessibleName(_(setting.label))  # which has the focus in its stead
        self.keys.editingFinished.connect(self._on_editing_finished)
        self.keys.keySequenceChanged.connect(self._on_changed)

    def _put(self, value: Scalar) -> None:
        self.keys.setKeySequence(QKeySequence(str(value), _PORTABLE))

    def _on_changed(self, keys: QKeySequence) -> None:
        if keys.isEmpty():  # by the button, which ends no editing
            self._on_editing_finished()

    def _on_editing_finished(self) -> None:
        self.edited.emit(self.keys.keySequence().toString(_PORTABLE))


class FolderEditor(TextEditor):
    """A folder, typed or chosen in a dialog."""

    def __init__(self, setting: Setting[Scalar], theme: Theme) -> None:
        super().__init__(setting)
        button = TextButton(theme, _("Choose…"))
        button.setAccessibleName(_("Choose a folder: {name}").format(name=_(setting.label)))
        button.clicked.connect(self._on_clicked)
        self.row.addWidget(button)

    def _on_clicked(self) -> None:
        chooser = make_folder_chooser(self.window(), _(self.setting.label))
        chooser.fileSelected.connect(self._on_chosen)
        chooser.open()

    def _on_chosen(self, path: str) -> None:
        self.line.setText(path)
        self._on_editing_finished()


def create_editor(
    setting: Setting[Scalar], theme: Theme, special: dict[str, Callable[[], SettingEditor]]
) -> SettingEditor:
    """Return the editor of a setting: the `special` one for its key, else the one for its kind."""
    if setting.key in special:
        return special[setting.key]()
    if isinstance(setting.default, bool):
        return SwitchEditor(setting, theme)
    if setting.choices:
        return ChoiceEditor(setting)
    if isinstance(setting.default, int | float):
        return NumberEditor(setting)
    return TextEditor(setting)


def special_editors(
    theme: Theme, models: Sequence[ModelEntry]
) -> dict[str, Callable[[], SettingEditor]]:
    """Return the factories of special editors, by setting key."""
    usable = [(entry.path, entry.ref) for entry in models if not entry.problem_code]
    first = [("", _("The first that works"))]
    smallest = [("", _("The smallest of use"))]
    largest = [("", _("The largest that fits"))]
    guessing = [(each, format_choice(each)) for each in (AUTO, OFF)]
    return {
        LANGUAGE.key: lambda: ChoiceEditor(LANGUAGE, _languages()),
        declared.MODEL.key: lambda: ChoiceEditor(declared.MODEL, first + usable),
        AUTO_SMALL.key: lambda: ChoiceEditor(AUTO_SMALL, smallest + usable),
        AUTO_LARGE.key: lambda: ChoiceEditor(AUTO_LARGE, largest + usable),
        declared.DRAFT_MODEL.key: lambda: ChoiceEditor(declared.DRAFT_MODEL, guessing + usable),
        declared.RERANKER.key: lambda: FolderEditor(declared.RERANKER, theme),
        declared.DEVICE.key: lambda: TextEditor(declared.DEVICE, AUTO),
        ASK_BOX_KEY.key: lambda: KeyEditor(ASK_BOX_KEY),
    }


def _languages() -> ChoiceOptions:
    return [
        ("", _("As the system")),
        *((code, native_language_name(code)) for code in available_languages()),
    ]
