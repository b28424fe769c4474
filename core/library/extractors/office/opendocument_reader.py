"""OpenDocument reader: texts (.odt), sheets (.ods) and presentations (.odp)."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.merged_cells import MergedCell, fill_merged_cells
from core.library.extractors.documents.page_builder import MAX_CELLS, PageBuilder
from core.library.extractors.documents.zip_archive import open_archive
from core.library.extractors.office.office_xml import (
    attribute,
    find_child,
    iter_elements,
    local_name,
    parse_member,
    parse_optional_member,
)
from core.messages import DocumentPage

_NOT_TEXT = frozenset(
    {"tracked-changes", "sequence-decls", "forms", "annotation-end", "note", "annotation"}
)
_MAX_REPEATED_ROWS = 1000
_MAX_DEPTH = 200
_LARGEST_NUMBER = 100_000


def read_opendocument(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the text of an OpenDocument file. Raises LibraryError if it holds no body."""
    archive = open_archive(data)
    root = parse_member(archive, "content.xml")
    body = find_child(root, "body") if root is not None else None
    if body is None:
        raise LibraryError(ErrorCode.FILE_BROKEN)
    styles = parse_optional_member(archive, "styles.xml")
    reader = _Reader(_ListNumbers(styles, root))
    for part in body:
        reader.add_part(part)
    reader.add_page_margins(styles)
    return reader.builder.build_pages()


class _Reader:
    """Walks the body of one document into pages."""

    def __init__(self, numbers: "_ListNumbers") -> None:
        self.builder = PageBuilder()
        self._numbers = numbers
        self._depth = 0

    def add_part(self, part: ET.Element) -> None:
        """Add a text, a spreadsheet or a presentation."""
        kind = local_name(part)
        if kind == "spreadsheet":
            for number, table in enumerate(_below(part, "table"), 1):
                self.builder.begin_page(number, attribute(table, "name"))
                self._sheet(table)
        elif kind in {"presentation", "drawing"}:
            for number, slide in enumerate(_below(part, "page"), 1):
                self._slide(slide, number)
        else:
            self.add_blocks(part)

    def add_page_margins(self, styles: ET.Element | None) -> None:
        """Add each header and footer of a page once."""
        margins = iter_elements(styles, "header", "footer", "header-first", "footer-first")
        lines = [_text(each) for margin in margins for each in iter_elements(margin, "p")]
        self.builder.add_text("\n".join(dict.fromkeys(line for line in lines if line.strip())))

    def add_blocks(self, parent: ET.Element) -> None:
        """Add headings, paragraphs, lists and tables below `parent`."""
        self._depth += 1
        for element in parent if self._depth < _MAX_DEPTH else ():
            name = local_name(element)
            if name == "h":
                level = attribute(element, "outline-level")
                self.builder.add_heading(int(level) if level.isdecimal() else 1, _text(element))
                self._add_anchored_content(element)
            elif name == "p":
                self.builder.add_text(_text(element))
                self._add_anchored_content(element)
            elif name == "list" and next(iter_elements(element, "h"), None) is None:
                self.builder.add_text("\n".join(_items(element, 0, self._numbers)))
                self._add_anchored_content(element)
            elif name == "table":
                rows = list(iter_elements(element, "table-row"))
                self.builder.add_table(_table(rows, self._numbers))
                self._add_anchored_content(element)
            elif name not in _NOT_TEXT:
                self.add_blocks(element)
        self._depth -= 1

    def _add_anchored_content(self, paragraph: ET.Element) -> None:
        """Add the notes, comments and text boxes that hang on a paragraph."""
        for element in iter_elements(paragraph, "note", "annotation"):
            note = "\n".join(_text(each) for each in iter_elements(element, "p"))
            self.builder.add_text(f"[{note.strip()}]" if note.strip() else "")
        for box in iter_elements(paragraph, "text-box"):
            self.add_blocks(box)

    def _sheet(self, table: ET.Element) -> None:
        rows: list[ET.Element] = []
        for row in iter_elements(table, "table-row"):
            if any(_cells(row, self._numbers)):
                rows += [row] * _count(row, "number-rows-repeated", _MAX_REPEATED_ROWS)
            else:
                self.builder.add_table(_table(rows, self._numbers))
                rows = []
        self.builder.add_table(_table(rows, self._numbers))
        for note in iter_elements(table, "annotation"):
            self.builder.add_text("\n".join(_text(each) for each in iter_elements(note, "p")))

    def _slide(self, slide: ET.Element, number: int) -> None:
        frames = [each for each in slide if local_name(each) != "notes"]
        title = next((each for each in frames if attribute(each, "class") == "title"), None)
        self.builder.begin_page(number)
        if title is not None:
            self.builder.add_heading(1, " ".join(_text(each) for each in iter_elements(title, "p")))
        for frame in frames:
            if frame is not title:
                self.add_blocks(frame)
        for notes in _below(slide, "notes"):
            lines = [_text(each) for each in iter_elements(notes, "p")]
            text = "\n".join(line for line in lines if line.strip())
            self.builder.add_text(f"Notes:\n{text}" if text else "")


