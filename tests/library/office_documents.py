"""Makes office documents of raw XML parts, as the programs write them."""

import io
import zipfile
from collections.abc import Mapping

from tests.library.documents import pack

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    f' xmlns:r="{_OFFICE}"'
)
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"


def relations(**targets: str) -> str:
    """Return a relationship part: id to "kind target"."""
    entries = "".join(
        f'<Relationship Id="{id_}" Type="{_OFFICE}/{target.split()[0]}"'
        f' Target="{target.split()[1]}"/>'
        for id_, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{entries}</Relationships>'


def word(body: str, **parts: str) -> bytes:
    """Return a Word file; `parts` are inner XML by kind: styles, numbering, footnotes and so on."""
    members: dict[str, str | bytes] = {
        "_rels/.rels": relations(r1="officeDocument word/document.xml"),
        "word/_rels/document.xml.rels": relations(
            **{f"r{kind}": f"{kind} {kind}.xml" for kind in parts}
        ),
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
    }
    for kind, inner in parts.items():
        members[f"word/{kind}.xml"] = f"<w:{kind} {_SPACES}>{inner}</w:{kind}>"
    return pack(members)


def add(archive: bytes, members: Mapping[str, str | bytes]) -> bytes:
    """Return the archive with these members, which take the place of those of the same name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        kept: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    return pack({**kept, **members})


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """Return a Word paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def shape(*paragraphs: str, kind: str = "") -> str:
    """Return a PowerPoint shape; `kind` is that of its placeholder."""
    mark = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>' if kind else ""
    lines = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<p:sp>{mark}<p:txBody>{lines}</p:txBody></p:sp>"


def slides(*shapes: str, notes: str = "") -> bytes:
    """Return a presentation of one slide for each of `shapes`; `notes` belong to the first."""
    numbers = range(1, len(shapes) + 1)
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in numbers)
    members: dict[str, str | bytes] = {
        "_rels/.rels": relations(r1="officeDocument ppt/presentation.xml"),
        "ppt/_rels/presentation.xml.rels": relations(
            **{f"r{n}": f"slide slides/slide{n}.xml" for n in numbers}
        ),
        "ppt/presentation.xml": (
            f"<p:presentation {_SPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
        ),
        "ppt/slides/_rels/slide1.xml.rels": relations(r1="notesSlide ../notes.xml"),
        "ppt/notes.xml": f"<p:notes {_SPACES}>{notes}</p:notes>",
    }
    for number, inner in enumerate(shapes, 1):
        members[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {_SPACES}><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:sld>"
        )
    return pack(members)


def workbook(*, shared: str = "", styles: str = "", **sheets: str) -> bytes:
    """Return an Excel file; `sheets` are the rows of each sheet by its name."""
    names = list(sheets)
    listed = "".join(f'<sheet name="{name}" r:id="r{n}"/>' for n, name in enumerate(names))
    members: dict[str, str | bytes] = {
        "_rels/.rels": relations(r1="officeDocument xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relations(
            rs="sharedStrings shared.xml",
            rf="styles styles.xml",
            **{f"r{n}": f"worksheet sheet{n}.xml" for n in range(len(names))},
        ),
        "xl/workbook.xml": f"<workbook {_SPACES}><sheets>{listed}</sheets></workbook>",
        "xl/shared.xml": f"<sst>{shared}</sst>",
        "xl/styles.xml": f"<styleSheet>{styles}</styleSheet>",
    }
    for number, name in enumerate(names):
        members[f"xl/sheet{number}.xml"] = (
            f"<worksheet><sheetData>{sheets[name]}</sheetData></worksheet>"
        )
    return pack(members)


def opendocument(body: str) -> bytes:
    """Return an OpenDocument file with this inside its body."""
    kinds = ("office", "text", "table", "draw", "presentation")
    spaces = " ".join(f'xmlns:{kind}="{_NAMES}:{kind}:1.0"' for kind in kinds)
    return pack(
        {
            "content.xml": f"<office:document-content {spaces}><office:body>{body}</office:body>"
            "</office:document-content>"
        }
    )
