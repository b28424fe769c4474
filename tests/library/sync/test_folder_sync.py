"""A sync in step with the disk: what is gone is forgotten, what can't be seen is kept."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths
from core.library.embedding.vector_types import Vectors
from core.library.filesystem import folder_scanner
from core.library.reading.file_reader import FileReader
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync import folder_sync, sync_progress
from core.library.sync.folder_comparison import SyncOptions
from core.library.sync.folder_sync import FolderSync, SyncDependencies
from core.library.sync.sync_queue import SyncQueue
from core.messages import FileSkipped, SyncProgress
from tests.library.conftest import ScriptedEmbedder

SyncSteps = Callable[[], Iterator[bool]]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "old").mkdir(parents=True)
    (folder / "note.txt").write_text("The strawberries were sown on 3 April.")
    (folder / "old" / "lease.txt").write_text("The rent is due on the first.")
    return folder


@pytest.fixture
def folder(records: LibraryRecords, papers: Path) -> FolderRecord:
    return records.add_folder(str(papers))


@pytest.fixture
def sent() -> list[msgspec.Struct]:
    return []


@pytest.fixture
def steps(
    records: LibraryRecords, folder: FolderRecord, root: Paths, sent: list[msgspec.Struct]
) -> SyncSteps:
    """Make the steps of a sync, with real readers and a scripted embedder."""
    tools = SyncDependencies(
        records=records,
        embedder=ScriptedEmbedder(),
        new_reader=lambda: FileReader(root.logs / "extractor.log", lambda: None),
        app_root=root.root,
        send=sent.append,
    )
    return lambda: FolderSync(tools, folder, "sync").sync_in_steps()


def kept(records: LibraryRecords, folder: FolderRecord) -> set[str]:
    return {name for name, file in records.known_files(folder.id).items() if file.content_id}


BOTH = {"note.txt", "old/lease.txt"}


def finish(steps: SyncSteps) -> None:
    for _ in steps():
        pass


def failure(steps: SyncSteps) -> ErrorCode:
    with pytest.raises(LibraryError) as caught:
        finish(steps)
    return caught.value.code


def test_a_file_that_is_gone_is_forgotten(
    records: LibraryRecords, folder: FolderRecord, papers: Path, steps: SyncSteps
) -> None:
    finish(steps)
    assert kept(records, folder) == BOTH
    (papers / "note.txt").unlink()
    finish(steps)
    assert kept(records, folder) == {"old/lease.txt"}


def test_an_unplugged_drive_leaves_an_empty_mount_point(
    records: LibraryRecords, folder: FolderRecord, papers: Path, steps: SyncSteps
) -> None:
    finish(steps)
    papers.rename(papers.with_name("drive"))
    papers.mkdir()
    assert failure(steps) == ErrorCode.FOLDER_EMPTIED
    assert kept(records, folder) == BOTH
    papers.rmdir()
    papers.with_name("drive").rename(papers)
    finish(steps)
    assert kept(records, folder) == BOTH


@pytest.mark.parametrize("instead", [True, False], ids=["mount point", "nothing"])
def test_a_drive_unplugged_during_the_scan(
    records: LibraryRecords,
    folder: FolderRecord,
    papers: Path,
    steps: SyncSteps,
    *,
    instead: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finish(steps)
    listed = folder_scanner.FolderScan.scan_folder

    def unplugged_halfway(scan: folder_scanner.FolderScan) -> Iterator[folder_scanner.ScannedEntry]:
        yield next(iter(listed(scan)))
        papers.rename(papers.with_name("drive"))
        if instead:
            papers.mkdir()

    monkeypatch.setattr(folder_scanner.FolderScan, "scan_folder", unplugged_halfway)
    assert failure(steps) == ErrorCode.FOLDER_GONE
    assert kept(records, folder) == BOTH


def test_a_drive_unplugged_while_it_is_read_loses_no_old_text(
    records: LibraryRecords,
    folder: FolderRecord,
    papers: Path,
    steps: SyncSteps,
    sent: list[msgspec.Struct],
) -> None:
    finish(steps)
    for name in BOTH:
        (papers / name).write_text("Changed on the day the drive was unplugged.")
    running = steps()
    next(running)
    papers.rename(papers.with_name("drive"))
    with pytest.raises(LibraryError) as caught:
        for _ in running:
            pass
    assert caught.value.code == ErrorCode.FOLDER_GONE
    assert kept(records, folder) == BOTH
    assert not any(isinstance(event, FileSkipped) for event in sent)


def test_a_drive_unplugged_while_a_file_is_hashed_skips_no_file(
    records: LibraryRecords,
    folder: FolderRecord,
    papers: Path,
    steps: SyncSteps,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finish(steps)
    (papers / "note.txt").write_text("Changed on the day the drive was unplugged.")

    def unplugged(_path: Path, _entry: folder_scanner.ScannedEntry) -> Iterator[str]:
        papers.rename(papers.with_name("drive"))
        raise LibraryError(ErrorCode.FILE_UNREADABLE)
        yield ""

    monkeypatch.setattr(folder_sync, "hash_steps", unplugged)
    assert failure(steps) == ErrorCode.FOLDER_GONE
    assert records.count_skipped_files(folder.id) == 0
    assert kept(records, folder) == BOTH


def test_a_file_that_was_edited_to_the_same_length_is_read_again(
    records: LibraryRecords, folder: FolderRecord, papers: Path, steps: SyncSteps
) -> None:
    finish(steps)
    before = records.known_files(folder.id)["note.txt"]
    (papers / "note.txt").write_text("The strawberries were sown on 5 April.")
    os.utime(papers / "note.txt", ns=(0, before.modified_ns + 1_000_000_000))
    finish(steps)
    after = records.known_files(folder.id)["note.txt"]
    assert after.size == before.size
    assert after.content_id != before.content_id


def test_a_file_that_changes_while_it_is_read_is_read_again(
    records: LibraryRecords,
    folder: FolderRecord,
    papers: Path,
    steps: SyncSteps,
    sent: list[msgspec.Struct],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit = FileReader.submit_file

    def submit_and_edit(reader: FileReader, key: str, path: str) -> None:
        submit(reader, key, path)
        Path(path).write_text("Somebody goes on writing.")

    monkeypatch.setattr(FileReader, "submit_file", submit_and_edit)
    finish(steps)
    assert kept(records, folder) == set()
    skipped = {each.code for each in sent if isinstance(each, FileSkipped)}
    assert skipped == {ErrorCode.FILE_CHANGED}
    monkeypatch.setattr(FileReader, "submit_file", submit)
    finish(steps)
    assert kept(records, folder) == BOTH


def test_a_folder_that_can_not_be_listed_keeps_its_files(
    records: LibraryRecords, folder: FolderRecord, steps: SyncSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(steps)
    entries = folder_scanner._entries

    def refused(path: str) -> list[object]:
        if path.endswith("old"):  # not by chmod: tests may run as root, who may read everything
            raise PermissionError(path)
        return list(entries(path))

    monkeypatch.setattr(folder_scanner, "_entries", refused)
    finish(steps)
    assert kept(records, folder) == BOTH
    assert records.known_files(folder.id)["old"].code == ErrorCode.FILE_UNREADABLE
    monkeypatch.undo()
    finish(steps)
    assert set(records.known_files(folder.id)) == BOTH


def test_a_long_file_shows_how_far_it_is(
    papers: Path, steps: SyncSteps, sent: list[msgspec.Struct], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = (f"Fact {n}: crate {n * n} holds {n} apples and {n * 7} pears." for n in range(600))
    (papers / "manual.txt").write_text(" ".join(facts))
    monkeypatch.setattr(sync_progress, "PROGRESS_SECONDS", 0.0)
    finish(steps)
    parts = [e.part for e in sent if isinstance(e, SyncProgress) and e.current == "manual.txt"]
    assert parts == [*sorted(parts[:-1]), 0.0]  # the last one says that the file is done
    assert len({part for part in parts if 0 < part < 1}) > 3


def test_files_that_go_while_others_are_read_leave_the_count(
    records: LibraryRecords,
    folder: FolderRecord,
    papers: Path,
    root: Paths,
    sent: list[msgspec.Struct],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync_progress, "PROGRESS_SECONDS", 0.0)
    for number in range(40):
        (papers / f"{number:02}.txt").write_text(f"Crate {number} holds {number} apples.")
    queue = SyncQueue(
        records,
        lambda: SyncDependencies(
            records=records,
            embedder=ScriptedEmbedder(),
            new_reader=lambda: FileReader(root.logs / "extractor.log", lambda: None),
            app_root=root.root,
            send=sent.append,
        ),
        sent.append,
        lambda _folder_id, _unsettled: None,
        lambda error: LibraryError(ErrorCode.INTERNAL, detail=str(error), logs=""),
    )
    queue.add_sync("whole", folder)
    while not (progress := queue.sync_progress(folder.id)) or progress.done < 3:
        queue.run_sync_step()
    assert progress.total == 42
    gone = [f"{number:02}.txt" for number in range(30)]
    for name in gone:
        (papers / name).unlink()
    queue.add_sync("", folder, SyncOptions(parts=tuple(gone), resting=True), first=True)
    while queue:
        queue.run_sync_step()
    last = [message for message in sent if isinstance(message, SyncProgress)][-1]
    assert (last.done, last.total) == (12, 12)
    assert kept(records, folder) == BOTH | {f"{number}.txt" for number in range(30, 40)}


class UnloadedEmbedder(ScriptedEmbedder):
    """Reads a few texts before its model is in memory."""

    is_loaded = False
    reads_questions = True

    def embed(self, texts: list[str]) -> Vectors:
        raise AssertionError(texts)

    def embed_few(self, texts: list[str]) -> Vectors:
        """Do it without."""
        return super().embed(texts)


@pytest.mark.parametrize("files", [0, 300])
def test_a_few_passages_wait_for_no_model_and_many_do(
    records: LibraryRecords, folder: FolderRecord, papers: Path, root: Paths, files: int
) -> None:
    for number in range(files):
        (papers / f"{number}.txt").write_text(f"Crate {number} holds {number} apples. " * 4)
    tools = SyncDependencies(
        records=records,
        embedder=UnloadedEmbedder(),
        new_reader=lambda: FileReader(root.logs / "extractor.log", lambda: None),
        app_root=root.root,
        send=lambda _message: None,
    )
    sync = FolderSync(tools, folder, "sync")
    for _step in sync.sync_in_steps():
        if sync.needs_model:
            break
    assert sync.needs_model is bool(files)
    assert kept(records, folder) == (set() if files else BOTH)
