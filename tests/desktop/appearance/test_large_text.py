"""Large text: no page is wider than its window."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea

from core.base.settings.window_settings import TEXT_SIZE
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import click, dialog
from tests.screens.states_chats import prompts
from tests.screens.states_model_work import models_settings
from tests.screens.states_models import model_about

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


def test_a_checksum_is_copied_whole(ui: OpenWindow) -> None:
    model_about(ui.backend, ui.window)
    ui.settle()
    click(dialog(), "Copy the SHA-256")
    known = ui.app.registry.find_model("mistral-7b-instruct-q4_k_m").files[0].sha256
    assert len(known) == 64
    assert QGuiApplication.clipboard().text() == known
