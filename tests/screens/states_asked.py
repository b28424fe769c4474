"""States of dialogs and notices beside the chat, and of a window of minimum width."""

from PySide6.QtWidgets import QApplication

from core.base.i18n import _
from core.messages import UpdateChecked
from desktop.chat.message.external_links import ask_to_open_link
from desktop.kit.theme import Theme
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import click, dialog
from tests.screens.filled import answer, filled


def about(backend: ScriptedBackend, window: MainWindow) -> None:
    """What this is, and the facts of a report."""
    filled(backend, window)
    window.registry.action_by_id("help.about").trigger()


def update_asked(backend: ScriptedBackend, window: MainWindow) -> None:
    """Who would be asked for a newer version."""
    filled(backend, window)
    backend.know_update_address("https://news.example/inglenook")
    window.registry.action_by_id("help.updates").trigger()


def update_known(backend: ScriptedBackend, window: MainWindow) -> None:
    """There is one."""
    update_asked(backend, window)
    click(dialog(), _("Ask now"))
    page = "https://news.example/9.1"
    backend.courier.answer(UpdateChecked, newer="9.1", page=page, notes="Faster.")
    backend.pump()


def link_asked(backend: ScriptedBackend, window: MainWindow) -> None:
    """A link shows its whole address before it is opened."""
    filled(backend, window)
    application = QApplication.instance()
    theme = application.findChild(Theme) if application is not None else None
    assert theme is not None
    ask_to_open_link(theme, window, "https://example.org/" + "a-long-path/" * 14 + "?ref=1")


def rated(backend: ScriptedBackend, window: MainWindow) -> None:
    """A bad answer, and the dialog for a note."""
    filled(backend, window)
    answer(backend, window)
    click(window, _("Bad answer"))


def narrow(backend: ScriptedBackend, window: MainWindow) -> None:
    """Chat and sources in the smallest window."""
    filled(backend, window)
    window.resize(window.minimumSize())
    answer(backend, window)


ASKED = (about, update_asked, update_known, link_asked, rated, narrow)
