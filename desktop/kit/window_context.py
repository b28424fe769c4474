"""Window context: what every controller of one window shares."""

from typing import NamedTuple

from PySide6.QtWidgets import QMainWindow

from core.app.app import App
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme


class WindowContext(NamedTuple):
    """Passed to controllers when they are created; belongs to the window's thread."""

    window: QMainWindow
    app: App
    theme: Theme
    notices: NoticeCenter
    dialogs: DialogManager
