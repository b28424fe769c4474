"""What is shown under an answer: where it was repeated from."""

from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of
from tests.desktop.values import folder, hit


def test_an_earlier_answer_says_so_and_is_asked_anew_with_one_click(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.library.hits = (hit(1),)
    for _ in range(2):
        ui.window.controllers.chat.open_new_chat()
        ui.ask("When is the gate closed?")
        if not ui.backend.app.running_answers.turn_ids:
            break
        ui.backend.answer_text("At nine.")
        ui.backend.answer_finished()
        ui.settle()
    transcript = ui.window.view.transcript
    assert "From an answer of today." in words_of(transcript)
    assert "At nine." in words_of(transcript)
    click(transcript, "Ask anew")
    ui.backend.answer_text("At ten.")
    ui.backend.answer_finished()
    ui.settle()
    assert "At ten." in words_of(transcript)
    assert "From an answer of today." not in words_of(transcript)
