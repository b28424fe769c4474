"""What an older reader read is read again; what it read answers until then."""

import pytest

from core.errors import Code
from core.library.reading import EXTRACTOR_VERSION
from core.library.records import Folder, Records
from core.library.rereading import mark_outdated
from core.library.scanner import Found
from tests.library import shelving


@pytest.fixture
def folder(records: Records) -> Folder:
    folder = records.add_folder("/somewhere")
    mark_outdated(records, recognize=True)
    shelving.put(records, folder, "a.txt", "The rent is due.")
    shelving.put(records, folder, "b.pdf", "The boiler is old.")
    records.skip_file(folder.id, Found("c.png", 1, 1), Code.FILE_NO_TEXT, {})
    return folder


def waiting(records: Records, folder: Folder) -> list[str]:
    return sorted(name for name, file in records.files(folder.id).items() if file.waiting)


def test_nothing_waits_while_the_reader_is_the_same(records: Records, folder: Folder) -> None:
    mark_outdated(records, recognize=True)
    assert waiting(records, folder) == []


def test_a_better_reader_reads_everything_again(
    records: Records, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.library.rereading.EXTRACTOR_VERSION", EXTRACTOR_VERSION + 1)
    mark_outdated(records, recognize=True)
    assert waiting(records, folder) == ["a.txt", "b.pdf", "c.png"]
    assert records.texts.pages(folder.id, "a.txt") is not None
    # The same bytes are not taken for read, and no passage needs a new vector.
    assert shelving.put(records, folder, "a.txt", "The rent is due.") == 0
    assert waiting(records, folder) == ["b.pdf", "c.png"]
    list(records.texts.drop_orphans())
    assert shelving.counts(records)["content"] == 2


def test_only_what_may_hold_pictures_is_read_again_once_they_can_be_read(
    records: Records, folder: Folder
) -> None:
    mark_outdated(records, recognize=False)
    assert waiting(records, folder) == []
    mark_outdated(records, recognize=True)
    assert waiting(records, folder) == ["b.pdf", "c.png"]
