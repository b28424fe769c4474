"""Markdown renderer: a model's Markdown as allow-listed HTML without remote or local references.

Nothing the model writes becomes an address in the HTML. Pictures are dropped, links become anchors
"link:N" into a list kept beside it, citation marks "cite:N", formulas pictures "maths:N" that are
drawn here. Invisible and direction-turning characters are shown, so that a text can't look like
another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from core.chat.conversations.conversation import Citation, JudgedSentence
from core.chat.export.export_labels import CONTRARY_SIGN, UNPROVEN_SIGN
from desktop.chat.markdown.block_types import Formula, Prose, plain_html
from desktop.chat.markdown.bracket_maths_plugin import bracket_maths_plugin
from desktop.chat.markdown.citation_marks import (
    CITATION_MARK,
    citation_number,
    insert_citation_marks,
)
from desktop.chat.markdown.footnotes import Footnotes
from desktop.kit.visible_text import spell_out_invisible, visible_text

MAX_MESSAGE_LENGTH = 400_000
"""Maximum characters of a message; a longer one is shown as plain text."""
_BLOCKS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "thead": "",
    "tbody": "",
    "tr": "tr",
}
_SPANS = {"em": "em", "strong": "strong", "s": "s"}
_ALIGNED = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}
_TICKED, _UNTICKED = "☑", "☐"


@cache
def markdown_parser(*, streams: bool = False) -> MarkdownIt:
    """Return the parser: CommonMark without HTML, with extensions that models use.

    The one for a part of what `streams` knows a footnote by its name alone, and leaves the notes
    where they are.
    """
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    made.enable(["table", "strikethrough"])
    footnote_plugin(made, inline=False, move_to_end=not streams, always_match_refs=streams)
    tasklists_plugin(made)
    bracket_maths_plugin(made)
    # dollars are maths only where they hug it, so that prices stay prices
    dollarmath_plugin(
        made, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True
    )
    return made


def render_markdown(
    text: str, citations: Sequence[Citation] = (), sentences: Sequence[JudgedSentence] = ()
) -> Prose:
    """Return `text` as HTML, with a mark after each cited span."""
    if len(text) > MAX_MESSAGE_LENGTH:
        return Prose(html=f'<p class="plain">{plain_html(text)}</p>')
    writer = HtmlWriter()
    writer.write_tokens(markdown_parser().parse(insert_citation_marks(text, citations, sentences)))
    writer.add_unplaced_citations({citation.n for citation in citations} - writer.citation_numbers)
    return writer.build_prose()


def citation_anchors(marks: Sequence[str]) -> str:
    """Return the marks behind a sentence: "1" of a source that supports it.

    "!1" is a source that contradicts it, "?" says that none supports it.
    """
    return f"&#8239;{'&#8239;'.join(map(_anchor, marks))}"


def _anchor(mark: str) -> str:
    if mark == "?":
        return f'<span class="unproven">{UNPROVEN_SIGN}</span>'
    number = citation_number(mark)
    if mark.startswith("!"):
        return f'<a class="against" href="cite:{mark}">{CONTRARY_SIGN}{number}</a>'
    return f'<a class="cite" href="cite:{mark}">[{number}]</a>'


@dataclass(slots=True)
class HtmlWriter:
    """Converts the tokens of the parser; unknown ones are dropped, and their text is kept."""

    parts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    citation_numbers: set[int] = field(default_factory=set)
    footnotes: Footnotes | None = None
    """The numbering of footnotes; None leaves it to the parser."""
    _hrefs: list[str] = field(default_factory=list)

    def copy(self, footnotes: Footnotes) -> "HtmlWriter":
        """Return an independent copy."""
        parts, links, formulas = list(self.parts), list(self.links), list(self.formulas)
        return HtmlWriter(parts, links, formulas, footnotes=footnotes)

    def build_prose(self) -> Prose:
        """Return the result."""
        return Prose("".join(self.parts), tuple(self.links), tuple(self.formulas))

    def add_unplaced_citations(self, numbers: set[int]) -> None:
        """Write marks that could not be placed, in a paragraph of their own."""
        if numbers:
            self.citation_numbers |= numbers
            self.parts.append(f"<p>{citation_anchors([str(n) for n in sorted(numbers)])}</p>")

    def write_tokens(self, tokens: Sequence[Token]) -> None:
        """Convert tokens in order."""
        for token in tokens:
            kind, _, side = token.type.rpartition("_")
            if token.type in _LEAVES:
                _LEAVES[token.type](self, token)
            elif side in {"open", "close"}:
                self._side(kind, token, closing=side == "close")

    def _side(self, kind: str, token: Token, *, closing: bool) -> None:
        slash = "/" if closing else ""
        if kind == "paragraph" and token.hidden:
            return  # in a tight list the item itself is the block
        if kind == "heading":
            self.parts.append(f"<{slash}h{min(int(token.tag[1:]) + 2, 6)}>")
        elif kind == "table":
            self.parts.append("</table>" if closing else '<table class="grid" cellspacing="0">')
        elif kind in {"th", "td"}:
            align = _ALIGNED.get(str(token.attrGet("style") or ""), "")
            side = f' align="{align}"' if align and not closing else ""
            self.parts.append(f"<{slash}{kind}{side}>")
        elif kind == "link":
            self._link(token, closing=closing)
        elif kind == "footnote_block":
            self.parts.append("" if closing else "<hr>")
        elif kind == "footnote":
            self.parts.append("</td></tr></table>" if closing else _note(token.meta["id"] + 1))
        elif tag := _BLOCKS.get(kind) or _SPANS.get(kind):
            first = str(token.attrGet("start") or "") if kind == "ordered_list" else ""
            start = f' start="{first}"' if first.isdigit() else ""
            if "contains-task-list" in str(token.attrGet("class") or ""):
                start = ' class="tasks"'
            self.parts.append(f"<{slash}{tag}{start}>")

    def write_footnotes(self) -> None:
        """Write the footnotes received so far, where `footnotes` numbers them."""
        come = list(self.footnotes.available_notes()) if self.footnotes is not None else []
        self.parts += ["<hr>"] if come else []
        for number, tokens in come:
            self.parts.append(_note(number))
            self.write_tokens(tokens)
            self.parts.append("</td></tr></table>")

    def _link(self, token: Token, *, closing: bool) -> None:
        if not closing:
            self._hrefs.append(str(token.attrGet("href") or ""))
            return
        href = self._hrefs.pop() if self._hrefs else ""
        if not href:
            return
        address = escape(visible_text(href))
        if href.lower().startswith(("http://", "https://")):
            number = len(self.links)
            self.links.append(href)
            self.parts.append(f' (<a class="link" href="link:{number}">{address}</a>)')
        else:
            self.parts.append(f" ({address})")

    def write_inline(self, token: Token) -> None:
        """Write the content of a block."""
        self.write_tokens(token.children or [])

    def write_text(self, token: Token) -> None:
        """Write text, escaped, with its citation marks."""
        self.parts.append(self._marked(token.content))

    def write_html(self, token: Token) -> None:
        """Write HTML as text; only the tick boxes of a task list are ours."""
        if 'class="task-list-item-checkbox"' in token.content and token.type == "html_inline":
            self.parts.append(_TICKED if 'checked="checked"' in token.content else _UNTICKED)
        else:
            self.parts.append(self._marked(token.content))

    def write_code_span(self, token: Token) -> None:
        """Write inline code."""
        self.parts.append(f"<code>{self._marked(token.content)}</code>")

    def write_code_block(self, token: Token) -> None:
        """Write a code block inside a list or a quotation."""
        body = self._marked(token.content.rstrip("\n"))
        self.parts.append(
            '<table class="code" width="100%" cellpadding="12" cellspacing="0"><tr><td>'
            f"<pre>{body}</pre></td></tr></table>"
        )

    def write_formula(self, token: Token) -> None:
        """Leave space for a formula, and put the marks that stood in it behind it."""
        pieces = CITATION_MARK.split(token.content)
        numbers = sorted({mark for part in pieces[1::2] for mark in part.split(",")})
        is_display = token.type in {"math_block", "math_inline_double"}
        number = len(self.formulas)
        self.formulas.append(Formula("".join(pieces[::2]).strip(), is_display=is_display))
        self.citation_numbers.update(map(citation_number, numbers))
        picture = f'<img src="maths:{number}">{citation_anchors(numbers) if numbers else ""}'
        is_block = token.type == "math_block"
        self.parts.append(f'<p align="center">{picture}</p>' if is_block else picture)

    def write_footnote_ref(self, token: Token) -> None:
        """Write the number of a footnote."""
        label, number = str(token.meta["label"]), int(token.meta["id"]) + 1
        if self.footnotes is not None:
            number = self.footnotes.number_for_label(label)
        self.parts.append(f"<sup>{number}</sup>" if number else self._marked(f"[^{label}]"))

    def write_rule(self, _token: Token) -> None:
        """Write a horizontal rule."""
        self.parts.append("<hr>")

    def write_soft_break(self, _token: Token) -> None:
        """Write a soft line break."""
        self.parts.append("\n")

    def write_hard_break(self, _token: Token) -> None:
        """Write a hard line break."""
        self.parts.append("<br>")

    def write_image(self, token: Token) -> None:
        """Write the description of a picture; the picture is never requested."""
        self.write_inline(token)

    def _marked(self, content: str) -> str:
        pieces = CITATION_MARK.split(content)
        for index in range(1, len(pieces), 2):
            numbers = pieces[index].split(",")
            self.citation_numbers.update(map(citation_number, numbers))
            pieces[index] = citation_anchors(numbers)
        pieces[::2] = [escape(spell_out_invisible(piece)) for piece in pieces[::2]]
        return "".join(pieces)


def _note(number: int) -> str:
    return f'<table class="note" cellspacing="0"><tr><td>{number}.&#160;</td><td>'


_LEAVES: dict[str, Callable[[HtmlWriter, Token], None]] = {
    "inline": HtmlWriter.write_inline,
    "text": HtmlWriter.write_text,
    "text_special": HtmlWriter.write_text,
    "code_inline": HtmlWriter.write_code_span,
    "code_block": HtmlWriter.write_code_block,
    "fence": HtmlWriter.write_code_block,
    "html_block": HtmlWriter.write_text,
    "html_inline": HtmlWriter.write_html,
    "math_inline": HtmlWriter.write_formula,
    "math_inline_double": HtmlWriter.write_formula,
    "math_block": HtmlWriter.write_formula,
    "footnote_ref": HtmlWriter.write_footnote_ref,
    "hr": HtmlWriter.write_rule,
    "softbreak": HtmlWriter.write_soft_break,
    "hardbreak": HtmlWriter.write_hard_break,
    "image": HtmlWriter.write_image,
}
