"""Several windows over one application: a chat each, and closing one leaves the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.root_lock import send_open_request
from core.base.errors import ErrorCode
from core.base.settings.window_settings import STAY_IN_TRAY
from core.chat.conversations.chat_style import ChatStyle
from core.chat.store.draft_store import MessageDraft
from core.messages import AddFolder, ListFiles, ListSkipped, SearchFolders
from desktop.chat.list.chat_list import ChatAction
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.privacy.privacy_controller import EraseRequest
from desktop.process.tray_icon import TrayIcon
from desktop.process.window_manager import WindowManager
from desktop.window.main_window import MainWindow
from desktop.window.window_geometry import first_size, least_size
from tests.desktop.open_window import settle
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import control, words_of
from tests.desktop.values import answer, folder, question


@dataclass(frozen=True)
class House:
    """The windows, and everything a test holds on to."""

    windows: WindowManager
    backend: ScriptedBackend
    bridge: ThreadBridge

    @property
    def first(self) -> MainWindow:
        return self.windows.open_windows[0]

    @property
    def tray(self) -> TrayIcon:
        tray = self.windows.findChild(TrayIcon)
        assert tray is not None
        return tray

    def settle(self) -> None:
        settle()


@pytest.fixture
def house(
    qtbot: QtBot, qapp: QApplication, backend: ScriptedBackend, theme: Theme, bridge: ThreadBridge
) -> Iterator[House]:
    backend.put_chat("Roses", (question("q1", "When?"), answer("a1", "In March.")))
    backend.put_chat("Cider", (question("q2", "How long?"), answer("a2", "A week.")))
    notices = NoticeCenter(qapp)
    windows = WindowManager(backend.app, theme, notices, bridge)
    made = House(windows, backend, bridge)
    window = windows.create_window()
    window.show()
    bridge.start_pumping(backend.app.process_events)
    window.load_initial_content()
    window.start_child_processes()
    qtbot.waitExposed(window)
    made.settle()
    yield made
    left = windows.open_windows
    windows.close_all_windows()
    for each in left:
        each.deleteLater()
    notices.deleteLater()
    made.settle()


def test_a_chat_opens_in_a_window_of_its_own(house: House) -> None:
    house.first.controllers.chat.open_chat("chat-1")
    house.first.controllers.chats.run_action(ChatAction.WINDOW, "chat-2")
    house.settle()
    first, second = house.windows.open_windows
    assert (first.controllers.chat.chat_id, second.controllers.chat.chat_id) == ("chat-1", "chat-2")
    assert "A week." in words_of(second.view.transcript)
    assert second.pos() != first.pos()


def test_a_chat_is_open_in_one_window_at_most(house: House) -> None:
    house.first.controllers.chat.open_chat("chat-1")
    second = house.windows.open_window("")
    second.controllers.chats.open_chat("chat-1")
    house.settle()
    assert second.controllers.chat.chat_id == ""
    house.first.controllers.chats.run_action(ChatAction.WINDOW, "chat-1")
    assert len(house.windows.open_windows) == 2, "the one that shows it comes forward"


def test_a_notice_that_is_clicked_shows_its_chat(house: House) -> None:
    house.first.controllers.chat.open_chat("chat-1")
    tray = house.tray
    tray.window_wanted.emit("chat-2")
    assert house.first.controllers.chat.chat_id == "chat-2"
    second = house.windows.open_window("chat-1")
    tray.window_wanted.emit("chat-2")
    house.settle()
    assert second.controllers.chat.chat_id == "chat-1", "the window that shows it comes forward"


def test_the_frame_hides_the_window_if_that_is_wanted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.backend.settings.set_value(STAY_IN_TRAY, value=True)
    monkeypatch.setattr(TrayIcon, "is_reachable", property(lambda _tray: True))
    by_frame = QCloseEvent()
    monkeypatch.setattr(by_frame, "spontaneous", lambda: True)
    house.first.closeEvent(by_frame)
    assert (by_frame.isAccepted(), house.first.isVisible()) == (False, False)
    assert not house.backend.is_closed
    house.tray.window_wanted.emit("")
    assert house.first.isVisible()
    house.first.close()
    assert house.backend.is_closed, "whoever else closes it means to leave"


def test_quitting_from_the_tray_ends_a_hidden_window_too(house: House, qapp: QApplication) -> None:
    house.first.hide()
    QTimer.singleShot(0, house.tray.quit_wanted.emit)
    assert qapp.exec() == 0
    assert house.backend.is_closed


def test_closing_one_keeps_the_others_and_the_application(house: House) -> None:
    second = house.windows.open_window("chat-2")
    QTest.keyClicks(second.view.composer.text_edit, "half a question")
    second.close()
    house.settle()
    assert not house.backend.is_closed
    house.backend.app.chat_service.rename_chat(
        "chat-1", "Tulips"
    )  # only the other one gets the event
    assert house.windows.open_windows == (house.first,)
    assert house.backend.app.chats.drafts.get_draft("chat-2") == MessageDraft("half a question")
    first = house.first
    first.close()
    assert house.backend.is_closed
    assert house.windows.open_windows == (first,)


def test_a_further_window_is_on_the_screen(house: House) -> None:
    screen = house.first.screen().availableGeometry()
    house.first.move(screen.right() - 300, screen.bottom() - 300)
    house.settle()
    second = house.windows.open_window("")
    assert screen.contains(second.pos())
    assert second.pos().x() < house.first.pos().x()
    assert second.pos().y() < house.first.pos().y()


def test_each_window_keeps_its_own_draft_of_a_new_chat(house: House) -> None:
    first, drafts = house.first, house.backend.app.chats.drafts
    QTest.keyClicks(first.view.composer.text_edit, "in the first")
    first.controllers.chat.next_question.save_draft()
    second = house.windows.open_window("")
    house.settle()
    assert second.view.composer.draft == ""
    QTest.keyClicks(second.view.composer.text_edit, "in the second")
    first.controllers.chat.open_chat("chat-1")
    second.controllers.chat.open_chat("chat-2")
    first.controllers.chat.open_new_chat()
    second.controllers.chat.open_new_chat()
    assert first.view.composer.draft == "in the first"
    assert second.view.composer.draft == "in the second"
    second.close()
    house.settle()
    assert first.view.composer.draft == "in the first"
    assert drafts.get_draft("") == MessageDraft("in the first")
    first.controllers.chat.ask_question("in the first")
    first.controllers.chat.open_new_chat()
    assert first.view.composer.draft == "in the second", "what a closed window left is not lost"


def test_instructions_that_are_written_outlive_the_window(house: House) -> None:
    second = house.windows.open_window("chat-2")
    write_instructions(second, "Be kind.")
    write_instructions(house.first, "Be brief.")
    second.close()
    house.settle()
    app = house.backend.app
    assert app.chat_service.load_chat("chat-2").chat_style == ChatStyle(system="Be kind.")
    third = house.windows.open_window("chat-1")
    house.first.close()
    house.settle()
    third.controllers.chat.open_new_chat()
    assert third.controllers.chat.next_question.chat_style == ChatStyle(system="Be brief.")


def write_instructions(window: MainWindow, words: str) -> None:
    window.registry.action_by_id("chat.style").trigger()
    page = window.pages.page
    assert page is not None
    QTest.keyClicks(control(page, "What the model is told first"), words)


def test_an_answer_is_followed_in_the_window_its_chat_is_moved_to(house: House) -> None:
    house.first.controllers.chat.ask_question("tell me")
    house.settle()
    running = house.first.controllers.chat.chat_id
    second = house.windows.open_window("")
    house.backend.answer_text("Once ")
    house.first.controllers.chats.open_new_chat()
    second.controllers.chats.open_chat(running)
    house.backend.answer_text("upon a time")
    house.settle()
    assert second.controllers.chat.answering_turn_id
    assert "upon a time" in words_of(second.view.transcript)
    house.backend.answer_finished()
    house.settle()
    assert not second.controllers.chat.answering_turn_id


def test_an_answer_begun_later_is_heard_in_every_window(house: House) -> None:
    second = house.windows.open_window("")
    house.first.controllers.chat.ask_question("tell me")
    house.settle()
    house.backend.answer_text("Once ")
    running = house.first.controllers.chat.chat_id
    house.first.controllers.chats.open_new_chat()
    second.controllers.chats.open_chat(running)
    house.settle()
    assert "Once" in words_of(second.view.transcript)
    second.close()
    house.backend.answer_text("more")
    house.backend.answer_finished()


def test_a_second_window_shows_the_folders_and_asks_them(house: House) -> None:
    house.backend.folder_seen(folder())
    second = house.windows.open_window("")
    house.settle()
    assert "Home" in words_of(second.sidebar)
    second.sidebar.folders.tick_folder("folder-1")
    second.controllers.chat.ask_question("When?")
    assert house.backend.last_sent(SearchFolders).folder_ids == ("folder-1",)


def test_replies_reach_no_closed_window_and_failures_are_told_in_another(
    house: House, tmp_path: Path
) -> None:
    second = house.windows.open_window("")
    folders = second.controllers.folders
    for name in ("Home", "Gone"):
        folders.add_folder(str(tmp_path / name))
    added = house.backend.library.all_sent(AddFolder)
    second.sidebar.folders.check_wanted.emit()
    house.backend.library.held |= {ListFiles, ListSkipped}
    folders.details.open_page("folder-1", "documents")
    second.close()
    house.settle()
    house.backend.library_fails(ErrorCode.FOLDER_GONE, added[1].request_id, path="/gone")
    house.backend.folder_progress(1, 2)
    house.backend.folder_synced()
    house.backend.pump()
    house.settle()
    assert "The folder /gone is not there." in words_of(house.first.view)
    assert "Home" in words_of(house.first.sidebar)


def test_what_is_handed_over_goes_to_one_window(house: House, tmp_path: Path) -> None:
    house.windows.open_window("")
    send_open_request(house.backend.paths, [str(tmp_path)])
    house.backend.app.receive_open_requests()
    assert len(house.backend.library.all_sent(AddFolder)) == 1


def test_quit_closes_all(house: House) -> None:
    house.windows.open_window("")
    house.first.registry.action_by_id("file.quit").trigger()
    house.settle()
    assert house.backend.is_closed


def test_a_small_screen_gets_a_window_that_fits() -> None:
    fitting = first_size(QSize(1024, 740))
    assert fitting.width() < 1024
    assert fitting.height() < 740
    assert first_size(QSize(2560, 1440)) == QSize(1240, 800)
    doubled = QSize(1400, 900) / 2
    assert least_size(doubled).width() <= doubled.width()
    assert least_size(doubled).height() <= doubled.height() - 40, "the frame has room, too"
    assert least_size(QSize(2560, 1440)) == QSize(720, 480)
    assert least_size(QSize(512, 350)) == QSize(496, 302)
    assert least_size(QSize(320, 240)) == QSize(480, 300), "nothing smaller can be read"


def test_what_is_to_be_erased_is_known_before_the_data_is_closed(house: House) -> None:
    house.windows.open_window("")
    known: list[EraseRequest | None] = []
    house.backend.app.call_before_close(lambda: known.append(house.windows.erase_request))
    house.first.privacy.erase_wanted.emit(EraseRequest(models=True))
    assert known == [EraseRequest(models=True)], "one call closes all windows"
