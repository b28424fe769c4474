"""Small hostile files: each ends in words or in its own text, and costs next to nothing."""

import io
import json
import struct
import zipfile
import zlib

import pytest

from core.base.errors import ErrorCode, InglenookError
from core.library.extractors import file_formats
from core.library.extractors.documents import zip_archive
from tests.library import documents, office_documents

_DOCTYPE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def end_of(data: bytes, name: str) -> str:
    """Return why a file gave no text, or the text."""
    try:
        return "\n".join(page.text for page in file_formats.extract_content(data, name).pages)
    except InglenookError as error:
        return str(error.code)


def many_members() -> bytes:
    return documents.pack({f"{n}.xml": b"" for n in range(6000)})


def nested_archive() -> bytes:
    inner = documents.pack({"secret.txt": b"never opened"})
    document = office_documents.word(office_documents.paragraph("Body."))
    return office_documents.add(document, {"word/embeddings/inner.zip": inner})


def overlapping_members() -> bytes:
    """Two entries that share one body, as in CVE-2024-0450."""
    data = documents.pack({"word/document.xml": b"x" * 1000, "word/b.xml": b"y" * 1000})
    start = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    return data[: start + 42] + struct.pack("<I", 0) + data[start + 46 :]


def lying_size() -> bytes:
    """A member that says it is small and unpacks to 60 MB."""
    data = bytearray(documents.pack({"word/document.xml": bytes(60_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 100)
    return bytes(data)


def deep_xml() -> bytes:
    return office_documents.word("<w:sdt>" * 20_000 + "</w:sdt>" * 20_000)


def wide_doctype() -> bytes:
    xml = f'<?xml version="1.0" encoding="utf-16"?>{_DOCTYPE}<w>&x;</w>'.encode("utf-16")
    document = office_documents.word("")
    return office_documents.add(document, {"word/document.xml": xml})


def late_doctype() -> bytes:
    """Behind 100 kB of comment, where a look at the first bytes doesn't reach."""
    xml = f"<!--{' ' * 100_000}-->{_DOCTYPE}<w>&x;</w>"
    return office_documents.add(office_documents.word(""), {"word/document.xml": xml})


def outside_sheet() -> bytes:
    book = office_documents.workbook(Data="<row><c><v>1</v></c></row>")
    link = office_documents.relations(r0="worksheet //server/share/sheet.xml")
    return office_documents.add(book, {"xl/_rels/workbook.xml.rels": link})


def picture_bomb() -> bytes:
    """A PNG of 100,000 x 100,000 pixels in some hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def endless_pages() -> bytes:
    """A page tree that holds itself."""
    return documents.pdf("x").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


@pytest.mark.parametrize(
    ("name", "data", "end"),
    [
        ("many.docx", many_members(), ErrorCode.FILE_TOO_MANY_PARTS),
        ("nested.docx", nested_archive(), "Body."),
        ("overlap.docx", overlapping_members(), ErrorCode.FILE_BROKEN),
        ("lying.docx", lying_size(), ErrorCode.FILE_BROKEN),
        ("deep.docx", deep_xml(), ErrorCode.FILE_NO_TEXT),
        ("wide.docx", wide_doctype(), ErrorCode.FILE_BROKEN),
        ("late.docx", late_doctype(), ErrorCode.FILE_BROKEN),
        ("outside.xlsx", outside_sheet(), ErrorCode.FILE_NO_TEXT),
        ("bomb.png", picture_bomb(), ErrorCode.FILE_TOO_LARGE),
        ("endless.pdf", endless_pages(), ErrorCode.FILE_BROKEN),
        ("archive.zip", documents.pack({"a.txt": b"never opened"}), ErrorCode.FILE_UNSUPPORTED),
        ("deep.json", b"[" * 100_000, ErrorCode.FILE_TOO_DEEP),
        ("deep.json", b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, ErrorCode.FILE_TOO_DEEP),
        ("quotes.json", b'"' + b'\\"' * 100_000, None),
        ("signs.md", b"[" * 5000 + b"]" * 5000, ErrorCode.FILE_WORDLESS),
        ("deep.ipynb", b'{"cells": ' + b"[" * 100_000, ErrorCode.FILE_BROKEN),
        ("cells.ipynb", json.dumps({"cells": [7]}).encode(), ErrorCode.FILE_BROKEN),
        ("archive.docx", documents.pack({"a.txt": b"no document"}), ErrorCode.FILE_BROKEN),
        ("mime.eml", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 200, None),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_it_ends(name: str, data: bytes, end: str | None) -> None:
    ended = end_of(data, name)
    assert end in {None, ended}
    assert "never opened" not in ended
    assert "root:" not in ended


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (many_members(), "It is packed from 6000 parts. Up to 5000 are read"),
        (documents.pack({"word/document.xml": bytes(60_000_000)}), "Up to 200 times are read"),
    ],
)
def test_a_bomb_is_told_the_limit_it_goes_past(data: bytes, reason: str) -> None:
    with pytest.raises(InglenookError, match=reason):
        file_formats.extract_content(data, "bomb.docx")


def test_an_archive_of_honest_size_is_told_how_much_it_may_unpack_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zip_archive, "MAX_UNPACKED", 2 * 2**20)
    data = documents.pack({"word/document.xml": bytes(3 * 2**20)})
    with pytest.raises(InglenookError, match=r"3 MB when unpacked.*less than 2 MB"):
        file_formats.extract_content(data, "large.docx")


def test_rows_that_are_repeated_without_end_are_cut_off() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    sheet = f'<table:table table:name="S">{row}</table:table>'
    data = office_documents.opendocument(f"<office:spreadsheet>{sheet}</office:spreadsheet>")
    text = end_of(data, "a.ods")
    assert text.count("\n") < 1000
    assert len(text) < 3_000_000


def test_a_spare_zip_is_no_archive_on_disk() -> None:
    """Nothing is unpacked: members are read by name, in memory."""
    data = documents.pack({"../../evil.txt": b"x", "word/document.xml": b"<w/>"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "../../evil.txt" in archive.namelist()
    assert end_of(data, "a.docx") == ErrorCode.FILE_NO_TEXT
