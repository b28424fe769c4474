"""Context menus of a chat and of a group in the chat list."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import ChatListEntry
from core.chat.store.chat_organizer import ChatGroup
from desktop.chat.list.chat_list import ChatAction
from desktop.kit.locale_formatting import one_line

ActionHandler = Callable[[str, str, str], object]
"""Takes a `ChatAction`, the id of a chat or group, and a value."""


def make_chat_menu(
    holder: QWidget, chat: ChatListEntry, groups: Sequence[ChatGroup], do: ActionHandler
) -> QMenu:
    """Return what can be done with a chat."""
    menu = _menu(holder)
    handler = partial(_action_handler, chat.chat_id, do)
    menu.addAction(_("Open in a new window")).triggered.connect(handler(ChatAction.WINDOW))
    menu.addSeparator()
    menu.addAction(_("Rename…")).triggered.connect(handler(ChatAction.RENAME))
    if chat.pinned:
        menu.addAction(_("Don't pin any more")).triggered.connect(handler(ChatAction.UNPIN))
    else:
        menu.addAction(_("Pin")).triggered.connect(handler(ChatAction.PIN))
    moving = menu.addMenu(_("Move to group"))
    for group in groups:
        action = moving.addAction(one_line(group.name, 40).replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(group.group_id == chat.group_id)
        action.triggered.connect(handler(ChatAction.MOVE, group.group_id))
    if groups:
        moving.addSeparator()
    moving.addAction(_("New group…")).triggered.connect(handler(ChatAction.MOVE_TO_NEW))
    if chat.group_id:
        moving.addAction(_("Out of the group")).triggered.connect(handler(ChatAction.MOVE))
    menu.addAction(_("Export…")).triggered.connect(handler(ChatAction.EXPORT))
    menu.addSeparator()
    menu.addAction(_("Move to the trash")).triggered.connect(handler(ChatAction.TRASH))
    return menu


def make_group_menu(holder: QWidget, group: ChatGroup, do: ActionHandler) -> QMenu:
    """Return what can be done with a group."""
    menu = _menu(holder)
    handler = partial(_action_handler, group.group_id, do)
    menu.addAction(_("Rename this group…")).triggered.connect(handler(ChatAction.RENAME_GROUP))
    menu.addAction(_("Remove this group")).triggered.connect(handler(ChatAction.REMOVE_GROUP))
    return menu


def _action_handler(
    about: str, do: ActionHandler, action: ChatAction, value: str = ""
) -> Callable[[], object]:
    """Return a slot that ignores the checked state of a triggered action."""
    return lambda *_checked: do(action, about, value)


def _menu(holder: QWidget) -> QMenu:
    menu = QMenu(holder)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
