"""The page about other programs: switch, address, token, who asked, examples."""

import pytest
from PySide6.QtWidgets import QApplication

from core.base.settings.network_settings import API_AT_START
from core.messages import ApiActivity
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.programs.program_examples import EXAMPLES
from desktop.programs.programs_page import ProgramsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, words_of


@pytest.fixture
def page(ui: OpenWindow) -> ProgramsPage:
    ui.window.registry.action_by_id("file.programs").trigger()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, ProgramsPage)
    return shown


def switch(ui: OpenWindow, page: ProgramsPage) -> None:
    page.switch.click()
    for _round in range(3):
        ui.backend.pump()
        ui.settle()


def renew_token(ui: OpenWindow, page: ProgramsPage, answer: str) -> None:
    click(page, "New token")
    ui.settle()
    question = page.findChild(ConfirmDialog)
    assert isinstance(question, ConfirmDialog)
    click(question, answer)
    for _round in range(2):
        ui.backend.pump()
        ui.settle()


def test_it_is_off_until_it_is_switched_on(ui: OpenWindow, page: ProgramsPage) -> None:
    api = ui.backend.children.api
    assert not page.switch.isChecked()
    assert "nothing listens" in words_of(page)
    assert api.starts == 0
    switch(ui, page)
    assert page.switch.isChecked()
    assert "Listening at http://127.0.0.1:5277" in words_of(page)
    assert ui.app.settings.get_value(API_AT_START)
    switch(ui, page)
    assert api.pid is None
    assert not ui.app.settings.get_value(API_AT_START)
    assert "nothing listens" in words_of(page)


def test_token_and_examples_are_copied(ui: OpenWindow, page: ProgramsPage) -> None:
    switch(ui, page)
    clipboard = QApplication.clipboard()
    click(page, "Copy token")
    first = clipboard.text()
    assert len(first) > 40
    assert first not in page.example.toPlainText()
    renew_token(ui, page, "Cancel")
    click(page, "Copy token")
    assert clipboard.text() == first
    renew_token(ui, page, "Make a new token")
    click(page, "Copy token")
    renewed = clipboard.text()
    assert len(renewed) == len(first)
    assert renewed != first
    for number in range(len(EXAMPLES)):
        page.example_box.setCurrentIndex(number)
        click(page, "Copy example")
        lines = page.example.document().lineCount() * page.example.fontMetrics().lineSpacing()
        assert page.example.viewport().height() >= lines
        assert page.example.height() < page.height() // 2
        assert "http://127.0.0.1:5277" in clipboard.text()
        assert renewed in clipboard.text()


def test_examples_stand_in_letters_of_one_width(page: ProgramsPage) -> None:
    metrics = page.example.fontMetrics()
    assert metrics.horizontalAdvance("iiii") == metrics.horizontalAdvance("mmmm")


def test_who_asked_is_shown(ui: OpenWindow, page: ProgramsPage) -> None:
    switch(ui, page)
    assert "No program has asked yet." in words_of(page)
    ui.backend.children.api.deliver(
        ApiActivity(
            client="local", agent="curl/8", path="/v1/models", status=200, began=1.0, seconds=0.1,
            tokens_read=7, tokens_written=3,
        )
    )  # fmt: skip
    ui.backend.pump()
    ui.settle()
    assert "curl/8 (local): requests 1, tokens read 7, written 3" in words_of(page)
