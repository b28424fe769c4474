"""PowerPoint reader (.pptx): each slide a numbered page under its title, with its notes."""

import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from core.library.extractors.documents.merged_cells import MergedCell, fill_merged_cells
from core.library.extractors.documents.page_builder import MAX_CELLS, PageBuilder
from core.library.extractors.documents.zip_archive import open_archive
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

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
"""Placeholders that hold page numbers, dates and the like."""
_SHAPES = ("sp", "graphicFrame", "cxnSp")


def read_pptx(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the text of a presentation, slide by slide."""
    archive = open_archive(data)
    part = main_part(archive, "ppt/presentation.xml")
    related = relations(archive, part)
    builder = PageBuilder()
    references = [
        _relation_id(each) for each in iter_elements(parse_member(archive, part), "sldId")
    ]
    slides = [related[each][1] for each in references if each in related]
    for number, name in enumerate(slides, 1):
        _add_slide(builder, archive, name, number)
    return builder.build_pages()


def _add_slide(builder: PageBuilder, archive: zipfile.ZipFile, name: str, number: int) -> None:
    root = parse_member(archive, name)
    related = relations(archive, name)
    shapes = list(iter_elements(root, *_SHAPES))
    titles = [" ".join(_paragraphs(shape)) for shape in shapes if _place(shape) in _TITLES]
    title = next(filter(None, titles), "")
    builder.begin_page(number)
    builder.add_heading(1, title)
    for shape in shapes:
        kind = _place(shape)
        if kind in _FURNITURE or (kind in _TITLES and title):
            continue
        _add_shape(builder, archive, shape, related)
    for kind, part in related.values():
        if kind == "notesSlide":
            notes = [
                line
                for shape in iter_elements(parse_optional_member(archive, part), "sp")
                if _place(shape) not in _FURNITURE
                for line in _paragraphs(shape)
            ]
            builder.add_text("\n".join(["Notes:", *notes]) if notes else "")
        elif kind == "chart":
            builder.add_text(_chart(parse_optional_member(archive, part)))


def _add_shape(
    builder: PageBuilder,
    archive: zipfile.ZipFile,
    shape: ET.Element,
    related: dict[str, tuple[str, str]],
) -> None:
    for table in iter_elements(shape, "tbl"):
        rows = [list(iter_elements(row, "tc")) for row in iter_elements(table, "tr")]
        texts = [[" ".join(_paragraphs(cell)) for cell in row] for row in rows]
        merged = [
            MergedCell(place, column, _span(cell, "rowSpan"), _span(cell, "gridSpan"))
            for place, row in enumerate(rows)
            for column, cell in enumerate(row)
        ]
        builder.add_table(fill_merged_cells(texts, merged))
        return
    for diagram in iter_elements(shape, "relIds"):
        part = related.get(attribute(diagram, "dm"), ("", ""))[1]
        builder.add_text("\n".join(_paragraphs(parse_optional_member(archive, part))))
    builder.add_text("\n".join(_paragraphs(shape)))


def _span(cell: ET.Element, name: str) -> int:
    """Return over how many rows or columns a cell goes; those it hides are there, and empty."""
    count = attribute(cell, name)
    return min(int(count), MAX_CELLS) if count.isdecimal() else 1


def _paragraphs(root: ET.Element | None) -> Iterator[str]:
    """Yield the paragraphs below `root` that hold text; those of lists with their mark."""
    for paragraph in iter_elements(root, "p"):
        parts = [
            (each.text or "") if local_name(each) == "t" else "\n"
            for each in paragraph.iter()
            if local_name(each) in {"t", "br"}
        ]
        if text := "".join(parts).strip():
            properties = find_child(paragraph, "pPr")
            level = attribute(properties, "lvl") if properties is not None else ""
            yield f"- {text}" if level.isdecimal() and int(level) > 0 else text


def _place(shape: ET.Element) -> str:
    """Return what kind of placeholder a shape is, "" for an ordinary one."""
    mark = next(iter_elements(shape, "ph"), None)
    return attribute(mark, "type") or "body" if mark is not None else ""


def _relation_id(reference: ET.Element) -> str:
    """Return the relation id: `sldId` has another id, which differs only in its namespace."""
    return next((v for key, v in reference.items() if key.endswith("}id")), "")


def _chart(root: ET.Element | None) -> str:
    """Return a chart's titles, and each series as "name: category value, …"."""
    titles = [each.text or "" for each in iter_elements(root, "t")]
    lines = [" ".join(titles)]
    for series in iter_elements(root, "ser"):
        names, categories, values = (
            [each.text or "" for each in iter_elements(find_child(series, part), "v")]
            for part in ("tx", "cat", "val")
        )
        pairs = ", ".join(f"{c} {v}" for c, v in zip(categories, values, strict=False))
        lines.append(f"{' '.join(names)}: {pairs or ', '.join(values)}")
    return "\n".join(line for line in lines if line.strip())
