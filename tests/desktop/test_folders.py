"""Folders: dropped, read, skipped, synced, removed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTableWidget

from core.errors import Code, LibraryError
from core.messages import FileSkipped
from desktop.library.folder_row import FolderRow
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import folder
from tests.desktop.seen import click, dialog, drop, words_of


def rows(desk: Desk) -> list[FolderRow]:
    return desk.window.sidebar.folders.findChildren(FolderRow)


def drop_folder(desk: Desk, place: Path) -> str:
    """Drop a folder and return the request that adds it."""
    place.mkdir(exist_ok=True)
    drop(desk.window, str(place))
    return f"request-{len(desk.front.calls)}"


def test_a_dropped_folder_is_added_read_and_ticked(desk: Desk, tmp_path: Path) -> None:
    request = drop_folder(desk, tmp_path / "Home")
    assert desk.front.last("add_folder") == (str(tmp_path / "Home"),)
    desk.front.folder_seen(folder(path=str(tmp_path / "Home"), state="syncing", indexed=0))
    desk.front.folder_progress(request, "folder-1", done=3, total=120, skipped=1)
    desk.settle()
    shown = words_of(desk.window.sidebar)
    assert "3 of 120 · notes/garden/long beds.md" in shown
    assert "1 file skipped" in shown
    assert rows(desk)[0].box.isChecked()
    assert rows(desk)[0].bar.value() == 3
    desk.front.folder_synced(request, folder())
    desk.settle()
    assert "118 documents" in words_of(desk.window.sidebar)
    assert not rows(desk)[0].bar.isVisible()
    desk.ask("When?")
    assert desk.front.last("ask")[2] == ("folder-1",)


def test_one_can_chat_while_a_folder_is_read(desk: Desk, tmp_path: Path) -> None:
    request = drop_folder(desk, tmp_path / "Home")
    desk.front.folder_seen(folder(state="syncing"))
    desk.ask("hello")
    desk.front.answer_text("Good ")
    desk.front.folder_progress(request, "folder-1", done=1, total=2)
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
    assert desk.front.last("add_folder") == (str(tmp_path),)
    assert view.composer.draft == ""


def test_a_single_file_offers_its_folder(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "lease.pdf").write_bytes(b"%PDF")
    drop(desk.window, str(tmp_path / "lease.pdf"))
    assert desk.front.count("add_folder") == 0
    assert str(tmp_path) in words_of(desk.window.view)
    click(desk.window.view, "Add this folder")
    assert desk.front.last("add_folder") == (str(tmp_path),)


def test_skipped_files_are_listed_with_reasons(desk: Desk) -> None:
    desk.front.folder_synced("", folder())
    click(desk.window, "2 files skipped")
    desk.front.skipped_listed(
        f"request-{len(desk.front.calls)}",
        (FileSkipped(request_id="", folder_id="", file="a/b.pdf", code="file_encrypted"),),
    )
    table = dialog().findChildren(QTableWidget)[0]
    cells = [table.item(0, column) for column in range(3)]
    assert [cell.text() for cell in cells if cell] == [
        "a/b.pdf",
        "It is protected by a password.",
        "Save a copy without the password into the folder.",
    ]
    QTest.keyClick(dialog(), Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("state", "words"),
    [("empty", "No readable documents"), ("offline", "Not there"), ("failed", "failed")],
)
def test_each_state_of_a_folder_has_words(desk: Desk, state: str, words: str) -> None:
    desk.front.folder_seen(folder(state=state))
    assert words in words_of(desk.window.sidebar)


def test_an_empty_folder_is_told(desk: Desk, tmp_path: Path) -> None:
    request = drop_folder(desk, tmp_path / "Home")
    desk.front.folder_synced(request, folder(state="empty", indexed=0, skipped=3))
    assert "“Home” holds no document that can be read." in words_of(desk.window.view)
    click(desk.window.view, "Skipped files…")
    assert desk.front.last("list_skipped") == ("folder-1",)


def test_removing_a_folder_asks_first(desk: Desk) -> None:
    desk.front.folder_synced("", folder())
    desk.window.sidebar.folders.remove_wanted.emit("folder-1")
    assert "Remove “Home” from Inglenook?" in words_of(dialog())
    click(dialog(), "Cancel")
    assert desk.front.count("remove_folder") == 0
    desk.window.sidebar.folders.remove_wanted.emit("folder-1")
    click(dialog(), "Remove")
    desk.front.pump()
    desk.settle()
    assert rows(desk) == []


def test_the_menu_of_a_folder_syncs_it(desk: Desk) -> None:
    desk.front.folder_synced("", folder())
    row = rows(desk)[0]
    click(row, "More about Home")
    menu = row.findChildren(QMenu)[0]
    assert menu.isVisible()
    menu.actions()[0].trigger()
    assert desk.front.count("sync_folder") == 1
    menu.close()
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert desk.front.last("sync_folder") == ("folder-1",)


def test_a_refused_folder_and_a_failed_sync_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.front.refusal = LibraryError(Code.FOLDER_REFUSED, path="/", detail="it is the whole disk")
    drop(desk.window, str(tmp_path))
    desk.settle()
    assert "it is the whole disk" in words_of(desk.window.view)
    request = drop_folder(desk, tmp_path / "Home")
    desk.front.request_failed(request, "The folder is not there.", "Put it back.")
    desk.settle()
    assert "The folder is not there." in words_of(desk.window.view)


def test_ticks_belong_to_their_chat(desk: Desk) -> None:
    desk.front.folder_seen(folder())
    desk.front.folder_seen(folder("folder-2", "Work"))
    QTest.mouseClick(rows(desk)[0].box, Qt.MouseButton.LeftButton)
    desk.ask("from home")
    desk.front.answer_text("yes")
    desk.front.answer_finished()
    first = desk.window.rooms.chat.chat_id
    desk.window.rooms.chats.open_new()
    QTest.mouseClick(rows(desk)[0].box, Qt.MouseButton.LeftButton)
    QTest.mouseClick(rows(desk)[1].box, Qt.MouseButton.LeftButton)
    desk.ask("from work")
    assert desk.front.last("ask")[2] == ("folder-2",)
    desk.window.rooms.chat.open_chat(first)
    assert [row.box.isChecked() for row in rows(desk)] == [True, False]
    assert "Answers from Home" in words_of(desk.window.view)
