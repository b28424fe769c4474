"""The menus of a chat and of a group in the list."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from core.chat.arranging import Group
from core.chat.conversation import ChatSummary
from core.words import _
from desktop.chat.chat_list import Deed
from desktop.words import one_line

Do = Callable[[str, str, str], object]
"""Takes a `Deed`, the id of a chat or group, and a value."""


def chat_menu(holder: QWidget, chat: ChatSummary, groups: Sequence[Group], do: Do) -> QMenu:
    """Return what can be done with a chat."""
    menu = _menu(holder)
    wish = partial(_wish, chat.chat_id, do)
    menu.addAction(_("Open in a new window")).triggered.connect(wish(Deed.WINDOW))
    menu.addSeparator()
    menu.addAction(_("Rename…")).triggered.connect(wish(Deed.RENAME))
    if chat.pinned:
        menu.addAction(_("Don't pin any more")).triggered.connect(wish(Deed.UNPIN))
    else:
        menu.addAction(_("Pin")).triggered.connect(wish(Deed.PIN))
    moving = menu.addMenu(_("Move to group"))
    for group in groups:
        action = moving.addAction(one_line(group.name, 40).replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(group.group_id == chat.group_id)
        action.triggered.connect(wish(Deed.MOVE, group.group_id))
    if groups:
        moving.addSeparator()
    moving.addAction(_("New group…")).triggered.connect(wish(Deed.MOVE_TO_NEW))
    if chat.group_id:
        moving.addAction(_("Out of the group")).triggered.connect(wish(Deed.MOVE))
    menu.addAction(_("Export…")).triggered.connect(wish(Deed.EXPORT))
    menu.addSeparator()
    menu.addAction(_("Move to the trash")).triggered.connect(wish(Deed.TRASH))
    return menu


def group_menu(holder: QWidget, group: Group, do: Do) -> QMenu:
    """Return what can be done with a group."""
    menu = _menu(holder)
    wish = partial(_wish, group.group_id, do)
    menu.addAction(_("Rename this group…")).triggered.connect(wish(Deed.RENAME_GROUP))
    menu.addAction(_("Remove this group")).triggered.connect(wish(Deed.REMOVE_GROUP))
    return menu


def _wish(about: str, do: Do, deed: Deed, value: str = "") -> Callable[[], object]:
    """Return what ignores the state that a triggered action tells."""
    return lambda *_checked: do(deed, about, value)


def _menu(holder: QWidget) -> QMenu:
    menu = QMenu(holder)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
