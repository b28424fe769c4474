"""Welcome: shown once, skipped with one key, and its buttons."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.base.settings.window_settings import WELCOMED
from core.messages import AddFolder
from desktop.first_run.welcome_pages import (
    WelcomeFolderPage,
    WelcomeModelPage,
    WelcomePrivacyPage,
    sample_folder,
)
from desktop.first_run.welcome_tour import WelcomeTour
from desktop.models.models_page import ModelsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, drop, open_dialog, words_of
from tests.fakes.models import SMALL_MODEL


@pytest.fixture
def welcome(ui: OpenWindow) -> WelcomeTour:
    ui.window.welcome.show_on_first_run()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, WelcomeTour)
    return shown


def to_the_folder(welcome: WelcomeTour) -> WelcomeFolderPage:
    while not isinstance(welcome.current_page, WelcomeFolderPage):
        click(welcome, "Next")
    return welcome.current_page


def test_three_pages_and_no_more(ui: OpenWindow, welcome: WelcomeTour) -> None:
    kinds = [type(welcome.current_page)]
    for _ in range(2):
        QTest.keyClick(welcome.next_button, Qt.Key.Key_Return)
        kinds.append(type(welcome.current_page))
    assert kinds == [WelcomePrivacyPage, WelcomeModelPage, WelcomeFolderPage]
    click(welcome, "Start")
    ui.settle()
    assert open_dialog() is None


def test_one_key_skips_all_and_it_stays_skipped(ui: OpenWindow, welcome: WelcomeTour) -> None:
    QTest.keyClick(welcome, Qt.Key.Key_Escape)
    ui.settle()
    assert ui.backend.settings.get_value(WELCOMED) is True
    ui.window.welcome.show_on_first_run()
    ui.settle()
    assert open_dialog() is None
    ui.window.registry.action_by_id("help.welcome").trigger()
    ui.settle()
    assert isinstance(dialog(), WelcomeTour)


def test_the_model_that_is_ready_and_a_better_one_are_named(welcome: WelcomeTour) -> None:
    click(welcome, "Next")
    shown_text = words_of(welcome)
    assert "smollm2-135m" in shown_text
    assert "is ready" in shown_text
    assert "we suggest" in shown_text


def test_without_a_model_it_says_so(ui: OpenWindow) -> None:
    ui.app.models.unregister_model(SMALL_MODEL)
    ui.window.welcome.show_on_first_run()
    ui.settle()
    shown = dialog()
    click(shown, "Next")
    said = words_of(shown)
    assert "No model is here yet" in said
    assert "we suggest" in said
    assert "far more" not in said, "than none"
    click(shown, "Get a model…")
    ui.settle()
    assert isinstance(dialog(), ModelsPage)


def test_the_sample_is_added_and_a_question_lies_ready(
    ui: OpenWindow, welcome: WelcomeTour
) -> None:
    click(to_the_folder(welcome), "Use the sample folder")
    ui.settle()
    assert ui.backend.last_sent(AddFolder).path == str(sample_folder())
    assert ui.window.view.composer.draft == "When is the chimney swept, and by whom?"
    assert open_dialog() is None


def test_the_sample_holds_what_is_asked() -> None:
    texts = [path.read_text("utf-8") for path in sample_folder().iterdir()]
    assert len(texts) == 5
    assert any("chimney is swept twice a year" in text for text in texts)


def test_a_dropped_folder_is_added(ui: OpenWindow, welcome: WelcomeTour, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    assert drop(to_the_folder(welcome), str(folder))
    ui.settle()
    assert ui.backend.last_sent(AddFolder).path == str(folder)


def test_the_privacy_panel_and_the_models_are_a_click_away(
    ui: OpenWindow, welcome: WelcomeTour
) -> None:
    click(welcome, "Show what the network lock says")
    ui.settle()
    assert dialog().windowTitle() == "Privacy"
    QTest.keyClick(dialog(), Qt.Key.Key_Escape)
    ui.settle()
    click(welcome, "Next")
    click(welcome, "Look at the models…")
    ui.settle()
    assert dialog().windowTitle() == "Models"


def test_its_buttons_are_whole_in_large_text(ui: OpenWindow, welcome: WelcomeTour) -> None:
    page = to_the_folder(welcome)
    ui.window.resize(900, 620)
    for _step in range(10):
        ui.window.registry.action_by_id("view.larger").trigger()
    ui.settle()
    for button in (page.choose_button, page.sample_button):
        assert button.width() >= button.sizeHint().width()
