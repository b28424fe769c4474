"""A small folder of documents in several formats, made on the spot, some of them broken."""

import zipfile
from pathlib import Path

DUTIES = """# Garden club duties

## Watering

The long beds are watered every second Friday by the group that holds the key. The greenhouse is
watered daily from May to September.

## Tools

Tools are cleaned and hung up in the shed after use. Broken tools are reported to Ms Okafor.
"""
MINUTES = """Minutes of the spring meeting

The membership fee stays at 36 euros a year. The new water pump costs 412 euros and is bought
from the reserve. The next meeting is on 14 October in the club house.
"""
RULES = (
    "<html><body><h1>House rules</h1><h2>Dogs</h2><p>Dogs are welcome on a lead.</p></body></html>"
)

_CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_docx(path: Path, *paragraphs: str) -> None:
    """Write the smallest Word file that holds `paragraphs`."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_WORD}">'
        f"<w:body>{body}</w:body></w:document>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", document)


def make_garden(folder: Path) -> Path:
    """Fill `folder` with six readable files, one broken and one empty."""
    folder.mkdir()
    (folder / "duties.md").write_text(DUTIES)
    (folder / "minutes.txt").write_text(MINUTES, encoding="utf-16")
    (folder / "rules.html").write_text(RULES)
    (folder / "plots").mkdir()
    for plot, tenant in enumerate(("Weber", "Lindqvist"), start=11):
        make_docx(
            folder / "plots" / f"plot {plot}.docx",
            f"Agreement for plot {plot}",
            f"Plot {plot} is rented to the family {tenant} for 95 euros a year.",
        )
    (folder / "fees.csv").write_text("item,euros\nhedge trimmer,8\ncement mixer,25\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of it is left")
    (folder / "empty.txt").write_bytes(b"")
    return folder
