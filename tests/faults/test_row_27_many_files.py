"""Faults 27 and 28: a folder of many files, and a text of gigabytes."""

import os
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.reading.file_reader import FileReader
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import FolderSync, SyncDependencies
from core.messages import FileSkipped, SyncProgress
from tests.library.conftest import ScriptedEmbedder

pytestmark = pytest.mark.slow

_FILES = int(os.environ.get("INGLENOOK_FAULT_FILES", "400"))
"""Files in the folder; 100,000 at night."""
_GIGABYTE = 1024**3
_MEGABYTE = 1024**2


class Reading:
    """A folder and the steps of its sync."""

    def __init__(self, records: LibraryRecords, root: Paths, papers: Path) -> None:
        self.sent: list[object] = []
        self.records = records
        self.folder = records.add_folder(str(papers))
        tools = SyncDependencies(
            records=records,
            embedder=ScriptedEmbedder(),
            new_reader=lambda: FileReader(root.logs / "extractor.log", lambda: None),
            app_root=root.root,
            send=self.sent.append,
        )
        self._tools = tools

    def steps(self) -> Generator[bool, None, None]:
        yield from FolderSync(self._tools, self.folder, "sync").sync_in_steps()

    def done(self) -> int:
        """How many files the last progress told."""
        last = self.sent[-1] if self.sent else None
        return last.done if isinstance(last, SyncProgress) else 0

    def kept(self) -> set[str]:
        known = self.records.known_files(self.folder.id)
        return {name for name, file in known.items() if file.content_id}

    def skipped(self) -> list[FileSkipped]:
        return [each for each in self.sent if isinstance(each, FileSkipped)]


def test_many_files_cost_no_more_memory_and_go_on_after_a_stop(
    root: Paths, records: LibraryRecords, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    for number in range(_FILES):
        folder = papers / f"{number // 500}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.txt").write_text(f"Box {number} holds {number * 7} pears.")
    reading = Reading(records, root, papers)
    steps = reading.steps()
    for _step in steps:
        if reading.done() > _FILES // 4:
            break
    steps.close()  # stopped in the middle
    memory = psutil.Process().memory_info().rss
    before = reading.kept()
    assert 0 < len(before) < _FILES
    for _step in reading.steps():
        pass
    assert before < reading.kept()
    assert len(reading.kept()) == _FILES
    grown = psutil.Process().memory_info().rss - memory
    assert grown < 64 * _MEGABYTE + 2_000 * _FILES, "names and times are kept, no texts"


@pytest.mark.parametrize("one_line", [True, False])
def test_a_text_of_gigabytes_is_left_out_with_its_size_named(
    root: Paths, records: LibraryRecords, tmp_path: Path, one_line: bool
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "small.txt").write_text("The strawberries were sown on 3 April.")
    with (papers / "huge.txt").open("wb") as file:
        file.write(b"yes " if one_line else b"yes\n")
        file.truncate(2 * _GIGABYTE)  # a hole: it takes no room on the disk
    before = psutil.Process().memory_info().rss
    reading = Reading(records, root, papers)
    for _step in reading.steps():
        pass
    assert reading.kept() == {"small.txt"}
    (skipped,) = reading.skipped()
    assert skipped.file == "huge.txt"
    assert skipped.code == ErrorCode.FILE_TOO_LARGE
    assert skipped.facts["size"].startswith("2")
    assert psutil.Process().memory_info().rss - before < 200 * _MEGABYTE
