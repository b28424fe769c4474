"""What the window itself offers: new chat, folders, models, its parts, its end."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtGui import QAction

from core.words import _
from desktop.actions import ActionRegistry, Group


class WindowDeeds(Struct, frozen=True):
    """What the window does itself."""

    new_chat: Callable[[], object]
    write: Callable[[], object]
    stop: Callable[[], object]
    add_folder: Callable[[], object]
    sync_folders: Callable[[], object]
    open_models: Callable[[], object]
    close: Callable[[], object]


def register_window(registry: ActionRegistry, deeds: WindowDeeds) -> None:
    """Offer the window's own deeds."""
    add = registry.add
    add(
        "file.add_folder",
        Group.FILE,
        _("Add a folder…"),
        deeds.add_folder,
        keys="Ctrl+Shift+O",
        icon="folder-add",
        section=10,
    )
    add(
        "file.sync",
        Group.FILE,
        _("Compare all folders with the disk"),
        deeds.sync_folders,
        keys="F5",
        icon="again",
        section=10,
    )
    add(
        "file.quit",
        Group.FILE,
        _("Quit"),
        deeds.close,
        keys="Ctrl+Q",
        section=90,
        role=QAction.MenuRole.QuitRole,
    )
    add("chat.new", Group.CHAT, _("New chat"), deeds.new_chat, keys="Ctrl+N", icon="new-chat")
    add("chat.write", Group.CHAT, _("Write a question"), deeds.write, keys="Ctrl+L", icon="pencil")
    add("chat.stop", Group.CHAT, _("Stop the answer"), deeds.stop, keys="Esc", icon="stop")
    add("models.open", Group.MODELS, _("Models…"), deeds.open_models, keys="Ctrl+M", icon="model")
    registry.note(Group.CHAT, _("Send the question"), "Return")
    registry.note(Group.CHAT, _("A new line in the question"), "Shift+Return")
