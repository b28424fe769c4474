"""Early window: what is typed and pressed before the application is there, and what it imports."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.root_lock import RootLock, is_root_held
from core.base.paths import Paths
from core.chat.store.draft_store import MessageDraft
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.process.startup_imports import KEY_IMPORTS, STARTUP_IMPORTS
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import settle
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import words_of
from tests.desktop.values import answer, question

PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LIGHT = 80
"""Modules of ours that the first picture may need; the whole program has some seven hundred."""
SLICE = 130
"""Modules that one piece of the start may import: keys wait for it."""


@pytest.fixture
def early(
    qtbot: QtBot, qapp: QApplication, backend: ScriptedBackend, theme: Theme, bridge: ThreadBridge
) -> Iterator[MainWindow]:
    """A window that is shown and has nothing behind it yet."""
    window = MainWindow(theme, backend.settings)
    window.show()
    qtbot.waitExposed(window)
    settle()
    yield window
    if not window.isHidden():
        window.close()
    settle()
    window.deleteLater()
    settle()


def complete(window: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge) -> None:
    """Give the window its content as a start does, with turns of the event loop between."""
    application = QApplication.instance()
    for _step in window.fill(backend.app, NoticeCenter(application), bridge):
        QApplication.processEvents()
    bridge.start_pumping(backend.app.process_events)
    window.load_initial_content()
    window.start_child_processes()
    window.end_start()
    settle()


def test_what_is_typed_early_is_sent_and_the_rest_stays(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    edit = early.view.composer.text_edit
    assert edit.hasFocus()
    QTest.keyClicks(edit, "helo")
    QTest.keyClick(edit, Qt.Key.Key_Left)
    QTest.keyClicks(edit, "l")
    assert edit.toPlainText() == "hello", "letters are seen at once"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "and then")
    assert edit.toPlainText() == "hello", "what follows Enter belongs to the next question"
    complete(early, backend, bridge)
    assert [turn.text for turn in early.view.transcript.shown_turns][:1] == ["hello"]
    assert early.view.composer.draft == "and then"


def test_composed_letters_keep_their_place_too(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    edit = early.view.composer.text_edit
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "t")
    composed = QInputMethodEvent()
    composed.setCommitString("ü")
    QApplication.sendEvent(edit, composed)
    QTest.keyClicks(edit, "r")
    complete(early, backend, bridge)
    assert early.view.composer.draft == "tür"


def test_a_shortcut_pressed_early_is_done_in_its_place(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    QTest.keyClick(early.view.composer.text_edit, Qt.Key.Key_Comma, CONTROL)
    assert early.pages.page is None
    complete(early, backend, bridge)
    assert early.pages.page is not None


def test_a_menu_opened_early_by_its_letter_gets_the_next_letter(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    edit = early.view.composer.text_edit
    for key, modifiers in ((Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier), (Qt.Key.Key_S, PLAIN)):
        QTest.keyClick(edit, key, modifiers)
    assert QApplication.activePopupWidget() is None
    complete(early, backend, bridge)
    page = early.pages.page
    assert page is not None
    assert page.windowTitle() == "Settings"
    assert early.view.composer.draft == ""


def test_a_button_pressed_early_is_pressed_once(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    QTest.keyClicks(early.view.composer.text_edit, "by mouse")
    QTest.mouseClick(early.view.composer.button, Qt.MouseButton.LeftButton)
    complete(early, backend, bridge)
    assert [turn.text for turn in early.view.transcript.shown_turns][:1] == ["by mouse"]


def test_a_chat_keeps_its_folders_while_they_are_listed(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    turns = question("q2", "When?"), answer("a2", "In March.")
    chat_id = backend.put_chat("Roses", turns, folder_ids=("folder-1",))
    for _step in early.fill(backend.app, NoticeCenter(QApplication.instance()), bridge):
        pass
    early.load_initial_content()
    early.controllers.chat.open_chat(chat_id)
    ticked: list[str] = [*early.sidebar.folders.ticked_folder_ids]
    assert ticked == ["folder-1"]
    composer = words_of(early.view.composer)
    assert "Reading the list of folders…" in composer
    assert "The model answers by itself" not in composer
    bridge.start_pumping(backend.app.process_events)
    early.start_child_processes()
    early.end_start()
    settle()
    ticked = [*early.sidebar.folders.ticked_folder_ids]
    assert not ticked, "there is no such folder any more"


def test_a_draft_of_last_time_is_not_lost_to_early_letters(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    backend.app.chats.drafts.save_draft("", MessageDraft("left here", ()))
    QTest.keyClicks(early.view.composer.text_edit, "new")
    complete(early, backend, bridge)
    assert early.view.composer.draft == "left here\nnew"


def test_a_window_closed_early_closes_when_it_can(
    early: MainWindow, backend: ScriptedBackend, bridge: ThreadBridge
) -> None:
    early.close()
    assert early.isHidden()
    complete(early, backend, bridge)
    assert early.isHidden()
    assert not is_root_held(backend.paths), "the application has ended in order"


def modules_of(code: str) -> list[int]:
    """Run a program that prints numbers as JSON."""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    numbers: list[int] = json.loads(ended.stdout)
    return numbers


COUNT = """
import importlib, json, sys
import PySide6.QtWidgets
def ours():
    return sum(name.partition(".")[0] in ("core", "desktop") for name in sys.modules)
"""


def test_the_first_picture_needs_few_modules() -> None:
    code = COUNT + (
        "import desktop.process.application_start\n"
        "print(json.dumps([ours(), 'core.app.app' in sys.modules, 'core.messages' in sys.modules]))"
    )
    count, has_app, has_messages = modules_of(code)
    assert count < LIGHT
    assert not has_app
    assert not has_messages


def test_the_rest_is_loaded_in_small_pieces() -> None:
    pieces = (*STARTUP_IMPORTS, *KEY_IMPORTS)
    code = COUNT + (
        "import desktop.process.application_start\n"
        f"names, sizes = {(*pieces, 'desktop.process.application_content')!r}, []\n"
        "for name in names:\n"
        "    before = len(sys.modules)\n"
        "    importlib.import_module(name)\n"
        "    sizes.append(len(sys.modules) - before)\n"
        "print(json.dumps(sizes))"
    )
    sizes = dict(zip((*pieces, "content"), modules_of(code), strict=True))
    assert max(sizes.values()) < SLICE, sizes
    assert all(sizes[name] for name in pieces), "each piece loads something"


def test_a_root_is_seen_to_be_held_without_taking_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    paths = Paths(tmp_path_factory.mktemp("held") / "root")
    assert not is_root_held(paths)
    lock = RootLock(paths)
    lock.acquire()
    assert is_root_held(paths)
    lock.release()
    assert not is_root_held(paths)
    lock.acquire()
    lock.release()
