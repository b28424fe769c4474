"""What one can do with sources and documents, as actions of the window."""

from collections.abc import Callable
from typing import Protocol

from core.chat.conversation import Source
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.sources.viewer_keys import register_viewer_keys


class SourceDeeds(Protocol):
    """What the room can do."""

    @property
    def source(self) -> Source | None:
        """The source whose document is open."""

    def ask_document(self) -> None:
        """Ask the next question of this document alone."""

    def open_window(self) -> None:
        """Show the open document in a window of its own."""

    def open_outside(self) -> None:
        """Let the system's program open the document, or show where it lies."""

    def show_in_folder(self) -> None:
        """Show where the document lies."""

    def flip_face(self) -> None:
        """Show text in place of pictures, or pictures again."""


def register_sources(registry: ActionRegistry, deeds: SourceDeeds) -> None:
    """Offer what can be done with the open document."""

    def offer(name: str, label: str, deed: Callable[[], object], icon: str = "") -> None:
        registry.add(
            f"document.{name}",
            Group.VIEW,
            label,
            deed,
            icon=icon,
            section=60,
            enabled=lambda: deeds.source is not None,
        )

    offer("ask", _("Ask the open document"), deeds.ask_document, "pencil")
    offer("window", _("Open document in a window of its own"), deeds.open_window, "window")
    offer("face", _("Open document as pages or as text"), deeds.flip_face, "file")
    offer("outside", _("Open document in its program"), deeds.open_outside, "open")
    offer("folder", _("Show the open document in its folder"), deeds.show_in_folder, "folder")
    register_viewer_keys(registry)
