"""What helps one along: the command palette, the shortcut sheet, and what this program is."""

from PySide6.QtWidgets import QDialog, QWidget

from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.dialogs import Dialogs


def register_help(registry: ActionRegistry, dialogs: Dialogs, window: QWidget) -> None:
    """Offer them under Help."""

    def palette() -> QDialog:
        from desktop.palette import Palette  # noqa: PLC0415 - not for the first paint

        return Palette(registry, window)

    def sheet() -> QDialog:
        from desktop.shortcuts import ShortcutSheet  # noqa: PLC0415 - not for the first paint

        return ShortcutSheet(registry, window)

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
