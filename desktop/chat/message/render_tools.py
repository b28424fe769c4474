"""Rendering tools shared by all cards of a window: theme, background thread, formula renderer."""

from importlib import import_module

from msgspec import Struct
from PySide6.QtCore import QObject

from desktop.chat.message.background_thread import BackgroundThread
from desktop.chat.message.formula_renderer import FormulaRenderer
from desktop.kit.theme import Theme


class RenderTools(Struct, frozen=True):
    """One set for a window."""

    theme: Theme
    workshop: BackgroundThread
    maths: FormulaRenderer


def make_render_tools(theme: Theme, holder: QObject) -> RenderTools:
    """Return the tools of a window."""
    workshop = BackgroundThread(holder)
    return RenderTools(theme, workshop, FormulaRenderer(workshop))


def load_markdown() -> None:
    """Import what the first answer needs; takes 50 ms and more, in the workshop."""
    import_module("desktop.chat.markdown.markdown_blocks")
