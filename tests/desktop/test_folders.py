"""Folders: dropped, read, skipped, synced, removed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTableWidget, QWidget

from core.app.events.app_events import EmbedderChanging, LibraryChecked
from core.base.errors import ErrorCode, LibraryError
from core.messages import FileSkipped, LibraryDamage, LibraryVerified
from desktop.library.folder_row import FolderRow
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import folder
from tests.desktop.seen import click, control, dialog, drop, words_of


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
    desk.front.folder_progress(
        request, "folder-1", done=3, total=120, skipped=1, percent=50, seconds_left=130
    )
    desk.settle()
    shown = words_of(desk.window.sidebar)
    assert "3 of 120 · notes/garden/long beds.md" in shown
    assert "about 2 minutes left" in shown
    assert "1 file skipped" in shown
    assert rows(desk)[0].box.isChecked()
    assert rows(desk)[0].bar.value() / rows(desk)[0].bar.maximum() == 3.5 / 120
    desk.front.folder_synced(request, folder())
    desk.settle()
    assert "118 documents" in words_of(desk.window.sidebar)
    assert "minutes left" not in words_of(desk.window.sidebar)
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
    desk.front.process_events()
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
    desk.front.refusal = LibraryError(
        ErrorCode.FOLDER_REFUSED, path="/", detail="it is the whole disk"
    )
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
    first = desk.window.controllers.chat.chat_id
    desk.window.controllers.chats.open_new_chat()
    QTest.mouseClick(rows(desk)[0].box, Qt.MouseButton.LeftButton)
    QTest.mouseClick(rows(desk)[1].box, Qt.MouseButton.LeftButton)
    desk.ask("from work")
    assert desk.front.last("ask")[2] == ("folder-2",)
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
    desk.front.folder_synced("", folder())
    row = rows(desk)[0]
    for name in ("Pause reading", "Read skipped files again", "Read hidden folders too"):
        click(row, "More about Home")
        choose(row, name)
    assert desk.front.last("pause") == (("folder-1",),)
    assert desk.front.last("retry_folder") == ("folder-1",)
    assert desk.front.last("include") == ("folder-1", (), True)
    desk.front.folder_seen(folder(state="paused"))
    click(row, "More about Home")
    choose(row, "Resume reading")
    assert desk.front.last("resume") == (("folder-1",),)
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert desk.front.count("sync_folder") == 0


def test_all_folders_are_paused_checked_and_embedded_anew(desk: Desk) -> None:
    desk.front.folder_synced("", folder())
    panel = desk.window.sidebar.folders
    for name in ("Pause all", "Check what was read", "Use Inglenook's own embedding model"):
        click(panel, "More about all folders")
        choose(panel, name)
    assert desk.front.last("pause") == ((),)
    assert desk.front.count("verify") == 1
    assert desk.front.last("choose_embedder") == ("",)


def test_a_check_that_runs_is_seen_until_it_ends(desk: Desk) -> None:
    desk.window.sidebar.folders.check_wanted.emit()
    desk.settle()
    assert "Checking what was read…" in words_of(desk.window.sidebar)
    desk.front.request_failed(f"request-{len(desk.front.calls)}", "It stopped.", "Check again.")
    desk.settle()
    assert "Checking" not in words_of(desk.window.sidebar)
    desk.window.sidebar.folders.check_wanted.emit()
    verified = LibraryVerified(request_id="r", passages=9, vectors=9, findings=(), seconds=0.1)
    desk.front.emit(LibraryChecked(request_id="r", verified=verified))
    desk.settle()
    assert "Checking" not in words_of(desk.window.sidebar)


def test_a_check_and_a_change_of_model_are_told(desk: Desk) -> None:
    findings = (LibraryDamage(kind="vectors", count=2, mended=True),)
    verified = LibraryVerified(
        request_id="r", passages=9, vectors=9, findings=findings, seconds=0.1
    )
    desk.front.emit(LibraryChecked(request_id="r", verified=verified))
    desk.settle()
    assert "2 vectors were damaged; they were made anew." in words_of(desk.window.view)
    desk.front.emit(EmbedderChanging(path="/m/bge-small", done=3, total=9, changed=False))
    desk.settle()
    assert "“bge-small”: 3 of 9" in words_of(desk.window.sidebar)
    desk.front.emit(EmbedderChanging(path="/m/bge-small", done=9, total=9, changed=True))
    desk.settle()
    assert "3 of 9" not in words_of(desk.window.sidebar)
    assert "“bge-small” embeds from now on." in words_of(desk.window.view)


def test_a_folder_says_how_it_is_watched(desk: Desk) -> None:
    desk.front.folder_seen(folder(watched="polled"))
    assert "compared every ten minutes" in rows(desk)[0].box.toolTip()
