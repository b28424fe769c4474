"""Excel reader (.xlsx): each sheet a numbered page, values as the sheet shows them."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from core.library.extractors.documents.merged_cells import MergedCell, fill_merged_cells
from core.library.extractors.documents.page_builder import MAX_CELLS, PageBuilder
from core.library.extractors.documents.zip_archive import open_archive
from core.library.extractors.office.number_formats import NumberFormat, read_number_format
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
from core.messages import DocumentPage

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_BUILT_IN = {
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "date"),
    9: "percent",
    10: "percent",
}
"""What the numbered formats every program knows are for (ECMA-376, 18.8.30)."""
_WITH_CENTS = frozenset({2, 4, 39, 40})
"""Those of them that show two decimals."""
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY = 2958465
"""31 December 9999."""


def read_xlsx(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the cells of a workbook, sheet by sheet; an empty row ends a table."""
    archive = open_archive(data)
    part = main_part(archive, "xl/workbook.xml")
    related = relations(archive, part)
    workbook = parse_member(archive, part)
    values = _Values(archive, related, workbook)
    builder = PageBuilder()
    for number, sheet in enumerate(iter_elements(workbook, "sheet"), 1):
        relation = next((v for key, v in sheet.items() if key.endswith("}id")), "")
        kind, name = related.get(relation, ("", ""))
        if kind == "worksheet":
            builder.begin_page(number, attribute(sheet, "name"))
            _add_rows(builder, parse_member(archive, name), values)
            _add_notes(builder, archive, name)
    return builder.build_pages()


def _add_rows(builder: PageBuilder, sheet: ET.Element | None, values: "_Values") -> None:
    rows: dict[int, list[str]] = {}
    expected = 1
    for row in iter_elements(sheet, "row"):
        number = attribute(row, "r")
        place = int(number) if number.isdecimal() else expected
        if any(cells := _cells(row, values)):
            rows[place] = cells
        expected = place + 1
    merged = _merged_cells(sheet)
    for first, table in _tables(rows):
        inside = [
            MergedCell(cell.row - first, cell.column, cell.rows, cell.columns)
            for cell in merged
            if first <= cell.row < first + len(table)
        ]
        builder.add_table(fill_merged_cells(table, inside))


def _tables(rows: dict[int, list[str]]) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield each table and the number of its first row: an empty row ends one."""
    first, table = 0, list[list[str]]()
    for place, cells in rows.items():
        if table and place != first + len(table):
            yield first, table
            table = []
        first = first if table else place
        table.append(cells)
    if table:
        yield first, table


def _merged_cells(sheet: ET.Element | None) -> list[MergedCell]:
    found: list[MergedCell] = []
    for each in iter_elements(sheet, "mergeCell"):
        corners = [_REFERENCE.fullmatch(part) for part in attribute(each, "ref").split(":")]
        if len(corners) == 2 and corners[0] and corners[1]:
            columns, rows = zip(*((_column(m[1]), int(m[2])) for m in corners if m), strict=True)
            wide = min(columns[1] - columns[0] + 1, MAX_CELLS)
            found.append(MergedCell(rows[0], columns[0], rows[1] - rows[0] + 1, wide))
    return found


def _cells(row: ET.Element, values: "_Values") -> list[str]:
    cells: list[str] = []
    for cell in row:
        if local_name(cell) != "c":
            continue
        match = _REFERENCE.fullmatch(attribute(cell, "r"))
        column = _column(match[1]) if match else len(cells)
        if column >= MAX_CELLS:
            break
        cells += [""] * (column - len(cells))
        cells.append(values.cell_value(cell))
    return cells


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _add_notes(builder: PageBuilder, archive: zipfile.ZipFile, sheet: str) -> None:
    for kind, name in relations(archive, sheet).values():
        if kind == "comments":
            for note in iter_elements(parse_optional_member(archive, name), "comment"):
                text = "".join(each.text or "" for each in iter_elements(note, "t"))
                builder.add_text(f"[{attribute(note, 'ref')}: {text.strip()}]")


class _Values:
    """The texts and formats that all sheets of a workbook share."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        related: dict[str, tuple[str, str]],
        workbook: ET.Element | None,
    ) -> None:
        parts = dict(related.values())
        shared = parse_member(archive, parts.get("sharedStrings", ""))
        self._shared = [_text(item) for item in iter_elements(shared, "si")]
        self._formats = _formats(parse_optional_member(archive, parts.get("styles", "")))
        dates = next(iter_elements(workbook, "workbookPr"), None)
        from_1904 = dates is not None and attribute(dates, "date1904") in {"1", "true"}
        self._epoch = _EPOCH_1904 if from_1904 else _EPOCH

    def cell_value(self, cell: ET.Element) -> str:
        """Return a cell's value in words."""
        kind = attribute(cell, "t")
        if kind == "inlineStr":
            return _text(cell)
        value = find_child(cell, "v")
        text = (value.text or "") if value is not None else ""
        if kind == "s":
            known = text.isdecimal() and int(text) < len(self._shared)
            return self._shared[int(text)] if known else ""
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return text if kind in {"str", "e", "d"} else self._number(text, attribute(cell, "s"))

    def _number(self, text: str, style: str) -> str:
        try:
            number = float(text)
        except ValueError:
            return text
        place = int(style) if style.isdecimal() else 0
        shown = self._formats[place] if place < len(self._formats) else NumberFormat()
        if shown.kind == "date" and 0 <= number <= _LAST_DAY:
            return self._date(number)
        if shown.kind == "percent":
            return f"{number * 100:.10g}%"
        return shown.shown_number(number)

    def _date(self, days: float) -> str:
        moment = self._epoch + dt.timedelta(seconds=round(days * 86400))
        if days < 1:
            return f"{moment:%H:%M}"
        return f"{moment:%Y-%m-%d}" if days == int(days) else f"{moment:%Y-%m-%d %H:%M}"


def _formats(styles: ET.Element | None) -> list[NumberFormat]:
    """Return how the numbers of each cell format are shown."""
    own: dict[int, NumberFormat] = {}
    for each in iter_elements(styles, "numFmt"):
        number = attribute(each, "numFmtId")
        own[int(number or 0)] = read_number_format(attribute(each, "formatCode"))
    used = find_child(styles, "cellXfs") if styles is not None else None
    numbers = [int(attribute(each, "numFmtId") or 0) for each in iter_elements(used, "xf")]
    return [own.get(number) or _built_in(number) for number in numbers]


def _built_in(number: int) -> NumberFormat:
    return NumberFormat(_BUILT_IN.get(number, ""), decimals=2 * (number in _WITH_CENTS))


def _text(item: ET.Element) -> str:
    """Return a text, without the reading aids Japanese sheets hold beside it."""
    hints = {hint for part in iter_elements(item, "rPh") for hint in part.iter()}
    return "".join(each.text or "" for each in iter_elements(item, "t") if each not in hints)
