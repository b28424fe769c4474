"""Blocks of a message: prose as safe HTML with its formulas, and fenced code."""

from dataclasses import dataclass
from html import escape

from desktop.kit.visible_text import visible_text


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX as the model wrote it; `is_display` stands on lines of its own."""

    latex: str
    is_display: bool = False

    @property
    def latex_source(self) -> str:
        """The formula as it is written among words."""
        return f"$${self.latex}$$" if self.is_display else f"${self.latex}$"


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, lists, tables as HTML.

    `links` are the addresses its "link:N" anchors stand for, `formulas` those of "maths:N".
    """

    html: str
    links: tuple[str, ...] = ()
    formulas: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class FencedCode:
    """A fenced block; `marks` are the citations that name it."""

    text: str
    language: str
    marks: tuple[int, ...] = ()


Block = Prose | FencedCode


def plain_html(text: str) -> str:
    """Return `text` as HTML that shows it letter by letter."""
    return escape(visible_text(text)).replace("\n", "<br>")
