"""States of what is asked and told beside the chat, and of a window as narrow as it may be."""

from PySide6.QtWidgets import QApplication

from core.base.i18n import _
from core.messages import UpdateChecked
from desktop.chat.message.external_links import ask_to_open_link
from desktop.kit.theme import Theme
from desktop.window.main_window import MainWindow
from tests.desktop.front import Front
from tests.desktop.seen import click, dialog
from tests.screens.filled import answer, filled


def about(front: Front, window: MainWindow) -> None:
    """What this is, and the facts of a report."""
    filled(front, window)
    window.registry.action_by_id("help.about").trigger()


def update_asked(front: Front, window: MainWindow) -> None:
    """Who would be asked for a newer version."""
    filled(front, window)
    front.know_update_address("https://news.example/inglenook")
    window.registry.action_by_id("help.updates").trigger()


def update_known(front: Front, window: MainWindow) -> None:
    """There is one."""
    update_asked(front, window)
    click(dialog(), _("Ask now"))
    page = "https://news.example/9.1"
    front.courier.answer(UpdateChecked, newer="9.1", page=page, notes="Faster.")
    front.pump()


def link_asked(front: Front, window: MainWindow) -> None:
    """A link shows its whole address before it is opened."""
    filled(front, window)
    application = QApplication.instance()
    theme = application.findChild(Theme) if application is not None else None
    assert theme is not None
    ask_to_open_link(theme, window, "https://example.org/" + "a-long-path/" * 14 + "?ref=1")


def rated(front: Front, window: MainWindow) -> None:
    """A bad answer, and room for why."""
    filled(front, window)
    answer(front, window)
    click(window, _("Bad answer"))


def narrow(front: Front, window: MainWindow) -> None:
    """Chat and sources in the smallest window."""
    filled(front, window)
    window.resize(window.minimumSize())
    answer(front, window)


ASKED = (about, update_asked, update_known, link_asked, rated, narrow)
