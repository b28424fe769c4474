"""A start opens the chat that was open last, where it was read."""

from core.base.settings.window_settings import LAST_CHAT
from desktop.window.last_chat import open_last_chat, save_last_chat
from tests.desktop.open_window import OpenWindow


def test_the_last_chat_is_opened_again(ui: OpenWindow) -> None:
    started = ui.app.questions.ask_question("Who planted it?")
    ui.backend.pump()
    ui.backend.engine.write("Aunt Mathilda.")
    ui.backend.engine.finish_answer()
    ui.backend.pump()
    chat, transcript = ui.window.controllers.chat, ui.window.view.transcript
    chat.open_chat(started.chat_id)
    save_last_chat(chat, transcript, ui.app.settings)
    ui.window.controllers.chats.open_new_chat()
    assert chat.chat_id != started.chat_id
    open_last_chat(chat, transcript, ui.app)
    assert chat.chat_id == started.chat_id


def test_a_program_that_is_killed_opens_it_again_too(ui: OpenWindow) -> None:
    ui.ask("Who planted it?")
    chat_id = ui.window.controllers.chat.chat_id
    assert str(ui.app.settings.get_value(LAST_CHAT)).split(" ")[0] == chat_id
    ui.window.controllers.chats.open_new_chat()
    ui.window.controllers.chat.open_chat(chat_id)
    assert str(ui.app.settings.get_value(LAST_CHAT)).split(" ")[0] == chat_id


def test_a_chat_that_is_gone_is_not_opened(ui: OpenWindow) -> None:
    ui.app.settings.set_value(LAST_CHAT, "gone turn -12")
    chat = ui.window.controllers.chat
    before = chat.chat_id
    open_last_chat(chat, ui.window.view.transcript, ui.app)
    assert chat.chat_id == before
    assert not ui.notices.all_notices()
