"""Folders kept in step by themselves: what changed is compared, what is gone is noticed."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from core.library.filesystem import path_kinds
from core.library.filesystem.filesystem_watcher import FilesystemWatcher
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SETTLE_SECONDS, SyncOptions
from core.library.sync.folder_sync import SYNC_EVERYTHING
from core.library.sync.folder_watch import (
    POLL_SECONDS,
    RECHECK_SECONDS,
    DiskChanged,
    FolderWatch,
)
from core.library.sync.sync_queue import SyncQueue
from tests.waiting import WaitFor


class Queue(SyncQueue):
    """Writes down which syncs are to be made."""

    def __init__(self) -> None:
        self.wishes: list[tuple[str, SyncOptions, bool]] = []
        self.held: set[str] = set()
        self.gone_folders: set[str] = set()

    def add_sync(
        self,
        request_id: str,
        folder: FolderRecord,
        wish: SyncOptions = SYNC_EVERYTHING,
        *,
        first: bool = False,
    ) -> None:
        assert request_id == ""
        self.wishes.append((folder.name, wish, first))

    def has_sync(self, folder_id: str) -> bool:
        return folder_id in self.held


class FakeWatcher:
    """Watches nothing; a test tells what changed."""

    def __init__(
        self,
        root: Path,
        folders: Collection[str],
        on_change: Callable[[frozenset[str]], None],
        on_failure: Callable[[], None],
    ) -> None:
        self.folders = set(folders)
        self.change, self.fail = on_change, on_failure
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def join(self) -> None:
        assert not self.running


class Stage:
    """A keeper whose clock stands until it is moved."""

    def __init__(self, records: LibraryRecords) -> None:
        self.now = 1000.0
        self.queue = Queue()
        self.watchers: list[FakeWatcher] = []
        self.keeper = FolderWatch(
            records,
            self.queue,
            self._post,
            self._watcher,
            self._clock,
        )

    def _post(self, change: DiskChanged) -> None:
        self.keeper.on_disk_changed(change)

    def _clock(self) -> float:
        return self.now

    def _watcher(self, *arguments: object) -> FakeWatcher:
        self.watchers.append(FakeWatcher(*arguments))  # type: ignore[arg-type] # as they came
        return self.watchers[-1]

    def after(self, seconds: float) -> list[tuple[str, SyncOptions, bool]]:
        """Return what is to be compared after so long."""
        self.queue.wishes.clear()
        self.now += seconds
        self.keeper.queue_due_syncs()
        return list(self.queue.wishes)


@pytest.fixture
def stage(records: LibraryRecords) -> Stage:
    return Stage(records)


@pytest.fixture
def folder(records: LibraryRecords, tmp_path: Path) -> FolderRecord:
    (tmp_path / "papers" / "old").mkdir(parents=True)
    return records.add_folder(str(tmp_path / "papers"))


WHOLE = ("papers", SyncOptions(parts=None, resting=True), False)


def part(*paths: str) -> tuple[str, SyncOptions, bool]:
    return "papers", SyncOptions(parts=paths, resting=True), True


@pytest.fixture
def watched(stage: Stage, folder: FolderRecord) -> Stage:
    """The folder was compared twice: at the start, and once more as soon as it was watched."""
    stage.keeper.start_watching()
    assert stage.after(0) == [WHOLE]
    stage.keeper.on_folders_entered(folder.id, {"", "old"}, True)
    assert stage.after(3) == [WHOLE]
    stage.keeper.on_folders_entered(folder.id, {"", "old"}, True)
    assert [watcher.folders for watcher in stage.watchers] == [{"", "old"}]
    return stage


def test_nothing_is_compared_before_it_begins(stage: Stage, folder: FolderRecord) -> None:
    assert stage.after(3600) == []
    assert stage.keeper.queue_due_syncs() is None


def test_only_what_changed_is_compared_once_it_rests(watched: Stage, folder: FolderRecord) -> None:
    assert watched.keeper.watch_mode(folder.id) == "live"
    watched.watchers[0].change(frozenset({"old/a.txt", "b.txt"}))
    assert watched.after(0.5) == []
    assert watched.after(3) == [part("b.txt", "old/a.txt")]
    assert watched.after(3) == []


def test_what_is_still_written_is_looked_at_again(watched: Stage, folder: FolderRecord) -> None:
    watched.keeper.on_sync_ended(folder.id, ("b.txt",))
    assert watched.after(3) == [part("b.txt")]


def test_a_new_folder_within_is_watched_and_compared_again(
    watched: Stage, folder: FolderRecord
) -> None:
    watched.keeper.on_folders_entered(folder.id, {"new"}, False)
    assert not watched.watchers[0].running
    assert watched.watchers[1].folders == {"", "old", "new"}
    assert watched.after(3) == [part("new")]


def known(records: LibraryRecords, folder: FolderRecord, *names: str) -> None:
    records.mark_waiting(folder.id, [ScannedEntry(name, 1, 1) for name in names])


def test_what_is_gone_is_compared_at_once(
    watched: Stage, records: LibraryRecords, folder: FolderRecord
) -> None:
    known(records, folder, "old/a.txt", "old/b.txt", "c.txt")
    (Path(folder.path) / "c.txt").write_text("still there")
    (Path(folder.path) / "old").rmdir()
    watched.watchers[0].change(frozenset({"old", "old/a.txt", "c.txt"}))
    assert watched.keeper.has_removals
    assert watched.keeper.pending_changes(folder.id) == 3
    assert watched.after(0) == [part("old")]
    assert watched.after(0) == []
    assert watched.after(3) == [part("c.txt")]
    assert watched.keeper.pending_changes(folder.id) == 0


def test_what_goes_with_its_whole_drive_is_not_compared_at_once(
    watched: Stage, records: LibraryRecords, folder: FolderRecord, tmp_path: Path
) -> None:
    known(records, folder, "a.txt")
    (tmp_path / "papers").rename(tmp_path / "drive")
    watched.watchers[0].change(frozenset({"a.txt"}))
    assert not watched.keeper.has_removals


def test_many_files_that_are_gone_are_compared_in_portions(
    watched: Stage, records: LibraryRecords, folder: FolderRecord
) -> None:
    names = [f"{n:04}.txt" for n in range(1100)]
    known(records, folder, *names)
    watched.watchers[0].change(frozenset(names))
    compared = watched.after(0)
    assert [len(wish.parts or ()) for _name, wish, _first in compared] == [500, 500, 100]
    assert all(first for _name, _wish, first in compared)


def test_a_thousand_changes_are_one_comparison(watched: Stage) -> None:
    watched.watchers[0].change(frozenset(f"{n}.txt" for n in range(1000)))
    assert watched.after(3) == [WHOLE]


def test_a_whole_comparison_waits_for_the_one_under_way(
    watched: Stage, folder: FolderRecord
) -> None:
    watched.queue.held.add(folder.id)
    watched.watchers[0].change(frozenset({""}))
    assert watched.after(3) == []
    watched.queue.held.clear()
    assert watched.after(SETTLE_SECONDS - 0.1) == [], "it rests as long again"
    assert watched.after(0.2) == [WHOLE]
    watched.queue.held.add(folder.id)
    watched.watchers[0].change(frozenset({""}))
    assert watched.after(3) == []
    watched.watchers[0].change(frozenset({""}))
    watched.queue.held.clear()
    assert watched.after(3) == [WHOLE]


def test_a_folder_that_goes_and_comes_back_is_noticed(watched: Stage, tmp_path: Path) -> None:
    papers, drive = tmp_path / "papers", tmp_path / "drive"
    papers.rename(drive)
    assert watched.after(RECHECK_SECONDS) == [WHOLE]
    assert watched.after(RECHECK_SECONDS) == []
    drive.rename(papers)
    assert watched.after(RECHECK_SECONDS) == [WHOLE]


def test_a_folder_that_was_gone_between_two_checks_is_compared_again(
    watched: Stage, folder: FolderRecord, tmp_path: Path
) -> None:
    watched.queue.gone_folders.add(folder.id)
    assert watched.after(RECHECK_SECONDS) == [WHOLE]
    watched.queue.gone_folders.clear()
    assert watched.after(RECHECK_SECONDS) == []
    (tmp_path / "papers").rename(tmp_path / "drive")
    watched.queue.gone_folders.add(folder.id)
    assert watched.after(RECHECK_SECONDS) == [WHOLE]
    assert watched.after(RECHECK_SECONDS) == [], "it is not there"


def test_a_folder_the_system_can_not_watch_is_polled(watched: Stage, folder: FolderRecord) -> None:
    watched.watchers[0].fail()
    assert watched.keeper.watch_mode(folder.id) == "polled"
    assert watched.after(RECHECK_SECONDS) == []
    assert watched.after(POLL_SECONDS) == [WHOLE]
    watched.keeper.on_sync_ended(folder.id, ())
    assert watched.after(POLL_SECONDS) == [WHOLE]


def test_a_network_drive_is_polled_from_the_start(
    stage: Stage, folder: FolderRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(path_kinds, "is_on_network_drive", lambda _path: True)
    stage.keeper.start_watching()
    assert stage.after(0) == [WHOLE]
    stage.keeper.on_folders_entered(folder.id, {""}, True)
    assert stage.keeper.watch_mode(folder.id) == "polled"
    assert stage.watchers == []


def test_a_paused_folder_is_let_alone(
    watched: Stage, records: LibraryRecords, folder: FolderRecord
) -> None:
    records.set_folders_paused([folder.id], paused=True)
    watched.keeper.recheck_folders()
    assert watched.after(0) == []
    assert not watched.watchers[0].running
    records.set_folders_paused([folder.id], paused=False)
    watched.keeper.recheck_folders()
    assert watched.after(0) == [WHOLE]


def test_a_removed_folder_is_no_longer_watched(
    watched: Stage, records: LibraryRecords, folder: FolderRecord
) -> None:
    for _step in records.remove_folder_in_steps(folder.id):
        pass
    watched.keeper.recheck_folders()
    assert watched.after(0) == []
    assert not watched.watchers[0].running


def test_news_of_a_folder_nobody_knows_is_dropped(watched: Stage) -> None:
    watched.keeper.on_disk_changed(DiskChanged(folder_id="gone", paths=frozenset({"a"})))
    assert watched.after(3) == []


@pytest.mark.slow
def test_the_system_tells_what_changed(tmp_path: Path, wait_for: WaitFor) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "packages").mkdir()
    told: set[str] = set()
    failed: list[bool] = []
    watcher = FilesystemWatcher(tmp_path, {"", "old"}, told.update, lambda: failed.append(True))
    watcher.start()

    def tells(*paths: str) -> Callable[[], bool]:
        def written() -> bool:  # again and again: nobody knows when the watch stands
            (tmp_path / "a.txt").write_text("a")
            (tmp_path / "old" / "b.txt").write_text("b")
            (tmp_path / "packages" / "c.txt").write_text("c")
            return told.issuperset(paths)

        return written

    wait_for(tells("a.txt", "old/b.txt"), 20)
    (tmp_path / "old" / "b.txt").rename(tmp_path / "moved.txt")
    wait_for(lambda: "moved.txt" in told, 20)
    watcher.stop()
    watcher.join()
    assert failed == []


def test_a_folder_that_is_not_there_can_not_be_watched(tmp_path: Path, wait_for: WaitFor) -> None:
    failed: list[bool] = []
    watcher = FilesystemWatcher(
        tmp_path / "gone", {""}, lambda _paths: None, lambda: failed.append(True)
    )
    watcher.start()
    wait_for(lambda: failed == [True], 10)
    watcher.join()
