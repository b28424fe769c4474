"""Word reader (.docx): headings, numbered lists, tables, text boxes, notes and comments."""

import re
import zipfile
from xml.etree import ElementTree as ET

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.html_reader import add_html
from core.library.extractors.documents.merged_cells import MergedCell, fill_merged_cells
from core.library.extractors.documents.page_builder import MAX_CELLS, PageBuilder
from core.library.extractors.documents.text_decoding import decode_text
from core.library.extractors.documents.zip_archive import open_archive, read_member
from core.library.extractors.office.office_xml import (
    attribute,
    find_child,
    iter_elements,
    local_name,
    main_part,
    parse_member,
    parse_optional_member,
    relations,
)
from core.library.extractors.office.word_numbering import read_numbering
from core.messages import DocumentPage

_NOT_TEXT = frozenset(
    """
    del moveFrom instrText delText rPr pPr sectPr tblPr tcPr trPr Fallback rt txbxContent
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
"""Deleted text, formatting, the second form of what is there twice; text boxes come after."""
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_HEADING_NAME = re.compile(r"heading\s*([1-9])", re.IGNORECASE)
_MAX_DEPTH = 200
"""Of tables within tables; real files have two or three."""


def read_docx(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the text of a Word document, cut at its headings."""
    archive = open_archive(data)
    part = main_part(archive, "word/document.xml")
    reader = _Reader(archive, part)
    document = parse_member(archive, part)
    if document is None:
        raise LibraryError(ErrorCode.FILE_BROKEN)
    reader.add_blocks(find_child(document, "body"))
    reader.add_page_margins()
    return reader.builder.build_pages()


class _Reader:
    """Walks one document's blocks into pages."""

    def __init__(self, archive: zipfile.ZipFile, part: str) -> None:
        self.builder = PageBuilder()
        self._archive = archive
        self._related = relations(archive, part)
        styles = self._part("styles")
        self._levels = _heading_levels(styles)
        self._numbering = read_numbering(archive, styles)
        self._notes = {
            (kind, attribute(note, "id")): self._plain(note)
            for kind in ("footnote", "endnote", "comment")
            for note in iter_elements(self._part(f"{kind}s"), kind)
        }
        self._items: list[str] = []
        self._depth = 0

    def add_blocks(self, parent: ET.Element | None) -> None:
        """Add paragraphs and tables below `parent`, through whatever wraps them."""
        self._depth += 1
        for element in parent if parent is not None and self._depth < _MAX_DEPTH else ():
            name = local_name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._end_list()
                self._table(element)
            elif name == "altChunk":
                self._end_list()
                self._embedded(attribute(element, "id"))
            elif name not in _NOT_TEXT:
                self.add_blocks(element)
        self._depth -= 1
        if not self._depth:
            self._end_list()

    def add_page_margins(self) -> None:
        """Add what stands above and below each page, once: it often names sender and subject."""
        seen: dict[str, None] = {}
        for kind, name in self._related.values():
            if kind in {"header", "footer"}:
                root = parse_optional_member(self._archive, name)
                seen |= dict.fromkeys(self._text(each).strip() for each in iter_elements(root, "p"))
        self.builder.begin_page(None)
        self.builder.add_text("\n".join(text for text in seen if sum(map(str.isalpha, text)) > 8))

    def _paragraph(self, element: ET.Element) -> None:
        text = self._text(element).strip()
        properties = find_child(element, "pPr")
        label = self._numbering.label(properties) if text else ""
        level = self._level(properties)
        if level is not None and text:
            self._end_list()
            self.builder.add_heading(level, f"{label} {text}".strip("- "))
        elif label:
            self._items.append(f"{label} {text}")
        else:
            self._end_list()
            self.builder.add_text(text)
        self._add_anchored_content(element)

    def _add_anchored_content(self, element: ET.Element) -> None:
        """Add the notes, comments and text boxes that hang on a paragraph."""
        self._add_notes(element)
        for choice in iter_elements(element, "txbxContent"):
            if not _is_fallback(element, choice):
                self.add_blocks(choice)

    def _add_notes(self, element: ET.Element) -> None:
        for each in iter_elements(
            element, "footnoteReference", "endnoteReference", "commentReference"
        ):
            note = self._notes.get(
                (local_name(each).removesuffix("Reference"), attribute(each, "id"))
            )
            if note:
                self._end_list()
                self.builder.add_text(f"[{note}]")

    def _end_list(self) -> None:
        self.builder.add_text("\n".join(self._items))
        self._items = []

    def _table(self, table: ET.Element) -> None:
        rows: list[list[str]] = []
        merged: dict[int, MergedCell] = {}  # by column, as far as they were continued
        found: list[MergedCell] = []
        for number, row in enumerate(_rows(table)):
            rows.append([])
            for cell in (each for each in row if local_name(each) in {"tc", "sdt"}):
                column = len(rows[-1])
                wide, goes_on = _cell_span(cell)
                if goes_on and column in merged:
                    above = merged[column]
                    high = number - above.row + 1
                    merged[column] = MergedCell(above.row, column, high, above.columns)
                else:
                    found += [merged.pop(column)] if column in merged else []
                    merged[column] = MergedCell(number, column, 1, wide)
                rows[-1] += [self._plain(cell), *[""] * (wide - 1)]
        self.builder.add_table(fill_merged_cells(rows, [*found, *merged.values()]))
        self._add_notes(table)

    def _plain(self, element: ET.Element) -> str:
        return "\n".join(
            filter(None, (self._text(each).strip() for each in iter_elements(element, "p")))
        )

    def _text(self, element: ET.Element) -> str:
        parts: list[str] = []
        for child in element:
            name = local_name(child)
            if name == "t":
                parts.append(child.text or "")
            elif name in _BREAKS:
                parts.append(_BREAKS[name])
            elif name not in _NOT_TEXT and not (name == "r" and _is_hidden(child)):
                parts.append(self._text(child))
        return "".join(parts)

    def _level(self, properties: ET.Element | None) -> int | None:
        if properties is None:
            return None
        own = find_child(properties, "outlineLvl")
        if own is not None and attribute(own, "val") in set("012345678"):
            return int(attribute(own, "val")) + 1
        style = find_child(properties, "pStyle")
        name = attribute(style, "val") if style is not None else ""
        if name in self._levels:
            return self._levels[name]
        match = _HEADING_NAME.fullmatch(name)
        return int(match[1]) if match else None

    def _embedded(self, relation: str) -> None:
        name = self._related.get(relation, ("", ""))[1]
        if name in self._archive.namelist():
            content = read_member(self._archive, name)
            if name.endswith((".html", ".htm", ".xhtml", ".mht")):
                add_html(self.builder, content)
            elif name.endswith(".txt"):
                self.builder.add_text(decode_text(content))

    def _part(self, kind: str) -> ET.Element | None:
        name = next((name for found, name in self._related.values() if found == kind), "")
        return parse_optional_member(self._archive, name or f"word/{kind}.xml")


def _heading_levels(styles: ET.Element | None) -> dict[str, int]:
    """Return which styles are headings, by their English name, which every language keeps."""
    found: dict[str, int] = {}
    for style in iter_elements(styles, "style"):
        name = find_child(style, "name")
        based = find_child(style, "basedOn")
        outline = find_child(style, "pPr", "outlineLvl")
        id_ = attribute(style, "styleId")
        match = _HEADING_NAME.fullmatch(attribute(name, "val")) if name is not None else None
        if match:
            found[id_] = int(match[1])
        elif name is not None and attribute(name, "val").lower() == "title":
            found[id_] = 0
        elif outline is not None and attribute(outline, "val") in set("012345678"):
            found[id_] = int(attribute(outline, "val")) + 1
        elif based is not None and attribute(based, "val") in found and outline is None:
            found[id_] = found[attribute(based, "val")]
    return found


def _rows(table: ET.Element) -> list[ET.Element]:
    """Return the rows of a table, without those of tables in its cells."""
    rows: list[ET.Element] = []
    for child in table:
        if local_name(child) == "tr":
            rows.append(child)
        elif local_name(child) in {"sdt", "sdtContent", "ins"}:
            rows += _rows(child)
    return rows


def _cell_span(cell: ET.Element) -> tuple[int, bool]:
    """Return how many columns a cell takes, and whether it goes on from the row above."""
    properties = find_child(cell, "tcPr")
    if properties is None:
        return 1, False
    wide, above = find_child(properties, "gridSpan"), find_child(properties, "vMerge")
    count = attribute(wide, "val") if wide is not None else ""
    goes_on = above is not None and attribute(above, "val") in {"", "continue"}
    return (min(int(count), MAX_CELLS) or 1) if count.isdecimal() else 1, goes_on


def _is_hidden(run: ET.Element) -> bool:
    """Text nobody sees is no text: it is how instructions for models are smuggled in."""
    mark = find_child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in {"0", "false"}


def _is_fallback(paragraph: ET.Element, box: ET.Element) -> bool:
    return any(box is each for old in iter_elements(paragraph, "Fallback") for each in old.iter())
