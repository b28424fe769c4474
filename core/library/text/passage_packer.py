"""Passage packer: sentences, rows and list items packed into spans that fit the window."""

import re
import unicodedata
from collections.abc import Container, Iterator

from core.base.sentences import sentence_spans
from core.library.text.embedder_token_counter import TokenMap
from core.library.text.table_headers import BLOCK, Span, is_table_block, row_spans

_LEADS_IN = re.compile(r"[:：][\"'”’*_]{0,2}\Z")
_BREAKS = tuple(map(re.compile, (r"\n", r"[.!?;。！？；،؛,、，]\s?", r"\s")))
"""Places to cut a sentence that is too long, best first: line, clause, word."""

_SLICE = 50_000
"""Characters searched for sentences at once: a step is short, whatever the text."""


class PassagePacker:
    """Packs one text. A passage is about `target_tokens` long and never above `max_tokens`.

    A paragraph or table that fits stays in one passage, and so do a list and the line before it
    that ends in a colon.
    """

    def __init__(
        self,
        text: str,
        tokens: TokenMap,
        *,
        target_tokens: int,
        max_tokens: int,
        new_passages: Container[int],
    ) -> None:
        """A paragraph that begins at one of `new_passages`, as a table's next part, begins one."""
        self._text = text
        self._new_passages = new_passages
        self._tokens = tokens
        self._max_tokens = max_tokens
        self._target_tokens = min(target_tokens, max_tokens)
        self._units: list[Span] = []

    def pack_passages(self, start: int, end: int) -> Iterator[Span]:
        """Yield the spans of the passages between `start` and `end`, in order."""
        for match in BLOCK.finditer(self._text, start, end):
            if self._begins_passage(*match.span()):
                yield from self._end_passage()
            for unit in self._units_of(match):
                if self._units and self._length_with(unit) > self._target_tokens:
                    yield from self._end_passage(keep_lead_in=self._fits_after_lead_in(unit))
                self._units.append(unit)
        yield from self._end_passage()

    def _units_of(self, block: re.Match[str]) -> Iterator[Span]:
        if is_table_block(block[0]):
            spans: Iterator[Span] = row_spans(self._text, *block.span())
        else:
            spans = self._sentences(*block.span())
        for start, end in spans:
            yield from self._fitting(start, end)

    def _sentences(self, start: int, end: int) -> Iterator[Span]:
        """Yield the sentences of a paragraph; a very long one is searched in slices."""
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
        """Yield a sentence whole, or in pieces if it is longer than a passage may be."""
        while self._tokens.count_tokens(start, end) > self._max_tokens:
            middle = self._break(start, self._tokens.position_after(start, self._max_tokens))
            yield start, middle
            start = middle
        if self._text[start:end].strip():
            yield start, end

    def _break(self, start: int, limit: int) -> int:
        """Return where to cut: after a line, a clause or a word in the half before `limit`."""
        earliest = start + (limit - start) // 2
        for pattern in _BREAKS:
            ends = [match.end() for match in pattern.finditer(self._text, earliest, limit)]
            if ends:
                return ends[-1]
        while limit > earliest + 1 and unicodedata.category(self._text[limit]).startswith("M"):
            limit -= 1  # a mark that belongs to the letter before it
        return limit

    def _begins_passage(self, start: int, end: int) -> bool:
        """Whether a block must begin a passage, or fits into one but not into the half-full one."""
        if not self._units or start in self._new_passages:
            return bool(self._units)
        if self._tokens.count_tokens(start, end) > self._target_tokens:
            return False
        filled = self._tokens.count_tokens(self._units[0][0], self._units[-1][1])
        if filled < self._target_tokens // 2 or self._leads_in():
            return False
        return self._length_with((start, end)) > self._target_tokens

    def _length_with(self, unit: Span) -> int:
        return self._tokens.count_tokens(self._units[0][0], unit[1])

    def _leads_in(self) -> bool:
        start, end = self._units[-1]
        return _LEADS_IN.search(self._text, max(start, end - 4), end) is not None

    def _fits_after_lead_in(self, unit: Span) -> bool:
        """Whether the last unit leads into `unit`, and both fit into one passage."""
        return (
            self._leads_in()
            and self._tokens.count_tokens(self._units[-1][0], unit[1]) <= self._max_tokens
        )

    def _end_passage(self, *, keep_lead_in: bool = False) -> Iterator[Span]:
        lead_in = self._units[-1:] if keep_lead_in else []
        units = self._units[:-1] if keep_lead_in else self._units
        if units:
            yield units[0][0], units[-1][1]
        self._units = lead_in
