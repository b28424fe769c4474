"""Reads Word, PowerPoint, Excel, OpenDocument, RTF and their old forms with kreuzberg.

Compared on 42 sample files (tests/benchmarks/extraction.py): its Markdown keeps headings and tables
and it read every sheet, slide and old .doc; as plain text it read PDF 8 times slower than pdfium,
HTML with its navigation, and 9 of 10 texts in old encodings wrongly, so those have readers here.
"""

import re
from html import unescape

import kreuzberg

from core.errors import Code, LibraryError
from core.library.extractors.archive import open_archive, read_member
from core.library.extractors.html import add_html
from core.library.extractors.pages import PageBuilder
from core.library.extractors.plain import markdown_pages
from core.library.extractors.rtf import spell_out
from core.messages import DocumentPage

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$&])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_NOTES = frozenset({"word/footnotes.xml", "word/endnotes.xml"})
_PARAGRAPH = re.compile(r"</w:p>")
_RUN = re.compile(r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>")
_MIME = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".rtf": "application/rtf",
    ".doc": "application/msword",
    ".ppt": "application/vnd.ms-powerpoint",
    ".xls": "application/vnd.ms-excel",
}
OFFICE_SUFFIXES = frozenset(_MIME)
_MANIFEST = "META-INF/manifest.xml"
_OLD = frozenset({".doc", ".ppt", ".xls"})


def read_office(data: bytes, suffix: str) -> tuple[DocumentPage, ...]:
    """Return the text of an office document. Raises LibraryError with the reason if it can't."""
    _check_container(data, suffix)
    data = spell_out(data) if suffix == ".rtf" else data
    configuration = kreuzberg.ExtractionConfig(
        output_format="markdown",
        use_cache=False,
        pages=kreuzberg.PageConfig(extract_pages=True),
    )
    try:
        result = kreuzberg.extract_bytes_sync(data, _MIME[suffix], config=configuration)
    except kreuzberg.KreuzbergError as error:
        raise LibraryError(_reason(error)) from error
    pages = markdown_pages(_plain(result.content))
    return (*pages, *_word_extras(data)) if suffix == ".docx" else pages


def _word_extras(data: bytes) -> tuple[DocumentPage, ...]:
    """Return what kreuzberg leaves out of Word files: foot- and endnotes, and embedded HTML."""
    archive = open_archive(data)
    builder = PageBuilder()
    for name in archive.namelist():
        if name in _NOTES:
            xml = read_member(archive, name).decode("utf-8", "replace")
            for note in _PARAGRAPH.split(xml):
                builder.text(unescape("".join(_RUN.findall(note))))
        elif name.startswith("word/") and name.endswith((".html", ".htm", ".xhtml")):
            add_html(builder, read_member(archive, name))
    return builder.finish()


def _reason(error: Exception) -> Code:
    words = str(error).lower()
    locked = "password" in words or "encrypt" in words
    return Code.FILE_ENCRYPTED if locked else Code.FILE_BROKEN


def _check_container(data: bytes, suffix: str) -> None:
    if suffix == ".rtf":
        if not data.lstrip()[:5].lower().startswith(b"{\\rtf"):
            raise LibraryError(Code.FILE_BROKEN)
    elif suffix in _OLD:
        if not data.startswith((_OLE, _ZIP)):
            raise LibraryError(Code.FILE_BROKEN)
    elif data.startswith(_OLE):
        # A new-style document inside an old container is how Office writes encrypted ones.
        raise LibraryError(Code.FILE_ENCRYPTED)
    else:
        _check_archive(data)


def _check_archive(data: bytes) -> None:
    archive = open_archive(data)
    names = archive.namelist()
    manifest = read_member(archive, _MANIFEST) if _MANIFEST in names else b""
    if b"encryption-data" in manifest:
        raise LibraryError(Code.FILE_ENCRYPTED)
    for name in names:
        if name.endswith((".xml", ".rels")) and _ENTITY.search(read_member(archive, name)[:4096]):
            raise LibraryError(Code.FILE_BROKEN)


def _plain(markdown: str) -> str:
    text = _COMMENT.sub("", markdown)
    text = _IMAGE.sub("", text)
    return _ESCAPED.sub(r"\1", text)
