"""A message cut into blocks that are shown by widgets of their own: prose, and code.

A finished message is cut at once by `cut`; one that streams by `BlockStream`, which parses only
what the last piece may have changed. Both cut alike, so that what was streamed stays as it is when
the whole has come.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from core.chat.conversation import Citation
from core.patterns import pattern
from desktop.chat.footnotes import Footnotes
from desktop.chat.markdown import LONGEST, Writer, parser
from desktop.chat.marks import MARK, with_marks
from desktop.chat.prose import Block, Code, Prose, plain_html

PROSE = 1200
"""Characters of prose in one block, about; a paragraph is never cut."""
_LONG_LIST = 800
_FENCE = pattern(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\n]*)")
_DANGLING = pattern(r"\n[ \t]*([-+*=#>|]+|[0-9]{1,9}[.)]?|`{1,2}|~{1,2})[ \t]*$")
_ALONE = pattern(r"[ \t]*([-+*=#>|]+|[0-9]{1,9}[.)]?|`{1,2}|~{1,2})[ \t]*")
_SPAN = pattern(r"`[^`\n]*`")
_NOTE = pattern(r"(?:^[ ]{0,3}\[\^[^\]\s]+\]|\[(?:\^[^\]\s]*)?)$", re.MULTILINE)


def cut(text: str, citations: Sequence[Citation] = ()) -> list[Block]:
    """Return the blocks of a finished message."""
    if len(text) > LONGEST:
        return [Prose(f'<p class="plain">{plain_html(text[at : at + LONGEST // 8])}</p>')
                for at in range(0, len(text), LONGEST // 8)]  # fmt: skip
    source = with_marks(text, citations)
    gathering, lines = _Gathering(), _Lines(source)
    for tokens in _tops(parser().parse(source)):
        gathering.take(tokens, _length(tokens, lines))
    seen: set[int] = set().union(*(_numbers(block) for block in gathering.blocks))
    lost = {citation.n for citation in citations} - seen - gathering.writer.marks
    gathering.writer.add_lost(lost)
    gathering.close()
    return gathering.blocks


class _Gathering:
    """Gathers top-level blocks to prose of some length, and code; with notes if it `streams`."""

    def __init__(self, *, streams: bool = False) -> None:
        self.blocks: list[Block] = []
        self.footnotes = Footnotes()
        self._streams = streams
        self.writer = self._new_writer()
        self._length = 0

    def take(self, tokens: Sequence[Token], length: int) -> None:
        """Add one top-level block of so many characters."""
        if self._streams and self.footnotes.take(tokens):
            return
        if tokens[0].type == "fence":
            self.close()
            self.blocks.append(_code(tokens[0]))
            return
        self.writer.write(tokens)
        self._length += length
        if self._length >= PROSE:
            self.close()

    def close(self) -> None:
        """What comes next begins another block."""
        prose = self.writer.prose()
        if prose.html:
            self.blocks.append(prose)
        self.writer = self._new_writer()
        self._length = 0

    def _new_writer(self) -> Writer:
        return Writer(footnotes=self.footnotes if self._streams else None)

    def with_tail(self, source: str) -> list[Block]:
        """Return the blocks with `source` behind them, which may still change."""
        footnotes = self.footnotes.copy()
        writer = self.writer.copy(footnotes)
        for tokens in _tops(parser(streams=True).parse(mended(source))):
            if not footnotes.take(tokens):
                writer.write(tokens)
        writer.write_notes()
        prose = writer.prose()
        return [*self.blocks, prose] if prose.html else list(self.blocks)

    @property
    def notes(self) -> list[Block]:
        """The footnotes that have come by now, in a block of their own."""
        writer = Writer(footnotes=self.footnotes)
        writer.write_notes()
        prose = writer.prose()
        return [prose] if prose.html else []


class BlockStream:
    """Takes a message piece by piece; `blocks` are all of it so far."""

    def __init__(self, text: str = "") -> None:
        self._gathering = _Gathering(streams=True)
        self._tail = ""
        self._fence = ""
        self.add(text)

    def add(self, piece: str) -> None:
        """Take the next piece; costs as much as the last paragraph is long."""
        self._tail += piece
        if self._fence:
            self._close_fence()
        if not self._fence and "\n" in piece:  # only a new line can end a block
            self._settle()

    @property
    def blocks(self) -> list[Block]:
        """The message so far: all but the last block stay as they are."""
        if self._fence:
            opening, _, body = self._tail.partition("\n")
            code = Code(_inside(body), _language(opening))
            return [*self._gathering.blocks, code, *self._gathering.notes]
        return self._gathering.with_tail(self._tail)

    def _settle(self) -> None:
        """Gather what no piece can change any more: every top-level block but the last."""
        tops, lines = self._parsed()
        if len(tops) > 1:
            for top in tops[:-1]:
                self._gathering.take(top, _length(top, lines))
            self._tail = self._tail[lines.start(_first_line(tops[-1])) :]
            tops, lines = self._parsed()
        if tops:
            self._settle_list(tops[0], lines)
        if _opens_fence(self._tail):
            self._gathering.close()
            self._fence = (_FENCE.match(self._tail) or [""])[1]
            self._close_fence()

    def _parsed(self) -> tuple[list[Sequence[Token]], "_Lines"]:
        """Return the tail's top-level blocks."""
        tops = [top for top in _tops(parser(streams=True).parse(self._tail)) if top[0].map]
        return tops, _Lines(self._tail)

    def _settle_list(self, top: Sequence[Token], lines: "_Lines") -> None:
        """Gather a long list's items but the last: parsed whole, each token would cost more."""
        if len(self._tail) < _LONG_LIST or not top or not top[0].type.endswith("_list_open"):
            return
        items = [t for t in top if t.type == "list_item_open" and t.level == 1 and t.map]
        if len(items) < 2 or items[-1].map is None:
            return
        last = top.index(items[-1])
        self._gathering.take([*top[:last], top[-1]], lines.start(items[-1].map[0]))
        self._tail = self._tail[lines.start(items[-1].map[0]) :]

    def _close_fence(self) -> None:
        """Look whether the line that ends the code has come; only whole lines can be it."""
        opening, _, body = self._tail.partition("\n")
        mark = self._fence
        closing = re.compile(
            rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\n", re.MULTILINE
        )
        hit = closing.search(body, max(0, body.rfind("\n", 0, max(0, len(body) - 4000))))
        if hit is None:
            return
        self._gathering.blocks.append(Code(body[: hit.start()].rstrip("\n"), _language(opening)))
        self._tail = body[hit.end() :]
        self._fence = ""


