"""Folders: dropped, read, skipped, synced, removed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTableWidget, QWidget

from core.base.errors import ErrorCode, LibraryError
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    EmbedderProgress,
    FileSkipped,
    LibraryDamage,
    LibraryVerified,
    ListSkipped,
    PauseFolders,
    RemoveFolder,
    SearchFolders,
    SetFolderInclusions,
    SyncFolder,
    VerifyLibrary,
)
from desktop.library.folder_row import FolderRow
from tests.desktop.desk import Desk
from tests.desktop.seen import click, control, dialog, drop, words_of
from tests.desktop.values import folder, hit


def rows(desk: Desk) -> list[FolderRow]:
    return desk.window.sidebar.folders.findChildren(FolderRow)


def drop_folder(desk: Desk, place: Path) -> None:
    place.mkdir(exist_ok=True)
    drop(desk.window, str(place))
    desk.settle()


def test_a_dropped_folder_is_added_read_and_ticked(desk: Desk, tmp_path: Path) -> None:
    drop_folder(desk, tmp_path / "Home")
    assert desk.front.last_sent(AddFolder).path == str(tmp_path / "Home")
    desk.front.folder_progress(3, 120, skipped=1, part=0.5, seconds_left=130.0)
    desk.settle()
    shown = words_of(desk.window.sidebar)
    assert "3 of 120 · notes/garden/long beds.md" in shown
    assert "about 2 minutes left" in shown
    assert "1 file skipped" in shown
    assert rows(desk)[0].box.isChecked()
    assert rows(desk)[0].bar.value() / rows(desk)[0].bar.maximum() == 3.5 / 120
    desk.front.folder_synced(files=120, indexed=118)
    desk.settle()
    assert "118 documents" in words_of(desk.window.sidebar)
    assert "minutes left" not in words_of(desk.window.sidebar)
    assert not rows(desk)[0].bar.isVisible()
    desk.ask("When?")
    assert desk.front.last_sent(SearchFolders).folder_ids == ("folder-1",)


def test_one_can_chat_while_a_folder_is_read(desk: Desk, tmp_path: Path) -> None:
    drop_folder(desk, tmp_path / "Home")
    desk.front.found(hit(1))
    desk.ask("hello")
    desk.front.answer_text("Good ")
    desk.front.folder_progress(1, 2)
    desk.front.answer_text("morning")
    desk.front.answer_finished()
    assert "Good morning" in words_of(desk.window.view)


@pytest.mark.parametrize("part", ["composer", "transcript", "sidebar"])
def test_a_drop_is_taken_anywhere(desk: Desk, tmp_path: Path, part: str) -> None:
    view, sidebar = desk.window.view, desk.window.sidebar
    place = {
        "composer": view.composer.text_edit.viewport(),
        "transcript": view.transcript.viewport(),
        "sidebar": sidebar.chat_list.viewport(),
    }[part]
    assert drop(place, str(tmp_path))
    assert desk.front.last_sent(AddFolder).path == str(tmp_path)
    assert view.composer.draft == ""


def test_a_single_file_offers_its_folder(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "lease.pdf").write_bytes(b"%PDF")
    drop(desk.window, str(tmp_path / "lease.pdf"))
    assert not desk.front.library.all_sent(AddFolder)
    assert str(tmp_path) in words_of(desk.window.view)
    click(desk.window.view, "Add this folder")
    assert desk.front.last_sent(AddFolder).path == str(tmp_path)


def test_skipped_files_are_listed_with_reasons(desk: Desk) -> None:
    skipped = FileSkipped(request_id="", folder_id="", file="a/b.pdf", code="file_encrypted")
    desk.front.library.skipped["folder-1"] = (skipped,)
    desk.front.folder_seen(folder())
    click(desk.window, "2 files skipped")
    desk.settle()
    table = control(dialog(), "Skipped files")
    assert isinstance(table, QTableWidget)
    cells = [table.item(0, column) for column in range(3)]
    assert [cell.text() for cell in cells if cell] == [
        "a/b.pdf",
        "It is protected by a password.",
        "Save a copy without the password into the folder.",
    ]
    QTest.keyClick(dialog(), Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("empty", "No readable documents"),
        ("offline", "Not there"),
        ("failed", "failed"),
        ("paused", "Paused · 7 files left to read"),
        ("stopped", "Stopped · 7 files left to read"),
    ],
)
def test_each_state_of_a_folder_has_words(desk: Desk, state: str, words: str) -> None:
    desk.front.folder_seen(folder(state=state, waiting=7))
    assert words in words_of(desk.window.sidebar)


def test_an_empty_folder_is_told(desk: Desk, tmp_path: Path) -> None:
    drop_folder(desk, tmp_path / "Home")
    desk.front.folder_synced(state="empty", indexed=0, skipped=3)
    assert "“Home” holds no document that can be read." in words_of(desk.window.view)
    click(desk.window.view, "Skipped files…")
    assert desk.front.last_sent(ListSkipped).folder_id == "folder-1"


def test_removing_a_folder_asks_first(desk: Desk) -> None:
    desk.front.folder_seen(folder())
    desk.window.sidebar.folders.remove_wanted.emit("folder-1")
    assert "Remove “Home” from Inglenook?" in words_of(dialog())
    click(dialog(), "Cancel")
    assert not desk.front.library.all_sent(RemoveFolder)
    desk.window.sidebar.folders.remove_wanted.emit("folder-1")
    click(dialog(), "Remove")
    desk.settle()
    assert rows(desk) == []


def test_the_menu_of_a_folder_syncs_it(desk: Desk) -> None:
    desk.front.folder_seen(folder())
    row = rows(desk)[0]
    click(row, "More about Home")
    menu = row.findChildren(QMenu)[0]
    assert menu.isVisible()
    menu.actions()[0].trigger()
    assert len(desk.front.library.all_sent(SyncFolder)) == 1
    desk.front.folder_synced()
    menu.close()
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    requests = desk.front.library.all_sent(SyncFolder)
    assert [request.folder_id for request in requests] == ["folder-1", "folder-1"]


def test_a_refused_folder_and_a_failed_sync_are_told(desk: Desk, tmp_path: Path) -> None:
    drop(desk.window, str(tmp_path))
    desk.front.library_fails(ErrorCode.FOLDER_REFUSED, path="/", detail="it is the whole disk")
    desk.settle()
    assert "it is the whole disk" in words_of(desk.window.view)
    drop_folder(desk, tmp_path / "Home")
    desk.front.library_fails(ErrorCode.FOLDER_GONE, path=str(tmp_path / "Home"))
    desk.settle()
    gone = LibraryError(ErrorCode.FOLDER_GONE, path=str(tmp_path / "Home"))
    assert gone.message in words_of(desk.window.view)


def test_ticks_belong_to_their_chat(desk: Desk) -> None:
    desk.front.folder_seen(folder())
    desk.front.folder_seen(folder("folder-2", "Work"))
    QTest.mouseClick(rows(desk)[0].box, Qt.MouseButton.LeftButton)
    desk.front.found(hit(1))
    desk.ask("from home")
    desk.front.answer_text("yes")
    desk.front.answer_finished()
    first = desk.window.controllers.chat.chat_id
    desk.window.controllers.chats.open_new_chat()
    QTest.mouseClick(rows(desk)[0].box, Qt.MouseButton.LeftButton)
    QTest.mouseClick(rows(desk)[1].box, Qt.MouseButton.LeftButton)
    desk.ask("from work")
    assert desk.front.last_sent(SearchFolders).folder_ids == ("folder-2",)
    desk.window.controllers.chat.open_chat(first)
    assert [row.box.isChecked() for row in rows(desk)] == [True, False]
    assert "Answers from Home" in words_of(desk.window.view)


def choose(holder: QWidget, name: str) -> None:
    """Press the action of that name in the menu that is open."""
    (menu,) = [menu for menu in holder.findChildren(QMenu) if menu.isVisible()]
    (action,) = [action for action in menu.actions() if action.text() == name]
    action.trigger()
    menu.close()


def test_the_menu_of_a_folder_pauses_retries_and_reads_hidden_parts(desk: Desk) -> None:
    desk.front.folder_seen(folder())
    row = rows(desk)[0]
    for name in ("Read skipped files again", "Read hidden folders too", "Pause reading"):
        click(row, "More about Home")
        choose(row, name)
    library = desk.front.library
    paused = library.last_sent(PauseFolders)
    assert (paused.folder_ids, paused.paused) == (("folder-1",), True)
    again = library.last_sent(SyncFolder)
    assert (again.folder_id, again.retry) == ("folder-1", True)
    included = library.last_sent(SetFolderInclusions)
    assert (included.folder_id, included.patterns, included.hidden) == ("folder-1", (), True)
    desk.settle()
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert library.all_sent(SyncFolder) == [again], "what is paused is not compared"
    click(row, "More about Home")
    choose(row, "Resume reading")
    resumed = library.last_sent(PauseFolders)
    assert (resumed.folder_ids, resumed.paused) == (("folder-1",), False)


def test_all_folders_are_paused_checked_and_embedded_anew(desk: Desk) -> None:
    desk.front.folder_seen(folder())
    panel = desk.window.sidebar.folders
    for name in ("Pause all", "Check what was read", "Use Inglenook's own embedding model"):
        click(panel, "More about all folders")
        choose(panel, name)
    paused = desk.front.last_sent(PauseFolders)
    assert (paused.folder_ids, paused.paused) == ((), True)
    assert len(desk.front.library.all_sent(VerifyLibrary)) == 1
    assert desk.front.last_sent(ChooseEmbedder).path == ""


def test_a_check_that_runs_is_seen_until_it_ends(desk: Desk) -> None:
    desk.front.library.held.add(VerifyLibrary)
    desk.window.sidebar.folders.check_wanted.emit()
    desk.settle()
    assert "Checking what was read…" in words_of(desk.window.sidebar)
    desk.front.library_fails(ErrorCode.INTERNAL, detail="it stopped", logs="library.log")
    desk.settle()
    assert "Checking" not in words_of(desk.window.sidebar)
    desk.window.sidebar.folders.check_wanted.emit()
    desk.settle()
    assert "Checking what was read…" in words_of(desk.window.sidebar)
    desk.front.library_answers(LibraryVerified, passages=9, vectors=9, findings=(), seconds=0.1)
    desk.settle()
    assert "Checking" not in words_of(desk.window.sidebar)


def test_a_check_and_a_change_of_model_are_told(desk: Desk) -> None:
    findings = (LibraryDamage(kind="vectors", count=2, mended=True),)
    desk.front.library.held.add(VerifyLibrary)
    desk.window.sidebar.folders.check_wanted.emit()
    desk.front.library_answers(
        LibraryVerified, passages=9, vectors=9, findings=findings, seconds=0.1
    )
    desk.settle()
    assert "2 vectors were damaged; they were made anew." in words_of(desk.window.view)
    desk.front.library.deliver(EmbedderProgress(path="/m/bge-small", done=3, total=9))
    desk.settle()
    assert "“bge-small”: 3 of 9" in words_of(desk.window.sidebar)
    desk.front.library.deliver(EmbedderProgress(path="/m/bge-small", done=9, total=9, changed=True))
    desk.settle()
    assert "3 of 9" not in words_of(desk.window.sidebar)
    assert "“bge-small” embeds from now on." in words_of(desk.window.view)


def test_a_folder_says_how_it_is_watched(desk: Desk) -> None:
    desk.front.folder_seen(folder(watched="polled"))
    assert "compared every ten minutes" in rows(desk)[0].box.toolTip()
