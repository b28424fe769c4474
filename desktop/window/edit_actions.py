"""Actions of the Edit menu: they apply to the text widget that has the focus."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup


def register_edit_actions(registry: ActionRegistry) -> None:
    """Offer what every text knows how to do; the texts themselves hear the keys first."""
    for action_id, label, deed, keys, section in (
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
            partial(_do, deed),
            keys=keys,
            section=section,
            enabled=partial(_can, deed),
        )


def _deed(name: str) -> Callable[[], object] | None:
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit | QPlainTextEdit | QTextEdit):
        found: Callable[[], object] = getattr(focused, name)
        return found
    return None


def _can(name: str) -> bool:
    return _deed(name) is not None


def _do(name: str) -> None:
    deed = _deed(name)
    if deed is not None:
        deed()
