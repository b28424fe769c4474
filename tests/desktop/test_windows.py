"""Several windows over one application: each its own chat, one closed keeps the others."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.events import OpenRequested
from core.appearance import STAYS
from core.chat.kept_drafts import Draft
from desktop.bridge import Bridge
from desktop.chat.chat_list import Deed
from desktop.notices import Notices
from desktop.theme import Theme
from desktop.tray import Tray
from desktop.window import MainWindow
from desktop.windows import Windows
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import answer, folder, question
from tests.desktop.seen import words_of


@dataclass(frozen=True)
class House:
    """The windows, and everything a test holds on to."""

    windows: Windows
    front: FakeApp
    bridge: Bridge

    @property
    def first(self) -> MainWindow:
        return self.windows.all[0]

    @property
    def tray(self) -> Tray:
        tray = self.windows.findChild(Tray)
        assert tray is not None
        return tray

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def house(qtbot: QtBot, qapp: QApplication, front: FakeApp, theme: Theme) -> Iterator[House]:
    front.chats.put("Roses", (question("q1", "When?"), answer("a1", "In March.")))
    front.chats.put("Cider", (question("q2", "How long?"), answer("a2", "A week.")))
    notices, bridge = Notices(qapp), Bridge()
    windows = Windows(front, theme, notices, bridge)
    made = House(windows, front, bridge)
    window = windows.make()
    window.show()
    bridge.open(front.pump)
    window.settle_in()
    window.warm_up()
    qtbot.waitExposed(window)
    made.settle()
    yield made
    left = windows.all
    windows.close_all()
    for each in left:
        each.deleteLater()
    notices.deleteLater()
    bridge.deleteLater()
    made.settle()


def test_a_chat_opens_in_a_window_of_its_own(house: House) -> None:
    house.first.rooms.chat.open_chat("chat-1")
    house.first.rooms.chats.do(Deed.WINDOW, "chat-2")
    house.settle()
    first, second = house.windows.all
    assert (first.rooms.chat.chat_id, second.rooms.chat.chat_id) == ("chat-1", "chat-2")
    assert "A week." in words_of(second.view.transcript)
    assert second.pos() != first.pos()


def test_a_chat_is_open_in_one_window_at_most(house: House) -> None:
    house.first.rooms.chat.open_chat("chat-1")
    second = house.windows.open("")
    second.rooms.chats.open("chat-1")
    house.settle()
    assert second.rooms.chat.chat_id == ""
    house.first.rooms.chats.do(Deed.WINDOW, "chat-1")
    assert len(house.windows.all) == 2, "the one that shows it comes forward"


def test_a_notice_that_is_clicked_shows_its_chat(house: House) -> None:
    house.first.rooms.chat.open_chat("chat-1")
    tray = house.tray
    tray.chosen.emit("chat-2")
    assert house.first.rooms.chat.chat_id == "chat-2"
    second = house.windows.open("chat-1")
    tray.chosen.emit("chat-2")
    house.settle()
    assert second.rooms.chat.chat_id == "chat-1", "the window that shows it comes forward"


def test_the_frame_hides_the_window_if_that_is_wanted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.front.settings.set(STAYS, value=True)
    monkeypatch.setattr(Tray, "there", property(lambda _tray: True))
    by_frame = QCloseEvent()
    monkeypatch.setattr(by_frame, "spontaneous", lambda: True)
    house.first.closeEvent(by_frame)
    assert (by_frame.isAccepted(), house.first.isVisible()) == (False, False)
    assert not house.front.closed
    house.tray.chosen.emit("")
    assert house.first.isVisible()
    house.first.close()
    assert house.front.closed, "whoever else closes it means to leave"


def test_quitting_from_the_tray_ends_a_hidden_window_too(house: House, qapp: QApplication) -> None:
    house.first.hide()
    QTimer.singleShot(0, house.tray.quit_wanted.emit)
    assert qapp.exec() == 0
    assert house.front.closed


def test_closing_one_keeps_the_others_and_the_application(house: House) -> None:
    second = house.windows.open("chat-2")
    QTest.keyClicks(second.view.composer.text_edit, "half a question")
    listeners = len(house.front.listeners)
    second.close()
    house.settle()
    assert not house.front.closed
    assert len(house.front.listeners) == listeners - 1
    assert house.windows.all == (house.first,)
    assert house.front.chats.drafts.get("chat-2") == Draft("half a question")
    first = house.first
    first.close()
    assert house.front.closed
    assert house.windows.all == (first,)


def test_an_answer_is_followed_in_the_window_its_chat_is_moved_to(house: House) -> None:
    house.first.rooms.chat.ask("tell me")
    running = house.first.rooms.chat.chat_id
    second = house.windows.open("")
    house.front.answer_text("Once ")
    house.first.rooms.chats.open_new()
    second.rooms.chats.open(running)
    house.front.answer_text("upon a time")
    house.settle()
    assert second.rooms.chat.answering
    assert "upon a time" in words_of(second.view.transcript)
    house.front.answer_finished()
    house.settle()
    assert not second.rooms.chat.answering


def test_an_answer_begun_later_is_heard_in_every_window(house: House) -> None:
    second = house.windows.open("")
    house.first.rooms.chat.ask("tell me")
    house.front.answer_text("Once ")
    running = house.first.rooms.chat.chat_id
    house.first.rooms.chats.open_new()
    second.rooms.chats.open(running)
    house.settle()
    assert "Once" in words_of(second.view.transcript)
    second.close()
    house.front.answer_text("more")
    house.front.answer_finished()


def test_a_second_window_shows_the_folders_and_asks_them(house: House) -> None:
    house.front.folder_seen(folder())
    second = house.windows.open("")
    house.settle()
    assert "Home" in words_of(second.sidebar)
    second.sidebar.folders.tick("folder-1")
    second.rooms.chat.ask("When?")
    assert house.front.last("ask")[2] == ("folder-1",)


def test_what_is_handed_over_goes_to_one_window(house: House, tmp_path: object) -> None:
    house.windows.open("")
    house.front.emit(OpenRequested(paths=(str(tmp_path),)))
    assert house.front.count("add_folder") == 1


def test_quit_closes_all(house: House) -> None:
    house.windows.open("")
    house.first.registry.get("file.quit").trigger()
    house.settle()
    assert house.front.closed
