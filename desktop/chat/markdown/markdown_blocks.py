"""Block splitting: a Markdown message as prose and code blocks, finished or streaming.

A finished message is cut at once by `split_blocks`; one that streams by `BlockStream`, which parses
only what the last piece may have changed. Both cut alike, so that what was streamed stays as it is
when the whole has come.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Citation, JudgedSentence
from desktop.chat.markdown.block_types import Block, FencedCode, Prose, plain_html
from desktop.chat.markdown.citation_marks import (
    CITATION_MARK,
    citation_number,
    insert_citation_marks,
)
from desktop.chat.markdown.footnotes import Footnotes
from desktop.chat.markdown.markdown_html import MAX_MESSAGE_LENGTH, HtmlWriter, markdown_parser

PROSE_BLOCK_LENGTH = 1200
"""Approximate characters of prose in one block; a paragraph is never split."""
_LONG_LIST = 800
_FENCE = lazy_pattern(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\n]*)")
_DANGLING = lazy_pattern(r"\n[ \t]*([-+*=#>|]+|[0-9]{1,9}[.)]?|`{1,2}|~{1,2})[ \t]*$")
_ALONE = lazy_pattern(r"[ \t]*([-+*=#>|]+|[0-9]{1,9}[.)]?|`{1,2}|~{1,2})[ \t]*")
_SPAN = lazy_pattern(r"`[^`\n]*`")
_NOTE = lazy_pattern(r"(?:^[ ]{0,3}\[\^[^\]\s]+\]|\[(?:\^[^\]\s]*)?)$", re.MULTILINE)


def split_blocks(
    text: str, citations: Sequence[Citation], sentences: Sequence[JudgedSentence]
) -> list[Block]:
    """Return the blocks of a finished message."""
    if len(text) > MAX_MESSAGE_LENGTH:
        return [Prose(f'<p class="plain">{plain_html(text[at : at + MAX_MESSAGE_LENGTH // 8])}</p>')
                for at in range(0, len(text), MAX_MESSAGE_LENGTH // 8)]  # fmt: skip
    source = insert_citation_marks(text, citations, sentences)
    gathering, lines = _BlockCollector(), _Lines(source)
    for tokens in _top_level_blocks(markdown_parser().parse(source)):
        gathering.add_tokens(tokens, _length(tokens, lines))
    seen: set[int] = set().union(*(_numbers(block) for block in gathering.blocks))
    lost = {citation.n for citation in citations} - seen - gathering.writer.citation_numbers
    gathering.writer.add_unplaced_citations(lost)
    gathering.close()
    return gathering.blocks


class _BlockCollector:
    """Joins top-level blocks to prose of some length, and code; with footnotes if it `streams`."""

    def __init__(self, *, streams: bool = False) -> None:
        self.blocks: list[Block] = []
        self.footnotes = Footnotes()
        self._streams = streams
        self.writer = self._new_writer()
        self._length = 0

    def add_tokens(self, tokens: Sequence[Token], length: int) -> None:
        """Add a top-level block of a number of characters."""
        if self._streams and self.footnotes.add_note_block(tokens):
            return
        if tokens[0].type == "fence":
            self.close()
            self.blocks.append(_code(tokens[0]))
            return
        self.writer.write_tokens(tokens)
        self._length += length
        if self._length >= PROSE_BLOCK_LENGTH:
            self.close()

    def close(self) -> None:
        """End the current block."""
        prose = self.writer.build_prose()
        if prose.html:
            self.blocks.append(prose)
        self.writer = self._new_writer()
        self._length = 0

    def _new_writer(self) -> HtmlWriter:
        return HtmlWriter(footnotes=self.footnotes if self._streams else None)

    def blocks_with_tail(self, source: str) -> list[Block]:
        """Return the blocks followed by those of `source`, which may still change."""
        footnotes = self.footnotes.copy()
        writer = self.writer.copy(footnotes)
        for tokens in _top_level_blocks(
            markdown_parser(streams=True).parse(close_open_markup(source))
        ):
            if not footnotes.add_note_block(tokens):
                writer.write_tokens(tokens)
        writer.write_footnotes()
        prose = writer.build_prose()
        return [*self.blocks, prose] if prose.html else list(self.blocks)

    @property
    def footnote_blocks(self) -> list[Block]:
        """The footnotes received so far, in a block of their own."""
        writer = HtmlWriter(footnotes=self.footnotes)
        writer.write_footnotes()
        prose = writer.build_prose()
        return [prose] if prose.html else []


class BlockStream:
    """Splits a streaming message; `blocks` are all of it so far."""

    def __init__(self, text: str = "") -> None:
        self._gathering = _BlockCollector(streams=True)
        self._tail = ""
        self._fence = ""
        self.add_piece(text)

    def add_piece(self, piece: str) -> None:
        """Append a piece; the cost depends on the length of the last paragraph only."""
        self._tail += piece
        if self._fence:
            self._close_fence()
        if not self._fence and "\n" in piece:  # only a new line can end a block
            self._settle()

    @property
    def blocks(self) -> list[Block]:
        """The message so far: all blocks but the last are final."""
        if self._fence:
            opening, _, body = self._tail.partition("\n")
            code = FencedCode(_inside(body), _language(opening))
            return [*self._gathering.blocks, code, *self._gathering.footnote_blocks]
        return self._gathering.blocks_with_tail(self._tail)

    def _settle(self) -> None:
        """Move final blocks out of the tail: every top-level block but the last."""
        tops, lines = self._parsed()
        if len(tops) > 1:
            for top in tops[:-1]:
                self._gathering.add_tokens(top, _length(top, lines))
            self._tail = self._tail[lines.line_start(_first_line(tops[-1])) :]
            tops, lines = self._parsed()
        if tops:
            self._settle_list(tops[0], lines)
        if _opens_fence(self._tail):
            self._gathering.close()
            self._fence = (_FENCE.match(self._tail) or [""])[1]
            self._close_fence()

    def _parsed(self) -> tuple[list[Sequence[Token]], "_Lines"]:
        """Return the top-level blocks of the tail."""
        tops = [
            top
            for top in _top_level_blocks(markdown_parser(streams=True).parse(self._tail))
            if top[0].map
        ]
        return tops, _Lines(self._tail)

    def _settle_list(self, top: Sequence[Token], lines: "_Lines") -> None:
        """Move a long list's items but the last out of the tail, to limit the cost of a token."""
        if len(self._tail) < _LONG_LIST or not top or not top[0].type.endswith("_list_open"):
            return
        items = [t for t in top if t.type == "list_item_open" and t.level == 1 and t.map]
        if len(items) < 2 or items[-1].map is None:
            return
        last = top.index(items[-1])
        self._gathering.add_tokens([*top[:last], top[-1]], lines.line_start(items[-1].map[0]))
        self._tail = self._tail[lines.line_start(items[-1].map[0]) :]

    def _close_fence(self) -> None:
        """Check whether the line that ends the code was received; only whole lines count."""
        opening, _, body = self._tail.partition("\n")
        mark = self._fence
        closing = re.compile(
            rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\n", re.MULTILINE
        )
        hit = closing.search(body, max(0, body.rfind("\n", 0, max(0, len(body) - 4000))))
        if hit is None:
            return
        self._gathering.blocks.append(
            FencedCode(body[: hit.start()].rstrip("\n"), _language(opening))
        )
        self._tail = body[hit.end() :]
        self._fence = ""


