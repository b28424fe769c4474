"""Continue: a task over whole documents goes on with the documents, all else with its words."""

import pytest
from msgspec import structs

from core.app.events.app_events import AnswerStarted
from core.chat.conversations.conversation import TurnState
from desktop.chat.cards.answer_card import AnswerCard
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click
from tests.desktop.values import answer, folder, question


def continued(ui: OpenWindow, words: str, state: TurnState) -> AnswerStarted:
    ui.backend.read_folder(folder("folder-1", "Garden"))
    turns = (question("q1", words), answer("a1", "The rules", state=state))
    chat_id = ui.backend.put_chat(words, turns, folder_ids=("folder-1",))
    started = ui.app.turns.continue_answer(chat_id, "a1")
    ui.backend.pump()
    return started


def test_a_killed_task_over_a_folder_is_begun_anew_with_what_was_read(ui: OpenWindow) -> None:
    started = continued(ui, "Summarise this folder", TurnState.INTERRUPTED)
    assert started.turn_id != "a1"
    assert started.intent == "whole"


@pytest.mark.parametrize("state", [TurnState.INTERRUPTED, TurnState.CANCELLED])
def test_a_question_goes_on_where_it_ended(ui: OpenWindow, state: TurnState) -> None:
    assert continued(ui, "When are the beds watered?", state).turn_id == "a1"


def test_a_task_begun_anew_is_shown_without_the_words_of_before(ui: OpenWindow) -> None:
    ui.backend.read_folder(folder("folder-1", "Garden"))
    words = "Summarise this folder"
    cut = structs.replace(answer("a1", "The rules", state=TurnState.INTERRUPTED), raw="The rules")
    turns = (question("q1", words), cut)
    chat_id = ui.backend.put_chat(words, turns, folder_ids=("folder-1",))
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    click(ui.window.view.transcript, "Continue")  # looked at before anything has arrived
    shown = ui.window.view.transcript.built_cards[-1]
    assert isinstance(shown, AnswerCard)
    assert shown.turn_id != "a1"
    assert shown.message_text == ""
