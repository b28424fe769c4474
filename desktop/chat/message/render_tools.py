"""Rendering tools shared by all cards of a window: theme, background thread, formula renderer."""

from importlib import import_module

from msgspec import Struct
from PySide6.QtCore import QObject

from desktop.chat.message.background_thread import BackgroundThread
from desktop.chat.message.formula_renderer import FormulaRenderer
from desktop.kit.theme import Theme


class RenderTools(Struct, frozen=True):
    """One set for each window."""

    theme: Theme
    background: BackgroundThread
    formula_renderer: FormulaRenderer


def make_render_tools(theme: Theme, parent: QObject) -> RenderTools:
    """Return the tools of a window."""
    background = BackgroundThread(parent)
    return RenderTools(theme, background, FormulaRenderer(background))


def load_markdown() -> None:
    """Import what the first answer needs; takes 50 ms and more, in the background thread."""
    import_module("desktop.chat.markdown.markdown_blocks")