def _below(parent: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in parent if local_name(element) == name]


def _text(element: ET.Element) -> str:
    """Return a paragraph's text, without the notes, comments and boxes anchored in it."""
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            count = attribute(child, "c")
            parts.append(" " * min(int(count) if count.isdecimal() else 1, 100))
        elif name in {"tab", "line-break"}:
            parts.append("\t" if name == "tab" else "\n")
        elif name not in _NOT_TEXT and name not in {"text-box", "ruby-text"}:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


class _ListNumbers:
    """The lists of a document that are numbered, by style and level, and how far each has come."""

    def __init__(self, *parts: ET.Element | None) -> None:
        self._first: dict[tuple[str, int], int] = {}
        self._last: dict[tuple[str, int], int] = {}
        for part in parts:
            for style in iter_elements(part, "list-style"):
                for level in _below(style, "list-level-style-number"):
                    if attribute(level, "num-format"):
                        place = attribute(style, "name"), _count(level, "level", _MAX_DEPTH)
                        self._first[place] = _count(level, "start-value", _LARGEST_NUMBER)

    def begin_list(self, style: str, level: int, *, goes_on: bool) -> None:
        """Begin to count anew, unless a list goes on where the one before it ended."""
        if not goes_on:
            self._last.pop((style, level), None)

    def next_label(self, style: str, level: int) -> str:
        """Return the number or the dash of the next item."""
        place = style, level
        if place not in self._first:
            return "-"
        self._last[place] = self._last.get(place, self._first[place] - 1) + 1
        return f"{self._last[place]}."


def _items(
    element: ET.Element, depth: int, numbers: _ListNumbers, style: str = ""
) -> Iterator[str]:
    style = attribute(element, "style-name") or style
    goes_on = attribute(element, "continue-numbering") == "true"
    numbers.begin_list(style, depth + 1, goes_on=goes_on)
    for item in element:
        if local_name(item) not in {"list-item", "list-header"}:
            continue
        label = numbers.next_label(style, depth + 1) if local_name(item) == "list-item" else "-"
        for child in item:
            if local_name(child) == "list" and depth < 20:
                yield from _items(child, depth + 1, numbers, style)
            elif local_name(child) in {"p", "h"} and (text := _text(child).strip()):
                yield f"{'  ' * depth}{label} {text}"
                label = label if label == "-" else " " * len(label)


def _table(rows: Sequence[ET.Element], numbers: _ListNumbers) -> list[list[str]]:
    """Return the texts of a table's rows; what a merged cell covers is there, and empty."""
    merged: list[MergedCell] = []
    for place, row in enumerate(rows):
        column = 0
        for cell in _cell_elements(row):
            high = _count(cell, "number-rows-spanned", len(rows))
            wide = _count(cell, "number-columns-spanned", MAX_CELLS)
            if high > 1 or wide > 1:
                merged.append(MergedCell(place, column, high, wide))
            column += _count(cell, "number-columns-repeated", MAX_CELLS)
    texts = {id(row): _cells(row, numbers) for row in rows}  # a repeated row is there many times
    return fill_merged_cells([texts[id(row)] for row in rows], merged)


def _cells(row: ET.Element, numbers: _ListNumbers) -> list[str]:
    cells: list[str] = []
    for cell in _cell_elements(row):
        times = _count(cell, "number-columns-repeated", MAX_CELLS)
        cells += ["\n".join(_cell_lines(cell, 0, numbers))] * min(times, MAX_CELLS - len(cells))
    return cells


def _cell_elements(row: ET.Element) -> list[ET.Element]:
    return [each for each in row if local_name(each) in {"table-cell", "covered-table-cell"}]


def _cell_lines(parent: ET.Element, depth: int, numbers: _ListNumbers) -> Iterator[str]:
    """Yield the paragraphs and list items of a cell, through whatever wraps them."""
    for child in parent if depth < _MAX_DEPTH else ():
        name = local_name(child)
        if name in {"p", "h"}:
            yield _text(child)
        elif name == "list":
            yield from _items(child, 0, numbers)
        elif name not in _NOT_TEXT and name != "text-box":
            yield from _cell_lines(child, depth + 1, numbers)


def _count(element: ET.Element, name: str, most: int) -> int:
    value = attribute(element, name)
    return min(int(value), most) if value.isdecimal() else 1
