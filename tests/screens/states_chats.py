"""States of the list of chats, and of what stands around them: search, prompts, comparison."""

from core.chat.conversations.chat_style import ChatStyle, ExampleExchange
from desktop.chat.list.chat_list import ChatAction
from desktop.compare.compare_dialog import CompareDialog
from desktop.search.search_dialog import SearchDialog
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.values import answer, hit, question
from tests.screens.filled import WORDS, filled


def arranged(backend: ScriptedBackend, window: MainWindow) -> None:
    """Pinned chats, groups, one of them folded, and a chat just thrown away."""
    filled(backend, window)
    ids = [chat.chat_id for chat in backend.app.chats.list_chats()]
    backend.app.chat_organizer.pin_chat(ids[2], pinned=True)
    for name in ("House & home", "Taxes, the accountant and all that goes with them"):
        backend.app.chat_organizer.add_group(name)
    group = backend.app.chat_organizer.list_groups()[0].group_id
    backend.app.chat_organizer.move_to_group(ids[1], group)
    window.controllers.chats.run_action(ChatAction.TRASH, ids[3])


def temporary(backend: ScriptedBackend, window: MainWindow) -> None:
    """A temporary chat with instructions and files of its own."""
    filled(backend, window)
    window.controllers.chats.open_temporary_chat()
    window.controllers.chat.next_question.set_chat_style(
        ChatStyle(system="Answer in one or two short sentences.", preset="precise")
    )
    window.view.composer.set_files([f"/home/a/scans/letter {n}.pdf" for n in range(6)])


def slash(backend: ScriptedBackend, window: MainWindow) -> None:
    """Prompts are offered."""
    filled(backend, window)
    window.activateWindow()
    window.view.composer.setFocus()
    window.view.composer.text_edit.insertPlainText("/")


def search(backend: ScriptedBackend, window: MainWindow) -> None:
    """Chats and documents that hold a word."""
    filled(backend, window)
    chat = (question("q1", "Where is the valve?"), answer("a1", WORDS))
    backend.put_chat("The valve behind the shed", chat)
    text = "Open the valve behind the shed first, then the one at the long beds."
    backend.found(*(hit(n, text, page=n if n < 3 else None, heading="") for n in (1, 2, 3)))
    search_controller = window.controllers.chat_features.search
    search_controller.open_dialog()
    box = window.findChild(SearchDialog)
    assert box is not None
    box.line.setText("valve")
    box.chats_wanted.emit("valve")
    box.documents_wanted.emit("valve")
    backend.pump()


def prompts(backend: ScriptedBackend, window: MainWindow) -> None:
    """All prompts."""
    filled(backend, window)
    window.controllers.chat_features.prompts.edit_prompts()


def manner(backend: ScriptedBackend, window: MainWindow) -> None:
    """The instructions of a chat."""
    filled(backend, window)
    window.controllers.chat.next_question.set_chat_style(
        ChatStyle(
            system="You are a gardener of forty years. Say what is to be done, and when.",
            examples=(
                ExampleExchange(question="Roses?", answer="Late March, above an outer bud."),
            ),
        )
    )
    window.controllers.chat_features.prompts.edit_chat_style()


def compare(backend: ScriptedBackend, window: MainWindow) -> None:
    """Two answers side by side, one still being written."""
    filled(backend, window)
    backend.put_model("qwen2.5-1.5b-instruct-q4_k_m", "Qwen2.5")
    window.registry.action_by_id("chat.compare").trigger()
    dialog = window.findChild(CompareDialog)
    assert dialog is not None
    dialog.question.setPlainText("When do I water the long beds?")
    dialog.ask_both()
    one, two = (column.chat_id for column in dialog.columns)
    backend.answer_text(WORDS, chat=one)
    backend.answer_finished(chat=one)
    backend.answer_text(WORDS[:90], chat=two)


def trash(backend: ScriptedBackend, window: MainWindow) -> None:
    """What can be brought back."""
    filled(backend, window)
    for chat in backend.app.chats.list_chats()[:3]:
        backend.app.chat_service.trash_chat(chat.chat_id)
    window.registry.action_by_id("chat.show_trash").trigger()


def export(backend: ScriptedBackend, window: MainWindow) -> None:
    """How a chat is to be written."""
    filled(backend, window)
    window.controllers.chats.run_action(
        ChatAction.EXPORT, backend.app.chats.list_chats()[1].chat_id
    )


CHATS = (arranged, temporary, slash, search, prompts, manner, compare, trash, export)
