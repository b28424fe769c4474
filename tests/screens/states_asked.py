"""States of what is asked and told beside the chat, and of a window as narrow as it may be."""

from PySide6.QtWidgets import QApplication

from core.base.i18n import _
from core.messages import UpdateChecked
from desktop.chat.message.external_links import ask_to_open_link
from desktop.kit.theme import Theme
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import source
from tests.desktop.seen import click, dialog
from tests.screens.filled import WORDS, filled


def about(front: FakeApp, window: MainWindow) -> None:
    """What this is, and the facts of a report."""
    filled(front, window)
    window.registry.action_by_id("help.about").trigger()


def update_asked(front: FakeApp, window: MainWindow) -> None:
    """Who would be asked for a newer version."""
    filled(front, window)
    window.registry.action_by_id("help.updates").trigger()


def update_known(front: FakeApp, window: MainWindow) -> None:
    """There is one."""
    update_asked(front, window)
    click(dialog(), _("Ask now"))
    page = "https://news.example/9.1"
    known = UpdateChecked(request_id="", newer="9.1", page=page, notes="Faster.")
    front.replies[-1].finish(known)


def link_asked(front: FakeApp, window: MainWindow) -> None:
    """A link shows its whole address before it is opened."""
    filled(front, window)
    application = QApplication.instance()
    theme = application.findChild(Theme) if application is not None else None
    assert theme is not None
    ask_to_open_link(theme, window, "https://example.org/" + "a-long-path/" * 14 + "?ref=1")


def rated(front: FakeApp, window: MainWindow) -> None:
    """A bad answer, and room for why."""
    filled(front, window)
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_text(WORDS)
    front.answer_finished()
    click(window, _("Bad answer"))


def narrow(front: FakeApp, window: MainWindow) -> None:
    """Chat and sources in the smallest window."""
    filled(front, window)
    window.resize(window.minimumSize())
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_sources((source(1), source(2)))
    front.answer_text(WORDS)
    front.answer_finished()


ASKED = (about, update_asked, update_known, link_asked, rated, narrow)
