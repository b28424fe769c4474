"""Keyboard shortcuts of the document viewer."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from core.base.i18n import N_, _
from desktop.kit.actions import ActionRegistry, MenuGroup

_KEYS = (
    ("find", "Ctrl+F", N_("Find in the document")),
    ("next", "F3", N_("Next place that was found")),
    ("before", "Shift+F3", N_("Previous place that was found")),
    ("page", "Ctrl+G", N_("Go to a page of the document")),
    ("larger", "Ctrl++", N_("Enlarge the pages")),
    ("smaller", "Ctrl+-", N_("Make the pages smaller")),
    ("width", "Ctrl+0", N_("Fit the pages to the width")),
    ("passage", "Alt+Down", N_("Next passage of the answer")),
    ("passage_before", "Alt+Up", N_("Previous passage of the answer")),
)
_ALSO = (("larger", "Ctrl+="), ("larger", "Ctrl+Shift++"), ("copy", "Ctrl+C"), ("all", "Ctrl+A"))
_COMMANDS = {QKeySequence(keys).toString(): command for command, keys, _label in _KEYS} | {
    QKeySequence(keys).toString(): command for command, keys in _ALSO
}


def command_for_key(event: QKeyEvent) -> str:
    """Return the command of a key in the viewer, "" for none."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(event.key() | modifiers.value)
    return _COMMANDS.get(pressed.toString(), "")


def register_viewer_shortcuts(registry: ActionRegistry) -> None:
    """Add the keys to the list of shortcuts."""
    for _command, keys, label in _KEYS:
        registry.add_widget_shortcut(MenuGroup.VIEW, _(label), keys)
