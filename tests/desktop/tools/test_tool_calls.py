"""Calls of tools in the window: switched on, asked for, folded into the answer."""

from PySide6.QtWidgets import QMenu

from core.base.settings.window_settings import USE_TOOLS
from core.chat.conversations.tool_calls import CallDecision
from core.messages import SearchDone, SearchFolders
from desktop.chat.cards.answer_card import AnswerCard
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of


def last_answer(ui: OpenWindow) -> AnswerCard:
    return ui.window.view.transcript.findChildren(AnswerCard)[-1]


def call(tool: str, arguments: str) -> str:
    return f'<tool_call>\n{{"name": "{tool}", "arguments": {arguments}}}\n</tool_call>'


def switch_tools(ui: OpenWindow) -> None:
    ui.window.view.composer.bar.add_clicked.emit()
    ui.settle()
    (menu,) = (each for each in ui.window.view.composer.findChildren(QMenu) if each.isVisible())
    (action,) = (each for each in menu.actions() if "Tools" in each.text())
    action.trigger()
    menu.close()
    ui.settle()


def test_tools_are_switched_on_in_the_menu_and_off_at_their_chip(ui: OpenWindow) -> None:
    switch_tools(ui)
    assert ui.app.settings.get_value(USE_TOOLS) is True
    chips = ui.window.view.composer.chips
    assert "Tools" in words_of(chips)
    click(chips, "Don't let the model call tools")
    ui.settle()
    assert ui.app.settings.get_value(USE_TOOLS) is False
    ui.ask("How much?")
    assert ui.backend.questions[-1].sampling.tools == ""


def test_a_call_is_asked_for_and_folded_when_it_has_ended(ui: OpenWindow) -> None:
    switch_tools(ui)
    ui.ask("When are the beds watered?")
    ui.backend.answer_text("I will look. ", call("search_folders", '{"query": "beds"}'))
    ui.backend.answer_finished()
    ui.settle()
    card = last_answer(ui)
    assert "The model wants to call search_folders: query = beds" in words_of(card.calls)
    assert "tool_call" not in words_of(card), "a call is no text"
    assert not [each for each in ui.backend.library.all_sent(SearchFolders) if each.query == "beds"]
    card.calls.buttons[CallDecision.ONCE].click()
    ui.settle()
    (search,) = (
        each for each in ui.backend.library.all_sent(SearchFolders) if each.query == "beds"
    )
    ui.backend.library.deliver(SearchDone(request_id=search.request_id, hits=(), seconds=0.1))
    ui.backend.pump()
    ui.settle()
    assert "The model wants to call" not in words_of(card.calls)
    assert "1 tool call" in words_of(card)
    assert "Nothing was found" not in words_of(card), "results are folded"
    ui.backend.answer_text("Nobody says.")
    ui.backend.answer_finished()
    ui.settle()
    assert "I will look." in words_of(card)
    assert "Nobody says." in words_of(card)
    click(card, "1 tool call")
    assert "Nothing was found" in words_of(card.calls)


def test_a_refused_call_is_never_made(ui: OpenWindow) -> None:
    switch_tools(ui)
    ui.ask("When?")
    ui.backend.answer_text(call("search_folders", '{"query": "beds"}'))
    ui.backend.answer_finished()
    ui.settle()
    last_answer(ui).calls.buttons[CallDecision.REFUSE].click()
    ui.settle()
    assert "refused" in ui.backend.questions[-1].turns[-1].text
    ui.backend.answer_text("Then not.")
    ui.backend.answer_finished()
    ui.settle()
    ui.window.view.transcript.findChildren(AnswerCard)
    assert "1 tool call" in words_of(last_answer(ui))
