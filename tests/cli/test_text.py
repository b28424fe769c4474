"""“folder text” prints what is read from a file, how it was read, or why it was not."""

from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.messages import DocumentPage, PassageText
from tests.cli.conftest import Inglenook

PAGES = (
    DocumentPage(number=1, heading="Lease > Rent", text="It is 900 euros.", line=4),
    DocumentPage(number=2, heading="", text="Stamped.", recognized=True),
)
PASSAGES = (
    PassageText(
        number=1,
        heading="Lease > Rent",
        line=4,
        title="scan > Lease > Rent",
        text="It is 900 euros.",
        tokens=6,
    ),
)


@pytest.fixture
def reader(inglenook: Inglenook) -> Inglenook:
    """The command line, over a library that reads any file as these pages."""
    inglenook.library.pages = PAGES
    inglenook.library.passages = PASSAGES
    return inglenook


def file_in(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"x")
    return path


def test_pages_are_printed_with_their_places(reader: Inglenook, tmp_path: Path) -> None:
    path = file_in(tmp_path)
    ran = reader("folder", "text", str(path))
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "── page 1 · line 4 · Lease > Rent",
        "It is 900 euros.",
        "",
        "── page 2 · read by recognition",
        "Stamped.",
        "",
    ]
    told = "2 parts, 1 passage, encoding cp1252, 1 page read by text recognition, 1.2 s"
    assert f"{path}: {told}" in ran.err


def test_passages_are_printed_as_they_are_searched(reader: Inglenook, tmp_path: Path) -> None:
    ran = reader("folder", "text", str(file_in(tmp_path)), "--passages")
    assert ran.out.splitlines() == [
        "[1] page 1 · line 4 · scan > Lease > Rent · 6 tokens",
        "It is 900 euros.",
        "",
    ]


def test_scripts_get_objects(reader: Inglenook, tmp_path: Path) -> None:
    path = file_in(tmp_path)
    ran = reader("folder", "text", str(path), "--passages", "--json")
    page, scan, passage, done = ran.objects
    assert page == {
        "event": "page",
        "page": 1,
        "heading": "Lease > Rent",
        "line": 4,
        "recognized": False,
        "text": "It is 900 euros.",
    }
    assert (scan["page"], scan["recognized"]) == (2, True)
    assert (passage["event"], passage["title"], passage["tokens"]) == (
        "passage",
        "scan > Lease > Rent",
        6,
    )
    assert done == {
        "event": "done",
        "path": str(path),
        "encoding": "cp1252",
        "parts": 2,
        "passages": 1,
        "recognized": 1,
        "seconds": 1.25,
    }


def test_why_a_file_cant_be_read_is_said_with_its_name(reader: Inglenook, tmp_path: Path) -> None:
    path = file_in(tmp_path)
    reader.library.pages = None
    ran = reader("folder", "text", str(path))
    assert ran.code == 1
    assert f"{path}: It is damaged" in ran.err


def test_a_file_that_is_not_there_is_said(reader: Inglenook, tmp_path: Path) -> None:
    ran = reader("folder", "text", str(tmp_path / "gone.txt"), "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == ErrorCode.FILE_MISSING
