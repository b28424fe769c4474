"""Plain text readers: text, Markdown, delimited tables, JSON and notebooks."""

import contextlib
import csv
import io
import json
import re
from typing import Any

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.html_reader import read_html
from core.library.extractors.documents.page_builder import PageBuilder
from core.messages import DocumentPage

Pages = tuple[DocumentPage, ...]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t#]*$")
_UNDERLINE = re.compile(r"^(=+|-+|~+|\^+)\s*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_LEVELS = {"=": 1, "-": 2, "~": 3, "^": 4}
_MAX_UNDERLINED = 120
_NESTING = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_UNICODE_ESCAPE = re.compile(r"(\\\\)|((?:\\u[0-9a-fA-F]{4})+)")
"""Also the escaped backslash, behind which a "u" escapes nothing."""
_MAX_NESTING = 200
"""Levels of lists and objects; what people and programs write has some ten."""
_FOLD = re.compile(r"\r?\n[ \t]")
_FOLDED_ESCAPE = re.compile(r"\\([nN,;\\])")
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)
"""With which spreadsheet programs are told the delimiter of a table."""
_SNIFFED = 50
"""Number of rows from which the delimiter of a table is detected."""


def read_text(text: str) -> Pages:
    """Read plain text; headings are underlined titles as in reStructuredText and manuals."""
    return _by_headings(text, hashes=False)


def read_markdown(text: str) -> Pages:
    """Read Markdown as it is written, cut at its headings."""
    return _by_headings(text, hashes=True)


def read_folded(text: str) -> Pages:
    """Read a calendar or contacts, whose long lines go on in lines that begin with a space."""
    unfolded = _FOLD.sub("", text)
    escapes = {"n": "\n", "N": "\n"}
    pages = read_text(_FOLDED_ESCAPE.sub(lambda match: escapes.get(match[1], match[1]), unfolded))
    # Their lines are those of the unfolded text, which the file does not have.
    return tuple(DocumentPage(number=None, heading=p.heading, text=p.text) for p in pages)


def _by_headings(text: str, *, hashes: bool) -> Pages:
    builder = PageBuilder()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body: list[str] = []
    fenced = False
    is_rule = False  # whether the line underlines the title before it
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1):
        if is_rule:
            is_rule = False
            continue
        if hashes and _FENCE.match(line):
            fenced = not fenced
        match = None if fenced or not hashes else _HEADING.match(line)
        underlined = None if fenced else _underlined(line, following, body)
        if match or underlined:
            builder.add_text("\n".join(body), number - len(body))
            body = []
        if match:
            builder.add_heading(len(match[1]), match[2])
        elif underlined:
            builder.add_heading(underlined, line)
            is_rule = True
        else:
            body.append(line)
    builder.add_text("\n".join(body), len(lines) - len(body) + 1)
    return builder.build_pages()


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


def read_table(text: str) -> Pages:
    """Read comma-, semicolon-, tab- or bar-separated values; the first row is the head."""
    csv.field_size_limit(1_000_000)
    builder = PageBuilder()
    told = _SEPARATOR_LINE.match(text)
    body = text[told.end() :] if told else text
    try:
        delimiter = told[1] if told else _delimiter(body)
        rows = list(csv.reader(io.StringIO(body), delimiter=delimiter))
    except (csv.Error, ValueError) as error:
        raise LibraryError(ErrorCode.FILE_BROKEN) from error
    builder.add_table(rows, 2 if told else 1)
    return builder.build_pages()


def _delimiter(text: str) -> str:
    """Return the mark that cuts most of the first rows into the same number of fields, over one."""
    lines = text[:20_000].splitlines()[:_SNIFFED]

    def agreement(mark: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if any(row)]
        usual = max(widths, key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    with contextlib.suppress(csv.Error):
        return max((",", ";", "\t", "|"), key=agreement)
    return ","


def read_json(text: str) -> Pages:
    """Read JSON as it is written; a long single line is set out over many.

    Raises LibraryError for what is nested without end: it holds nothing a person could look for.
    """
    builder = PageBuilder()
    _refuse_deep(text)
    text = _UNICODE_ESCAPE.sub(_unescaped, text)
    if len(text) > 1000 and text.count("\n") < len(text) // 1000:
        # What is no JSON is still text that can be found.
        with contextlib.suppress(ValueError, RecursionError):
            builder.add_text(json.dumps(json.loads(text), ensure_ascii=False, indent=1))
            return builder.build_pages()
    builder.add_text(text, 1)
    return builder.build_pages()


def _unescaped(match: re.Match[str]) -> str:
    r"""Return letters for their \u escapes, so that they are found; signs of JSON stay escaped."""
    if match[1]:
        return match[0]
    units = bytes.fromhex(match[0].replace("\\u", ""))
    text = units.decode("utf-16-be", "replace")
    return text if text.isprintable() and not set(text) & {'"', "\\"} else match[0]


def _refuse_deep(text: str) -> None:
    level = 0
    for match in _NESTING.finditer(text):
        level += (match[0] in "[{") - (match[0] in "]}")
        if level > _MAX_NESTING:
            raise LibraryError(ErrorCode.FILE_TOO_DEEP, limit=f"{_MAX_NESTING}")


def read_notebook(text: str) -> Pages:
    """Read a Jupyter notebook: its prose cut at headings, its code, its printed output."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else _old_cells(notebook)
        parts = [_cell(cell) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LibraryError(ErrorCode.FILE_BROKEN) from error
    pages = read_markdown("\n\n".join(part for part in parts if part.strip()))
    # Their lines are those of the cells put together, which no program shows.
    return tuple(DocumentPage(number=None, heading=p.heading, text=p.text) for p in pages)


def _old_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells of a notebook as IPython wrote it before Jupyter."""
    return [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]


def _cell(cell: dict[str, Any]) -> str:
    source = _joined(cell.get("source") or cell.get("input") or "")
    if cell.get("cell_type") == "heading":
        return f"{'#' * min(6, int(cell.get('level', 1)))} {source}"
    if cell.get("cell_type") != "code":
        return source
    outputs = [_output(output) for output in cell.get("outputs", [])]
    return "\n".join(["```", source, "```", *(text for text in outputs if text)])


def _output(output: dict[str, Any]) -> str:
    if output.get("output_type") in {"error", "pyerr"}:
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    data = output.get("data", {})
    if text := output.get("text") or data.get("text/markdown") or data.get("text/plain"):
        return _joined(text)
    pages = read_html(_joined(output.get("html") or data.get("text/html", "")))
    return "\n".join(page.text for page in pages)


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
