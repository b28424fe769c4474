"""The welcome: shown once, skipped with one key, and it leads to what it speaks of."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.base.settings.window_settings import WELCOMED
from core.messages import AddFolder
from desktop.first_run.welcome_dialog import WelcomeDialog
from desktop.first_run.welcome_pages import (
    WelcomeFolderPage,
    WelcomeModelPage,
    WelcomePrivacyPage,
    sample_folder,
)
from tests.desktop.desk import Desk
from tests.desktop.seen import click, dialog, drop, words_of
from tests.fakes.models import SMALL_MODEL


@pytest.fixture
def welcome(desk: Desk) -> WelcomeDialog:
    desk.window.welcome.show_on_first_run()
    desk.settle()
    shown = dialog()
    assert isinstance(shown, WelcomeDialog)
    return shown


def to_the_folder(welcome: WelcomeDialog) -> WelcomeFolderPage:
    while not isinstance(welcome.current_page, WelcomeFolderPage):
        click(welcome, "Next")
    return welcome.current_page


def test_three_pages_and_no_more(desk: Desk, welcome: WelcomeDialog) -> None:
    kinds = [type(welcome.current_page)]
    for _ in range(2):
        QTest.keyClick(welcome.next_button, Qt.Key.Key_Return)
        kinds.append(type(welcome.current_page))
    assert kinds == [WelcomePrivacyPage, WelcomeModelPage, WelcomeFolderPage]
    click(welcome, "Start")
    desk.settle()
    assert QApplication.activeModalWidget() is None


def test_one_key_skips_all_and_it_stays_skipped(desk: Desk, welcome: WelcomeDialog) -> None:
    QTest.keyClick(welcome, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.front.settings.get_value(WELCOMED) is True
    desk.window.welcome.show_on_first_run()
    desk.settle()
    assert QApplication.activeModalWidget() is None
    desk.window.registry.action_by_id("help.welcome").trigger()
    desk.settle()
    assert isinstance(dialog(), WelcomeDialog)


def test_the_model_that_is_ready_and_a_better_one_are_named(welcome: WelcomeDialog) -> None:
    click(welcome, "Next")
    told = words_of(welcome)
    assert "smollm2-135m" in told
    assert "is ready" in told
    assert "we suggest" in told


def test_without_a_model_it_says_so(desk: Desk) -> None:
    desk.app.models.unregister_model(SMALL_MODEL)
    desk.window.welcome.show_on_first_run()
    desk.settle()
    shown = dialog()
    click(shown, "Next")
    assert "No model is here yet" in words_of(shown)


def test_the_sample_is_added_and_a_question_lies_ready(desk: Desk, welcome: WelcomeDialog) -> None:
    click(to_the_folder(welcome), "Use the sample folder")
    desk.settle()
    assert desk.front.last_sent(AddFolder).path == str(sample_folder())
    assert desk.window.view.composer.draft == "When is the chimney swept, and by whom?"
    assert QApplication.activeModalWidget() is None


def test_the_sample_holds_what_is_asked() -> None:
    texts = [path.read_text("utf-8") for path in sample_folder().iterdir()]
    assert len(texts) == 5
    assert any("chimney is swept twice a year" in text for text in texts)


def test_a_dropped_folder_is_added(desk: Desk, welcome: WelcomeDialog, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    assert drop(to_the_folder(welcome), str(folder))
    desk.settle()
    assert desk.front.last_sent(AddFolder).path == str(folder)


def test_the_privacy_panel_and_the_models_are_a_click_away(
    desk: Desk, welcome: WelcomeDialog
) -> None:
    click(welcome, "Show what the network lock says")
    desk.settle()
    assert dialog().windowTitle() == "Privacy"
    QTest.keyClick(dialog(), Qt.Key.Key_Escape)
    desk.settle()
    click(welcome, "Next")
    click(welcome, "Look at the models…")
    desk.settle()
    assert dialog().windowTitle() == "Models"
