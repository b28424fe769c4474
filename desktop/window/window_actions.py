"""Actions of the window itself: new chat, folders, models, quit."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtGui import QAction

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup


class WindowActionCallbacks(Struct, frozen=True):
    """Callbacks of the actions that the window itself carries out."""

    new_chat: Callable[[], object]
    write: Callable[[], object]
    stop: Callable[[], object]
    add_folder: Callable[[], object]
    sync_folders: Callable[[], object]
    open_models: Callable[[], object]
    close: Callable[[], object]


def register_window_actions(registry: ActionRegistry, callbacks: WindowActionCallbacks) -> None:
    """Register the window's own actions."""
    _add_file_actions(registry, callbacks)
    _add_chat_actions(registry, callbacks)
    registry.add_action(
        "models.open",
        MenuGroup.MODELS,
        _("Models…"),
        callbacks.open_models,
        keys="Ctrl+M",
        icon="model",
    )


def _add_file_actions(registry: ActionRegistry, callbacks: WindowActionCallbacks) -> None:
    add = registry.add_action
    add(
        "file.add_folder",
        MenuGroup.FILE,
        _("Add a folder…"),
        callbacks.add_folder,
        keys="Ctrl+Shift+O",
        icon="folder-add",
        section=10,
    )
    add(
        "file.sync",
        MenuGroup.FILE,
        _("Compare all folders with the disk"),
        callbacks.sync_folders,
        keys="F5",
        icon="again",
        section=10,
    )
    add(
        "file.quit",
        MenuGroup.FILE,
        _("Quit"),
        callbacks.close,
        keys="Ctrl+Q",
        section=90,
        role=QAction.MenuRole.QuitRole,
    )


def _add_chat_actions(registry: ActionRegistry, callbacks: WindowActionCallbacks) -> None:
    add = registry.add_action
    add(
        "chat.new",
        MenuGroup.CHAT,
        _("New chat"),
        callbacks.new_chat,
        keys="Ctrl+N",
        icon="new-chat",
    )
    add(
        "chat.write",
        MenuGroup.CHAT,
        _("Write a question"),
        callbacks.write,
        keys="Ctrl+L",
        icon="pencil",
    )
    add(
        "chat.stop",
        MenuGroup.CHAT,
        _("Stop the answer"),
        callbacks.stop,
        keys="Esc",
        icon="stop",
        in_chat=False,
    )
    registry.add_widget_shortcut(MenuGroup.CHAT, _("Send the question"), "Return")
    registry.add_widget_shortcut(MenuGroup.CHAT, _("A new line in the question"), "Shift+Return")
