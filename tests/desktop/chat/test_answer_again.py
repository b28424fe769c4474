"""Answers once more: with another model or style, longer, and on from where one was cut off."""

from collections.abc import Iterator

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.chat.conversations.conversation import Turn, TurnState
from core.messages import Generate, LoadModel
from desktop.chat.cards.answer_card import AnswerCard
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, label_of, words_of
from tests.desktop.values import COST, answer, question
from tests.fakes.models import SMALL_MODEL

CUT = structs.replace(COST, stop="length", completion_tokens=86, context=4096)


def last_card(ui: OpenWindow) -> AnswerCard:
    return ui.window.view.transcript.findChildren(AnswerCard)[-1]


def open_menu(ui: OpenWindow) -> QMenu:
    found = [
        each
        for each in QApplication.topLevelWidgets()
        if isinstance(each, QMenu) and each.isVisible()
    ]
    assert found
    return found[0]


def entries(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from entries(inner)
        elif not action.isSeparator():
            yield action


def choose(ui: OpenWindow, words: str) -> None:
    menu = open_menu(ui)
    next(each for each in entries(menu) if label_of(each).startswith(words)).trigger()
    menu.close()
    ui.settle()


def talk(ui: OpenWindow, *turns: Turn) -> None:
    ui.window.controllers.chat.open_chat(ui.backend.put_chat("chat", turns))
    ui.settle()


def asked_anew(ui: OpenWindow) -> Generate:
    ui.backend.pump()
    return ui.backend.questions[-1]


def test_another_model_answers_this_once_and_the_chosen_one_stays(ui: OpenWindow) -> None:
    ui.backend.put_model("bigger-q8")
    talk(ui, question("q", "When?"), structs.replace(answer("a", "On Friday."), model=SMALL_MODEL))
    click(last_card(ui), "Answer again with…")
    labels = [label_of(each) for each in entries(open_menu(ui))]
    assert any(label.startswith("bigger-q8") for label in labels)
    assert not any(label.startswith(SMALL_MODEL) for label in labels), "it answered already"
    choose(ui, "bigger-q8")
    assert ui.backend.engine.all_sent(LoadModel)[-1].path.endswith("bigger-q8.gguf")
    ui.backend.answer_text("On Monday.")
    ui.backend.answer_finished()
    ui.settle()
    assert "On Monday." in words_of(last_card(ui))
    assert "bigger-q8" in words_of(last_card(ui))
    assert ui.window.controllers.models.chosen is not None
    assert ui.window.controllers.models.chosen.ref == SMALL_MODEL


@pytest.mark.parametrize(("style", "temperature"), [("Precise", 0.2), ("Creative", 1.0)])
def test_another_style_is_taken_for_this_answer(
    ui: OpenWindow, style: str, temperature: float
) -> None:
    talk(ui, question("q", "When?"), answer("a", "On Friday."))
    click(last_card(ui), "Answer again with…")
    choose(ui, style)
    assert asked_anew(ui).sampling.temperature == temperature
    chat = ui.backend.saved_chat(ui.window.controllers.chat.chat_id)
    assert chat.chat_style.preset == ""


def test_the_menu_opens_and_is_used_by_keys(ui: OpenWindow) -> None:
    talk(ui, question("q", "When?"), answer("a", "On Friday."))
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(ui.window, Qt.Key.Key_R, control_shift)
    menu = open_menu(ui)
    assert menu.activeAction() is not None, "the first entry is marked"
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    ui.settle()
    assert asked_anew(ui).sampling.temperature == 1.0, "the last entry is Creative"


def test_what_reached_its_limit_goes_on_by_a_button_under_it(ui: OpenWindow) -> None:
    ui.ask("A story?")
    ui.backend.answer_text("Once upon")
    ui.backend.answer_finished(stop="length")
    ui.settle()
    assert "the limit of an answer's length was reached" in words_of(last_card(ui))
    click(last_card(ui), "Continue")
    ui.settle()
    assert asked_anew(ui).begun == "Once upon"
    ui.backend.answer_text(" a time.")
    ui.backend.answer_finished()
    ui.settle()
    assert "Once upon a time." in words_of(last_card(ui))
    assert not last_card(ui).cut_off.isVisible()


def test_a_longer_answer_may_have_twice_the_length(ui: OpenWindow) -> None:
    cut = structs.replace(answer("a", "Once upon"), raw="Once upon", statistics=CUT)
    talk(ui, question("q", "A story?"), cut)
    click(last_card(ui), "Try a longer answer")
    ui.settle()
    assert asked_anew(ui).max_tokens == 172
    assert asked_anew(ui).begun == ""


def test_a_full_context_offers_no_longer_answer(ui: OpenWindow) -> None:
    cost = structs.replace(CUT, prompt_tokens=4010)
    cut = structs.replace(answer("a", "Once upon"), raw="Once upon", statistics=cost)
    talk(ui, question("q", "A story?"), cut)
    assert "the model can't read more at once" in words_of(last_card(ui))
    assert "Try a longer answer" not in words_of(last_card(ui))


def test_a_stopped_answer_goes_on_until_the_chat_does(ui: OpenWindow) -> None:
    stopped = structs.replace(answer("a", "Once", state=TurnState.CANCELLED), raw="Once")
    talk(ui, question("q", "A story?"), stopped)
    assert last_card(ui).cut_off.isVisible()
    ui.ask("Another one?")
    ui.backend.answer_text("Twice.")
    ui.backend.answer_finished()
    ui.settle()
    ui.window.controllers.chat.reload_chat()
    ui.settle()
    assert not any(
        card.cut_off.isVisible() for card in ui.window.view.transcript.findChildren(AnswerCard)
    )


def test_an_answer_goes_on_with_the_model_that_began_it(ui: OpenWindow) -> None:
    ui.backend.put_model("bigger-q8")
    begun = structs.replace(
        answer("a", "Once", state=TurnState.CANCELLED), raw="Once", model="bigger-q8"
    )
    talk(ui, question("q", "A story?"), begun)
    click(last_card(ui), "Continue")
    ui.backend.pump()
    assert ui.backend.engine.all_sent(LoadModel)[-1].path.endswith("bigger-q8.gguf")
    assert ui.backend.questions[-1].begun == "Once"
