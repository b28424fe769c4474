"""Reads plain text, Markdown, source code, CSV, JSON and notebooks."""

import contextlib
import csv
import io
import json
import re
from typing import Any

from core.errors import Code, LibraryError
from core.library.extractors.decoding import decode
from core.library.extractors.pages import PageBuilder
from core.messages import DocumentPage

Pages = tuple[DocumentPage, ...]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t#]*$")
_UNDERLINE = re.compile(r"^(=+|-+|~+|\^+)\s*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_LEVELS = {"=": 1, "-": 2, "~": 3, "^": 4}
_MAX_UNDERLINED = 120
_MAX_FIELDS = 500
"""Fields of one CSV row that are kept; a wider table is data, not something to read."""


def read_text(data: bytes) -> Pages:
    """Read plain text; headings are underlined titles as in reStructuredText and manuals."""
    return _by_headings(decode(data), hashes=False)


def read_markdown(data: bytes) -> Pages:
    """Read Markdown as it is written, cut at its headings."""
    return markdown_pages(decode(data))


def markdown_pages(text: str) -> Pages:
    """Return Markdown as pages, one under each heading."""
    return _by_headings(text, hashes=True)


def read_code(data: bytes) -> Pages:
    """Read source code and configuration as it is."""
    builder = PageBuilder()
    builder.text(decode(data))
    return builder.finish()


def _by_headings(text: str, *, hashes: bool) -> Pages:
    builder = PageBuilder()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body: list[str] = []
    fenced = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if hashes and _FENCE.match(line):
            fenced = not fenced
        match = None if fenced or not hashes else _HEADING.match(line)
        underlined = None if fenced else _underlined(line, following, body)
        if match or underlined:
            builder.text("\n".join(body))
            body = []
        if match:
            builder.heading(len(match[1]), match[2])
        elif underlined:
            builder.heading(underlined, line)
        else:
            body.append(line)
    builder.text("\n".join(body))
    return builder.finish()


def _underlined(line: str, following: str, body: list[str]) -> int | None:
    """Return the level of a title that the next line underlines, None for any other line."""
    if not line.strip() or line[0].isspace() or len(line) > _MAX_UNDERLINED:
        return None
    if body and body[-1].strip() and not _UNDERLINE.match(body[-1]):
        return None
    match = _UNDERLINE.match(following)
    if match is None or abs(len(match[1]) - len(line.strip())) > 2 or len(match[1]) < 3:
        return None
    return _LEVELS[match[1][0]]


def read_csv(data: bytes) -> Pages:
    """Read a table row by row, each value with the name of its column."""
    text = decode(data)
    delimiter = _delimiter(text)
    csv.field_size_limit(1_000_000)
    builder = PageBuilder()
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        lines = [" | ".join(row[:_MAX_FIELDS]) for row in rows if any(row)]
    except csv.Error as error:
        raise LibraryError(Code.FILE_BROKEN) from error
    builder.text("\n".join(lines))
    return builder.finish()


def _delimiter(text: str) -> str:
    first = text[:4096].partition("\n")[0]
    return max((",", ";", "\t", "|"), key=first.count)


def read_json(data: bytes) -> Pages:
    """Read JSON as it is written; a long single line is set out over many."""
    text = decode(data)
    if len(text) > 1000 and text.count("\n") < len(text) // 1000:
        # What is no JSON is still text that can be found.
        with contextlib.suppress(ValueError, RecursionError):
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    builder = PageBuilder()
    builder.text(text)
    return builder.finish()


def read_notebook(data: bytes) -> Pages:
    """Read a Jupyter notebook: its prose cut at headings, its code, its printed output."""
    try:
        cells = json.loads(decode(data))["cells"]
        parts = [_cell(cell) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LibraryError(Code.FILE_BROKEN) from error
    return markdown_pages("\n\n".join(part for part in parts if part.strip()))


def _cell(cell: dict[str, Any]) -> str:
    source = _joined(cell.get("source", ""))
    if cell.get("cell_type") != "code":
        return source
    outputs = [_output(output) for output in cell.get("outputs", [])]
    return "\n".join(["```", source, "```", *(text for text in outputs if text)])


def _output(output: dict[str, Any]) -> str:
    return _joined(output.get("text") or output.get("data", {}).get("text/plain", ""))


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
