"""What the cards of a transcript are given to show themselves with."""

from importlib import import_module

from msgspec import Struct
from PySide6.QtCore import QObject

from desktop.chat.maths import Maths
from desktop.chat.workshop import Workshop
from desktop.theme import Theme


class Tools(Struct, frozen=True):
    """One set for a window."""

    theme: Theme
    workshop: Workshop
    maths: Maths


def make_tools(theme: Theme, holder: QObject) -> Tools:
    """Return the tools of a window."""
    workshop = Workshop(holder)
    return Tools(theme, workshop, Maths(workshop))


def load_markdown() -> None:
    """Import what the first answer needs; takes 50 ms and more, in the workshop."""
    import_module("desktop.chat.blocks")
