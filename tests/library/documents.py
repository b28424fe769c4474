"""Makes small real documents of every family."""

import io
import zipfile
from email.message import EmailMessage

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
_RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships">{}</Relationships>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ML = "application/vnd.openxmlformats-officedocument"


def pack(members: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(
    *paragraphs: str,
    heading: str = "",
    prologue: str = "",
    extra: dict[str, str] | None = None,
) -> bytes:
    """Return a Word document; `prologue` goes in front of its XML, `extra` are more members."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    if heading:
        style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
        body = f"<w:p>{style}<w:r><w:t>{heading}</w:t></w:r></w:p>{body}"
    kind = f"{_ML}.wordprocessingml.document.main+xml"
    override = f'<Override PartName="/word/document.xml" ContentType="{kind}"/>'
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return pack(
        {
            "[Content_Types].xml": _CONTENT_TYPES.format(override),
            "_rels/.rels": _RELATION.format(relation),
            "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?>{prologue}{document}',
            **(extra or {}),
        }
    )


def xlsx(rows: list[list[str]], sheet: str = "Sheet1") -> bytes:
    """Return a workbook with one sheet of texts."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in row) + "</row>"
        for row in rows
    )
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kinds = (
        f'<Override PartName="/xl/workbook.xml" ContentType="{_ML}.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{_ML}.spreadsheetml.worksheet+xml"/>'
    )
    book = f'<sheet name="{sheet}" sheetId="1" r:id="r1"/>'
    return pack(
        {
            "[Content_Types].xml": _CONTENT_TYPES.format(kinds),
            "_rels/.rels": _RELATION.format(
                f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            ),
            "xl/workbook.xml": (
                f'<workbook {main} xmlns:r="{_OFFICE}"><sheets>{book}</sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": _RELATION.format(
                f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            ),
            "xl/worksheets/sheet1.xml": (
                f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>"
            ),
        }
    )


def odt(*paragraphs: str, encrypted: bool = False) -> bytes:
    """Return an OpenDocument text."""
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    names = "urn:oasis:names:tc:opendocument:xmlns"
    mark = "<manifest:encryption-data/>" if encrypted else ""
    return pack(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f'<m xmlns:manifest="{names}:manifest:1.0">{mark}</m>',
            "content.xml": (
                f'<?xml version="1.0"?><office:document-content xmlns:office="{names}:office:1.0"'
                f' xmlns:text="{names}:text:1.0" office:version="1.2"><office:body><office:text>'
                f"{body}</office:text></office:body></office:document-content>"
            ),
        }
    )


def epub(*chapters: tuple[str, str]) -> bytes:
    """Return a book of (heading, text) chapters."""
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        ),
        "OEBPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf">'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        ),
    }
    for number, (heading, text) in enumerate(chapters):
        page = f"<html><body><h1>{heading}</h1><p>{text}</p></body></html>"
        members[f"OEBPS/c{number}.xhtml"] = page
    return pack(members)


def pdf(*pages: str, encrypted: bool = False) -> bytes:
    """Return a PDF with one line of Helvetica on each page."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else ""
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources"
                f" << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            ),
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    return assemble(objects, encrypted=encrypted)


def assemble(objects: list[str], *, encrypted: bool = False) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalog."""
    data = b"%PDF-1.4\n"
    offsets: list[int] = []
    if encrypted:
        key = "00" * 32
        objects = [
            *objects,
            f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{key}> /U <{key}> >>",
        ]
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += "".join(f"{offset:010} 00000 n \n" for offset in offsets).encode()
    lock = f" /Encrypt {len(objects)} 0 R /ID [<00><00>]" if encrypted else ""
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{lock} >>\n"
    return data + f"{trailer}startxref\n{table}\n%%EOF\n".encode()


def mail(subject: str, text: str, attachment: str = "") -> bytes:
    """Return a mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content(text)
    if attachment:
        message.add_attachment(b"x", maintype="application", subtype="pdf", filename=attachment)
    return message.as_bytes()
