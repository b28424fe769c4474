"""States of what is within reach everywhere: palette, shortcut sheet, settings."""

from PySide6.QtWidgets import QLineEdit

from desktop.window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.seen import dialog
from tests.screens.filled import filled


def palette(front: FakeApp, window: MainWindow) -> None:
    """The command palette, with something typed."""
    filled(front, window)
    window.registry.get("help.palette").trigger()
    dialog().findChildren(QLineEdit)[0].setText("te")


def shortcuts(front: FakeApp, window: MainWindow) -> None:
    """The shortcut sheet."""
    filled(front, window)
    window.registry.get("help.shortcuts").trigger()


def settings(front: FakeApp, window: MainWindow) -> None:
    """The page of settings."""
    filled(front, window)
    window.registry.get("file.settings").trigger()


def settings_found(front: FakeApp, window: MainWindow) -> None:
    """The settings that fit a word, one of them changed."""
    settings(front, window)
    dialog().findChildren(QLineEdit)[0].setText("memory")


EVERYWHERE = (palette, shortcuts, settings, settings_found)
