"""Actions of the window for the open document, and the protocol behind them."""

from collections.abc import Callable
from typing import Protocol

from core.base.i18n import _
from core.chat.conversations.conversation import Source
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.sources.viewer.viewer_shortcuts import register_viewer_shortcuts


class SourceActions(Protocol):
    """What the room can do."""

    @property
    def source(self) -> Source | None:
        """The source whose document is open."""

    def ask_about_document(self) -> None:
        """Ask the next question of this document alone."""

    def open_window(self) -> None:
        """Show the open document in a window of its own."""

    def open_externally(self) -> None:
        """Let the system's program open the document, or show where it lies."""

    def show_in_folder(self) -> None:
        """Show where the document lies."""

    def toggle_view_mode(self) -> None:
        """Show text in place of pictures, or pictures again."""


def register_source_actions(registry: ActionRegistry, deeds: SourceActions) -> None:
    """Offer what can be done with the open document."""

    def offer(name: str, label: str, deed: Callable[[], object], icon: str = "") -> None:
        registry.add_action(
            f"document.{name}",
            MenuGroup.VIEW,
            label,
            deed,
            icon=icon,
            section=60,
            enabled=lambda: deeds.source is not None,
        )

    offer("ask", _("Ask the open document"), deeds.ask_about_document, "pencil")
    offer("window", _("Open document in a window of its own"), deeds.open_window, "window")
    offer("face", _("Open document as pages or as text"), deeds.toggle_view_mode, "file")
    offer("outside", _("Open document in its program"), deeds.open_externally, "open")
    offer("folder", _("Show the open document in its folder"), deeds.show_in_folder, "folder")
    register_viewer_shortcuts(registry)
