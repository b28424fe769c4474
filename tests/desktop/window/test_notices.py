"""Notices: stored before the window exists, replaced by key, copied, closed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.app.events.app_events import Notice, Problem
from core.app.root_lock import send_open_request
from core.messages import AddFolder
from desktop.kit import notices as module
from desktop.kit.notices import NoticeCenter, NoticeStack
from desktop.kit.theme import Theme
from desktop.library.folder_panel import FolderPanel
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, drop, drop_data, words_of


def notice(key: str, message: str, severity: str = "error") -> Notice:
    problem = Problem(code=f"code_{key}", message=message, hint="Do this.")
    return Notice(key=key, severity=severity, problem=problem)


def test_notices_from_before_the_window_are_shown_in_it(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    early = NoticeCenter(qapp)
    early.post_notice(notice("disk", "The disk is full."))
    stack = NoticeStack(theme, early)
    qtbot.addWidget(stack)
    stack.show()
    qapp.processEvents()
    assert "The disk is full." in words_of(stack)
    early.deleteLater()


def test_a_repeat_replaces_and_another_is_added(ui: OpenWindow) -> None:
    ui.notices.post_notice(notice("saving", "The disk is full."))
    ui.notices.post_notice(notice("saving", "The disk is still full."))
    ui.notices.post_notice(notice("model", "It is damaged."))
    ui.settle()
    shown = words_of(ui.window.view)
    assert "The disk is full." not in shown
    assert "The disk is still full." in shown
    assert "It is damaged." in shown


def test_a_notice_is_copied_and_closed(ui: OpenWindow) -> None:
    ui.notices.post_notice(notice("saving", "The disk is full."))
    ui.settle()
    click(ui.window.view, "Copy the details")
    assert QGuiApplication.clipboard().text() == "The disk is full. Do this. [code_saving]"
    click(ui.window.view, "Close this notice")
    ui.settle()
    assert "The disk is full." not in words_of(ui.window.view)


def test_a_disk_that_refuses_is_told_until_all_is_saved(ui: OpenWindow) -> None:
    ui.ask("When?")
    with ui.backend.unwritable_chats():
        ui.backend.answer_text("On Friday.")
        ui.backend.answer_finished()
        ui.settle()
        assert "can't write" in words_of(ui.window.view)
    ui.ask("Who?")
    ui.settle()
    shown = words_of(ui.window.view)
    assert "can't write" not in shown
    assert "Everything is saved again." in shown
    path = ui.backend.saved_chat(ui.window.controllers.chat.chat_id).path()
    assert [turn.text for turn in path] == ["When?", "On Friday.", "Who?", ""]


def test_an_info_goes_by_itself(ui: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INFO_MS", 20)
    ui.notices.post_notice(notice("saved", "Everything is saved again.", "info"))
    ui.notices.post_notice(notice("saving", "The disk is full."))
    ui.bot.waitUntil(lambda: len(ui.notices.all_notices()) == 1, timeout=2000)
    assert ui.notices.all_notices()[0].key == "saving"


def test_only_the_latest_few_stand_in_the_way(ui: OpenWindow) -> None:
    for number in range(6):
        ui.notices.post_notice(notice(f"key{number}", f"Problem {number}."))
    ui.settle()
    shown = words_of(ui.window.view)
    assert "Problem 2." not in shown
    assert all(f"Problem {number}." in shown for number in (3, 4, 5))


def test_a_second_start_hands_its_paths_over(ui: OpenWindow, tmp_path: Path) -> None:
    ui.window.showMinimized()
    send_open_request(ui.backend.paths, [str(tmp_path)])
    ui.bot.waitUntil(lambda: bool(ui.backend.library.all_sent(AddFolder)))
    assert ui.backend.last_sent(AddFolder).path == str(tmp_path)
    assert not ui.window.isMinimized()


def test_a_drop_without_files_is_left_alone(ui: OpenWindow) -> None:
    assert not drop(ui.window)
    link = QMimeData()
    link.setUrls([QUrl("https://example.org/picture.png")])
    assert not drop_data(ui.window, link), "nothing is fetched, so nothing is promised"
    assert ui.window.content.overlay.isHidden()


def test_a_picture_without_a_file_becomes_one(ui: OpenWindow) -> None:
    data = QMimeData()
    data.setImageData(QImage(40, 30, QImage.Format.Format_RGB32))
    assert drop_data(ui.window, data)
    (path,) = ui.window.view.composer.files
    assert QImage(path).width() == 40
    assert "The model can't see pictures" in words_of(ui.window.view)


def test_what_is_dropped_on_a_page_is_seen_in_the_chat(ui: OpenWindow, tmp_path: Path) -> None:
    QImage(40, 30, QImage.Format.Format_RGB32).save(str(tmp_path / "receipt.png"))
    QTest.keyClick(ui.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    ui.settle()
    assert not ui.window.view.isVisible()
    drop(ui.window, str(tmp_path / "receipt.png"))
    ui.settle()
    assert ui.window.view.isVisible()
    assert "The model can't see pictures" in words_of(ui.window.view)


def test_an_offer_to_undo_stays_in_the_chat_it_is_about(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_text("At nine.")
    ui.backend.answer_finished()
    ui.settle()
    turn_id = ui.window.view.transcript.shown_turns[-1].turn_id
    ui.window.controllers.chat.turn_controller.run_action(turn_id, "delete")
    ui.settle()
    assert "It was deleted." in words_of(ui.window.view)
    ui.window.controllers.chat.open_new_chat()
    ui.settle()
    assert "It was deleted." not in words_of(ui.window.view)


def test_that_a_file_is_asked_alone_ends_with_the_file(ui: OpenWindow, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("The gate is closed at nine.")
    drop(ui.window, str(file))
    ui.settle()
    assert "asked of this file alone" in words_of(ui.window.view)
    ui.window.view.composer.set_files(())
    ui.settle()
    assert "asked of this file alone" not in words_of(ui.window.view)


def test_folders_are_read_before_they_are_said_to_be_missing(ui: OpenWindow, theme: Theme) -> None:
    panel = FolderPanel(theme)
    assert "Reading the list of folders…" in panel_words(panel)
    panel.show_folders(())
    assert "Drop a folder on this window to ask it." in panel_words(panel)
    panel.deleteLater()
    assert "Drop a folder" in words_of(ui.window.sidebar)


def panel_words(panel: FolderPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel))
