"""Actions of the Edit menu: they apply to the text widget that has the focus."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.notices import NoticeCenter


def register_edit_actions(registry: ActionRegistry, notices: NoticeCenter) -> None:
    """Register what every text field can do; the fields themselves get the keys first.

    Where no text is edited, Undo takes back what a notice offers to.
    """
    registry.add_action(
        "edit.undo",
        MenuGroup.EDIT,
        _("Undo"),
        partial(_undo, notices),
        keys="Ctrl+Z",
        enabled=lambda: _is_edited() or notices.can_undo,
    )
    for action_id, label, method, keys, section in (
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


def _is_edited() -> bool:
    """Whether the text that has the focus was changed, so that it has something to undo."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QLineEdit):
        return bool(focused.isUndoAvailable())
    if isinstance(focused, QPlainTextEdit | QTextEdit):
        return not focused.isReadOnly() and bool(focused.document().isUndoAvailable())
    return False


def _undo(notices: NoticeCenter) -> None:
    if _is_edited():
        _do("undo")
    else:
        notices.undo_latest()


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
