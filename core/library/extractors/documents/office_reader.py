"""Office reader: XML formats by our own readers, old binary formats and RTF by kreuzberg.

Compared on files of every kind (tests/benchmarks/extraction.py): kreuzberg alone reads the old
binary forms, Outlook mail and RTF; of today's forms it lost slide numbers, notes, the header row of
tables, footnotes, text boxes and numbers of paragraphs, and gave dates as moments, so those have
readers here.
"""

import re

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.docx_reader import read_docx
from core.library.extractors.documents.opendocument_reader import read_opendocument
from core.library.extractors.documents.plain_text_reader import read_markdown
from core.library.extractors.documents.pptx_reader import read_pptx
from core.library.extractors.documents.rtf_escapes import escapes_to_unicode
from core.library.extractors.documents.xlsx_reader import read_xlsx
from core.library.extractors.documents.zip_archive import open_archive, read_member
from core.messages import DocumentPage

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$&])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_OURS = {
    **dict.fromkeys((".docx", ".docm", ".dotx"), read_docx),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx"), read_pptx),
    **dict.fromkeys((".xlsx", ".xlsm"), read_xlsx),
    **dict.fromkeys((".odt", ".ott", ".ods", ".odp"), read_opendocument),
}
_OLD = {
    ".doc": "application/msword",
    ".ppt": "application/vnd.ms-powerpoint",
    ".xls": "application/vnd.ms-excel",
}
_RTF = "application/rtf"
_MSG = "application/vnd.ms-outlook"
OFFICE_SUFFIXES = frozenset({*_OURS, *_OLD, ".rtf"})
_MANIFEST = "META-INF/manifest.xml"


def read_office(data: bytes, suffix: str) -> tuple[DocumentPage, ...]:
    """Return the text of an office document. Raises LibraryError with the reason if it can't."""
    if data.lstrip()[:5].lower().startswith(b"{\\rtf"):  # also what many call .doc
        return _by_kreuzberg(escapes_to_unicode(data), _RTF)
    if suffix == ".rtf":
        raise LibraryError(ErrorCode.FILE_BROKEN)
    if suffix in _OLD and data.startswith(_OLE):
        return _by_kreuzberg(data, _OLD[suffix])
    if data.startswith(_OLE):
        # A new-style document inside an old container is how Office writes encrypted ones.
        raise LibraryError(ErrorCode.FILE_ENCRYPTED)
    if not data.startswith(_ZIP):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    _refuse_encrypted(data)
    return _OURS[f"{suffix}x" if suffix in _OLD else suffix](data)


def read_msg(data: bytes) -> tuple[DocumentPage, ...]:
    """Return an Outlook mail with the names of what is attached. Raises LibraryError."""
    if not data.startswith(_OLE):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    return _by_kreuzberg(data, _MSG)


def _by_kreuzberg(data: bytes, kind: str) -> tuple[DocumentPage, ...]:
    import kreuzberg  # noqa: PLC0415 - a child pays for it only when it meets an old file

    configuration = kreuzberg.ExtractionConfig(output_format="markdown", use_cache=False)
    try:
        result = kreuzberg.extract_bytes_sync(data, kind, config=configuration)
    except kreuzberg.KreuzbergError as error:
        words = str(error).lower()
        locked = "password" in words or "encrypt" in words
        raise LibraryError(ErrorCode.FILE_ENCRYPTED if locked else ErrorCode.FILE_BROKEN) from error
    pages = read_markdown(_plain(result.content))
    # Their lines are those of the Markdown, which nobody sees.
    return tuple(DocumentPage(number=None, heading=p.heading, text=p.text) for p in pages)


def _refuse_encrypted(data: bytes) -> None:
    archive = open_archive(data)
    manifest = read_member(archive, _MANIFEST) if _MANIFEST in archive.namelist() else b""
    if b"encryption-data" in manifest:
        raise LibraryError(ErrorCode.FILE_ENCRYPTED)


def _plain(markdown: str) -> str:
    text = _COMMENT.sub("", markdown)
    text = _IMAGE.sub("", text)
    return _ESCAPED.sub(r"\1", text)
