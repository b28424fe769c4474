"""The window most states begin in: some chats, two folders."""

from PySide6.QtWidgets import QApplication

from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.values import folder, hit

DAY = 86_400.0
QUESTION = "When do I water the long beds?"
WORDS = (
    "The long beds are watered **every second Friday**, before nine in the morning. "
    "In a dry month the same holds for every Friday.\n\n"
    "- Open the valve behind the shed first.\n"
    "- Let it run for about 40 minutes.\n"
    "- Note the meter in the garden book."
)


def fill(backend: ScriptedBackend) -> None:
    """Save chats and know folders, before the window shows them."""
    backend.put_chat("Which insurance covers the greenhouse?", (), age=2 * 3600)
    backend.put_chat("Letter to the housing association about the bins", (), age=1.2 * DAY)
    backend.put_chat("Cider, 2026", (), age=4 * DAY)
    backend.put_chat("What did we pay for the boiler?", (), age=30 * DAY)
    backend.folder_seen(folder())
    backend.folder_seen(folder("folder-2", "Work & taxes", indexed=1204, skipped=0))
    backend.found(
        hit(1),
        hit(2, "In a dry month the same holds for every Friday.", page=None, heading=""),
        hit(3, "Open the valve behind the shed first, then the one at the long beds. " * 6),
    )


def filled(backend: ScriptedBackend, window: MainWindow) -> None:
    """Chats and folders, a new chat open."""
    fill(backend)
    window.controllers.chats.refresh_list()
    window.sidebar.folders.tick_folder("folder-1")


def ask(backend: ScriptedBackend, window: MainWindow, text: str = QUESTION) -> None:
    """Ask in the open chat, and let the engine be asked."""
    window.controllers.chat.ask_question(text)
    backend.pump()
    QApplication.processEvents()


def answer(
    backend: ScriptedBackend, window: MainWindow, text: str = WORDS, question: str = QUESTION
) -> None:
    """Ask in the open chat, and get an answer."""
    ask(backend, window, question)
    backend.answer_text(text)
    backend.answer_finished()


def last_answer(window: MainWindow) -> str:
    """Return the id of the last answer of the open chat."""
    return window.view.transcript.shown_turns[-1].turn_id
