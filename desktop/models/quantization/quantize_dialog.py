"""Dialog before a model is quantized here: result size, importance matrix, measuring."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.base.i18n import _
from core.models.quantizations.quantization_ladder import LadderRow
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.locale_formatting import format_size
from desktop.kit.theme import Theme


class QuantizeDialog(QDialog):
    """If it is accepted, `matrix_path` and `measures_afterwards` are the options."""

    def __init__(
        self, theme: Theme, parent: QWidget, row: LadderRow, *, source: str, warning: str
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = row
        self._build(source, warning)
        self._connect()

    def _build(self, source: str, warning: str) -> None:
        title = _("Make {level} here").format(level=self._row.level)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(76 * self.fontMetrics().averageCharWidth())
        text = _(
            "{level} is made of {file} and takes {size}. It goes into Inglenook's own folder; "
            "the original stays as it is. No network is used."
        ).format(level=self._row.level, file=Path(source).name, size=format_size(self._row.bytes))
        self.matrix_field = QLineEdit()
        self.matrix_field.setAccessibleName(_("Importance matrix"))
        self.matrix_field.setPlaceholderText(
            _("needed for this level") if self._row.needs_matrix else _("none")
        )
        self._choose = TextButton(self._theme, _("Choose…"))
        self._choose.setAccessibleName(_("Choose an importance matrix"))
        self._tick = ThemedCheckBox(self._theme)
        self._tick.setText(_("Measure afterwards what it lost"))
        self._tick.setAccessibleName(self._tick.text())
        self._tick.setChecked(True)
        self.quantize_button = TextButton(self._theme, _("Make it"), role="primary")
        self.cancel_button = TextButton(self._theme, _("Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(title, "title"))
        column.addWidget(plain_label(text, wrap=True))
        if warning:
            column.addWidget(plain_label(warning, "warning", wrap=True))
        column.addWidget(plain_label(_("Importance matrix (imatrix.gguf)"), "muted"))
        column.addLayout(self._row_of(self.matrix_field, self._choose))
        column.addWidget(self._tick)
        column.addLayout(self._row_of(None, self.cancel_button, self.quantize_button))
        self._on_changed()
        self.quantize_button.setFocus()

    @staticmethod
    def _row_of(stretched: QWidget | None, *buttons: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if stretched is None:
            row.addStretch(1)
        else:
            row.addWidget(stretched, 1)
        for button in buttons:
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.matrix_field.textChanged.connect(self._on_changed)
        self._choose.clicked.connect(self._on_choose_clicked)
        self.quantize_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)

    @property
    def matrix_path(self) -> str:
        """The path of the importance matrix, "" for none."""
        return self.matrix_field.text().strip()

    @property
    def measures_afterwards(self) -> bool:
        """Whether the new file is to be measured once it is made."""
        return self._tick.isChecked()

    def _on_changed(self) -> None:
        self.quantize_button.setEnabled(bool(self.matrix_path) or not self._row.needs_matrix)

    def _on_choose_clicked(self) -> None:
        chooser = make_file_chooser(self, _("Choose an importance matrix"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.matrix_field.setText)
        chooser.open()
