"""Folders: dropped, read, skipped, synced, removed."""

from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTableWidget, QWidget

from core.base.errors import ErrorCode, LibraryError
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    EmbedderProgress,
    Failed,
    FileSkipped,
    LibraryDamage,
    LibraryVerified,
    ListSkipped,
    PauseFolders,
    RemoveFolder,
    SearchFolders,
    SetFolderInclusions,
    SyncFolder,
    SyncProgress,
    VerifyLibrary,
)
from desktop.library.folder_row import FolderRow
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, drop, label_of, words_of
from tests.desktop.values import folder, hit


def rows(ui: OpenWindow) -> list[FolderRow]:
    return ui.window.sidebar.folders.findChildren(FolderRow)


def drop_folder(ui: OpenWindow, place: Path) -> None:
    place.mkdir(exist_ok=True)
    drop(ui.window, str(place))
    ui.settle()


def test_a_dropped_folder_is_added_read_and_ticked(ui: OpenWindow, tmp_path: Path) -> None:
    drop_folder(ui, tmp_path / "Home")
    assert ui.backend.last_sent(AddFolder).path == str(tmp_path / "Home")
    ui.backend.folder_progress(3, 120, skipped=1, part=0.5, seconds_left=130.0)
    ui.settle()
    shown = words_of(ui.window.sidebar)
    assert "3 of 120 · about 2 minutes left" in shown
    assert "notes/garden/long beds.md" in rows(ui)[0].state_label.toolTip()
    assert "1 file skipped" in shown
    assert rows(ui)[0].box.isChecked()
    assert rows(ui)[0].bar.value() / rows(ui)[0].bar.maximum() == 3.5 / 120
    ui.backend.folder_synced(files=120, indexed=118)
    ui.settle()
    assert "118 documents" in words_of(ui.window.sidebar)
    assert "minutes left" not in words_of(ui.window.sidebar)
    assert not rows(ui)[0].bar.isVisible()
    ui.ask("When?")
    assert ui.backend.last_sent(SearchFolders).folder_ids == ("folder-1",)


def test_rows_keep_their_height_while_a_folder_is_read_and_after(
    ui: OpenWindow, tmp_path: Path
) -> None:
    drop_folder(ui, tmp_path / "Home")
    heights = {rows(ui)[0].height()}
    ui.backend.folder_progress(3, 120)
    ui.settle()
    heights.add(rows(ui)[0].height())
    ui.backend.folder_progress(3, 120, part=0.5, seconds_left=130.0)
    ui.settle()
    heights.add(rows(ui)[0].height())
    ui.backend.folder_synced(files=120, indexed=118)
    ui.settle()
    heights.add(rows(ui)[0].height())
    assert len(heights) == 1


def test_one_can_chat_while_a_folder_is_read(ui: OpenWindow, tmp_path: Path) -> None:
    drop_folder(ui, tmp_path / "Home")
    ui.backend.found(hit(1))
    ui.ask("hello")
    ui.backend.answer_text("Good ")
    ui.backend.folder_progress(1, 2)
    ui.backend.answer_text("morning")
    ui.backend.answer_finished()
    assert "Good morning" in words_of(ui.window.view)


@pytest.mark.parametrize("part", ["composer", "transcript", "sidebar"])
def test_a_drop_is_taken_anywhere(ui: OpenWindow, tmp_path: Path, part: str) -> None:
    view, sidebar = ui.window.view, ui.window.sidebar
    place = {
        "composer": view.composer.text_edit.viewport(),
        "transcript": view.transcript.viewport(),
        "sidebar": sidebar.chat_list.viewport(),
    }[part]
    assert drop(place, str(tmp_path))
    assert ui.backend.last_sent(AddFolder).path == str(tmp_path)
    assert view.composer.draft == ""


