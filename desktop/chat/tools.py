"""What the cards of a transcript are given to show themselves with."""

from msgspec import Struct

from desktop.chat.maths import Maths
from desktop.chat.workshop import Workshop
from desktop.theme import Theme


class Tools(Struct, frozen=True):
    """One set for a window."""

    theme: Theme
    workshop: Workshop
    maths: Maths


def make_tools(theme: Theme) -> Tools:
    """Return the tools of a window; to be closed by `tools.workshop.close`."""
    workshop = Workshop()
    return Tools(theme, workshop, Maths(workshop))
