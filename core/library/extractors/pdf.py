"""Reads PDF page by page with pypdfium2, headings from the document's outline."""

import re

import pypdfium2
from pypdfium2 import raw

from core.errors import Code, LibraryError
from core.library.extractors.pages import PageBuilder
from core.messages import DocumentPage

_MAGIC = b"%PDF-"
_MAGIC_WITHIN = 1024
_MAX_OUTLINE = 5000
_HYPHEN = re.compile("[\ufffe\u0002\u00ad]\\s*")
"""How pdfium marks a word that was broken at the end of a line."""


def read_pdf(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the text of each page; a broken page costs itself only."""
    if _MAGIC not in data[:_MAGIC_WITHIN]:
        raise LibraryError(Code.FILE_BROKEN)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise LibraryError(_reason()) from error
    try:
        return _pages(document)
    finally:
        document.close()


def _reason() -> Code:
    locked = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
    return Code.FILE_ENCRYPTED if raw.FPDF_GetLastError() in locked else Code.FILE_BROKEN


def _pages(document: pypdfium2.PdfDocument) -> tuple[DocumentPage, ...]:
    builder = PageBuilder()
    headings = _headings(document)
    heading, opened = "", 0
    for index in range(len(document)):
        heading = headings.get(index, heading)
        builder.page(index + 1, heading)
        text = _page_text(document, index)
        opened += text is not None
        builder.text(text or "")
    pages = builder.finish()
    if not pages:
        raise LibraryError(Code.FILE_NO_TEXT if opened else Code.FILE_BROKEN)
    return pages


def _page_text(document: pypdfium2.PdfDocument, index: int) -> str | None:
    """Return the text of one page, None if it can't be opened."""
    try:
        page = document[index]
        text_page = page.get_textpage()
        text: str = text_page.get_text_range()
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return _HYPHEN.sub("", text)


def _headings(document: pypdfium2.PdfDocument) -> dict[int, str]:
    """Return the path of outline titles that begins on each page, by page index."""
    found: dict[int, str] = {}
    path: list[str] = []
    try:
        for count, entry in enumerate(document.get_toc()):
            if count == _MAX_OUTLINE:
                break
            target = entry.get_dest()
            index = target.get_index() if target else None
            path = [*path[: entry.level], " ".join(entry.get_title().split())]
            if index is not None:
                found.setdefault(index, " > ".join(path))
    except (pypdfium2.PdfiumError, UnicodeError, AttributeError):
        return found
    return found
