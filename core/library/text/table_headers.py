"""Table headers: the head of a long table repeated above each part, with position mapping."""

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.library.text.embedder_token_counter import InsertedCopy, TokenMap

BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
"""Lines without an empty one between them: a paragraph, a list, a table."""
_RULE = re.compile(r"[\s|:+=-]+")
"""The line below the head of a Markdown table."""
_LEAST_LINES = 3
_BARRED_SHARE = 0.8
"""Share of a table's lines that hold a bar; a row may have but one cell."""
_HEAD_SHARE = 3
"""A head of more than this part of a passage is not repeated: it would crowd out the rows."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ExpandedText:
    """A text with heads repeated in it. `places` are where, in the text before; lengths now."""

    text: str
    tokens: TokenMap
    places: tuple[int, ...]
    lengths: tuple[int, ...]
    begins: tuple[int, ...]
    """Where each repeated head is put in now."""
    parts: frozenset[int]
    """Where the paragraphs begin that the parts of tables are now."""

    def expanded_position(self, position: int) -> int:
        """Return where a place of the text before lies now."""
        index = bisect.bisect_right(self.places, position) - 1
        if index < 0:
            return position
        return position - self.places[index] + self.begins[index] + self.lengths[index]

    def original_position(self, position: int) -> int:
        """Return where a place lay before; that of a repeated head is its first row."""
        index = bisect.bisect_right(self.begins, position) - 1
        if index < 0:
            return position
        past = position - self.begins[index] - self.lengths[index]
        return self.places[index] + max(0, past)


def repeat_table_headers(
    text: str, spans: Sequence[Span], tokens: TokenMap, aim: int
) -> ExpandedText:
    """Return the text with the head of each long table repeated every `aim` tokens.

    `spans` are the pages. Each part of a table becomes a paragraph of its own.
    """
    copies = [
        InsertedCopy(place, *head, before="\n", after="\n")
        for start, end in spans
        for match in BLOCK.finditer(text, start, end)
        if "|" in match[0] and is_table_block(match[0])
        for head, places in [_cuts(text, match.span(), tokens, aim)]
        for place in places
    ]
    parts: list[str] = []
    last = 0
    for copy in copies:
        parts += [text[last : copy.place], copy.before, text[copy.start : copy.end], copy.after]
        last = copy.place
    parts.append(text[last:])
    lengths = [copy.length for copy in copies]
    moved = itertools.accumulate(lengths, initial=0)
    begins = tuple(copy.place + by for copy, by in zip(copies, moved, strict=False))
    places = tuple(copy.place for copy in copies)
    return ExpandedText(
        "".join(parts),
        tokens.with_inserted_copies(copies),
        places,
        tuple(lengths),
        begins,
        frozenset(begin + len("\n") for begin in begins),
    )


def is_table_block(block: str) -> bool:
    """Return whether a paragraph is rows of cells with bars between them."""
    lines = block.split("\n")
    barred = sum(" | " in line or line.startswith("|") for line in lines)
    first = " | " in lines[0] or lines[0].startswith("|")
    return first and len(lines) >= _LEAST_LINES and barred >= _BARRED_SHARE * len(lines)


def row_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of the lines between `start` and `end`."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            yield start, stop
        start = stop + 1


def _cuts(text: str, block: Span, tokens: TokenMap, aim: int) -> tuple[Span, list[int]]:
    """Return the head of a table and where its parts begin, the first one left out."""
    lines = list(row_spans(text, *block))
    has_rule = _RULE.fullmatch(text, *lines[1]) is not None
    head = (block[0], lines[1][1] if has_rule else lines[0][1])
    weight = tokens.count_tokens(*head)
    if weight * _HEAD_SHARE > aim:
        return head, []
    places: list[int] = []
    begun = head[1]
    for start, end in lines[2 if has_rule else 1 :]:
        if tokens.count_tokens(begun, end) + weight > aim and tokens.count_tokens(begun, start) > 0:
            places.append(start)
            begun = start
    return head, places
