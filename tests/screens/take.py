"""Saves a picture of each main state, light and dark.

SCREEN_SIZE=WIDTHxHEIGHT takes another size of the window, SCREEN_TEXT=2 twice the size of text,
SCREEN_CONTRAST=high strong colours, SCREEN_SCHEME=dark one scheme alone, INGLENOOK_LANGUAGE=ar
another language.
Without a display, or with QT_QPA_PLATFORM=offscreen, nothing is shown meanwhile.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from core.base.i18n import use_language
from core.base.settings.window_settings import CONTRAST, SCHEME, TEXT_SIZE
from desktop.ask_box.ask_box import AskBox
from desktop.kit import ui_language
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import open_dialog
from tests.screens.states import STATES


def main() -> int:
    """Take them all, or those that are named after the folder."""
    arguments = _arguments()
    out: Path = arguments.folder
    out.mkdir(parents=True, exist_ok=True)
    wanted = set(arguments.states)
    use_language()
    if sys.platform == "linux" and not os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    application.setStyle("fusion")
    ui_language.apply_language(application)
    font = application.font()
    for scheme in os.environ.get("SCREEN_SCHEME", "light dark").split():
        for state in STATES:
            if not wanted or state.__name__ in wanted:
                application.setFont(font)  # each theme makes its own from it
                _take(application, scheme, state.__name__, out)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("states", nargs="*", metavar="STATE", help="those alone")
    arguments = parser.parse_args()
    # No "choices": with none given Python 3.11 looks for the empty list among them (bpo-9625).
    unknown = set(arguments.states) - {state.__name__ for state in STATES}
    if unknown:
        parser.error(f"no such state: {', '.join(sorted(unknown))}")
    return arguments


def _take(application: QApplication, scheme: str, name: str, out: Path) -> None:
    state = next(state for state in STATES if state.__name__ == name)
    with tempfile.TemporaryDirectory() as folder:
        bridge = ThreadBridge()
        backend = ScriptedBackend(Path(folder), wake=bridge.wake)
        backend.settings.set_value(SCHEME, scheme)
        backend.settings.set_value(CONTRAST, os.environ.get("SCREEN_CONTRAST", "normal"))
        backend.settings.set_value(
            TEXT_SIZE, round(100 * float(os.environ.get("SCREEN_TEXT", "1")))
        )
        theme = Theme(application, backend.settings)
        window = MainWindow.with_content(backend.app, theme, NoticeCenter(application), bridge)
        width, height = os.environ.get("SCREEN_SIZE", "1240x800").split("x")
        size = QSize(int(width), int(height))
        window.setMinimumSize(window.minimumSize().boundedTo(size))  # as on a small screen
        window.resize(size)
        theme.apply_style_sheet()
        window.show()
        bridge.start_pumping(backend.app.process_events)
        window.load_initial_content()
        window.start_child_processes()
        _settle(application)
        state(backend, window)
        _settle(application)
        boxes = [
            each
            for each in application.topLevelWidgets()
            if isinstance(each, AskBox) and each.isVisible()
        ]
        over = [each for each in (*boxes, open_dialog()) if each and not isinstance(each, Page)]
        _picture(next(iter(over), window)).save(str(out / f"{name}-{scheme}.png"))
        for each in application.topLevelWidgets():
            if each is not window:
                each.close()
        window.close()
        window.deleteLater()
        theme.deleteLater()
        _settle(application)


def _picture(parent: QWidget) -> QPixmap:
    """Grab a window with the menu and the tooltip over it, which are windows of their own."""
    picture = parent.grab()
    painter = QPainter(picture)
    for over in QApplication.topLevelWidgets():
        if over.isVisible() and over.windowType() in {Qt.WindowType.Popup, Qt.WindowType.ToolTip}:
            painter.drawPixmap(parent.mapFromGlobal(over.pos()), over.grab())
    painter.end()
    return picture


def _settle(application: QApplication) -> None:
    """Give layouts and styles their turns of the event loop, on a busy machine too."""
    for _ in range(24):
        application.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
