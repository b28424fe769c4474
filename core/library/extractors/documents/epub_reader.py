"""EPUB reader: chapters of the spine in order, each a numbered page."""

import posixpath
import re
import zipfile
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.html_reader import add_html
from core.library.extractors.documents.page_builder import PageBuilder
from core.library.extractors.documents.zip_archive import open_archive, read_member
from core.messages import DocumentPage

_CONTAINER = "META-INF/container.xml"
_RIGHTS = "META-INF/encryption.xml"
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def read_epub(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the text of a book, chapter by chapter."""
    archive = open_archive(data)
    builder = PageBuilder()
    chapters = _chapters(archive)
    for number, name in enumerate(chapters, 1):
        builder.begin_page(number)
        add_html(builder, read_member(archive, name), "utf-8")
    pages = builder.build_pages()
    if not pages and _RIGHTS in archive.namelist():
        raise LibraryError(ErrorCode.FILE_ENCRYPTED)
    return pages


def _chapters(archive: zipfile.ZipFile) -> list[str]:
    """Return the member names of the spine; all HTML members if the book names none."""
    names = set(archive.namelist())
    try:
        rootfile = _first(_parse(archive, _CONTAINER), "rootfile").get("full-path", "")
        package = _parse(archive, rootfile)
    except LibraryError:
        return sorted(name for name in names if name.endswith((".xhtml", ".html", ".htm")))
    folder = posixpath.dirname(rootfile)
    items = {item.get("id"): item.get("href", "") for item in _all(package, "item")}
    spine = [items.get(reference.get("idref"), "") for reference in _all(package, "itemref")]
    chapters = [posixpath.normpath(posixpath.join(folder, unquote(href))) for href in spine if href]
    return [name for name in chapters if name in names]


def _parse(archive: zipfile.ZipFile, name: str) -> ET.Element:
    content = read_member(archive, name)
    if _ENTITY.search(content):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    try:
        return ET.fromstring(content)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise LibraryError(ErrorCode.FILE_BROKEN) from error


def _all(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]


def _first(root: ET.Element, name: str) -> ET.Element:
    found = _all(root, name)
    if not found:
        raise LibraryError(ErrorCode.FILE_BROKEN)
    return found[0]
