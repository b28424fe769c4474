"""What helps one along: the command palette, the shortcut sheet, and what this program is."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from core.paths import Paths
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.dialogs import Dialogs
from desktop.theme import Theme


def register_help(
    registry: ActionRegistry,
    dialogs: Dialogs,
    window: QWidget,
    theme: Theme,
    paths: Paths,
) -> None:
    """Offer them under Help."""

    def palette() -> QDialog:
        from desktop.palette import Palette  # noqa: PLC0415 - not for the first paint

        return Palette(registry, window)

    def sheet() -> QDialog:
        from desktop.shortcuts import ShortcutSheet  # noqa: PLC0415 - not for the first paint

        return ShortcutSheet(registry, window)

    def about() -> QDialog:
        from desktop.about import About  # noqa: PLC0415 - not for the first paint

        return About(theme, paths, window)

    registry.add(
        "help.palette",
        Group.HELP,
        _("Everything one can do…"),
        lambda: dialogs.open("palette", palette),
        keys=("Ctrl+Shift+P", "Ctrl+K"),
    )
    registry.add(
        "help.shortcuts",
        Group.HELP,
        _("Keyboard shortcuts"),
        lambda: dialogs.open("shortcuts", sheet),
        keys=("F1", "Ctrl+/"),
    )
    registry.add(
        "help.about",
        Group.HELP,
        _("About Inglenook"),
        lambda: dialogs.open("about", about),
        section=90,
        role=QAction.MenuRole.AboutRole,
    )
