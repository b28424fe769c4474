"""The shelf as a table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from core.models.entry import ModelEntry
from core.words import N_, _
from desktop.buttons import as_tooltip
from desktop.chat.visible import shown
from desktop.models.entry_words import fits_words, origin_words
from desktop.theme import Theme
from desktop.words import size

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
COLUMNS = (N_("Model"), N_("Level"), N_("Size"), N_("Fits"))
LEVEL, SIZE, FITS = 1, 2, 3
_NUMBERS = {SIZE}
_FIT_ORDER = ("yes", "tight", "no", "")


def cell_words(entry: ModelEntry, column: int) -> str:
    """Return what stands in a column."""
    unknown = "—"
    cells = (
        shown(entry.ref),
        entry.quantization or unknown,
        size(entry.bytes_on_disk) if entry.bytes_on_disk else unknown,
        fits_words(entry)[0],
    )
    return cells[column]


def _order(entry: ModelEntry, column: int) -> str | float:
    """Return what a column is sorted by."""
    if column == FITS:
        return _FIT_ORDER.index(entry.fits) if entry.fits in _FIT_ORDER else len(_FIT_ORDER)
    return (entry.ref.casefold(), entry.bits_per_weight, entry.bytes_on_disk)[column]


class ShelfTable(QAbstractTableModel):
    """One row per file; the chosen one is bold."""

    SORT_ROLE: ClassVar[int] = int(Qt.ItemDataRole.UserRole)

    def __init__(self, theme: Theme, holder: QObject) -> None:
        super().__init__(holder)
        self._theme = theme
        self._entries: tuple[ModelEntry, ...] = ()
        self._chosen = ""

    def show_entries(self, entries: Sequence[ModelEntry], chosen: str) -> None:
        """Show these files."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self._chosen = chosen
        self.endResetModel()

    def entry(self, row: int) -> ModelEntry | None:
        """Return the file of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, ref: str) -> int:
        """Return the row of a file, -1 if it isn't there."""
        return next((row for row, entry in enumerate(self._entries) if entry.ref == ref), -1)

    def rowCount(self, _holder: Index = _ROOT) -> int:
        """As many as files."""
        return len(self._entries)

    def columnCount(self, _holder: Index = _ROOT) -> int:
        """As declared."""
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
        """Return what a cell shows."""
        entry = self.entry(index.row())
        column = index.column()
        if entry is None:
            return None
        if role == self.SORT_ROLE:
            return _order(entry, column)
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole:
                return cell_words(entry, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_(COLUMNS[column])}: {cell_words(entry, column)}"
            case Qt.ItemDataRole.ToolTipRole:
                told = (entry.ref, entry.family, origin_words(entry) if entry.files else "")
                return as_tooltip(shown("\n".join(filter(None, told))))
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
        return self._look(entry, column, role)

    def _look(self, entry: ModelEntry, column: int, role: int) -> QColor | QFont | None:
        if role == Qt.ItemDataRole.ForegroundRole and column == FITS:
            return QColor(getattr(self._theme.colours, fits_words(entry)[1]))
        if role == Qt.ItemDataRole.FontRole and column == 0 and entry.ref == self._chosen:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def _alignment(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