class _Lines:
    """Start positions of the lines of a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(hit.end() for hit in re.finditer("\n", text))]
        self._length = len(text)

    def line_start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else self._length


def close_open_markup(source: str) -> str:
    """Return the end of a message without markup that is incomplete.

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
    """Return unfinished code without a line that may become its closing fence."""
    head, _, last = body.rpartition("\n")
    return head if re.fullmatch(r" {0,3}[`~]{1,}[ \t]*", last) else body


def _language(info: str) -> str:
    words = CITATION_MARK.sub("", info).strip(" `~\t").split()
    return words[0][:40] if words else ""


def _code(token: Token) -> FencedCode:
    pieces = CITATION_MARK.split(f"{token.info}\n{token.content}")
    marks = {mark for part in pieces[1::2] for mark in part.split(",")}
    numbers = sorted({citation_number(mark) for mark in marks if mark[0].isdigit()})
    body = CITATION_MARK.sub("", token.content).rstrip("\n")
    return FencedCode(body, _language(token.info), tuple(numbers))


def _numbers(block: Block) -> set[int]:
    if isinstance(block, FencedCode):
        return set(block.marks)
    return {int(n) for n in re.findall(r'href="cite:!?([0-9]+)', block.html)}


def _top_level_blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
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
        return PROSE_BLOCK_LENGTH  # footnotes, at the end
    return lines.line_start(top[0].map[1]) - lines.line_start(top[0].map[0])
