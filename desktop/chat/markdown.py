"""A model's Markdown as HTML of our own: an allow-list without any reference, remote or local.

Nothing the model writes becomes an address in the HTML. Pictures are dropped, links become anchors
"link:N" into a list kept beside it, citation marks "cite:N". Invisible and direction-turning
characters are shown, so that a text can't look like another.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.chat.conversation import Citation
from desktop.chat.visible import shown, spelled_out, without_controls

LONGEST = 400_000
"""Characters of one message; what is longer is shown as plain text."""
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"[ ]?{_OPEN}([0-9]+(?:,[0-9]+)*){_CLOSE}")
_LIST_SIGN = re.compile(r"\n[ \t]*([-+*>#]+|[0-9]+[.)])?\s*$")
_FENCE = re.compile(r"\s*(```|~~~|[-*_=|: ]+$)")
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


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML, and the addresses its "link:N" anchors stand for."""

    html: str
    links: tuple[str, ...]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    return parser.enable(["table", "strikethrough"])


def render(text: str, citations: Sequence[Citation] = ()) -> Rendered:
    """Write `text` as HTML, with a mark behind each span that a citation names."""
    if len(text) > LONGEST:
        return Rendered(html=f'<p class="plain">{_plain(text)}</p>', links=())
    marked = _with_marks(text, citations)
    writer = _Writer()
    writer.write(_parser().parse(marked))
    html = "".join(writer.parts)
    lost = {citation.n for citation in citations} - writer.marks
    if lost:
        html += f"<p>{_anchors(sorted(lost))}</p>"
    return Rendered(html=html, links=tuple(writer.links))


def _plain(text: str) -> str:
    return escape(shown(text)).replace("\n", "<br>")


def _anchors(numbers: Sequence[int]) -> str:
    marks = "&#8239;".join(f'<a class="cite" href="cite:{n}">[{n}]</a>' for n in numbers)
    return f"&#8239;{marks}"


def _with_marks(text: str, citations: Sequence[Citation]) -> str:
    """Put each span's mark behind its last letter, without breaking the Markdown around it."""
    clean = without_controls(text)
    ends: dict[int, set[int]] = {}
    for citation in citations:
        ends.setdefault(_end_of_words(clean, citation.end), set()).add(citation.n)
    for end in sorted(ends, reverse=True):
        numbers = ",".join(str(n) for n in sorted(ends[end]))
        clean = _put(clean, end, f"{_OPEN}{numbers}{_CLOSE}")
    return clean


def _end_of_words(text: str, end: int) -> int:
    """Return the place behind the last word that begins before `end`."""
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return len(_LIST_SIGN.sub("", text[:end]).rstrip())


def _put(text: str, end: int, mark: str) -> str:
    start = text.rfind("\n", 0, end) + 1
    line = text[start:end]
    if _FENCE.match(line):  # behind a fence or a rule a mark would undo it
        return f"{text[:end]}\n\n{mark}\n\n{text[end:]}"
    if line.endswith("|"):  # behind a table's row it would be one cell too many
        return f"{text[: end - 1]} {mark}{text[end - 1 :]}"
    return f"{text[:end]} {mark}{text[end:]}"


@dataclass(slots=True)
class _Writer:
    """Walks the tokens of the parser; what it doesn't know is dropped, its text kept."""

    parts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    marks: set[int] = field(default_factory=set)
    _hrefs: list[str] = field(default_factory=list)

    def write(self, tokens: Sequence[Token]) -> None:
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
            self.parts.append(f"<{slash}{kind}>")
        elif kind == "link":
            self._link(token, closing=closing)
        elif tag := _BLOCKS.get(kind) or _SPANS.get(kind):
            first = str(token.attrGet("start") or "") if kind == "ordered_list" else ""
            start = f' start="{first}"' if first.isdigit() else ""
            self.parts.append(f"<{slash}{tag}{start}>")

    def _link(self, token: Token, *, closing: bool) -> None:
        if not closing:
            self._hrefs.append(str(token.attrGet("href") or ""))
            return
        href = self._hrefs.pop() if self._hrefs else ""
        if not href:
            return
        address = escape(shown(href))
        if href.lower().startswith(("http://", "https://")):
            number = len(self.links)
            self.links.append(href)
            self.parts.append(f' (<a class="link" href="link:{number}">{address}</a>)')
        else:
            self.parts.append(f" ({address})")

    def inline(self, token: Token) -> None:
        self.write(token.children or [])

    def text(self, token: Token) -> None:
        self.parts.append(self._marked(token.content))

    def code(self, token: Token) -> None:
        self.parts.append(f"<code>{self._marked(token.content)}</code>")

    def block(self, token: Token) -> None:
        body = self._marked(token.content.rstrip("\n"))
        self.parts.append(
            '<table class="code" width="100%" cellpadding="12" cellspacing="0"><tr><td>'
            f"<pre>{body}</pre></td></tr></table>"
        )

    def rule(self, _token: Token) -> None:
        self.parts.append("<hr>")

    def soft_break(self, _token: Token) -> None:
        self.parts.append("\n")

    def hard_break(self, _token: Token) -> None:
        self.parts.append("<br>")

    def image(self, token: Token) -> None:
        self.inline(token)  # its description; the picture is never asked for

    def _marked(self, content: str) -> str:
        pieces = _MARK.split(content)
        for index in range(1, len(pieces), 2):
            numbers = [int(n) for n in pieces[index].split(",")]
            self.marks.update(numbers)
            pieces[index] = _anchors(numbers)
        pieces[::2] = [escape(spelled_out(piece)) for piece in pieces[::2]]
        return "".join(pieces)


_LEAVES: dict[str, Callable[[_Writer, Token], None]] = {
    "inline": _Writer.inline,
    "text": _Writer.text,
    "text_special": _Writer.text,
    "code_inline": _Writer.code,
    "code_block": _Writer.block,
    "fence": _Writer.block,
    "html_block": _Writer.text,
    "html_inline": _Writer.text,
    "hr": _Writer.rule,
    "softbreak": _Writer.soft_break,
    "hardbreak": _Writer.hard_break,
    "image": _Writer.image,
}
