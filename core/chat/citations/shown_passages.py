"""Shown passages: the part of each source that is shown, with what the citations refer to.

A model may read the whole section around a passage that was found, and its sentences are judged
against all of what it read. What is saved and shown is the found passage, or the part of the
section around the sentences that are cited.
"""

from collections.abc import Sequence
from typing import TypeVar

from msgspec import structs

from core.base.sentences import sentence_spans
from core.chat.citations.citation_matching import JudgedAnswer
from core.chat.conversations.conversation import Citation, JudgedSentence, Source

NEAR_CHARACTERS = 300
"""A cited sentence that stands closer to the passage is shown together with it."""

_Span = tuple[int, int]
_Placed = TypeVar("_Placed", Citation, JudgedSentence)


def show_cited_parts(
    found: Sequence[Source], read: Sequence[Source], judged: JudgedAnswer
) -> tuple[tuple[Source, ...], JudgedAnswer]:
    """Return the sources with the text that is shown, and the verdicts within these texts.

    `found` are the passages, `read` the same sources with what the model read, against which the
    answer was judged.
    """
    shown: dict[int, Source] = {}
    begins: dict[int, int] = {}
    places: list[Citation | JudgedSentence] = [*judged.citations, *judged.sentences]
    for passage, section in zip(found, read, strict=True):
        spans = [(each.source_start, each.source_end) for each in places if each.n == passage.n]
        start, end = _shown_span(section.text, passage.text, [span for span in spans if any(span)])
        shown[passage.n] = structs.replace(passage, text=section.text[start:end])
        begins[passage.n] = start
    return tuple(shown.values()), JudgedAnswer(
        judged.text,
        tuple(_moved(each, begins[each.n]) for each in judged.citations),
        tuple(_moved(each, begins[each.n]) if each.n else each for each in judged.sentences),
    )


def _shown_span(section: str, passage: str, cited: Sequence[_Span]) -> _Span:
    """Return the passage's place in its section, or that of the cited sentences and their next."""
    at = section.find(passage)
    begin, end = (at, at + len(passage)) if at >= 0 else (0, len(section))
    outside = [(first, last) for first, last in cited if first < begin or last > end]
    if not outside:
        return begin, end
    first, last = min(span[0] for span in cited), max(span[1] for span in cited)
    if first - NEAR_CHARACTERS <= end and last + NEAR_CHARACTERS >= begin:
        first, last = min(first, begin), max(last, end)
    return _with_neighbours(section, first, last)


def _with_neighbours(text: str, first: int, last: int) -> _Span:
    """Return a span widened by the sentence before it and the one after it."""
    spans = sentence_spans(text)
    before = max((start for start, end in spans if end <= first), default=first)
    after = min((end for start, end in spans if start >= last), default=last)
    return before, after


def _moved(place: _Placed, begin: int) -> _Placed:
    if not place.source_end:
        return place
    return structs.replace(
        place, source_start=place.source_start - begin, source_end=place.source_end - begin
    )