def test_a_single_file_offers_its_folder(ui: OpenWindow, tmp_path: Path) -> None:
    (tmp_path / "lease.pdf").write_bytes(b"%PDF")
    drop(ui.window, str(tmp_path / "lease.pdf"))
    assert not ui.backend.library.all_sent(AddFolder)
    assert str(tmp_path) in words_of(ui.window.view)
    click(ui.window.view, "Add this folder")
    assert ui.backend.last_sent(AddFolder).path == str(tmp_path)


def test_files_that_are_dropped_one_by_one_are_counted_together(
    ui: OpenWindow, tmp_path: Path
) -> None:
    for name in ("lease.pdf", "letter.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
        drop(ui.window, str(tmp_path / name))
    ui.settle()
    assert "The next question is asked of these files alone." in words_of(ui.window.view)


def test_skipped_files_are_listed_with_reasons(ui: OpenWindow) -> None:
    skipped = FileSkipped(request_id="", folder_id="", file="a/b.pdf", code="file_encrypted")
    ui.backend.library.skipped["folder-1"] = (skipped,)
    ui.backend.folder_seen(folder())
    click(ui.window, "2 files skipped")
    ui.settle()
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
        ("stopped", "7 files left to read"),
        ("waiting", "7 files left to read"),
    ],
)
def test_each_state_of_a_folder_has_words(ui: OpenWindow, state: str, words: str) -> None:
    ui.backend.folder_seen(folder(state=state, waiting=7))
    assert words in words_of(ui.window.sidebar)


def test_a_reading_that_begins_by_itself_is_not_called_stopped(ui: OpenWindow) -> None:
    for watched, waiting in (("live", 7), ("", 7), ("", 0)):  # the last before it is watched
        ui.backend.folder_seen(folder(state="stopped", waiting=waiting, watched=watched))
        row = rows(ui)[0]
        words = "7 files left to read" if waiting else "Not compared to its end yet"
        assert words in words_of(row)
        assert "Stopped" not in words_of(row)
    ui.backend.folder_seen(folder(state="stopped", waiting=7, watched="live"))
    assert not row.pause.isVisible()
    progress = SyncProgress(
        request_id="", folder_id="folder-1", done=1, total=8, skipped=0, current="a.md"
    )
    ui.window.controllers.folders.on_app_event(progress)
    ui.settle()
    assert row.pause.isVisible(), "it can be paused as any other"
    assert "1 of 8" in words_of(row)


def test_the_folder_of_a_picture_is_not_offered(ui: OpenWindow, tmp_path: Path) -> None:
    QImage(40, 30, QImage.Format.Format_RGB32).save(str(tmp_path / "receipt.png"))
    (tmp_path / "lease.txt").write_text("The rent is due.")
    assert drop(ui.window, str(tmp_path / "receipt.png"))
    assert "Add this folder" not in words_of(ui.window.view)
    assert drop(ui.window, str(tmp_path / "lease.txt"))
    ui.settle()
    assert "Add this folder" in words_of(ui.window.view)


def test_an_empty_folder_is_told(ui: OpenWindow, tmp_path: Path) -> None:
    drop_folder(ui, tmp_path / "Home")
    ui.backend.folder_synced(state="empty", indexed=0, skipped=3)
    assert "“Home” holds no document that can be read." in words_of(ui.window.view)
    click(ui.window.view, "Skipped files…")
    assert ui.backend.last_sent(ListSkipped).folder_id == "folder-1"


