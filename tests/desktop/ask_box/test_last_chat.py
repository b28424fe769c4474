"""A start opens the chat that was open last, where it was read."""

from core.base.settings.window_settings import LAST_CHAT, LAST_FOLDERS
from desktop.window.last_chat import open_last_chat, save_last_chat
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import answer, folder, question


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


def test_a_folder_ticked_before_the_first_question_is_ticked_at_the_next_start(
    ui: OpenWindow,
) -> None:
    ui.backend.read_folder(folder("folder-1", "Garden"))
    ui.tick("folder-1")
    panel = ui.window.sidebar.folders
    panel.set_ticked_folders(())  # as a start begins
    ui.window.load_initial_content()
    assert panel.ticked_folder_ids == ("folder-1",)
    assert ui.window.view.composer.chips.folder_ids == ("folder-1",)


def test_a_folder_ticked_in_a_chat_that_was_not_asked_since_is_ticked_again(ui: OpenWindow) -> None:
    ui.backend.read_folder(folder("folder-1", "Garden"))
    chat_id = ui.backend.put_chat("Gate", (question("q", "When?"), answer("a", "At nine.")))
    chat, transcript = ui.window.controllers.chat, ui.window.view.transcript
    chat.open_chat(chat_id)
    ui.tick("folder-1")
    chat.forget_chat(chat_id)
    ui.window.sidebar.folders.set_ticked_folders(())
    open_last_chat(chat, transcript, ui.app)
    assert ui.window.sidebar.folders.ticked_folder_ids == ("folder-1",)


def test_what_is_unticked_stays_so_and_a_temporary_chat_leaves_nothing(ui: OpenWindow) -> None:
    ui.backend.read_folder(folder("folder-1", "Garden"))
    ui.backend.put_chat(
        "Gate", (question("q", "When?"), answer("a", "At nine.")), folder_ids=("folder-1",)
    )
    ui.app.settings.set_value(LAST_FOLDERS, "")
    ui.window.load_initial_content()
    panel = ui.window.sidebar.folders
    assert panel.ticked_folder_ids == ("folder-1",), "as in the latest chat"
    panel.untick_folders(("folder-1",))
    ui.window.load_initial_content()
    assert not panel.ticked_folder_ids
    ui.window.controllers.chats.open_temporary_chat()
    ui.tick("folder-1")
    assert "folder-1" not in ui.app.settings.get_value(LAST_FOLDERS)