class _Lines:
    """Where each line of a text begins."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(hit.end() for hit in re.finditer("\n", text))]
        self._length = len(text)

    def start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else self._length


def mended(source: str) -> str:
    """Return the end of a message without what it would only look like for a moment.

    A sign that begins a list, a heading or a rule waits for its words; bold and code that are open
    are closed.
    """
    dangling = list(_NOTE.finditer(source, source.rfind("\n") + 1))
    source = source[: dangling[-1].start()] if dangling else source
    source = "" if _ALONE.fullmatch(source) else _DANGLING.sub("", source)
    last = source[source.rfind("\n\n") + 1 :]
    bare = _SPAN.sub("", last)
    if bare.count("`") % 2 and "```" not in bare:
        return f"{source}`" if not source.endswith("`") else source[:-1]
    for sign in ("**", "~~"):
        if bare.count(sign) % 2:
            source = source[: -len(sign)] if source.endswith(sign) else f"{source.rstrip()}{sign}"
    return source


def _opens_fence(source: str) -> bool:
    hit = _FENCE.match(source)
    return hit is not None and source[hit.end() : hit.end() + 1] == "\n"


def _inside(body: str) -> str:
    """Return open code without the fence that may be about to close it."""
    head, _, last = body.rpartition("\n")
    return head if re.fullmatch(r" {0,3}[`~]{1,}[ \t]*", last) else body


def _language(info: str) -> str:
    words = MARK.sub("", info).strip(" `~\t").split()
    return words[0][:40] if words else ""


def _code(token: Token) -> Code:
    pieces = MARK.split(f"{token.info}\n{token.content}")
    numbers = sorted({int(n) for part in pieces[1::2] for n in part.split(",")})
    body = MARK.sub("", token.content).rstrip("\n")
    return Code(body, _language(token.info), tuple(numbers))


def _numbers(block: Block) -> set[int]:
    if isinstance(block, Code):
        return set(block.marks)
    return {int(n) for n in re.findall(r'href="cite:([0-9]+)"', block.html)}


def _tops(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each top-level block."""
    start = depth = 0
    for place, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : place + 1]
            start = place + 1


def _first_line(top: Sequence[Token]) -> int:
    return top[0].map[0] if top[0].map else 0


def _length(top: Sequence[Token], lines: _Lines) -> int:
    if top[0].map is None:
        return PROSE  # footnotes, at the end
    return lines.start(top[0].map[1]) - lines.start(top[0].map[0])
