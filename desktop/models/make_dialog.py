"""Before a level is made here: of what, how large, what it would lose, and with which matrix."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.models.ladder import LadderRow
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.theme import Theme
from desktop.tick_box import TickBox
from desktop.words import size


class MakeDialog(QDialog):
    """`accepted` comes for making it; `matrix` and `measures` say how."""

    def __init__(
        self, theme: Theme, holder: QWidget, row: LadderRow, *, source: str, warning: str
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self._row = row
        self._build(source, warning)
        self._connect()

    def _build(self, source: str, warning: str) -> None:
        title = _("Make {level} here").format(level=self._row.level)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(76 * self.fontMetrics().averageCharWidth())
        words = _(
            "{level} is made of {file} and takes {size}. It goes into Inglenook's own folder; "
            "the original stays as it is. No network is used."
        ).format(level=self._row.level, file=Path(source).name, size=size(self._row.bytes))
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Importance matrix"))
        self.line.setPlaceholderText(
            _("needed for this level") if self._row.needs_matrix else _("none")
        )
        self._choose = TextButton(self._theme, _("Choose…"))
        self._choose.setAccessibleName(_("Choose an importance matrix"))
        self._tick = TickBox(self._theme)
        self._tick.setText(_("Measure afterwards what it lost"))
        self._tick.setAccessibleName(self._tick.text())
        self._tick.setChecked(True)
        self.deed = TextButton(self._theme, _("Make it"), role="primary")
        self.leave = TextButton(self._theme, _("Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(title, "title"))
        column.addWidget(plain_label(words, wrap=True))
        if warning:
            column.addWidget(plain_label(warning, "warning", wrap=True))
        column.addWidget(plain_label(_("Importance matrix (imatrix.gguf)"), "muted"))
        column.addLayout(self._row_of(self.line, self._choose))
        column.addWidget(self._tick)
        column.addLayout(self._row_of(None, self.leave, self.deed))
        self.leave.setFocus()
        self._on_changed()

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
        self.line.textChanged.connect(self._on_changed)
        self._choose.clicked.connect(self._on_choose_clicked)
        self.deed.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)

    @property
    def matrix(self) -> str:
        """The path of the importance matrix, "" for none."""
        return self.line.text().strip()

    @property
    def measures(self) -> bool:
        """Whether it is measured afterwards."""
        return self._tick.isChecked()

    def _on_changed(self) -> None:
        self.deed.setEnabled(bool(self.matrix) or not self._row.needs_matrix)

    def _on_choose_clicked(self) -> None:
        chooser = QFileDialog(self, _("Choose an importance matrix"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.line.setText)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()
