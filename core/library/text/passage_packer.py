"""Passage packer: sentences, rows and list items packed into spans that fit the window."""

import re
import unicodedata
from collections.abc import Container, Iterator

from core.base.sentences import sentence_spans
from core.library.text.embedder_token_counter import TokenMap
from core.library.text.table_headers import BLOCK, Span, is_table_block, row_spans

_LEADS_IN = re.compile(r"[:：][\"'”’*_]{0,2}\Z")
_BREAKS = tuple(map(re.compile, (r"\n", r"[.!?;。！？；،؛,、，]\s?", r"\s")))
"""Where a sentence that is too long is best cut, best first."""

_SLICE = 50_000
"""Characters; a passage is never long in coming, whatever the text."""


class PassagePacker:
    """Packs one text. A passage is about `aim` tokens long and never above `room`.

    A paragraph or table that fits is not torn apart, nor a list from the line that leads into it.
    """

    def __init__(
        self, text: str, tokens: TokenMap, *, aim: int, room: int, anew: Container[int] = ()
    ) -> None:
        """A paragraph that begins in `anew`, such as a table's next part, begins a passage."""
        self._text = text
        self._anew = anew
        self._tokens = tokens
        self._room = room
        self._aim = min(aim, room)
        self._units: list[Span] = []

    def pack_passages(self, start: int, end: int) -> Iterator[Span]:
        """Yield the spans of the passages between `start` and `end`, in order."""
        for match in BLOCK.finditer(self._text, start, end):
            if self._is_better_begun_anew(*match.span()):
                yield from self._end()
            for unit in self._units_of(match):
                if self._units and self._length_with(unit) > self._aim:
                    yield from self._end(keep_lead_in=self._fits_after_lead_in(unit))
                self._units.append(unit)
        yield from self._end()

    def _units_of(self, block: re.Match[str]) -> Iterator[Span]:
        if is_table_block(block[0]):
            spans: Iterator[Span] = row_spans(self._text, *block.span())
        else:
            spans = self._sentences(*block.span())
        for start, end in spans:
            yield from self._fitting(start, end)

    def _sentences(self, start: int, end: int) -> Iterator[Span]:
        """Yield the sentences of a paragraph; one that is no paragraph is looked at in slices."""
        while start < end:
            stop = min(end, start + _SLICE)
            if stop < end:
                space = max(self._text.rfind(mark, start, stop) for mark in "\n ")
                stop = space if space > start else stop
            sentences = sentence_spans(self._text, start, stop)
            if stop < end and len(sentences) > 1:
                stop = sentences.pop()[0]  # it may go on in the next slice
            yield from sentences
            start = stop

    def _fitting(self, start: int, end: int) -> Iterator[Span]:
        """Yield a sentence whole, or in pieces if it is longer than the window."""
        while self._tokens.count_tokens(start, end) > self._room:
            middle = self._break(start, self._tokens.position_after(start, self._room))
            yield start, middle
            start = middle
        if self._text[start:end].strip():
            yield start, end

    def _break(self, start: int, limit: int) -> int:
        """Return where to cut: behind a line, a clause or a word in the half before `limit`."""
        floor = start + (limit - start) // 2
        for pattern in _BREAKS:
            ends = [match.end() for match in pattern.finditer(self._text, floor, limit)]
            if ends:
                return ends[-1]
        while limit > floor + 1 and unicodedata.category(self._text[limit]).startswith("M"):
            limit -= 1  # a sign that belongs to the letter before it
        return limit

    def _is_better_begun_anew(self, start: int, end: int) -> bool:
        """Whether a block fits into a passage of its own, but not into the one half full."""
        if not self._units or start in self._anew:
            return bool(self._units)
        if self._tokens.count_tokens(start, end) > self._aim:
            return False
        full = self._tokens.count_tokens(self._units[0][0], self._units[-1][1]) >= self._aim // 2
        return full and self._length_with((start, end)) > self._aim and not self._leads_in()

    def _length_with(self, unit: Span) -> int:
        return self._tokens.count_tokens(self._units[0][0], unit[1])

    def _leads_in(self) -> bool:
        start, end = self._units[-1]
        return _LEADS_IN.search(self._text, max(start, end - 4), end) is not None

    def _fits_after_lead_in(self, unit: Span) -> bool:
        """Whether the last unit should stand before `unit` rather than end its passage."""
        return (
            self._leads_in()
            and self._tokens.count_tokens(self._units[-1][0], unit[1]) <= self._room
        )

    def _end(self, *, keep_lead_in: bool = False) -> Iterator[Span]:
        kept = self._units[-1:] if keep_lead_in else []
        units = self._units[:-1] if keep_lead_in else self._units
        if units:
            yield units[0][0], units[-1][1]
        self._units = kept
