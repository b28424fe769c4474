"""Table model of the installed models: name, quantization, size and fit."""

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from core.base.i18n import N_, _
from core.models.info.model_entry import ModelEntry
from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.locale_formatting import format_size
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.registry.model_entry_formatting import format_fit, format_origin

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
COLUMNS = (N_("Model"), N_("Level"), N_("Size"), N_("Fits"))
QUANTIZATION_COLUMN, SIZE_COLUMN, FITS_COLUMN = 1, 2, 3
_NUMBERS = {SIZE_COLUMN}
_FIT_ORDER = ("yes", "tight", "no", "")


def cell_text(entry: ModelEntry, column: int) -> str:
    """Return the text of a column."""
    unknown = "—"
    cells = (
        visible_text(entry.ref),
        entry.quantization or unknown,
        format_size(entry.bytes_on_disk) if entry.bytes_on_disk else unknown,
        format_fit(entry)[0],
    )
    return cells[column]


def _sort_key(entry: ModelEntry, column: int) -> str | float:
    """Return the sort key of a column."""
    if column == FITS_COLUMN:
        return _FIT_ORDER.index(entry.fits) if entry.fits in _FIT_ORDER else len(_FIT_ORDER)
    return (entry.ref.casefold(), entry.bits_per_weight, entry.bytes_on_disk)[column]


class InstalledModelsTableModel(QAbstractTableModel):
    """One row per model; the chosen one is bold."""

    SORT_ROLE: ClassVar[int] = int(Qt.ItemDataRole.UserRole)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[ModelEntry, ...] = ()
        self._chosen = ""

    def show_entries(self, entries: Sequence[ModelEntry], chosen: str) -> None:
        """Show these models."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self._chosen = chosen
        self.endResetModel()

    def entry_at(self, row: int) -> ModelEntry | None:
        """Return the model of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, ref: str) -> int:
        """Return the row of a model, -1 if there is none."""
        return next((row for row, entry in enumerate(self._entries) if entry.ref == ref), -1)

    def rowCount(self, _parent: Index = _ROOT) -> int:
        """Return the number of models."""
        return len(self._entries)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - as in Qt
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, PLR0911 - as in Qt, by role
        """Return the data of a cell for a role."""
        entry = self.entry_at(index.row())
        column = index.column()
        if entry is None:
            return None
        if role == self.SORT_ROLE:
            return _sort_key(entry, column)
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole:
                return cell_text(entry, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_(COLUMNS[column])}: {cell_text(entry, column)}"
            case Qt.ItemDataRole.ToolTipRole:
                fit = cell_text(entry, column) if column == FITS_COLUMN else ""
                text = (fit, entry.ref, entry.family, format_origin(entry) if entry.files else "")
                return as_tooltip(visible_text("\n".join(filter(None, text))))
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
        return self._style(entry, column, role)

    def _style(self, entry: ModelEntry, column: int, role: int) -> QColor | QFont | None:
        if role == Qt.ItemDataRole.ForegroundRole and column == FITS_COLUMN:
            return QColor(getattr(self._theme.colours, format_fit(entry)[1]))
        if role == Qt.ItemDataRole.FontRole and column == 0 and entry.ref == self._chosen:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def _alignment(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
