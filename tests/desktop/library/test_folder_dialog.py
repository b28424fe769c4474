"""Folder dialog: asking documents, reading skipped files again, switching kinds."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget

from core.app.library.skipped_folder_kinds import list_skipped_folder_kinds
from core.base.error_codes import ErrorCode
from core.messages import (
    FileSkipped,
    FolderFile,
    ListFiles,
    LoadDocument,
    PauseFolders,
    SearchFiles,
    SetFolderInclusions,
    SyncFolder,
)
from desktop.kit.check_box import ThemedCheckBox
from desktop.library.folder_page import FolderPage
from desktop.library.folder_row import FolderRow
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, drop, words_of
from tests.desktop.values import folder


def opened(ui: OpenWindow, tab: str, **changes: Any) -> FolderPage:
    ui.backend.folder_seen(folder(**changes))
    ui.window.sidebar.folders.details_wanted.emit("folder-1", tab)
    ui.settle()
    found = dialog()
    assert isinstance(found, FolderPage)
    return found


def put_files(ui: OpenWindow, *names: str) -> None:
    """Let the library list these files of the folder."""
    ui.backend.library.files["folder-1"] = tuple(
        FolderFile(file=name, size=1000, modified=1.0, read=2.0) for name in names
    )


def skipped(file: str, code: str) -> FileSkipped:
    return FileSkipped(request_id="", folder_id="folder-1", file=file, code=code)


def included(ui: OpenWindow) -> tuple[tuple[str, ...], bool]:
    """Return the patterns last sent to the library, and whether hidden parts are read."""
    request = ui.backend.last_sent(SetFolderInclusions)
    assert request.folder_id == "folder-1"
    return request.patterns, request.hidden


def test_documents_are_found_and_several_are_asked(ui: OpenWindow) -> None:
    put_files(ui, "old.pdf", "garden/old.odt", *(f"{n}.txt" for n in range(600)))
    shown = opened(ui, "documents")
    assert "The 500 read last of 602." in words_of(shown)
    QTest.keyClicks(shown.documents.line, "old")
    ui.bot.waitUntil(lambda: ui.backend.last_sent(ListFiles).words == "old")
    ui.settle()
    shown.documents.table.selectAll()
    click(shown, "Ask 2 documents")
    ui.settle()
    assert ui.window.view.composer.files == (
        "/home/me/Home/old.pdf",
        "/home/me/Home/garden/old.odt",
    )
    assert "Answers from old.pdf, old.odt" in words_of(ui.window.view)
    ui.ask("What do they say?")
    assert ui.backend.last_sent(SearchFiles).paths == ui.window.view.composer.files


def test_a_document_is_looked_at_without_a_passage(ui: OpenWindow) -> None:
    put_files(ui, "notes.md")
    shown = opened(ui, "documents")
    table = control(shown, "Documents")
    assert isinstance(table, QTableWidget)
    table.selectRow(0)
    click(shown, "Look at it")
    ui.settle()
    asked = ui.backend.last_sent(LoadDocument)
    assert (asked.folder_id, asked.file) == ("folder-1", "notes.md")
    assert ui.window.sources.viewer.isVisible()
    assert "doesn't support" not in words_of(ui.window.sources)


def test_a_skipped_file_is_read_again(ui: OpenWindow) -> None:
    files = (skipped("a.pdf", "file_encrypted"), skipped("b.pdf", "file_broken"))
    ui.backend.library.skipped["folder-1"] = files
    shown = opened(ui, "skipped")
    assert "Skipped (2)" in shown.tabs.tabText(1)
    shown.skipped.table.selectRow(1)
    click(shown, "Read again")
    again = ui.backend.last_sent(SyncFolder)
    assert (again.folder_id, again.retry, again.file) == ("folder-1", True, "b.pdf")
    ui.backend.folder_synced()
    click(shown, "Read all again")
    again = ui.backend.last_sent(SyncFolder)
    assert (again.folder_id, again.retry, again.file) == ("folder-1", True, "")


def test_kinds_that_are_passed_over_are_listed_and_switched(ui: OpenWindow) -> None:
    shown = opened(ui, "passed_over", included=("node_modules", "old/.config"))
    boxes = {box.text(): box for box in shown.findChildren(ThemedCheckBox)}
    assert {".git", "node_modules", ".ssh", "Hidden files and folders"} <= set(boxes)
    assert boxes["node_modules"].isChecked()
    assert boxes["old/.config"].isChecked()
    assert not boxes[".git"].isChecked()
    boxes[".git"].click()
    assert included(ui) == (("node_modules", "old/.config", ".git"), False)
    boxes["node_modules"].click()
    assert included(ui) == (("old/.config", ".git"), False)
    boxes["Hidden files and folders"].click()
    assert included(ui) == (("old/.config", ".git"), True)


def test_a_part_of_the_folder_is_let_be_read(ui: OpenWindow) -> None:
    files = (skipped("web/.cache", "part_generated"), skipped("data", "part_own"))
    ui.backend.library.skipped["folder-1"] = files
    shown = opened(ui, "passed_over")
    shown.passed_over.table.selectRow(0)
    click(shown, "Read the chosen parts too")
    assert included(ui) == (("web/.cache",), False)
    shown.passed_over.table.selectRow(1)
    assert not shown.passed_over.read_button.isEnabled()


def test_the_dialog_follows_what_happens_to_its_folder(ui: OpenWindow) -> None:
    shown = opened(ui, "documents")
    ui.app.folders.sync_folder("folder-1")
    ui.backend.folder_progress(3, 120, part=0.62, seconds_left=130.0)
    ui.settle()
    assert "3 of 120 · notes/garden/long beds.md 62 %" in words_of(shown)
    assert "about 2 minutes left" in words_of(shown)
    click(shown, "Pause reading")
    request = ui.backend.last_sent(PauseFolders)
    assert (request.folder_ids, request.paused) == (("folder-1",), True)
    ui.settle()
    click(shown, "Resume reading")
    request = ui.backend.last_sent(PauseFolders)
    assert (request.folder_ids, request.paused) == (("folder-1",), False)
    asked = len(ui.backend.library.all_sent(ListFiles))
    ui.backend.folder_synced(synced=1000.0)
    assert len(ui.backend.library.all_sent(ListFiles)) == asked + 1
    assert "in step since" in words_of(shown)
    QTest.keyClick(shown, Qt.Key.Key_Escape)


def test_the_row_pauses_and_says_that_a_drive_is_away(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder(state="syncing"))
    (row,) = ui.window.sidebar.folders.findChildren(FolderRow)
    click(row, "Pause reading Home")
    request = ui.backend.last_sent(PauseFolders)
    assert (request.folder_ids, request.paused) == (("folder-1",), True)
    ui.settle()
    click(row, "Resume reading Home")
    request = ui.backend.last_sent(PauseFolders)
    assert (request.folder_ids, request.paused) == (("folder-1",), False)
    ui.backend.folder_seen(folder(state="offline"))
    assert row.offline_icon.isVisible()
    assert not row.pause.isVisible()


def test_dropped_files_are_asked(ui: OpenWindow, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.txt"):
        (tmp_path / name).write_bytes(b"x")
    drop(ui.window, str(tmp_path / "a.pdf"))
    drop(ui.window, str(tmp_path / "b.txt"))
    paths = (str(tmp_path / "a.pdf"), str(tmp_path / "b.txt"))
    assert ui.window.view.composer.files == paths
    ui.settle()
    assert "asked of these files alone" in words_of(ui.window.view)


def test_every_kind_that_a_scan_passes_over_can_be_switched() -> None:
    kinds = {kind.pattern: kind.code for kind in list_skipped_folder_kinds()}
    assert kinds["node_modules"] == ErrorCode.PART_GENERATED
    assert kinds[".ssh"] == ErrorCode.PART_KEYS
