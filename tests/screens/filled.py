"""The window most states begin in: some chats, two folders."""

from PySide6.QtWidgets import QApplication

from desktop.window.main_window import MainWindow
from tests.desktop.front import Front
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


def fill(front: Front) -> None:
    """Save chats and know folders, before the window shows them."""
    front.put_chat("Which insurance covers the greenhouse?", (), age=2 * 3600)
    front.put_chat("Letter to the housing association about the bins", (), age=1.2 * DAY)
    front.put_chat("Cider, 2026", (), age=4 * DAY)
    front.put_chat("What did we pay for the boiler?", (), age=30 * DAY)
    front.folder_seen(folder())
    front.folder_seen(folder("folder-2", "Work & taxes", indexed=1204, skipped=0))
    front.found(
        hit(1),
        hit(2, "In a dry month the same holds for every Friday.", page=None, heading=""),
        hit(3, "Open the valve behind the shed first, then the one at the long beds. " * 6),
    )


def filled(front: Front, window: MainWindow) -> None:
    """Chats and folders, a new chat open."""
    fill(front)
    window.controllers.chats.refresh_list()
    window.sidebar.folders.tick_folder("folder-1")


def ask(front: Front, window: MainWindow, text: str = QUESTION) -> None:
    """Ask in the open chat, and let the engine be asked."""
    window.controllers.chat.ask_question(text)
    front.pump()
    QApplication.processEvents()


def answer(front: Front, window: MainWindow, text: str = WORDS, question: str = QUESTION) -> None:
    """Ask in the open chat, and get an answer."""
    ask(front, window, question)
    front.answer_text(text)
    front.answer_finished()


def last_answer(window: MainWindow) -> str:
    """Return the id of the last answer of the open chat."""
    return window.view.transcript.shown_turns[-1].turn_id
