"""A notice above the chat leaves the text where it is read."""

import pytest
from PySide6.QtCore import QPoint

from tests.desktop.open_window import OpenWindow
from tests.desktop.values import answer, question


def opened(ui: OpenWindow, *, turns: int) -> None:
    """Open a chat of so many questions with answers."""
    pairs = [(question(f"q{n}", f"{n}?"), answer(f"a{n}", f"{n}.\n\n" * 3)) for n in range(turns)]
    chat_id = ui.backend.put_chat("Chat", tuple(turn for pair in pairs for turn in pair))
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()


def places(ui: OpenWindow) -> dict[int, int]:
    """Return where the upper edge of each card is in the window, by its row."""
    cards = ui.window.view.transcript.card_layout.cards
    return {row: card.mapTo(ui.window, QPoint(0, 0)).y() for row, card in cards.items()}


@pytest.mark.parametrize(("turns", "at"), [(1, 0), (30, 0), (30, 700), (30, 100_000)])
def test_a_notice_that_comes_and_goes_moves_no_text(ui: OpenWindow, turns: int, at: int) -> None:
    opened(ui, turns=turns)
    transcript = ui.window.view.transcript
    transcript.verticalScrollBar().setValue(at)
    ui.settle()
    before, top = places(ui), transcript.mapTo(ui.window, QPoint(0, 0)).y()
    ui.notices.post_info("word", "Something happened.")
    ui.settle()
    assert transcript.mapTo(ui.window, QPoint(0, 0)).y() > top, "the notice takes room"
    shown = places(ui)
    assert {row: shown[row] for row in shown if row in before} == {
        row: before[row] for row in before if row in shown
    }
    ui.notices.dismiss_notice("word")
    ui.settle()
    after = places(ui)
    assert {row: after[row] for row in after if row in before} == {
        row: before[row] for row in before if row in after
    }


def test_what_a_notice_covers_of_a_short_chat_can_be_scrolled_to(ui: OpenWindow) -> None:
    opened(ui, turns=1)
    transcript = ui.window.view.transcript
    ui.notices.post_info("word", "Something happened.")
    ui.settle()
    bar = transcript.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(0)
    ui.settle()
    top = transcript.mapTo(ui.window, QPoint(0, 0)).y()
    assert min(places(ui).values()) > top


def test_a_chat_opened_under_a_notice_begins_at_its_beginning(ui: OpenWindow) -> None:
    ui.notices.post_info("word", "Something happened.")
    ui.settle()
    opened(ui, turns=1)
    top = ui.window.view.transcript.mapTo(ui.window, QPoint(0, 0)).y()
    assert min(places(ui).values()) > top
    ui.notices.dismiss_notice("word")
    ui.settle()
    top = ui.window.view.transcript.mapTo(ui.window, QPoint(0, 0)).y()
    assert min(places(ui).values()) > top
