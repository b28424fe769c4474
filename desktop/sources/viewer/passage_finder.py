"""Passage finder: where a kept passage and its cited sentences stand in a document's text."""

from collections.abc import Iterator, Sequence

from core.chat.conversations.conversation import Source
from desktop.chat.controller.cited_source import cited_spans
from desktop.kit.visible_text import visible_text
from desktop.sources.viewer.document_tables import Span

_SHORTEST = 24
"""Letters that must agree for a part of the passage to count as found."""


def find_passage(text: str, passage: str) -> Span | None:
    """Return start and end of `passage` in `text`, else of the longest beginning that is there.

    The head of a table, which passages of a long one repeat, may stand elsewhere.
    """
    return find_in_parts(text, [(0, len(text))], passage)


def find_in_parts(text: str, parts: Sequence[Span], passage: str) -> Span | None:
    """Return where `passage` stands in these parts of a text, of several in the first.

    Only where it is whole in none of them, it is the longest of its beginnings that there are.
    """
    whole = passage.strip()
    for start, end in parts if whole else ():
        exact = text.find(whole, start, end)
        if exact >= 0:  # as good as always; what follows takes a moment in a text of megabytes
            return exact, exact + len(whole)
    for find in (_find_letters, _find_beginning):
        found = [
            (start + span[0], start + span[1])
            for start, end in parts
            if (span := find(text[start:end], passage)) is not None
        ]
        if found:
            return max(found, key=_length) if find is _find_beginning else found[0]
    return None


def _length(span: Span) -> int:
    return span[1] - span[0]


def _find_letters(text: str, passage: str) -> Span | None:
    """Find a passage, or its rows without the head of their table, whatever white space it has."""
    letters, positions = _without_white_space(text)
    for words in (passage, *_without_table_head(passage)):
        wanted, _positions = _without_white_space(words)
        start = letters.find(wanted) if wanted else -1
        if start >= 0:
            return positions[start], positions[start + len(wanted) - 1] + 1
    return None


def _find_beginning(text: str, passage: str) -> Span | None:
    letters, positions = _without_white_space(text)
    wanted, _positions = _without_white_space(passage)
    length = len(wanted) * 3 // 4
    while wanted and length >= min(_SHORTEST, len(wanted)):
        start = letters.find(wanted[:length])
        if start >= 0:
            return positions[start], positions[start + length - 1] + 1
        length = length * 3 // 4
    return None


def _without_table_head(passage: str) -> Iterator[str]:
    """Yield a passage of a table without its first line, and without its first two."""
    for _line in range(2):
        head, _end, passage = passage.partition("\n")
        if "|" not in head or "|" not in passage:
            return
        yield passage


def _without_white_space(text: str) -> tuple[str, list[int]]:
    """Return the text without white space, and the position of each of its letters before."""
    positions = [position for position, letter in enumerate(text) if not letter.isspace()]
    return "".join(text[position] for position in positions), positions


def find_sentences(text: str, span: tuple[int, int], source: Source) -> list[tuple[int, int]]:
    """Return where the cited sentences of the passage at `span` stand in the text."""
    found = [
        find_passage(text[slice(*span)], visible_text(source.text[start:end]))
        for start, end in cited_spans(source)
    ]
    return [(span[0] + each[0], span[0] + each[1]) for each in found if each is not None]
