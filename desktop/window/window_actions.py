"""Actions of the window itself, and of pages that need nothing of it but the application."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from PySide6.QtGui import QAction

from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.layers.page import Page
from desktop.kit.window_context import WindowContext


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


def register_page_actions(registry: ActionRegistry, context: WindowContext) -> None:
    """Register what opens the pages about other programs, usage and tools."""
    pages = (
        ("file.programs", MenuGroup.FILE, _("Other programs…"), _make_programs_page, "window", 80),
        ("file.usage", MenuGroup.FILE, _("Usage…"), _make_usage_page, "info", 80),
        ("models.tools", MenuGroup.MODELS, _("Tools…"), _make_tools_page, "", 60),
    )
    for action_id, menu, label, make, icon, section in pages:
        name = action_id.partition(".")[2]
        show = partial(context.dialogs.open_page, name, partial(make, context))
        registry.add_action(action_id, menu, label, show, icon=icon, section=section)


def _make_programs_page(context: WindowContext) -> Page:
    from desktop.programs.programs_page import ProgramsPage  # noqa: PLC0415 - not for the first paint

    return ProgramsPage(context.app, context.theme, context.window)


def _make_usage_page(context: WindowContext) -> Page:
    from desktop.usage.usage_page import UsagePage  # noqa: PLC0415 - not for the first paint

    return UsagePage(context.app, context.theme, context.window)


def _make_tools_page(context: WindowContext) -> Page:
    from desktop.tools.tools_page import ToolsPage  # noqa: PLC0415 - not for the first paint

    return ToolsPage(context.theme, context.app.tools, context.window)
