"""What helps one along: the command palette, the shortcut sheet, and what this program is."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from core.paths import Paths
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.dialogs import Dialogs
from desktop.theme import Theme


class _Pages:
    """Makes the dialogs when they are asked for; none is there for the first paint."""

    def __init__(
        self, registry: ActionRegistry, window: QWidget, theme: Theme, paths: Paths
    ) -> None:
        self._registry = registry
        self._window = window
        self._theme = theme
        self._paths = paths

    def palette(self) -> QDialog:
        from desktop.palette import Palette  # noqa: PLC0415 - see the class

        return Palette(self._registry, self._window)

    def sheet(self) -> QDialog:
        from desktop.shortcuts import ShortcutSheet  # noqa: PLC0415

        return ShortcutSheet(self._registry, self._window)

    def about(self) -> QDialog:
        from desktop.about import About  # noqa: PLC0415

        return About(self._theme, self._paths, self._window)


def register_help(
    registry: ActionRegistry, dialogs: Dialogs, window: QWidget, theme: Theme, paths: Paths
) -> None:
    """Offer them under Help."""
    pages = _Pages(registry, window, theme, paths)
    registry.add(
        "help.palette",
        Group.HELP,
        _("Everything one can do…"),
        lambda: dialogs.open("palette", pages.palette),
        keys=("Ctrl+Shift+P", "Ctrl+K"),
    )
    registry.add(
        "help.shortcuts",
        Group.HELP,
        _("Keyboard shortcuts"),
        lambda: dialogs.open("shortcuts", pages.sheet),
        keys=("F1", "Ctrl+/"),
    )
    registry.add(
        "help.about",
        Group.HELP,
        _("About Inglenook"),
        lambda: dialogs.open("about", pages.about),
        section=90,
        role=QAction.MenuRole.AboutRole,
    )
