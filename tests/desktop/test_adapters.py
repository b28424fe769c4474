"""Adapters in the window: dropped, seen over the question, made stronger, taken off, kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from core.messages import Adapter
from tests.desktop.desk import Desk
from tests.desktop.seen import click, control, drop, words_of
from tests.fakes.models import SMALL_MODEL, adapter_gguf
from tests.gguf.test_adapters import WEIGHT, adapter, pair


@pytest.fixture
def tone(desk: Desk, tmp_path: Path) -> str:
    model = desk.app.registry.find_model(SMALL_MODEL)
    return str(adapter_gguf(Path(model.path)).write(tmp_path / "tone.gguf"))


def chips(desk: Desk) -> str:
    desk.settle()
    return words_of(desk.window.view.composer.adapter_chips)


def asked(desk: Desk) -> tuple[Adapter, ...]:
    """Return the adapters of the last question."""
    return desk.front.questions[-1].adapters


def test_a_dropped_adapter_goes_with_the_questions_of_the_open_chat(desk: Desk, tone: str) -> None:
    assert drop(desk.window, tone)
    assert "Adapter tone" in chips(desk)
    assert len(desk.app.registry.list_models()) == 1
    desk.ask("One?")
    assert asked(desk) == (Adapter(path=tone),)
    assert "Adapter tone" in chips(desk), "the chat that was begun goes on with it"
    desk.front.answer_finished()
    desk.ask("Two?")
    assert asked(desk) == (Adapter(path=tone),)
    desk.front.answer_finished()
    QTest.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert chips(desk) == ""
    desk.ask("Elsewhere?")
    assert asked(desk) == ()


def test_it_stands_there_once(desk: Desk, tone: str) -> None:
    drop(desk.window, tone)
    drop(desk.window, tone)
    assert chips(desk).count("Adapter tone") == 1


def test_its_strength_is_typed(desk: Desk, tone: str) -> None:
    drop(desk.window, tone)
    desk.settle()
    strength = control(desk.window, "Strength of tone")
    assert isinstance(strength, QDoubleSpinBox)
    number = strength.fontMetrics().horizontalAdvance(strength.text())
    assert strength.lineEdit().width() > number, "the number has room to be read"
    strength.setFocus()
    strength.selectAll()
    QTest.keyClicks(strength, strength.locale().toString(0.25, "f", 2))
    desk.ask("One?")
    assert asked(desk) == (Adapter(path=tone, scale=0.25),)


def test_it_is_taken_off(desk: Desk, tone: str) -> None:
    drop(desk.window, tone)
    desk.settle()
    click(desk.window, "Take tone off")
    assert chips(desk) == ""
    desk.ask("One?")
    assert asked(desk) == ()


def test_one_that_does_not_fit_says_why(desk: Desk, tone: str) -> None:
    adapter(*pair(WEIGHT, 32, 32), architecture="qwen3").write(Path(tone))
    drop(desk.window, tone)
    assert chips(desk) == ""
    assert "it is for “qwen3” models" in words_of(desk.window.view)


def test_a_chat_that_is_opened_shows_its_adapters(desk: Desk, tone: str) -> None:
    drop(desk.window, tone)
    desk.ask("One?")
    desk.front.answer_finished()
    bent = desk.window.controllers.chat.chat_id
    desk.window.controllers.chat.open_new_chat()
    assert chips(desk) == ""
    desk.window.controllers.chat.adapter_selection.forget_chat(bent)  # as after a restart
    desk.window.controllers.chat.open_chat(bent)
    assert "Adapter tone" in chips(desk)
