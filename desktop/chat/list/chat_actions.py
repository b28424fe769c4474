"""Menu and keyboard actions on chats: temporary chats, groups, export, trash, search, prompts."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from core.base.i18n import _
from desktop.chat.list.chat_list import ChatAction
from desktop.chat.list.chat_list_controller import ChatListController
from desktop.kit.actions import ActionRegistry, MenuGroup


class ChatActionCallbacks(Struct, frozen=True):
    """Callbacks of actions that other controllers carry out."""

    new_window: Callable[[], object]
    search: Callable[[], object]
    show_trash: Callable[[], object]
    edit_chat_style: Callable[[], object]
    edit_prompts: Callable[[], object]
    compare: Callable[[], object]


def register_chat_actions(
    registry: ActionRegistry, chats: ChatListController, callbacks: ChatActionCallbacks
) -> None:
    """Register the actions; those on the open chat need a saved one."""
    _add_file_actions(registry, chats, callbacks)
    _add_ask_actions(registry, chats, callbacks)
    _add_chat_actions(registry, chats)
    registry.add_action(
        "chat.show_trash",
        MenuGroup.CHAT,
        _("Trash…"),
        callbacks.show_trash,
        icon="trash",
        section=60,
        in_chat=False,
    )
    registry.add_widget_shortcut(MenuGroup.CHAT, _("Use a prompt, in an empty question"), "/")
    registry.add_widget_shortcut(
        MenuGroup.CHAT, _("Rename the chat that is chosen in the list"), "F2"
    )
    registry.add_widget_shortcut(
        MenuGroup.CHAT, _("Put the chat that is chosen in the list into the trash"), "Delete"
    )


def _add_file_actions(
    registry: ActionRegistry, chats: ChatListController, callbacks: ChatActionCallbacks
) -> None:
    add = registry.add_action
    add(
        "window.new",
        MenuGroup.FILE,
        _("New window"),
        callbacks.new_window,
        keys="Ctrl+Alt+N",
        section=0,
    )
    taking = chats.export_controller.choose_import_file
    add("chat.import", MenuGroup.FILE, _("Import chats…"), taking, section=20)
    add(
        "chat.export_all",
        MenuGroup.FILE,
        _("Export all chats…"),
        chats.export_controller.export_all,
        section=20,
    )
    add(
        "chat.search",
        MenuGroup.EDIT,
        _("Search chats and documents…"),
        callbacks.search,
        keys="Ctrl+Shift+F",
        icon="search",
        section=20,
    )


def _add_ask_actions(
    registry: ActionRegistry, chats: ChatListController, callbacks: ChatActionCallbacks
) -> None:
    """Register other ways to ask."""
    for action_id, label, action, keys, icon, section in (
        (
            "temporary",
            _("Temporary chat"),
            chats.open_temporary_chat,
            "Ctrl+Shift+N",
            "temporary",
            0,
        ),
        (
            "style",
            _("Instructions of this chat…"),
            callbacks.edit_chat_style,
            "Ctrl+Shift+I",
            "pencil",
            20,
        ),
        ("prompts", _("Prompts…"), callbacks.edit_prompts, "Ctrl+Shift+Y", "prompt", 20),
        ("compare", _("Compare two answers…"), callbacks.compare, "Ctrl+Shift+K", "compare", 20),
    ):
        registry.add_action(
            f"chat.{action_id}",
            MenuGroup.CHAT,
            label,
            action,
            keys=keys,
            icon=icon,
            section=section,
            in_chat=action_id != "prompts",
        )


def _run_action(chats: ChatListController, action: ChatAction) -> None:
    """Run an action on the open chat, if it is saved."""
    if chats.current_chat:
        chats.run_action(action, chats.current_chat.chat_id)


def _add_chat_actions(registry: ActionRegistry, chats: ChatListController) -> None:
    """Register the actions on the open chat."""

    def do(action: ChatAction) -> Callable[[], None]:
        return partial(_run_action, chats, action)

    def is_pinned() -> bool:
        return chats.current_chat is not None and chats.current_chat.pinned

    def is_saved() -> bool:
        return chats.current_chat is not None

    def pin() -> None:
        do(ChatAction.UNPIN if is_pinned() else ChatAction.PIN)()

    for action_id, label, trigger, keys, icon in (
        ("rename", _("Rename this chat…"), do(ChatAction.RENAME), "Ctrl+Alt+R", "pencil"),
        ("pin", _("Pin this chat"), pin, "", ""),
        ("to_group", _("Move this chat to a new group…"), do(ChatAction.MOVE_TO_NEW), "", "folder"),
        ("window", _("Open this chat in a new window"), do(ChatAction.WINDOW), "", "window"),
        ("export", _("Export this chat…"), do(ChatAction.EXPORT), "Ctrl+Shift+E", "file"),
        (
            "trash",
            _("Move this chat to the trash"),
            do(ChatAction.TRASH),
            "Ctrl+Shift+Del",
            "trash",
        ),
    ):
        registry.add_action(
            f"chat.{action_id}",
            MenuGroup.CHAT,
            label,
            trigger,
            keys=keys,
            icon=icon,
            section=40,
            enabled=is_saved,
            checked=is_pinned if action_id == "pin" else None,
        )
