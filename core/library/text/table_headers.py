"""Table headers: the header of a long table repeated above each part, with position mapping."""

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.library.text.embedder_token_counter import InsertedCopy, TokenMap

BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
"""Lines without an empty one between them: a paragraph, a list, a table."""
_RULE = re.compile(r"[\s|:+=-]+")
"""The line below the header of a Markdown table."""
_MIN_LINES = 3
_BARRED_SHARE = 0.8
"""Share of a table's lines that hold a bar; some rows may have one cell only."""
_HEAD_SHARE = 3
"""A header longer than this part of a passage is not repeated: it would leave no space for rows."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ExpandedText:
    """A text with repeated headers: at `places` in the original, at `begins` in this one."""

    text: str
    tokens: TokenMap
    places: tuple[int, ...]
    lengths: tuple[int, ...]
    begins: tuple[int, ...]
    """Position of each repeated header."""
    parts: frozenset[int]
    """Positions of the paragraphs that the parts of tables have become."""

    def expanded_position(self, position: int) -> int:
        """Return the position in this text of one in the original."""
        index = bisect.bisect_right(self.places, position) - 1
        if index < 0:
            return position
        return position - self.places[index] + self.begins[index] + self.lengths[index]

    def original_position(self, position: int) -> int:
        """Return the position in the original; for a repeated header, that of the row below it."""
        index = bisect.bisect_right(self.begins, position) - 1
        if index < 0:
            return position
        past = position - self.begins[index] - self.lengths[index]
        return self.places[index] + max(0, past)


def repeat_table_headers(
    text: str, spans: Sequence[Span], tokens: TokenMap, part_tokens: int
) -> ExpandedText:
    """Return the text with the header of each long table repeated every `part_tokens` tokens.

    `spans` are the pages. Each part of a table becomes a paragraph of its own.
    """
    copies = [
        InsertedCopy(place, *header, before="\n", after="\n")
        for start, end in spans
        for match in BLOCK.finditer(text, start, end)
        if "|" in match[0] and is_table_block(match[0])
        for header, places in [_table_parts(text, match.span(), tokens, part_tokens)]
        for place in places
    ]
    parts: list[str] = []
    last = 0
    for copy in copies:
        parts += [text[last : copy.place], copy.before, text[copy.start : copy.end], copy.after]
        last = copy.place
    parts.append(text[last:])
    lengths = [copy.length for copy in copies]
    offsets = itertools.accumulate(lengths, initial=0)
    begins = tuple(copy.place + offset for copy, offset in zip(copies, offsets, strict=False))
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
    return first and len(lines) >= _MIN_LINES and barred >= _BARRED_SHARE * len(lines)


def row_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of the lines between `start` and `end`."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            yield start, stop
        start = stop + 1


def _table_parts(
    text: str, block: Span, tokens: TokenMap, part_tokens: int
) -> tuple[Span, list[int]]:
    """Return the header of a table and where its parts begin, without the first part."""
    lines = list(row_spans(text, *block))
    has_rule = _RULE.fullmatch(text, *lines[1]) is not None
    header = (block[0], lines[1][1] if has_rule else lines[0][1])
    header_tokens = tokens.count_tokens(*header)
    if header_tokens * _HEAD_SHARE > part_tokens:
        return header, []
    places: list[int] = []
    part_start = header[1]
    for start, end in lines[2 if has_rule else 1 :]:
        if (
            tokens.count_tokens(part_start, end) + header_tokens > part_tokens
            and tokens.count_tokens(part_start, start) > 0
        ):
            places.append(start)
            part_start = start
    return header, places
