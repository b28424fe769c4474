"""Menu bar, filled from the action registry; native where the system has one."""

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup, assign_access_letters


class ActionMenuBar(QMenuBar):
    """One menu for each group; actions that are not available are disabled in the open menu."""

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        self._registry = registry
        self._menus: dict[MenuGroup, QMenu] = {}
        self._build()

    def _build(self) -> None:
        self.setAccessibleName(_("Menus"))
        for group in MenuGroup:
            menu = self.addMenu(_(group.value))
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(partial(self._on_about_to_show, group))
            menu.aboutToHide.connect(partial(self._on_about_to_hide, group))
            self._menus[group] = menu

    def fill_menus(self) -> None:
        """Add the registered actions: a native menu bar hides an empty menu."""
        for group in MenuGroup:
            self._fill(group)

    def _fill(self, group: MenuGroup) -> None:
        menu = self._menus[group]
        shown = self._registry.actions_in_menu(group)
        wanted: list[QAction | None] = []
        for before, action in zip((None, *shown), shown, strict=False):
            if before is not None and before.section != action.section:
                wanted.append(None)
            wanted.append(action)
        there = [None if each.isSeparator() else each for each in menu.actions()]
        if there == wanted:
            return
        menu.clear()
        assign_access_letters(entry for entry in wanted if entry is not None)
        for entry in wanted:
            if entry is None:
                menu.addSeparator()
            else:
                menu.addAction(entry)

    def _on_about_to_show(self, group: MenuGroup) -> None:
        self._fill(group)
        self._registry.refresh_actions(self._registry.actions_in_menu(group))

    def _on_about_to_hide(self, group: MenuGroup) -> None:
        # a shortcut of a disabled action is dead; whether it can be done is asked when it is
        for action in self._registry.actions_in_menu(group):
            action.setEnabled(True)
