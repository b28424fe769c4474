"""The dialog about one folder: documents asked, skipped files read again, kinds switched."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget

from core.app.events.app_events import FolderFilesListed
from core.app.library.skipped_folder_kinds import list_skipped_folder_kinds
from core.base.error_codes import ErrorCode
from core.messages import FileSkipped, FolderFile
from desktop.kit.check_box import ThemedCheckBox
from desktop.library.folder_dialog import FolderDialog
from desktop.library.folder_row import FolderRow
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import folder
from tests.desktop.seen import click, control, dialog, drop, words_of


def opened(desk: Desk, tab: str, **changes: Any) -> FolderDialog:
    desk.front.folder_seen(folder(**changes))
    desk.window.sidebar.folders.details_wanted.emit("folder-1", tab)
    found = dialog()
    assert isinstance(found, FolderDialog)
    return found


def last_request(desk: Desk, call: str) -> str:
    return f"request-{max(n for n, made in enumerate(desk.front.calls, 1) if made[0] == call)}"


def list_files(desk: Desk, *names: str, total: int = 0) -> None:
    files = tuple(FolderFile(file=name, size=1000, modified=1.0, read=2.0) for name in names)
    desk.front.emit(
        FolderFilesListed(
            request_id=last_request(desk, "list_files"),
            folder_id="folder-1",
            files=files,
            total=total or len(files),
        )
    )
    desk.settle()


def skipped(file: str, code: str) -> FileSkipped:
    return FileSkipped(request_id="", folder_id="folder-1", file=file, code=code)


def test_documents_are_found_and_several_are_asked(desk: Desk) -> None:
    shown = opened(desk, "documents")
    list_files(desk, "new.pdf", "garden/old.odt", "c.txt", total=118)
    assert "The 3 read last of 118." in words_of(shown)
    QTest.keyClicks(shown.documents.line, "old")
    desk.bot.waitUntil(lambda: desk.front.last("list_files") == ("folder-1", "old"))
    list_files(desk, "new.pdf", "garden/old.odt")
    shown.documents.table.selectAll()
    click(shown, "Ask 2 documents")
    desk.settle()
    assert desk.window.view.composer.files == (
        "/home/me/Home/new.pdf",
        "/home/me/Home/garden/old.odt",
    )
    assert "Answers from new.pdf, old.odt" in words_of(desk.window.view)
    desk.ask("What do they say?")
    assert desk.front.asked_files == desk.window.view.composer.files


def test_a_document_is_looked_at_without_a_passage(desk: Desk) -> None:
    shown = opened(desk, "documents")
    list_files(desk, "notes.md")
    table = control(shown, "Documents")
    assert isinstance(table, QTableWidget)
    table.selectRow(0)
    click(shown, "Look at it")
    desk.settle()
    assert desk.front.last("open_document") == ("folder-1", "notes.md")
    assert desk.window.sources.viewer.isVisible()
    assert "doesn't support" not in words_of(desk.window.sources)


def test_a_skipped_file_is_read_again(desk: Desk) -> None:
    shown = opened(desk, "skipped")
    desk.front.skipped_listed(
        last_request(desk, "list_skipped"),
        (skipped("a.pdf", "file_encrypted"), skipped("b.pdf", "file_broken")),
    )
    desk.settle()
    assert "Skipped (2)" in shown.tabs.tabText(1)
    shown.skipped.table.selectRow(1)
    click(shown, "Read again")
    assert desk.front.last("retry_file") == ("folder-1", "b.pdf")
    click(shown, "Read all again")
    assert desk.front.last("retry_folder") == ("folder-1",)


def test_kinds_that_are_passed_over_are_listed_and_switched(desk: Desk) -> None:
    shown = opened(desk, "passed_over", included=("node_modules", "old/.config"))
    boxes = {box.text(): box for box in shown.findChildren(ThemedCheckBox)}
    assert {".git", "node_modules", ".ssh", "Hidden files and folders"} <= set(boxes)
    assert boxes["node_modules"].isChecked()
    assert boxes["old/.config"].isChecked()
    assert not boxes[".git"].isChecked()
    boxes[".git"].click()
    assert desk.front.last("include") == (
        "folder-1",
        ("node_modules", "old/.config", ".git"),
        False,
    )
    boxes["node_modules"].click()
    assert desk.front.last("include") == ("folder-1", ("old/.config", ".git"), False)
    boxes["Hidden files and folders"].click()
    assert desk.front.last("include")[2] is True


def test_a_part_of_the_folder_is_let_be_read(desk: Desk) -> None:
    shown = opened(desk, "passed_over")
    desk.front.skipped_listed(
        last_request(desk, "list_skipped"),
        (skipped("web/.cache", "part_generated"), skipped("data", "part_own")),
    )
    desk.settle()
    shown.passed_over.table.selectRow(0)
    click(shown, "Read the chosen parts too")
    assert desk.front.last("include") == ("folder-1", ("web/.cache",), False)
    shown.passed_over.table.selectRow(1)
    assert not shown.passed_over.read_button.isEnabled()


def test_the_dialog_follows_what_happens_to_its_folder(desk: Desk) -> None:
    shown = opened(desk, "documents", state="syncing")
    numbers = {"done": 3, "total": 120, "percent": 62, "seconds_left": 130}
    desk.front.folder_progress("r", "folder-1", **numbers)
    desk.settle()
    assert "3 of 120 · notes/garden/long beds.md 62 %" in words_of(shown)
    assert "about 2 minutes left" in words_of(shown)
    click(shown, "Pause reading")
    assert desk.front.last("pause") == (("folder-1",),)
    desk.front.folder_seen(folder(state="paused", waiting=7))
    desk.settle()
    click(shown, "Resume reading")
    assert desk.front.last("resume") == (("folder-1",),)
    asked = desk.front.count("list_files")
    desk.front.folder_synced("r", folder(synced=1000.0))
    assert desk.front.count("list_files") == asked + 1
    assert "in step since" in words_of(shown)
    QTest.keyClick(shown, Qt.Key.Key_Escape)


def test_the_row_pauses_and_says_that_a_drive_is_away(desk: Desk) -> None:
    desk.front.folder_seen(folder(state="syncing"))
    (row,) = desk.window.sidebar.folders.findChildren(FolderRow)
    click(row, "Pause reading Home")
    assert desk.front.last("pause") == (("folder-1",),)
    desk.front.folder_seen(folder(state="paused"))
    click(row, "Resume reading Home")
    assert desk.front.last("resume") == (("folder-1",),)
    desk.front.folder_seen(folder(state="offline"))
    assert row.offline_icon.isVisible()
    assert not row.pause.isVisible()


def test_dropped_files_are_asked(desk: Desk, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.txt"):
        (tmp_path / name).write_bytes(b"x")
    drop(desk.window, str(tmp_path / "a.pdf"))
    drop(desk.window, str(tmp_path / "b.txt"))
    paths = (str(tmp_path / "a.pdf"), str(tmp_path / "b.txt"))
    assert desk.window.view.composer.files == paths
    desk.settle()
    assert "asked of this file alone" in words_of(desk.window.view)


def test_every_kind_that_a_scan_passes_over_can_be_switched() -> None:
    kinds = {kind.pattern: kind.code for kind in list_skipped_folder_kinds()}
    assert kinds["node_modules"] == ErrorCode.PART_GENERATED
    assert kinds[".ssh"] == ErrorCode.PART_KEYS
