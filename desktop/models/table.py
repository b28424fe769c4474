"""The shelf as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from core.errors import Code, describe
from core.models.entry import ModelEntry
from core.words import N_, _
from desktop.models.servers import place_words, remote_words
from desktop.theme import Theme
from desktop.words import count, hint_words, parameters, size

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
COLUMNS = (
    N_("Model"),
    N_("Family"),
    N_("Parameters"),
    N_("Quantization"),
    N_("Size"),
    N_("Context"),
    N_("On this computer"),
)
FITS = len(COLUMNS) - 1
_NUMBERS = {2, 4, 5}


def fits_words(entry: ModelEntry) -> tuple[str, str]:
    """Return whether a model runs here, and the role of the words' colour."""
    if (elsewhere := place_words(entry)) is not None:
        return elsewhere
    if entry.problem_code == Code.MODEL_PUT_ASIDE:
        return _("Put aside"), "warning"
    if entry.problem_code:
        return _("Can't be used"), "error"
    return {
        "yes": (_("Fits"), "good"),
        "tight": (_("Just fits"), "warning"),
        "no": (_("Too large"), "error"),
    }.get(entry.fits, (_("Not known"), "muted"))


def cell_words(entry: ModelEntry, column: int) -> str:
    """Return what stands in a column."""
    unknown = "—"
    cells = (
        entry.ref,
        entry.family or entry.architecture or unknown,
        parameters(entry.parameters) if entry.parameters else unknown,
        entry.quantization or unknown,
        size(entry.bytes_on_disk) if entry.bytes_on_disk else unknown,
        count(entry.context) if entry.context else unknown,
        fits_words(entry)[0],
    )
    return cells[column]


def about_words(entry: ModelEntry) -> str:
    """Return why a file can't be used, or how much memory it needs."""
    if elsewhere := remote_words(entry):
        return elsewhere
    if entry.problem_code:
        message, hint = describe(entry.problem_code, entry.problem_facts)
        return f"{message} {hint_words(entry.problem_code, hint)}"
    words = {
        "yes": _("It needs about {memory} of memory, which this computer has free."),
        "tight": _("It needs about {memory} of memory; close other programs for it."),
        "no": _("It needs about {memory} of memory, more than this computer has free."),
    }.get(entry.fits, "")
    if not entry.has_template:
        words = f"{words} {_('It has no chat template of its own; a plain one is used.')}".strip()
    return words.format(memory=size(entry.memory_needed))


class ShelfTable(QAbstractTableModel):
    """One row per file; the chosen one is bold."""

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

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as in Qt
        """Return what a cell shows."""
        entry = self.entry(index.row())
        column = index.column()
        if entry is None:
            return None
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole:
                return cell_words(entry, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_(COLUMNS[column])}: {cell_words(entry, column)}"
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
