"""PDF reader (pypdfium2): text page by page, headings from the outline, scanned page numbers."""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.page_builder import PageBuilder
from core.library.extractors.documents.pdf_columns import in_reading_order, may_be_read_across
from core.library.extractors.documents.pdf_letters import (
    Letter,
    has_loose_accents,
    spell_out,
    text_layer_letters,
)
from core.messages import DocumentPage

_MAGIC = b"%PDF-"
_MAGIC_WITHIN = 1024
_MAX_OUTLINE = 5000
_MAX_ANNOTATIONS = 1000
HYPHEN = re.compile("[\ufffe\u0002\u00ad]\\s*")
"""How pdfium marks a word that was broken at the end of a line."""
_WRITTEN_ON = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT})
"""What is filled into a form or written onto the page."""
_COMMENTS = frozenset({raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE})
_STAMP_LETTERS = 50
"""A scanned page may bear so many printed ones: a page number, a fax's head, a stamp."""
_PICTURE_SHARE = 0.5
"""Of a page's area that a picture must cover for the page to be a scan."""


def read_pdf(data: bytes) -> tuple[tuple[DocumentPage, ...], tuple[int, ...]]:
    """Return the text of each page, and the numbers of those that are scans.

    A broken page costs itself only. Raises LibraryError if none can be opened.
    """
    document = open_pdf(data)
    try:
        return _pages(document)
    finally:
        document.close()


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Return the opened document. Raises LibraryError with the reason if it can't be opened."""
    if _MAGIC not in data[:_MAGIC_WITHIN]:
        raise LibraryError(ErrorCode.FILE_BROKEN)
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        code = (
            ErrorCode.FILE_ENCRYPTED if raw.FPDF_GetLastError() in locked else ErrorCode.FILE_BROKEN
        )
        raise LibraryError(code) from error


def open_page(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """Return a page with what was written onto it made part of it. Raises PdfiumError."""
    page = document[index]
    if any(kind in _WRITTEN_ON for kind, _ in _annotations(page)):
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[index]
    return page


def read_letters(layer: pypdfium2.PdfTextPage) -> list[Letter]:
    """Return the letters of a page as it is read: accents joined, column by column."""
    letters = text_layer_letters(layer)
    return in_reading_order(layer, letters) if may_be_read_across(layer) else letters


def _pages(
    document: pypdfium2.PdfDocument,
) -> tuple[tuple[DocumentPage, ...], tuple[int, ...]]:
    builder = PageBuilder()
    headings = _headings(document)
    heading, opened = "", 0
    scanned: list[int] = []
    for index in range(len(document)):
        heading = headings.get(index, heading)
        builder.begin_page(index + 1, heading)
        try:
            page = open_page(document, index)
        except pypdfium2.PdfiumError:
            continue
        opened += 1
        text = _text(page)
        if len(text) <= _STAMP_LETTERS and _is_picture(page):
            scanned.append(index + 1)
        else:
            builder.add_text(text)
            builder.add_text("\n".join(f"[{comment}]" for comment in _comments(page)))
        page.close()
    if not opened:
        raise LibraryError(ErrorCode.FILE_BROKEN)
    return builder.build_pages(), tuple(scanned)


def _text(page: pypdfium2.PdfPage) -> str:
    try:
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    text: str = text_page.get_text_range()
    if has_loose_accents(text) or may_be_read_across(text_page):
        text = "".join(letter for letter, _index in read_letters(text_page))
    text_page.close()
    return spell_out(HYPHEN.sub("", text)).strip()


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Return whether one picture covers most of the page."""
    width, height = page.get_size()
    for part in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = part.get_bounds()
        area = max(0.0, min(right, width) - max(left, 0)) * max(
            0.0, min(top, height) - max(bottom, 0)
        )
        if area > _PICTURE_SHARE * width * height:
            return True
    return False


def _annotations(page: pypdfium2.PdfPage) -> Iterator[tuple[int, str]]:
    """Yield the kind of each annotation, and what it says if it is a comment."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        yield kind, _comment_text(annotation) if kind in _COMMENTS else ""
        raw.FPDFPage_CloseAnnot(annotation)


def _comment_text(annotation: object) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    buffer = ctypes.create_string_buffer(size)
    target = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    raw.FPDFAnnot_GetStringValue(annotation, b"Contents", target, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0").strip()


def _comments(page: pypdfium2.PdfPage) -> list[str]:
    return [text for _, text in _annotations(page) if text]


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
