"""The queue of syncs: folders in use go first, pauses stop at once, states outlive a full disk."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.base.errors import ErrorCode, InglenookError, LibraryError, StorageError
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.reading.file_reader import ReadingPace
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync import sync_queue
from core.library.sync.folder_comparison import SyncOptions
from core.library.sync.folder_sync import SyncDependencies
from core.library.sync.sync_progress import SyncProgressReporter
from core.library.sync.sync_queue import SyncQueue
from core.messages import Failed, SyncDone


class ThreeSteps:
    """A sync of three steps that does nothing, or fails at the second."""

    failing: dict[str, Exception] = {}  # noqa: RUF012 - set by each test
    begun: list[str] = []  # noqa: RUF012
    paces: list[tuple[str, ReadingPace]] = []  # noqa: RUF012

    def __init__(
        self, tools: SyncDependencies, folder: FolderRecord, request_id: str, _options: SyncOptions
    ) -> None:
        self._folder = folder
        self.progress_reporter = SyncProgressReporter(lambda _message: None, folder.id, request_id)
        self.unsettled_files = ("a.txt",)
        self.removed_files: frozenset[str] = frozenset()

    def set_pace(self, pace: ReadingPace) -> None:
        self.paces.append((self._folder.name, pace))

    def sync_in_steps(self) -> Iterator[bool]:
        self.begun.append(self._folder.name)
        yield True
        if error := self.failing.get(self._folder.name):
            raise error
        yield True
        yield False


def awaited() -> list[str]:
    """Return the folders that were told that somebody waits for them, in this order."""
    return [name for name, pace in ThreeSteps.paces if pace is ReadingPace.AWAITED]


class Stage:
    """A queue over real records, and what it told."""

    def __init__(self, records: LibraryRecords) -> None:
        self.sent: list[msgspec.Struct] = []
        self.ended: list[tuple[str, tuple[str, ...]]] = []
        self.records = records
        self.queue = SyncQueue(
            records,
            lambda: None,  # type: ignore[arg-type,return-value] # nothing is read
            self.sent.append,
            lambda folder_id, restless: self.ended.append((folder_id, restless)),
            lambda error: error,  # type: ignore[arg-type,return-value] # already in words
        )

    def finish(self) -> None:
        while self.queue:
            self.queue.run_sync_step()

    def state(self, folder: FolderRecord) -> str:
        return self.queue.describe_folder(self.records.get_folder(folder.id)).state

    @property
    def order(self) -> list[str]:
        done = (event.folder.name for event in self.sent if isinstance(event, SyncDone))
        return list(done)


@pytest.fixture
def stage(records: LibraryRecords, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(sync_queue, "FolderSync", ThreeSteps)
    monkeypatch.setattr(ThreeSteps, "failing", {})
    monkeypatch.setattr(ThreeSteps, "begun", [])
    monkeypatch.setattr(ThreeSteps, "paces", [])
    return Stage(records)


@pytest.fixture
def folders(records: LibraryRecords, tmp_path: Path) -> list[FolderRecord]:
    return [records.add_folder(str(tmp_path / name)) for name in "abc"]


def test_syncs_run_in_the_order_they_were_asked_for(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    for folder in folders:
        stage.queue.add_sync(folder.name, folder)
        assert stage.state(folder) == "syncing"
    stage.finish()
    assert stage.order == ["a", "b", "c"]
    assert stage.ended == [(folder.id, ("a.txt",)) for folder in folders]
    assert {stage.state(folder) for folder in folders} == {"empty"}
    assert all(folder.synced for folder in stage.records.active_folders())


def test_the_folder_in_use_goes_first_and_others_go_on_where_they_were(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    for folder in folders:
        stage.queue.add_sync(folder.name, folder)
    stage.queue.run_sync_step()
    stage.queue.prioritize_folders({folders[2].id})
    stage.finish()
    assert stage.order == ["c", "a", "b"]
    assert ThreeSteps.begun == ["a", "c", "b"]
    assert awaited() == ["c"], "somebody waits for it"


def test_a_search_of_all_folders_hurries_what_runs_and_what_waits(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    for folder in folders[:2]:
        stage.queue.add_sync(folder.name, folder)
    stage.queue.run_sync_step()
    stage.queue.prioritize_folders(())
    assert awaited() == ["a"]
    stage.queue.add_sync("later", folders[2])
    stage.finish()
    assert stage.order == ["a", "b", "c"]
    assert awaited() == ["a", "b"], "nobody asked since"


def test_what_changed_goes_before_a_long_sync(stage: Stage, folders: list[FolderRecord]) -> None:
    stage.queue.add_sync("long", folders[0])
    stage.queue.run_sync_step()
    stage.queue.add_sync("", folders[0], SyncOptions(parts=("x",)), first=True)
    stage.finish()
    ids = [event.request_id for event in stage.sent if isinstance(event, SyncDone)]
    assert ids == ["", "long"]


def test_a_paused_folder_stops_at_once_and_says_so(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    stage.queue.add_sync("one", folders[0])
    stage.queue.run_sync_step()
    stage.records.set_folders_paused([folders[0].id], paused=True)
    stage.queue.cancel_folder_syncs(folders[0].id)
    (done,) = stage.sent
    assert isinstance(done, SyncDone)
    assert (done.request_id, done.folder.state, stage.queue.has_sync(folders[0].id)) == (
        "one",
        "paused",
        False,
    )
    stage.records.set_folders_paused([folders[0].id], paused=False)
    assert stage.state(folders[0]) == "stopped"


def test_a_folder_that_went_is_offline_without_a_word_unless_asked(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    gone = LibraryError(ErrorCode.FOLDER_GONE, path="a")
    ThreeSteps.failing = {"a": gone}
    stage.queue.add_sync("", folders[0])
    stage.finish()
    assert (stage.sent, stage.state(folders[0])) == ([], "offline")
    stage.queue.add_sync("asked", folders[0])
    stage.finish()
    (failed,) = stage.sent
    assert isinstance(failed, Failed)
    assert (failed.request_id, failed.code) == ("asked", ErrorCode.FOLDER_GONE)
    assert stage.queue.gone_folders == {folders[0].id}
    ThreeSteps.failing = {}
    stage.queue.add_sync("", folders[0])
    stage.finish()
    assert not stage.queue.gone_folders


def test_a_sync_that_nobody_asked_for_tells_why_it_failed(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    ThreeSteps.failing = {"a": StorageError(ErrorCode.DISK_FULL, path="library.db")}
    stage.queue.add_sync("", folders[0])
    stage.finish()
    (failed,) = stage.sent
    assert isinstance(failed, Failed)
    assert (failed.request_id, failed.code) == ("", ErrorCode.DISK_FULL)


def test_a_folder_that_failed_is_not_called_waiting_for_its_unread_files(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    stage.records.mark_waiting(folders[0].id, [ScannedEntry("scan.pdf", 1, 1)])
    ThreeSteps.failing = {"a": LibraryError(ErrorCode.INTERNAL)}
    stage.queue.add_sync("one", folders[0])
    stage.finish()
    assert stage.state(folders[0]) == "failed"


def test_no_folder_is_read_for_ever_on_a_full_disk(
    stage: Stage, folders: list[FolderRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError(ErrorCode.DISK_FULL, path="library.db")

    monkeypatch.setattr(stage.records, "set_folder_state", full)
    stage.queue.add_sync("one", folders[0])
    stage.finish()
    (failed,) = stage.sent
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.DISK_FULL
    assert stage.state(folders[0]) == "failed"


def test_everything_ends_with_one_reason(stage: Stage, folders: list[FolderRecord]) -> None:
    for folder in folders:
        stage.queue.add_sync(folder.name, folder)
    stage.queue.fail_all_syncs(InglenookError(ErrorCode.INTERNAL))
    assert [event.code for event in stage.sent if isinstance(event, Failed)] == ["internal"] * 3
    assert not stage.queue


def test_a_folder_that_nobody_stopped_is_not_called_so(
    stage: Stage, folders: list[FolderRecord]
) -> None:
    assert stage.state(folders[0]) == "waiting"  # as after a kill while it was added
    stage.queue.add_sync("one", folders[0])
    stage.finish()
    stage.records.mark_waiting(folders[0].id, [ScannedEntry("scan.pdf", 1, 1)])
    stage.records.set_folder_state(folders[0].id, "ready")
    assert next_state(stage, folders[0]) == "waiting"


def next_state(stage: Stage, folder: FolderRecord) -> str:
    """Return the state in the next process."""
    return Stage(stage.records).state(folder)


def test_files_are_read_slowly_only_while_a_model_answers(
    stage: Stage, records: LibraryRecords
) -> None:
    stage.queue.add_sync("a", records.add_folder("/papers"))
    stage.queue.run_sync_step()
    stage.queue.set_pace(ReadingPace.SLOW)
    stage.queue.add_sync("b", records.add_folder("/letters"))
    stage.finish()
    assert ThreeSteps.paces == [
        ("papers", ReadingPace.FAIR),
        ("papers", ReadingPace.SLOW),
        ("letters", ReadingPace.SLOW),
    ]
