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
    add = registry.add

    def do(deed: Deed) -> Callable[[], None]:
        return lambda: chats.do(deed, chats.current.chat_id) if chats.current else None

    def pin() -> None:
        do(Deed.UNPIN if chats.current and chats.current.pinned else Deed.PIN)()

    def is_saved() -> bool:
        return chats.current is not None

    add(
        "chat.temporary",
        Group.CHAT,
        _("Temporary chat"),
        chats.open_temporary,
        keys="Ctrl+Shift+N",
        icon="temporary",
    )
    add("window.new", Group.FILE, _("New window"), deeds.new_window, keys="Ctrl+Alt+N", section=0)
    add(
        "chat.import",
        Group.FILE,
        _("Import chats…"),
        chats.exporting.ask_for_file,
        section=20,
    )
    add(
        "chat.search",
        Group.EDIT,
        _("Search chats and documents…"),
        deeds.search,
        keys="Ctrl+Shift+F",
        icon="search",
        section=20,
    )
    for action_id, label, deed, keys, icon in (
        ("chat.rename", _("Rename this chat…"), Deed.RENAME, "Ctrl+Alt+R", "pencil"),
        ("chat.to_group", _("Move this chat to a new group…"), Deed.MOVE_TO_NEW, "", "folder"),
        ("chat.window", _("Open this chat in a new window"), Deed.WINDOW, "", "window"),
        ("chat.export", _("Export this chat…"), Deed.EXPORT, "Ctrl+Shift+E", "file"),
        ("chat.trash", _("Move this chat to the trash"), Deed.TRASH, "Ctrl+Shift+Del", "trash"),
    ):
        add(
            action_id,
            Group.CHAT,
            label,
            do(deed),
            keys=keys,
            icon=icon,
            section=40,
            enabled=is_saved,
        )
    add(
        "chat.pin",
        Group.CHAT,
        _("Pin this chat"),
        pin,
        section=40,
        enabled=is_saved,
        checked=lambda: chats.current is not None and chats.current.pinned,
    )
    add("chat.show_trash", Group.CHAT, _("Trash…"), deeds.show_trash, icon="trash", section=60)
    add(
        "chat.manner",
        Group.CHAT,
        _("Instructions of this chat…"),
        deeds.edit_manner,
        keys="Ctrl+Shift+I",
        icon="pencil",
        section=20,
    )
    add(
        "chat.prompts",
        Group.CHAT,
        _("Prompts…"),
        deeds.edit_prompts,
        keys="Ctrl+Shift+Y",
        icon="prompt",
        section=20,
    )
    add(
        "chat.compare",
        Group.CHAT,
        _("Compare two answers…"),
        deeds.compare,
        keys="Ctrl+Shift+K",
        icon="compare",
        section=20,
    )
    registry.note(Group.CHAT, _("Use a prompt, in an empty question"), "/")
    registry.note(Group.CHAT, _("Rename the chat that is chosen in the list"), "F2")
    registry.note(Group.CHAT, _("Put the chat that is chosen in the list into the trash"), "Delete")
