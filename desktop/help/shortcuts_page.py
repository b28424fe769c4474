"""Shortcuts page: a searchable list of all keyboard shortcuts, menu by menu."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup, keys_in_order
from desktop.kit.buttons_and_labels import add_clear_button
from desktop.kit.layers.page import Page


class ShortcutsPage(Page):
    """Lists the shortcuts; a search field filters them."""

    widest = 900

    def __init__(self, registry: ActionRegistry, parent: QWidget) -> None:
        super().__init__(parent)
        self._registry = registry
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self._build()
        self._line.textChanged.connect(self._on_text_changed)

    def _build(self) -> None:
        title = _("Keyboard shortcuts")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._line = QLineEdit()
        self._line.setAccessibleName(_("Search the shortcuts"))
        self._line.setPlaceholderText(_("Search the shortcuts"))
        add_clear_button(self._line)
        self._tree = QTreeWidget()
        self._tree.setAccessibleName(title)
        self._tree.setHeaderLabels([_("What it does"), _("Keys")])
        self._tree.setRootIsDecorated(False)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)
        for group in MenuGroup:
            self._add_group(group)
        self._tree.expandAll()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._line)
        column.addWidget(self._tree, 1)

    def _add_group(self, group: MenuGroup) -> None:
        rows = [
            QTreeWidgetItem([label, keys_in_order(keys)]) for label, keys in self._shortcuts(group)
        ]
        if rows:
            heading = QTreeWidgetItem([_(group.value).replace("&", "")])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            heading.addChildren(rows)
            self._tree.addTopLevelItem(heading)
            self._groups.append((heading, rows))

    def _shortcuts(self, group: MenuGroup) -> Iterator[tuple[str, str]]:
        for action in self._registry.actions_in_menu(group):
            keys = [_native(each) for each in action.shortcuts()]
            if keys:
                yield action.label.rstrip("…"), ", ".join(keys)
        for label, text in self._registry.widget_shortcuts(group):
            yield label, _native(QKeySequence(text))

    def _on_text_changed(self, text: str) -> None:
        words = text.casefold().split()
        for heading, rows in self._groups:
            for row in rows:
                searched = f"{row.text(0)} {row.text(1)}".casefold()
                row.setHidden(not all(word in searched for word in words))
            heading.setHidden(all(row.isHidden() for row in rows))


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
