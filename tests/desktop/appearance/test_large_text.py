"""Large text: no page is wider than its window."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QPushButton, QScrollArea

from core.base.settings.window_settings import TEXT_SIZE
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import click, dialog
from tests.screens.states_chats import prompts
from tests.screens.states_model_work import models_adapters, models_folders, models_settings
from tests.screens.states_models import model_about
from tests.screens.states_servers import server_dialog
from tests.screens.states_sources import folder_documents, folder_skipped

State = Callable[[ScriptedBackend, MainWindow], None]


@pytest.mark.parametrize("state", [prompts, models_settings, model_about])
def test_large_text_is_wider_than_no_page(ui: OpenWindow, state: State) -> None:
    ui.window.resize(1100, 800)
    ui.backend.settings.set_value(TEXT_SIZE, 180)
    ui.theme.apply_settings()
    state(ui.backend, ui.window)
    ui.settle()
    shown = [each for each in dialog().findChildren(QScrollArea) if each.isVisible()]
    cut = [inner.width() - each.viewport().width() for each in shown if (inner := each.widget())]
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    assert cut
    assert max(cut) <= 0


@pytest.mark.parametrize(
    "state",
    [models_adapters, models_folders, folder_skipped, folder_documents, server_dialog],
)
def test_large_text_cuts_no_button(ui: OpenWindow, state: State) -> None:
    ui.window.resize(1100, 800)
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    state(ui.backend, ui.window)
    ui.settle()
    buttons = [each for each in dialog().findChildren(QPushButton) if each.isVisible()]
    cut = [
        each.text()
        for each in buttons
        if each.width() < each.sizeHint().width() or each.height() < each.sizeHint().height()
    ]
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    assert buttons
    assert cut == []


def test_rows_of_each_list_are_as_high(ui: OpenWindow) -> None:
    """One that is filled before the style sheet reached it had rows as high as their letters."""
    models_folders(ui.backend, ui.window)
    ui.settle()
    (rows,) = [each for each in dialog().findChildren(QListWidget) if each.isVisible()]
    assert rows.visualItemRect(rows.item(0)).height() >= rows.fontMetrics().height() + 10


def test_a_checksum_is_copied_whole(ui: OpenWindow) -> None:
    model_about(ui.backend, ui.window)
    ui.settle()
    click(dialog(), "Copy the SHA-256")
    known = ui.app.registry.find_model("mistral-7b-instruct-q4_k_m").files[0].sha256
    assert len(known) == 64
    assert QGuiApplication.clipboard().text() == known
