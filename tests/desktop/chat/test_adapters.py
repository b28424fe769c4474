"""Adapters in the window: dropped, seen over the question, made stronger, taken off, kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QMenu

from core.messages import Adapter, LoadModel
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, drop, label_of, words_of
from tests.fakes.models import SMALL_MODEL, adapter_gguf, qwen_gguf
from tests.gguf.test_adapters import WEIGHT, adapter, pair


@pytest.fixture
def tone(ui: OpenWindow, tmp_path: Path) -> str:
    model = ui.app.registry.find_model(SMALL_MODEL)
    return str(adapter_gguf(Path(model.path)).write(tmp_path / "tone.gguf"))


def chips(ui: OpenWindow) -> str:
    ui.settle()
    return words_of(ui.window.view.composer.adapter_chips)


def asked(ui: OpenWindow) -> tuple[Adapter, ...]:
    """Return the adapters of the last question."""
    return ui.backend.questions[-1].adapters


def test_a_dropped_adapter_goes_with_the_questions_of_the_open_chat(
    ui: OpenWindow, tone: str
) -> None:
    assert drop(ui.window, tone)
    assert "Adapter tone" in chips(ui)
    assert len(ui.app.registry.list_models()) == 1
    ui.ask("One?")
    assert asked(ui) == (Adapter(path=tone),)
    assert "Adapter tone" in chips(ui), "the chat that was begun goes on with it"
    ui.backend.answer_finished()
    ui.ask("Two?")
    assert asked(ui) == (Adapter(path=tone),)
    ui.backend.answer_finished()
    QTest.keyClick(ui.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert chips(ui) == ""
    ui.ask("Elsewhere?")
    assert asked(ui) == ()


def test_a_chat_chooses_among_the_adapters_of_its_model(ui: OpenWindow, tone: str) -> None:
    ui.app.model_files.add_adapter(tone)
    action = adapter_action(ui)
    assert not action.isChecked()
    action.trigger()
    assert "Adapter tone" in chips(ui)
    again = adapter_action(ui)
    assert again.isChecked()
    again.trigger()
    assert chips(ui) == ""


def adapter_action(ui: OpenWindow) -> QAction:
    """Open what can be added to the chat, and return the only adapter there."""
    composer = ui.window.view.composer
    composer.bar.add_button.click()
    ui.settle()
    menus = [menu for menu in composer.findChildren(QMenu) if menu.title() == "&Adapters"]
    (action,) = menus[-1].actions()
    for menu in composer.findChildren(QMenu):
        menu.hide()
    return action


def test_it_stands_there_once(ui: OpenWindow, tone: str) -> None:
    drop(ui.window, tone)
    drop(ui.window, tone)
    assert chips(ui).count("Adapter tone") == 1


def test_its_strength_is_typed(ui: OpenWindow, tone: str) -> None:
    drop(ui.window, tone)
    ui.settle()
    strength = control(ui.window, "Strength of tone")
    assert isinstance(strength, QDoubleSpinBox)
    number = strength.fontMetrics().horizontalAdvance(strength.text())
    assert strength.lineEdit().width() > number, "the number has room to be read"
    strength.setFocus()
    strength.selectAll()
    QTest.keyClicks(strength, strength.locale().toString(0.25, "f", 2))
    ui.ask("One?")
    assert asked(ui) == (Adapter(path=tone, scale=0.25),)


def test_it_is_taken_off(ui: OpenWindow, tone: str) -> None:
    drop(ui.window, tone)
    ui.settle()
    click(ui.window, "Take tone off")
    assert chips(ui) == ""
    ui.ask("One?")
    assert asked(ui) == ()


def test_one_that_does_not_fit_says_why(ui: OpenWindow, tone: str) -> None:
    adapter(*pair(WEIGHT, 32, 32), architecture="qwen3").write(Path(tone))
    drop(ui.window, tone)
    assert chips(ui) == ""
    assert "it is for “qwen3” models" in words_of(ui.window.view)


def test_a_chat_that_is_opened_shows_its_adapters(ui: OpenWindow, tone: str) -> None:
    drop(ui.window, tone)
    ui.ask("One?")
    ui.backend.answer_finished()
    bent = ui.window.controllers.chat.chat_id
    ui.window.controllers.chat.open_new_chat()
    assert chips(ui) == ""
    ui.window.controllers.chat.adapter_selection.forget_chat(bent)  # as after a restart
    ui.window.controllers.chat.open_chat(bent)
    assert "Adapter tone" in chips(ui)


def test_a_new_chat_begins_with_the_adapters_of_its_model(ui: OpenWindow, tone: str) -> None:
    settings, chat = ui.app.model_settings, ui.window.controllers.chat
    settings.change_setting(SMALL_MODEL, "adapters", f"{tone}=0.5")
    assert "Adapter tone" in chips(ui)
    ui.window.view.composer.chips.show_model(SMALL_MODEL)
    assert chat.adapter_selection.selected_adapters == (), "one that answers a single question"
    ui.window.view.composer.chips.show_model("")
    ui.ask("One?")
    ui.backend.answer_finished()
    assert asked(ui) == (Adapter(path=tone, scale=0.5),)
    assert "Adapter tone" in chips(ui)
    settings.reset_settings(SMALL_MODEL, "adapters")
    ui.ask("Two?")
    ui.backend.answer_finished()
    assert asked(ui) == (Adapter(path=tone, scale=0.5),), "a chat goes on as it began"
    settings.change_setting(SMALL_MODEL, "adapters", tone)
    chat.open_new_chat()
    ui.settle()
    click(ui.window, "Take tone off")
    ui.ask("Three?")
    assert asked(ui) == ()


def test_a_chat_whose_adapter_was_deleted_goes_on_without_it(ui: OpenWindow, tone: str) -> None:
    drop(ui.window, tone)
    ui.ask("One?")
    ui.backend.answer_finished()
    Path(tone).unlink()
    ui.ask("Two?")
    assert len(ui.backend.questions) == 1
    click(ui.window, "Go on without it")
    ui.settle()
    assert ui.backend.questions[-1].turns[-1].text == "Two?"
    assert asked(ui) == ()
    assert chips(ui) == ""
    assert ui.window.view.composer.draft == ""
    assert "There is no adapter file" not in words_of(ui.window.view)


def test_an_answer_is_given_again_without_a_deleted_adapter(ui: OpenWindow, tone: str) -> None:
    drop(ui.window, tone)
    ui.ask("One?")
    ui.backend.answer_finished(text="One.")
    Path(tone).unlink()
    ui.settle()
    click(ui.window.view.transcript, "Answer again")
    click(ui.window, "Go on without it")
    ui.settle()
    assert len(ui.backend.questions) == 2
    assert asked(ui) == ()


def test_an_answer_is_given_again_with_the_adapters_that_are_shown(
    ui: OpenWindow, tone: str
) -> None:
    drop(ui.window, tone)
    ui.ask("One?")
    ui.backend.answer_finished(text="One.")
    click(ui.window, "Take tone off")
    ui.settle()
    click(ui.window.view.transcript, "Answer again")
    assert asked(ui) == ()


def test_an_answer_by_another_model_goes_without_adapters_that_are_not_for_it(
    ui: OpenWindow, tone: str
) -> None:
    put_other_model(ui)
    drop(ui.window, tone)
    ui.ask("One?")
    ui.backend.answer_finished(text="One.")
    ui.settle()
    click(ui.window.view.transcript, "Answer again with…")
    (menu,) = (each for each in ui.window.view.findChildren(QMenu) if each.isVisible())
    next(each for each in menu.actions() if label_of(each).startswith("other")).trigger()
    menu.close()
    ui.backend.pump()
    assert ui.backend.engine.all_sent(LoadModel)[-1].path.endswith("other.gguf")
    assert asked(ui) == ()
    ui.backend.answer_finished(text="Another.")
    chat_id = ui.window.controllers.chat.chat_id
    assert ui.backend.saved_chat(chat_id).adapters == (Adapter(path=tone),), "the chat keeps them"
    assert "Adapter tone" in chips(ui)
    ui.ask("Two?")
    assert asked(ui) == (Adapter(path=tone),)


def test_a_chat_that_moves_to_another_model_goes_on_without_its_adapter(
    ui: OpenWindow, tone: str
) -> None:
    put_other_model(ui)
    drop(ui.window, tone)
    ui.window.controllers.models.choose_model("other")
    ui.ask("One?")
    assert not ui.backend.questions
    click(ui.window, "Go on without it")
    ui.settle()
    assert asked(ui) == ()
    assert chips(ui) == ""


def put_other_model(ui: OpenWindow) -> None:
    """Register a model of another architecture."""
    ui.backend.app.models.add_model(str(ui.backend.put_own_model("other", qwen_gguf())))
    ui.settle()
