"""Model switch list: models and servers under headings, those that answered last first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from core.base.i18n import _
from desktop.chat.composer.model_options import ModelOption, ModelOptions
from desktop.chat.composer.model_row_delegate import DETAILS_ROLE, MARK_ROLE, ModelRowDelegate
from desktop.kit.buttons_and_labels import as_tooltip
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

MOST_ROWS = 12
_REF = Qt.ItemDataRole.UserRole
_FEW = 5
"""Up to so many models need no headings."""


class ModelSwitchList(QListWidget):
    """It never has the focus: whoever has it moves the selection."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("popup_list")
        self.setAccessibleName(_("Models"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(ModelRowDelegate(theme, self))

    @property
    def selected_ref(self) -> str:
        """The model of the selected row, "" for none."""
        item = self.currentItem()
        return str(item.data(_REF) or "") if item is not None else ""

    def show_options(self, options: ModelOptions, words: str) -> None:
        """Show the options that hold these words; without words, all under headings."""
        self.clear()
        if words.strip() or len(options.options) <= _FEW:
            self._add_rows("", [each for each in options.options if each.matches(words)], options)
        else:
            self._add_groups(options)
        if not self.count():
            self._add_heading(_("No model fits these words."))
        rows = self._choosable_rows()
        current = [row for row in rows if self.item(row).data(MARK_ROLE)]
        if rows:
            self._select_row((current or rows)[0])

    def move_selection(self, by: int) -> None:
        """Select another model; one step past an end goes on at the other one."""
        rows = self._choosable_rows()
        if not rows:
            return
        here, size = rows.index(self.currentRow()) + by, len(rows)
        self._select_row(rows[here % size if abs(by) == 1 else min(max(here, 0), size - 1)])

    def _add_groups(self, options: ModelOptions) -> None:
        recent = options.recent_options
        rest = [each for each in options.options if each not in recent]
        here = [each for each in rest if not each.is_remote]
        self._add_rows(_("Used last"), recent, options)
        self._add_rows(_("On this computer"), here, options)
        self._add_rows(_("Elsewhere"), [each for each in rest if each.is_remote], options)

    def _add_rows(self, heading: str, rows: Sequence[ModelOption], options: ModelOptions) -> None:
        if heading and rows:
            self._add_heading(heading)
        for option in sorted(rows, key=lambda each: bool(each.problem)):
            is_current = option.ref == options.current
            item = QListWidgetItem(visible_text(option.ref))
            item.setData(_REF, option.ref)
            details = _("Can't be used") if option.problem else option.details
            item.setData(DETAILS_ROLE, details)
            item.setData(MARK_ROLE, is_current)
            item.setToolTip(as_tooltip(option.problem))
            spoken = (option.ref, details, _("answers now") if is_current else "")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, spoken)))
            self.addItem(item)

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _choosable_rows(self) -> list[int]:
        return [row for row in range(self.count()) if self.item(row).data(_REF)]

    def _select_row(self, row: int) -> None:
        """Select a row, and let a screen reader announce it though it has no focus."""
        self.setCurrentRow(row)
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        event.setChild(row)
        QAccessible.updateAccessibility(event)