def test_removing_a_folder_asks_first(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.window.sidebar.folders.remove_wanted.emit("folder-1")
    assert "Remove “Home” from Inglenook?" in words_of(dialog())
    click(dialog(), "Cancel")
    assert not ui.backend.library.all_sent(RemoveFolder)
    ui.window.sidebar.folders.remove_wanted.emit("folder-1")
    click(dialog(), "Remove")
    ui.settle()
    assert rows(ui) == []


def test_the_menu_of_a_folder_syncs_it(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    row = rows(ui)[0]
    click(row, "More about Home")
    menu = row.findChildren(QMenu)[0]
    assert menu.isVisible()
    menu.actions()[0].trigger()
    assert len(ui.backend.library.all_sent(SyncFolder)) == 1
    ui.backend.folder_synced()
    menu.close()
    QTest.keyClick(ui.window, Qt.Key.Key_F5)
    requests = ui.backend.library.all_sent(SyncFolder)
    assert [request.folder_id for request in requests] == ["folder-1", "folder-1"]


def test_a_refused_folder_and_a_failed_sync_are_told(ui: OpenWindow, tmp_path: Path) -> None:
    drop(ui.window, str(tmp_path))
    ui.backend.library_fails(ErrorCode.FOLDER_REFUSED, path="/", detail="it is the whole disk")
    ui.settle()
    assert "it is the whole disk" in words_of(ui.window.view)
    drop_folder(ui, tmp_path / "Home")
    ui.backend.library_fails(ErrorCode.FOLDER_GONE, path=str(tmp_path / "Home"))
    ui.settle()
    gone = LibraryError(ErrorCode.FOLDER_GONE, path=str(tmp_path / "Home"))
    assert gone.message in words_of(ui.window.view)


def test_ticks_belong_to_their_chat(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.backend.folder_seen(folder("folder-2", "Work"))
    QTest.mouseClick(rows(ui)[0].box, Qt.MouseButton.LeftButton)
    ui.backend.found(hit(1))
    ui.ask("from home")
    ui.backend.answer_text("yes")
    ui.backend.answer_finished()
    first = ui.window.controllers.chat.chat_id
    ui.window.controllers.chats.open_new_chat()
    QTest.mouseClick(rows(ui)[0].box, Qt.MouseButton.LeftButton)
    QTest.mouseClick(rows(ui)[1].box, Qt.MouseButton.LeftButton)
    ui.ask("from work")
    assert ui.backend.last_sent(SearchFolders).folder_ids == ("folder-2",)
    ui.window.controllers.chat.open_chat(first)
    assert [row.box.isChecked() for row in rows(ui)] == [True, False]
    assert "Answers from Home" in words_of(ui.window.view)


def test_a_folder_that_is_there_again_is_not_called_gone(ui: OpenWindow) -> None:
    gone = LibraryError(ErrorCode.FOLDER_GONE, path="/home/me/Home")
    ui.notices.post_error("failed folder_gone", gone)
    ui.backend.folder_seen(folder())
    ui.settle()
    assert ui.notices.all_notices(), "it may be about a folder that is not on the list"
    for state in ("offline", "syncing"):
        ui.backend.folder_seen(structs.replace(folder(), state=state))
        ui.settle()
    assert not ui.notices.all_notices()


def choose(parent: QWidget, name: str) -> None:
    """Press the action of that name in the menu that is open."""
    (menu,) = [menu for menu in parent.findChildren(QMenu) if menu.isVisible()]
    (action,) = [action for action in menu.actions() if label_of(action) == name]
    action.trigger()
    menu.close()


def test_the_menu_of_a_folder_pauses_retries_and_reads_hidden_parts(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    row = rows(ui)[0]
    for name in ("Read skipped files again", "Read hidden folders too", "Pause reading"):
        click(row, "More about Home")
        choose(row, name)
    library = ui.backend.library
    paused = library.last_sent(PauseFolders)
    assert (paused.folder_ids, paused.paused) == (("folder-1",), True)
    again = library.last_sent(SyncFolder)
    assert (again.folder_id, again.retry) == ("folder-1", True)
    included = library.last_sent(SetFolderInclusions)
    assert (included.folder_id, included.patterns, included.hidden) == ("folder-1", (), True)
    ui.settle()
    QTest.keyClick(ui.window, Qt.Key.Key_F5)
    assert library.all_sent(SyncFolder) == [again], "what is paused is not compared"
    click(row, "More about Home")
    choose(row, "Resume reading")
    resumed = library.last_sent(PauseFolders)
    assert (resumed.folder_ids, resumed.paused) == (("folder-1",), False)


def test_all_folders_are_paused_checked_and_embedded_anew(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    panel = ui.window.sidebar.folders
    for name in ("Pause all", "Check what was read"):
        click(panel, "More about all folders")
        choose(panel, name)
    click(panel, "More about all folders")
    (menu,) = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
    (own,) = [menu for menu in menu.findChildren(QMenu) if "own model" in menu.title()]
    own.actions()[0].trigger()
    menu.close()
    paused = ui.backend.last_sent(PauseFolders)
    assert (paused.folder_ids, paused.paused) == ((), True)
    assert len(ui.backend.library.all_sent(VerifyLibrary)) == 1
    assert ui.backend.last_sent(ChooseEmbedder).path == ""


def test_a_check_that_runs_is_seen_until_it_ends(ui: OpenWindow) -> None:
    ui.backend.library.held.add(VerifyLibrary)
    ui.window.sidebar.folders.check_wanted.emit()
    ui.settle()
    assert "Checking what was read…" in words_of(ui.window.sidebar)
    ui.backend.library_fails(ErrorCode.INTERNAL, detail="it stopped", logs="library.log")
    ui.settle()
    assert "Checking" not in words_of(ui.window.sidebar)
    ui.window.sidebar.folders.check_wanted.emit()
    ui.settle()
    assert "Checking what was read…" in words_of(ui.window.sidebar)
    ui.backend.library_answers(LibraryVerified, passages=9, vectors=9, findings=(), seconds=0.1)
    ui.settle()
    assert "Checking" not in words_of(ui.window.sidebar)


def test_a_check_and_a_change_of_model_are_told(ui: OpenWindow) -> None:
    findings = (LibraryDamage(kind="vectors", count=2, mended=True),)
    ui.backend.library.held.add(VerifyLibrary)
    ui.window.sidebar.folders.check_wanted.emit()
    ui.backend.library_answers(
        LibraryVerified, passages=9, vectors=9, findings=findings, seconds=0.1
    )
    ui.settle()
    assert "2 vectors were damaged; they were made anew." in words_of(ui.window.view)
    ui.backend.library.deliver(EmbedderProgress(path="/m/bge-small", done=3, total=9))
    ui.settle()
    assert "“bge-small”: 3 of 9" in words_of(ui.window.sidebar)
    ui.backend.library.deliver(EmbedderProgress(path="/m/bge-small", done=9, total=9, changed=True))
    ui.settle()
    assert "3 of 9" not in words_of(ui.window.sidebar)
    assert "Passages are found with “bge-small” from now on." in words_of(ui.window.view)


def test_a_folder_says_how_it_is_watched(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder(watched="polled"))
    assert "compared every ten minutes" in rows(ui)[0].box.toolTip()


def test_a_file_that_is_not_there_is_told_and_not_asked(ui: OpenWindow, tmp_path: Path) -> None:
    there, gone = tmp_path / "beds.md", tmp_path / "gone.pdf"
    there.write_text("Three beds.", "utf-8")
    drop(ui.window, str(there), str(gone))
    ui.settle()
    assert ui.window.view.composer.files == (str(there),)
    assert "“gone.pdf” is not there." in words_of(ui.window.view)


def test_a_fault_that_two_requests_find_is_told_once(ui: OpenWindow, tmp_path: Path) -> None:
    drop_folder(ui, tmp_path / "Home")
    fault = Failed(request_id="", code=ErrorCode.EMBEDDER_MISSING, facts={"path": "/models/e5"})
    ui.backend.library.deliver(fault)
    ui.backend.library_fails(ErrorCode.EMBEDDER_MISSING, path="/models/e5")
    ui.settle()
    (told,) = ui.notices.all_notices()
    assert told.problem.code == ErrorCode.EMBEDDER_MISSING
