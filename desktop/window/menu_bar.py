"""Menu bar, filled from the action registry; native where the system has one."""

from collections.abc import Mapping
from functools import partial
from itertools import groupby

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from core.base.i18n import N_, _
from desktop.kit.actions import Action, ActionRegistry, MenuGroup
from desktop.kit.buttons_and_labels import assign_access_letters

SUBMENUS: Mapping[tuple[MenuGroup, int], str] = {
    (MenuGroup.VIEW, 20): N_("Text size"),
    (MenuGroup.VIEW, 30): N_("Appearance"),
    (MenuGroup.VIEW, 60): N_("Open document"),
    (MenuGroup.CHAT, 21): N_("Last answer"),
    (MenuGroup.CHAT, 22): N_("Find in the chat"),
    (MenuGroup.CHAT, 40): N_("This chat"),
}
"""Sections of a menu that open beside it, by what they are called there."""


class ActionMenuBar(QMenuBar):
    """One menu for each group; actions that are not available are disabled in the open menu."""

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        self._registry = registry
        self._menus: dict[MenuGroup, QMenu] = {}
        self._submenus: dict[MenuGroup, list[QMenu]] = {}
        self._shown: dict[MenuGroup, tuple[Action, ...]] = {}
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
        menu, shown = self._menus[group], self._registry.actions_in_menu(group)
        if self._shown.get(group) == shown:
            return
        self._shown[group] = shown
        for submenu in self._submenus.pop(group, ()):
            submenu.deleteLater()
        menu.clear()
        entries: list[QAction] = []
        before = False
        for section, actions in groupby(shown, lambda action: action.section):
            title = SUBMENUS.get((group, section))
            if entries and not (title and before):  # those that open stand together
                menu.addSeparator()
            before = title is not None
            entries += self._add_section(group, title, tuple(actions))
        assign_access_letters(entries)

    def _add_section(
        self, group: MenuGroup, title: str | None, actions: tuple[Action, ...]
    ) -> list[QAction]:
        """Add a section to its menu, or one entry that opens it; returns what was added."""
        menu = self._menus[group]
        if title is None:
            menu.addActions(actions)
            return list(actions)
        submenu = QMenu(_(title), menu)
        submenu.setToolTipsVisible(True)
        submenu.addActions(actions)
        assign_access_letters(actions)
        self._submenus.setdefault(group, []).append(submenu)
        return [menu.addMenu(submenu)]

    def _on_about_to_show(self, group: MenuGroup) -> None:
        self._fill(group)
        self._registry.refresh_actions(self._registry.actions_in_menu(group))

    def _on_about_to_hide(self, group: MenuGroup) -> None:
        # a shortcut of a disabled action is dead; whether it can be done is asked when it is
        for action in self._registry.actions_in_menu(group):
            action.setEnabled(True)
