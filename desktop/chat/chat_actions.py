"""What the window offers about chats: temporary ones, arranging, export, trash, search, prompts."""

from collections.abc import Callable

from msgspec import Struct

from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.chat.chat_list import Deed
from desktop.chat.chats_room import ChatsRoom


class ChatDeeds(Struct, frozen=True):
    """What is done by other parts of the window."""

    new_window: Callable[[], object]
    search: Callable[[], object]
    show_trash: Callable[[], object]
    edit_manner: Callable[[], object]
    edit_prompts: Callable[[], object]
    compare: Callable[[], object]


def register_chats(registry: ActionRegistry, chats: ChatsRoom, deeds: ChatDeeds) -> None:
    """Offer all of it; what is about the open chat can be done when it is saved."""
    _add_files(registry, chats, deeds)
    _add_asking(registry, chats, deeds)
    _add_arranging(registry, chats)
    registry.add(
        "chat.show_trash", Group.CHAT, _("Trash…"), deeds.show_trash, icon="trash", section=60
    )
    registry.note(Group.CHAT, _("Use a prompt, in an empty question"), "/")
    registry.note(Group.CHAT, _("Rename the chat that is chosen in the list"), "F2")
    registry.note(Group.CHAT, _("Put the chat that is chosen in the list into the trash"), "Delete")


def _add_files(registry: ActionRegistry, chats: ChatsRoom, deeds: ChatDeeds) -> None:
    add = registry.add
    add("window.new", Group.FILE, _("New window"), deeds.new_window, keys="Ctrl+Alt+N", section=0)
    taking = chats.exporting.ask_for_file
    add("chat.import", Group.FILE, _("Import chats…"), taking, section=20)
    add(
        "chat.search",
        Group.EDIT,
        _("Search chats and documents…"),
        deeds.search,
        keys="Ctrl+Shift+F",
        icon="search",
        section=20,
    )


def _add_asking(registry: ActionRegistry, chats: ChatsRoom, deeds: ChatDeeds) -> None:
    """Offer other ways to ask."""
    for action_id, label, deed, keys, icon, section in (
        ("temporary", _("Temporary chat"), chats.open_temporary, "Ctrl+Shift+N", "temporary", 0),
        (
            "manner",
            _("Instructions of this chat…"),
            deeds.edit_manner,
            "Ctrl+Shift+I",
            "pencil",
            20,
        ),
        ("prompts", _("Prompts…"), deeds.edit_prompts, "Ctrl+Shift+Y", "prompt", 20),
        ("compare", _("Compare two answers…"), deeds.compare, "Ctrl+Shift+K", "compare", 20),
    ):
        registry.add(
            f"chat.{action_id}", Group.CHAT, label, deed, keys=keys, icon=icon, section=section
        )


def _add_arranging(registry: ActionRegistry, chats: ChatsRoom) -> None:
    """Offer what is done with the open chat."""

    def do(deed: Deed) -> Callable[[], None]:
        return lambda: chats.do(deed, chats.current.chat_id) if chats.current else None

    def is_pinned() -> bool:
        return chats.current is not None and chats.current.pinned

    def is_saved() -> bool:
        return chats.current is not None

    def pin() -> None:
        do(Deed.UNPIN if is_pinned() else Deed.PIN)()

    for action_id, label, trigger, keys, icon in (
        ("rename", _("Rename this chat…"), do(Deed.RENAME), "Ctrl+Alt+R", "pencil"),
        ("pin", _("Pin this chat"), pin, "", ""),
        ("to_group", _("Move this chat to a new group…"), do(Deed.MOVE_TO_NEW), "", "folder"),
        ("window", _("Open this chat in a new window"), do(Deed.WINDOW), "", "window"),
        ("export", _("Export this chat…"), do(Deed.EXPORT), "Ctrl+Shift+E", "file"),
        ("trash", _("Move this chat to the trash"), do(Deed.TRASH), "Ctrl+Shift+Del", "trash"),
    ):
        registry.add(
            f"chat.{action_id}",
            Group.CHAT,
            label,
            trigger,
            keys=keys,
            icon=icon,
            section=40,
            enabled=is_saved,
            checked=is_pinned if action_id == "pin" else None,
        )
