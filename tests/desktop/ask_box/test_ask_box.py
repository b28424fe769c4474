"""The ask box: opened by a key of the system, asks the open application, shows the answer."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.base.settings.window_settings import ASK_BOX_KEY
from desktop.ask_box.ask_box import AskBox
from desktop.ask_box.ask_box_controller import AskBoxController
from desktop.ask_box.global_hotkey import GlobalHotkey, parse_keys
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from tests.desktop.scripted_backend import ScriptedBackend


class PressedByHand(GlobalHotkey):
    """Plays the system: a test emits `pressed`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.keys: QKeyCombination | None = None

    def start_listening(self, keys: QKeyCombination) -> None:
        self.keys = keys

    def stop_listening(self) -> None:
        self.keys = None


@pytest.fixture
def controller(qtbot: QtBot, backend: ScriptedBackend, theme: Theme) -> Iterator[AskBoxController]:
    notices = NoticeCenter()
    made = AskBoxController(backend.app, theme, notices, PressedByHand)
    yield made
    made.close()
    notices.deleteLater()


def hotkey(controller: AskBoxController) -> PressedByHand:
    found = controller.findChild(PressedByHand)
    assert isinstance(found, PressedByHand)
    return found


def opened_box(controller: AskBoxController, backend: ScriptedBackend) -> AskBox:
    backend.settings.set_value(ASK_BOX_KEY, "Ctrl+Alt+Space")
    controller.apply_setting()
    hotkey(controller).pressed.emit()
    assert controller.box is not None
    return controller.box


def test_the_selection_can_be_chosen_and_read(
    controller: AskBoxController, backend: ScriptedBackend, qtbot: QtBot
) -> None:
    box = opened_box(controller, backend)
    box.open_anew(has_selection=True)
    qtbot.waitUntil(box.selection.isVisible)
    words = box.fontMetrics().horizontalAdvance(box.selection.text())
    assert box.selection.width() > words + box.selection.text_indent
    QTest.mouseClick(box.selection, Qt.MouseButton.LeftButton)
    assert box.selection.isChecked()
    QTest.keyClicks(box.question, "When?")
    box.selection.setFocus()
    with qtbot.waitSignal(box.sent) as sent:
        QTest.keyClick(box.selection, Qt.Key.Key_Return)
    assert sent.args == ["When?", True]


def test_after_the_selection_is_ticked_the_question_is_typed(
    controller: AskBoxController, backend: ScriptedBackend, qtbot: QtBot
) -> None:
    box = opened_box(controller, backend)
    box.open_anew(has_selection=True)
    qtbot.waitUntil(box.selection.isVisible)
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    box.selection.setFocus()
    QTest.keyClick(box.selection, Qt.Key.Key_Space)
    QTest.keyClicks(QApplication.focusWidget() or box, "How many gears?")
    assert box.selection.isChecked()
    assert box.question.text() == "How many gears?"


@pytest.mark.parametrize("text", ["", "Space", "Ctrl+K, Ctrl+L", "Ctrl+Nonsense"])
def test_what_is_no_single_key_with_a_modifier_is_none(text: str) -> None:
    assert parse_keys(text) is None


def test_nothing_listens_until_a_key_is_set(
    controller: AskBoxController, backend: ScriptedBackend
) -> None:
    controller.apply_setting()
    assert controller.findChild(PressedByHand) is None
    box = opened_box(controller, backend)
    assert box.isVisible()
    backend.settings.set_value(ASK_BOX_KEY, "")
    controller.apply_setting()
    assert hotkey(controller).keys is None


def test_enter_asks_and_the_answer_streams_into_the_box(
    controller: AskBoxController, backend: ScriptedBackend, qtbot: QtBot
) -> None:
    box = opened_box(controller, backend)
    QTest.keyClicks(box.question, "Who planted it?")
    QTest.keyClick(box.question, Qt.Key.Key_Return)
    assert box.asked.text() == "Who planted it?", "it stands above its answer"
    assert box.asked.isVisible()
    backend.pump()
    backend.engine.write("Aunt Mathilda.")
    backend.pump()
    qtbot.waitUntil(lambda: "Mathilda" in shown(box))
    backend.engine.finish_answer()
    backend.pump()
    chats = backend.app.chats.list_chats()
    assert [chat.title for chat in chats] == ["Who planted it?"]
    wanted: list[str] = []
    controller.chat_wanted.connect(wanted.append)
    box.open_button.click()
    assert wanted == [chats[0].chat_id]
    assert not box.isVisible()


def shown(box: AskBox) -> str:
    return " ".join(each.toPlainText() for each in box.body.text_widgets)


def test_escape_closes_and_the_key_opens_it_empty(
    controller: AskBoxController, backend: ScriptedBackend
) -> None:
    box = opened_box(controller, backend)
    QTest.keyClicks(box.question, "half a question")
    QTest.keyClick(box.question, Qt.Key.Key_Escape)
    assert not box.isVisible()
    hotkey(controller).pressed.emit()
    assert (box.isVisible(), box.question.text()) == (True, "")
    assert not box.asked.isVisible()


def test_a_key_that_is_taken_is_told(
    controller: AskBoxController, backend: ScriptedBackend
) -> None:
    opened_box(controller, backend)
    hotkey(controller).failed.emit("another program has taken it")
    notices = controller.parent()
    assert isinstance(notices, NoticeCenter)
    (notice,) = notices.all_notices()
    assert "Ctrl+Alt+Space" in notice.problem.message
