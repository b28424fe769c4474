"""The window most states begin in: some chats, two folders."""

from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import folder

DAY = 86_400.0
WORDS = (
    "The long beds are watered **every second Friday**, before nine in the morning. "
    "In a dry month the same holds for every Friday.\n\n"
    "- Open the valve behind the shed first.\n"
    "- Let it run for about 40 minutes.\n"
    "- Note the meter in the garden book."
)


def fill(front: FakeApp) -> None:
    """Save chats and know folders, before the window shows them."""
    front.chats.put("Which insurance covers the greenhouse?", (), age=2 * 3600)
    front.chats.put("Letter to the housing association about the bins", (), age=1.2 * DAY)
    front.chats.put("Cider, 2026", (), age=4 * DAY)
    front.chats.put("What did we pay for the boiler?", (), age=30 * DAY)
    front.folder_seen(folder())
    front.folder_seen(folder("folder-2", "Work & taxes", indexed=1204, skipped=0))


def filled(front: FakeApp, window: MainWindow) -> None:
    """Chats and folders, a new chat open."""
    fill(front)
    window.controllers.chats.refresh_list()
    window.sidebar.folders.tick_folder("folder-1")
