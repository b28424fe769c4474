"""Actions of the Edit menu: they apply to the text widget that has the focus."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup


def register_edit_actions(registry: ActionRegistry) -> None:
    """Register what every text field can do; the fields themselves get the keys first."""
    for action_id, label, method, keys, section in (
        ("edit.undo", _("Undo"), "undo", "Ctrl+Z", 0),
        ("edit.redo", _("Redo"), "redo", "Ctrl+Shift+Z", 0),
        ("edit.cut", _("Cut"), "cut", "Ctrl+X", 10),
        ("edit.copy", _("Copy"), "copy", "Ctrl+C", 10),
        ("edit.paste", _("Paste"), "paste", "Ctrl+V", 10),
        ("edit.select_all", _("Select all"), "selectAll", "Ctrl+A", 10),
    ):
        registry.add_action(
            action_id,
            MenuGroup.EDIT,
            label,
            partial(_do, method),
            keys=keys,
            section=section,
            enabled=partial(_can, method),
        )


def _edit_method(name: str) -> Callable[[], object] | None:
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit | QPlainTextEdit | QTextEdit):
        found: Callable[[], object] = getattr(focused, name)
        return found
    return None


def _can(name: str) -> bool:
    return _edit_method(name) is not None


def _do(name: str) -> None:
    method = _edit_method(name)
    if method is not None:
        method()
