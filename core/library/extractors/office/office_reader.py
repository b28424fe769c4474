"""Office reader: XML formats by our own readers, old binary formats and RTF by kreuzberg.

Compared on files of every kind (tests/benchmarks/extraction.py): kreuzberg alone reads the old
binary forms, Outlook mail and RTF; of today's forms it lost slide numbers, notes, the header row of
tables, footnotes, text boxes and numbers of paragraphs, and gave dates as moments, so those have
readers here.
"""

import re

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.plain_text_reader import read_markdown
from core.library.extractors.documents.zip_archive import open_archive, read_member
from core.library.extractors.office.disguised_reader import read_disguised
from core.library.extractors.office.docx_reader import read_docx
from core.library.extractors.office.opendocument_reader import read_opendocument
from core.library.extractors.office.pptx_reader import read_pptx
from core.library.extractors.office.xlsx_reader import read_xlsx
from core.messages import DocumentPage

_FONT = re.compile(rb"\\f(\d+)[^;{}]*\\fcharset(\d+)")
_TOKEN = re.compile(rb"\\[\\{}]|[{}]|\\f(\d+)(?![a-z])|\\'([0-9a-fA-F]{2})")
_CHARSETS = {
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
"""Single-byte sets only: kreuzberg reads the two-byte ones and Western European by itself."""


def escapes_to_unicode(data: bytes) -> bytes:
    r"""Return the file with its escapes in those sets as \uN, which needs no font to be read."""
    sets = {int(font): _CHARSETS.get(int(charset)) for font, charset in _FONT.findall(data)}
    if not any(sets.values()):
        return data
    groups: list[str | None] = []
    current: str | None = None

    def replace(match: re.Match[bytes]) -> bytes:
        nonlocal current
        token = match[0]
        if token == b"{":
            groups.append(current)
        elif token == b"}":
            current = groups.pop() if groups else None
        elif match[1] is not None:
            current = sets.get(int(match[1]))
        elif match[2] is not None and current:
            letter = bytes([int(match[2], 16)]).decode(current, "replace")
            return rb"\uc1\u%d?" % ord(letter)
        return token

    return _TOKEN.sub(replace, data)


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
_MIDNIGHT = re.compile(r"(\| \d{4}-\d\d-\d\d) 00:00:00(?= \|)")
"""A cell that holds a day alone."""
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
    if suffix in _OLD and not data.startswith((_OLE, _ZIP)):
        return read_disguised(data, suffix)
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
    text = _plain(result.content)
    if kind == _OLD[".xls"]:
        text = _MIDNIGHT.sub(r"\1", text)
    pages = read_markdown(text)
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
