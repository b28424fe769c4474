"""Overview of models: cards with one button each, and the one to get for this computer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.messages import LoadModel, PlanQuantizations
from core.models.model_catalog import load_catalog
from desktop.kit.buttons_and_labels import TextButton
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED, TABS
from desktop.models.overview.card_formatting import (
    format_ability,
    format_fetch_time,
    format_writing_speed,
)
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, words_of
from tests.fakes.models import SMALL_MODEL, qwen_gguf

QWEN = "qwen3-4b-q8_0"
GIGABYTE = 1_000_000_000


@pytest.fixture
def models(ui: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> ModelsPage:
    """The page on a computer with 12 GB of memory."""
    monkeypatch.setattr("core.app.models.model_suggestion.total_memory", lambda: 12 * GIGABYTE)
    ui.backend.put_own_model(QWEN, qwen_gguf())
    ui.window.open_models()
    ui.settle()
    found = dialog()
    assert isinstance(found, ModelsPage)
    return found


def test_it_begins_with_the_model_to_get_for_this_computer(
    ui: OpenWindow, models: ModelsPage
) -> None:
    text = words_of(models.overview_tab.suggestion_card)
    assert "Get a good model for this computer" in text
    assert "minutes at 100 Mbit/s" in text
    assert "SHA-256" not in words_of(models)
    click(models, models.overview_tab.suggestion_card.button.accessibleName())
    assert isinstance(dialog(), DownloadDialog)
    ui.window.dialogs.show_chat()


def test_a_card_uses_its_model_and_stays_where_the_focus_is(
    ui: OpenWindow, models: ModelsPage
) -> None:
    button = control(models, f"Use: {QWEN}")
    click(models, f"Use: {QWEN}")
    ui.settle()
    chosen = ui.window.controllers.models.chosen
    assert chosen is not None
    assert chosen.ref == QWEN
    assert isinstance(button, TextButton)
    assert button.text() == "In use"
    assert control(models, f"Use: {SMALL_MODEL}").isEnabled()


def test_all_details_are_one_click_deeper(ui: OpenWindow, models: ModelsPage) -> None:
    click(models, f"All details of {SMALL_MODEL}")
    ui.settle()
    assert TABS[models.tabs.currentIndex()] == INSTALLED
    entry = models.installed_tab.current_entry
    assert entry is not None
    assert entry.ref == SMALL_MODEL


def test_speeds_are_asked_for_once_the_page_stays(ui: OpenWindow, models: ModelsPage) -> None:
    ladders = ui.backend.children.ladders
    assert not ladders.all_sent(PlanQuantizations)
    ui.bot.waitUntil(lambda: bool(ladders.all_sent(PlanQuantizations)))
    models.reject()
    ui.settle()


def test_what_is_said_of_size_and_speed() -> None:
    assert format_fetch_time(4_700_000_000) == "about 6 minutes at 100 Mbit/s"
    assert format_fetch_time(1) == "about 1 minute at 100 Mbit/s"
    assert format_writing_speed(12.0) == "writes about 9.0 words a second here"
    assert format_writing_speed(None) == ""
    abilities = [format_ability(each.parameters, each.good_for) for each in load_catalog()]
    assert all(abilities)


def test_enter_opens_what_the_primary_button_says(ui: OpenWindow, models: ModelsPage) -> None:
    QTest.keyClick(models, Qt.Key.Key_Return)
    assert isinstance(dialog(), DownloadDialog)
    assert not ui.backend.engine.all_sent(LoadModel)[1:]
