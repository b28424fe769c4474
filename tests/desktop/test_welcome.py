"""The welcome: shown once, skipped with one key, and it leads to what it speaks of."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.appearance import WELCOMED
from desktop.first_run.pages import FolderPage, ModelPage, PrivatePage, sample_folder
from desktop.first_run.welcome import Welcome
from tests.desktop.conftest import Desk
from tests.desktop.seen import click, dialog, drop, words_of


@pytest.fixture
def welcome(desk: Desk) -> Welcome:
    desk.window.welcome.greet()
    desk.settle()
    shown = dialog()
    assert isinstance(shown, Welcome)
    return shown


def to_the_folder(welcome: Welcome) -> FolderPage:
    while not isinstance(welcome.page, FolderPage):
        click(welcome, "Next")
    return welcome.page


def test_three_pages_and_no_more(desk: Desk, welcome: Welcome) -> None:
    kinds = [type(welcome.page)]
    for _ in range(2):
        QTest.keyClick(welcome.on, Qt.Key.Key_Return)
        kinds.append(type(welcome.page))
    assert kinds == [PrivatePage, ModelPage, FolderPage]
    click(welcome, "Start")
    desk.settle()
    assert QApplication.activeModalWidget() is None


def test_one_key_skips_all_and_it_stays_skipped(desk: Desk, welcome: Welcome) -> None:
    QTest.keyClick(welcome, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.front.settings.get(WELCOMED) is True
    desk.window.welcome.greet()
    desk.settle()
    assert QApplication.activeModalWidget() is None
    desk.window.registry.get("help.welcome").trigger()
    desk.settle()
    assert isinstance(dialog(), Welcome)


def test_the_model_that_is_ready_and_a_better_one_are_named(welcome: Welcome) -> None:
    click(welcome, "Next")
    told = words_of(welcome)
    assert "smollm2-135m" in told
    assert "is ready" in told
    assert "we suggest" in told


def test_without_a_model_it_says_so(desk: Desk) -> None:
    desk.front.on_shelf.clear()
    desk.window.welcome.greet()
    desk.settle()
    shown = dialog()
    click(shown, "Next")
    assert "No model is here yet" in words_of(shown)


def test_the_sample_is_added_and_a_question_lies_ready(desk: Desk, welcome: Welcome) -> None:
    click(to_the_folder(welcome), "Use the sample folder")
    desk.settle()
    assert desk.front.last("add_folder") == (str(sample_folder()),)
    assert desk.window.view.composer.draft == "When is the chimney swept, and by whom?"
    assert QApplication.activeModalWidget() is None


def test_the_sample_holds_what_is_asked() -> None:
    texts = [path.read_text("utf-8") for path in sample_folder().iterdir()]
    assert len(texts) == 5
    assert any("chimney is swept twice a year" in text for text in texts)


def test_a_dropped_folder_is_added(desk: Desk, welcome: Welcome, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    assert drop(to_the_folder(welcome), str(folder))
    desk.settle()
    assert desk.front.last("add_folder") == (str(folder),)


def test_the_privacy_panel_and_the_models_are_a_click_away(desk: Desk, welcome: Welcome) -> None:
    click(welcome, "Show what the network lock says")
    desk.settle()
    assert dialog().windowTitle() == "Privacy"
    QTest.keyClick(dialog(), Qt.Key.Key_Escape)
    desk.settle()
    click(welcome, "Next")
    click(welcome, "Look at the models…")
    desk.settle()
    assert dialog().windowTitle() == "Models"
