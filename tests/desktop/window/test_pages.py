"""Pages of the window: the chat goes on behind, Enter presses what is primary, words fit."""

from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from core.messages import RemoveFolder, Sampling
from desktop.chat.cards.message_editor import MessageEditor
from desktop.chat.cards.sampling_formatting import sampling_lines
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.window.answer_announcer import AnswerAnnouncer
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, open_dialog, words_of
from tests.desktop.values import answer, question
from tests.screens.filled import ask, filled
from tests.screens.states_everywhere import settings


def enter() -> None:
    """Press Enter where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)


def test_an_answer_streams_behind_a_page(ui: OpenWindow) -> None:
    filled(ui.backend, ui.window)
    ask(ui.backend, ui.window)
    ui.backend.answer_text("The long beds ")
    ui.window.registry.action_by_id("file.settings").trigger()
    ui.backend.answer_text("on Friday.")
    ui.backend.answer_finished()
    ui.settle()
    assert open_dialog() is not None
    assert not ui.window.view.isVisible()
    ui.window.dialogs.show_chat()
    ui.settle()
    assert "The long beds on Friday." in words_of(ui.window.view.transcript)


def test_a_page_lies_over_the_one_it_was_opened_from(ui: OpenWindow) -> None:
    settings(ui.backend, ui.window)
    ui.window.registry.action_by_id("file.privacy").trigger()
    ui.settle()
    assert dialog().windowTitle() == "Privacy"
    dialog().close()
    ui.settle()
    assert dialog().windowTitle() == "Settings"
    ui.window.controllers.chats.open_new_chat()
    ui.settle()
    assert open_dialog() is None


def test_the_open_chat_is_shown_when_it_is_chosen_behind_a_page(ui: OpenWindow) -> None:
    chat_id = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    ui.window.controllers.chat.open_chat(chat_id)
    ui.window.registry.action_by_id("file.settings").trigger()
    ui.window.controllers.chats.refresh_list()
    chats = ui.window.sidebar.chat_list
    row = next(r for r in range(chats.count()) if chats.item(r).text() == "Roses")
    place = chats.visualItemRect(chats.item(row)).center()
    QTest.mouseClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=place)
    ui.settle()
    assert open_dialog() is None
    assert ui.window.view.isVisible()
    assert ui.window.view.composer.text_edit.hasFocus()


def test_esc_leads_to_the_chat_from_each_page_of_the_sidebar(ui: OpenWindow) -> None:
    sidebar = ui.window.sidebar
    titles = []
    for button in (sidebar.models_button, sidebar.settings_button, sidebar.privacy_button):
        button.click()
        ui.settle()
        titles.append(dialog().windowTitle())
    assert titles == ["Models", "Settings", "Privacy"]
    ui.window.registry.action_by_id("chat.stop").trigger()
    ui.settle()
    assert open_dialog() is None
    focused = QApplication.focusWidget()
    assert focused is not None
    assert ui.window.view.composer.isAncestorOf(focused)


def test_enter_removes_a_folder_that_was_asked_about(ui: OpenWindow) -> None:
    filled(ui.backend, ui.window)
    ui.window.sidebar.folders.remove_wanted.emit("folder-1")
    ui.settle()
    enter()
    ui.settle()
    assert ui.backend.last_sent(RemoveFolder).folder_id == "folder-1"


def test_a_dialog_grows_with_what_is_said_in_it(ui: OpenWindow) -> None:
    asking = DownloadDialog(ui.theme, ui.app.downloads, (), ui.window, request="")
    asking.open()
    ui.settle()
    before = asking.height()
    asking._message.show_message("It could not be reached, and this is what it said. " * 12)
    ui.settle()
    assert asking.height() > before
    layout = asking.layout()
    assert layout is not None
    assert asking.height() >= layout.totalHeightForWidth(asking.width())
    asking.close()
    asking.deleteLater()


@pytest.mark.parametrize(("lines", "least"), [(1, 3), (12, 12), (200, 24)])
def test_the_box_of_an_edit_is_as_high_as_its_text(theme: Theme, lines: int, least: int) -> None:
    editor = MessageEditor(
        theme, "\n".join(["words"] * lines), button_text="Save", hint="", enter_saves=False
    )
    box = editor.findChild(QPlainTextEdit)
    assert box is not None
    shown = box.height() / box.fontMetrics().lineSpacing()
    assert least <= shown < least + 4
    editor.deleteLater()


def test_settings_of_an_answer_are_told_in_words() -> None:
    told = "\n".join(sampling_lines(Sampling(stop=("END",), logit_bias={"a": -100.0})))
    assert "Seed: drawn by lot" in told
    assert "Ends before: “END”" in told
    for python in (": None", "()", "{", "seed:", "True", "False"):
        assert python not in told


def test_a_screen_reader_hears_that_an_answer_begins_and_ends(ui: OpenWindow) -> None:
    announcer = ui.window.findChild(AnswerAnnouncer)
    assert announcer is not None
    ask(ui.backend, ui.window, "When?")
    ui.backend.answer_text("On Friday.")
    assert announcer.accessibleName() == "The answer begins."
    ui.backend.answer_finished()
    assert announcer.accessibleName() == "The answer is complete."


@pytest.mark.parametrize("action", ["chat.style", "models.servers", "help.about"])
def test_what_is_more_than_a_question_is_a_page(ui: OpenWindow, action: str) -> None:
    ui.window.registry.action_by_id(action).trigger()
    ui.settle()
    page = ui.window.pages.page
    assert page is not None
    assert QApplication.activeModalWidget() is None
    assert not [each for each in page.findChildren(QPushButton) if each.text() == "Close"]
    assert page.windowTitle()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert page.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    ui.settle()
    assert ui.window.pages.page is None
    assert ui.window.view.composer.text_edit.hasFocus()


def test_what_a_page_looks_at_again_costs_nothing_below_another(ui: OpenWindow) -> None:
    for action_id in ("file.usage", "file.programs", "file.privacy"):
        ui.window.registry.action_by_id(action_id).trigger()
        ui.settle()
        page = dialog()
        assert isinstance(page, Page)
        looked: list[bool] = []
        page.refresh_while_shown(partial(looked.append, True))
        ui.window.registry.action_by_id("models.open").trigger()
        ui.settle()
        running = [timer for timer in page.findChildren(QTimer) if timer.isActive()]
        assert not running, action_id
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        ui.settle()
        assert dialog() is page
        assert looked, "it is up to date as soon as it is seen again"
        page.reject()
        ui.settle()
