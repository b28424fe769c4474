"""Disguised files: HTML, tables, mail and XML that programs save under the names .doc and .xls."""

import re
from xml.etree import ElementTree as ET

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents import html_reader, mail_reader, plain_text_reader
from core.library.extractors.documents.page_builder import MAX_CELLS, PageBuilder
from core.library.extractors.documents.text_decoding import decode_text
from core.library.extractors.office.office_xml import (
    attribute,
    iter_elements,
    local_name,
    parse_xml,
)
from core.messages import DocumentPage

_HEAD = 4096
_HTML = re.compile(r"<(!doctype html|html|head|body|table|div|p)\b", re.IGNORECASE)
_OFFICE_XML = re.compile(r"^\s*<\?xml\b.*?<\?mso-application\b", re.DOTALL)
_MIME = re.compile(r"^(mime-version|content-type):", re.IGNORECASE | re.MULTILINE)


def read_disguised(data: bytes, suffix: str) -> tuple[DocumentPage, ...]:
    """Return the text of a file that is no office document. Raises LibraryError if it is no text.

    `suffix` is .doc, .xls or .ppt; what is neither HTML, mail nor XML is a table in an .xls.
    """
    text = decode_text(data, html_reader.declared_encoding(data))
    head = text[:_HEAD]
    if "\0" in head or suffix == ".ppt":
        raise LibraryError(ErrorCode.FILE_BROKEN)
    if _OFFICE_XML.match(head):
        return _read_office_xml(data)
    if _MIME.search(head) and "\n\n" in head.replace("\r\n", "\n"):
        return mail_reader.read_mail(data)
    if _HTML.search(head):
        return html_reader.read_html(text)
    if suffix == ".xls":
        return plain_text_reader.read_table(text)
    return plain_text_reader.read_text(text)


def _read_office_xml(data: bytes) -> tuple[DocumentPage, ...]:
    """Read what Word and Excel 2003 saved as XML."""
    root = parse_xml(data)
    builder = PageBuilder()
    for number, sheet in enumerate(iter_elements(root, "Worksheet"), 1):
        builder.begin_page(number, attribute(sheet, "Name"))
        builder.add_table([_cells(row) for row in iter_elements(sheet, "Row")])
    for paragraph in iter_elements(root, "p"):
        builder.add_text("".join(each.text or "" for each in iter_elements(paragraph, "t")))
    return builder.build_pages()


def _cells(row: ET.Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        place = attribute(cell, "Index")
        if local_name(cell) == "Cell":
            column = int(place) - 1 if place.isdecimal() else len(cells)
            cells += [""] * (min(column, MAX_CELLS) - len(cells))
            cells.append("".join("".join(part.itertext()) for part in iter_elements(cell, "Data")))
    return cells
