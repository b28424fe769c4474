"""What a message is made of once it is cut: prose as HTML of ours, and code."""

from dataclasses import dataclass
from html import escape

from desktop.chat.visible import shown


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX as the model wrote it; `is_display` stands on lines of its own."""

    latex: str
    is_display: bool = False

    @property
    def written(self) -> str:
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
class Code:
    """A fenced block; `marks` are the citations that name it."""

    text: str
    language: str
    marks: tuple[int, ...] = ()


Block = Prose | Code


def plain_html(text: str) -> str:
    """Return `text` as HTML that shows it letter by letter."""
    return escape(shown(text)).replace("\n", "<br>")
