"""Passage splitter: a document as one text, cut into passages that fit the embedder's window."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.library.text.embedder_token_counter import (
    SPECIAL_TOKENS,
    TokenCounter,
    TokenMap,
)
from core.library.text.passage_packer import PassagePacker
from core.library.text.table_headers import repeat_table_headers
from core.messages import DocumentPage

PASSAGE_TOKENS = 160
"""Target length of a passage; it ends with a sentence, and at the embedder's window at last."""
TITLE_TOKENS = 40
_PAGES_A_STEP = 50
_PASSAGES_A_STEP = 100
_WORD = re.compile(r"[^\W_]")
_WORD_PARTS = re.compile(r"[_]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of the document's text; `line` is where it begins in a plain text file, from 1."""

    start: int
    end: int
    page: int | None
    heading: str
    title: str
    tokens: int
    line: int | None


@dataclass(frozen=True, slots=True)
class SplitText:
    """A document as one text, with its passages in order; none crosses a page or a heading.

    The header of a long table is repeated above each of its passages.
    """

    text: str
    passages: tuple[Passage, ...]
    map: TokenMap


def title_path(file: str, heading: str) -> str:
    """Return "file > heading > heading" in plain words: without suffix and underscores."""
    stem = _WORD_PARTS.sub(" ", PurePosixPath(file).stem)
    return f"{stem} > {heading}" if heading else stem


def split_in_steps(
    pages: tuple[DocumentPage, ...], file: str, counter: TokenCounter, window: int
) -> Iterator[SplitText | None]:
    """Yield None after each short step, at last the document; `window` counts special tokens."""
    text, spans = _join(pages)
    tokens = TokenMap([], 0)
    for step in counter.map_in_steps(text):
        tokens = step or tokens
        yield None
    expanded = repeat_table_headers(text, spans, tokens, PASSAGE_TOKENS)
    passages: list[Passage] = []
    titles: dict[str, tuple[str, int]] = {}
    for number, (page, (start, end)) in enumerate(zip(pages, spans, strict=True)):
        if number % _PAGES_A_STEP == 0:
            yield None
        if page.heading not in titles:
            title = counter.truncate_text(title_path(file, page.heading), TITLE_TOKENS)
            titles[page.heading] = title, counter.count_tokens(title)
        title, title_tokens = titles[page.heading]
        max_tokens = window - SPECIAL_TOKENS - title_tokens - 1
        packer = PassagePacker(
            expanded.text,
            expanded.tokens,
            target_tokens=PASSAGE_TOKENS,
            max_tokens=max_tokens,
            new_passages=expanded.parts,
        )
        lines = _Lines(text, start, page.line)
        for first, last in packer.pack_passages(
            expanded.expanded_position(start), expanded.expanded_position(end)
        ):
            if _WORD.search(expanded.text, first, last) is None:
                continue  # brackets and lines are near to every question, and answer none
            line = lines.line_at(expanded.original_position(first))
            count = expanded.tokens.count_tokens(first, last)
            passages.append(Passage(first, last, page.number, page.heading, title, count, line))
            if len(passages) % _PASSAGES_A_STEP == 0:
                yield None
    yield SplitText(expanded.text, tuple(passages), expanded.tokens)


class _Lines:
    """Line numbers of ascending positions; None for files whose lines mean nothing."""

    def __init__(self, text: str, start: int, line: int | None) -> None:
        self._text = text
        self._position = start
        self._line = line

    def line_at(self, position: int) -> int | None:
        if self._line is None:
            return None
        self._line += self._text.count("\n", self._position, max(position, self._position))
        self._position = max(position, self._position)
        return self._line


def text_to_embed(passage_text: str, title: str) -> str:
    """Return the text that is embedded: the title path, then the passage."""
    return f"{title}\n{passage_text}"


def _join(pages: tuple[DocumentPage, ...]) -> tuple[str, list[tuple[int, int]]]:
    """Return the whole text, and the span of each page's own text in it.

    A page's last heading is put above it, so that the model reads it too.
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
