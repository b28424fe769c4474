"""Cuts a document into passages: whole sentences that fit the embedder's window."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.library.tokens import SPECIAL_TOKENS, TokenCounter, TokenMap
from core.messages import DocumentPage
from core.sentences import sentence_spans

PASSAGE_TOKENS = 160
"""Where a passage ends at the next sentence; the window is the limit, this is the aim."""
TITLE_TOKENS = 40
_PAGES_A_STEP = 50
_WORD_PARTS = re.compile(r"[_]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of the document's text. `embedded` is what the embedder reads."""

    start: int
    end: int
    page: int | None
    heading: str
    title: str
    tokens: int


@dataclass(frozen=True, slots=True)
class CutText:
    """A whole document as one text, with its passages in order."""

    text: str
    passages: tuple[Passage, ...]
    map: TokenMap


def title_path(file: str, heading: str) -> str:
    """Return "file > heading > heading" in words a model knows: no suffix, no underscores."""
    stem = _WORD_PARTS.sub(" ", PurePosixPath(file).stem)
    return f"{stem} > {heading}" if heading else stem


def cut(pages: tuple[DocumentPage, ...], file: str, counter: TokenCounter, window: int) -> CutText:
    """Join `pages` into one text and cut it; no passage crosses a page or a heading.

    `window` is the embedder's longest input in tokens, special ones included.
    """
    *_, document = cut_steps(pages, file, counter, window)
    assert document is not None  # the last step gives it
    return document


def cut_steps(
    pages: tuple[DocumentPage, ...], file: str, counter: TokenCounter, window: int
) -> Iterator[CutText | None]:
    """Yield None after each short step of `cut`, and at last what it returns."""
    text, spans = _join(pages)
    tokens = TokenMap([], 0)
    for step in counter.map_steps(text):
        tokens = step or tokens
        yield None
    passages: list[Passage] = []
    for number, (page, (start, end)) in enumerate(zip(pages, spans, strict=True)):
        if number % _PAGES_A_STEP == 0:
            yield None
        title = counter.first(title_path(file, page.heading), TITLE_TOKENS)
        room = window - SPECIAL_TOKENS - counter.count(title) - 1
        passages.extend(
            Passage(first, last, page.number, page.heading, title, tokens.count(first, last))
            for first, last in _pack(text, start, end, tokens, room)
        )
    yield CutText(text, tuple(passages), tokens)


def embedded_text(passage_text: str, title: str) -> str:
    """Return what is embedded: the title path, then the passage."""
    return f"{title}\n{passage_text}"


def _join(pages: tuple[DocumentPage, ...]) -> tuple[str, list[tuple[int, int]]]:
    """Return the whole text and where each page's own text lies in it.

    A page's last heading stands above it, so that the model reads it too.
    """
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    position = 0
    previous = ""
    for page in pages:
        heading = page.heading.rpartition(" > ")[2]
        if heading and page.heading != previous:
            parts.append(f"{heading}\n\n")
            position += len(parts[-1])
        previous = page.heading
        spans.append((position, position + len(page.text)))
        parts.append(f"{page.text}\n\n")
        position += len(parts[-1])
    return "".join(parts), spans


def _pack(
    text: str, start: int, end: int, tokens: TokenMap, room: int
) -> Iterator[tuple[int, int]]:
    """Yield spans of whole sentences, about PASSAGE_TOKENS long and never above `room`."""
    aim = min(PASSAGE_TOKENS, room)
    first: int | None = None
    last = start
    for sentence_start, sentence_end in sentence_spans(text, start, end):
        for piece_start, piece_end in _fit(sentence_start, sentence_end, tokens, room):
            if first is not None and tokens.count(first, piece_end) > aim:
                yield first, last
                first = None
            first = piece_start if first is None else first
            last = piece_end
    if first is not None:
        yield first, last


def _fit(start: int, end: int, tokens: TokenMap, room: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence whole, or in pieces of `room` tokens if it is longer than the window."""
    while tokens.count(start, end) > room:
        middle = tokens.after(start, room)
        yield start, middle
        start = middle
    if start < end:
        yield start, end
