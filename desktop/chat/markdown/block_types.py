"""Blocks of a message: prose as safe HTML with its formulas, and fenced code."""

from dataclasses import dataclass
from html import escape

from desktop.kit.visible_text import visible_text


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in LaTeX; a display formula (`is_display`) is on lines of its own."""

    latex: str
    is_display: bool

    @property
    def latex_source(self) -> str:
        """The LaTeX source with its delimiters, as written in the text."""
        return f"$${self.latex}$$" if self.is_display else f"${self.latex}$"


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, lists and tables as HTML.

    `links` are the addresses its "link:N" anchors stand for, `formulas` those of "maths:N".
    """

    html: str
    links: tuple[str, ...] = ()
    formulas: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class FencedCode:
    """A fenced code block; `marks` are the numbers of its citations."""

    text: str
    language: str
    marks: tuple[int, ...] = ()


Block = Prose | FencedCode


def plain_html(text: str) -> str:
    """Return `text` escaped as HTML."""
    return escape(visible_text(text)).replace("\n", "<br>")
