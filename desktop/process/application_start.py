"""Start of the application: shows the window, loads the rest behind it, or hands on to another.

The window can be typed in before the application is imported; `ApplicationContent` is the rest.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from core.app.encryption.early_settings import early_settings
from core.app.root_lock import hand_over, is_root_held
from core.base import log
from core.base.errors import ErrorCode, InglenookError, describe_error
from core.base.i18n import _
from core.base.paths import APP_NAME, Paths
from core.base.settings.window_settings import LANGUAGE
from desktop.kit import ui_language
from desktop.kit.theme import Theme
from desktop.process.fatal_message import show_fatal_message
from desktop.process.startup_imports import KEY_IMPORTS, STARTUP_IMPORTS
from desktop.window.main_window import MainWindow

if TYPE_CHECKING:  # the window is shown before these are loaded
    from core.app.app import App
    from desktop.process.application_content import ApplicationContent

    DesktopAppFactory = Callable[[Paths, Callable[[], None]], App]
    """Builds the app from its root and the function that wakes its event pump."""


def run_application(make_app: DesktopAppFactory, paths: Paths, arguments: list[str]) -> int:
    """Show the window until it is closed; `arguments` are paths to add. Returns the exit code."""
    qInstallMessageHandler(_on_qt_message)
    application = _application(paths)
    if is_root_held(paths):
        code = _hand_over(paths, arguments)
        if code is not None:
            return code
    start = ApplicationStart(application, make_app, paths, arguments)
    start.show_window()
    code = application.exec()
    return start.close() or code


class ApplicationStart(QObject):
    """The first window, and what is loaded behind it, a piece for each turn of the event loop."""

    def __init__(
        self,
        application: QApplication,
        make_app: DesktopAppFactory,
        paths: Paths,
        arguments: list[str],
    ) -> None:
        super().__init__(application)
        self._application = application
        self._make_app = make_app
        self._paths = paths
        self._arguments = arguments
        self._content: ApplicationContent | None = None
        self._has_failed = False
        self._code = 0
        self._timer = QTimer(self)
        self._pieces = self._load()
        self._timer.timeout.connect(self._load_piece)

    def show_window(self) -> None:
        """Show the window; what it needs besides is loaded once its first picture is there."""
        settings = early_settings(self._paths)
        self._theme = Theme(self._application, settings)
        self._window = MainWindow(self._theme, settings)
        self._theme.apply_style_sheet()
        self._window.painted.connect(self._timer.start)
        self._window.show()

    def close(self) -> int:
        """End what was started once the event loop has ended; returns the exit code."""
        self._timer.stop()
        if self._content is None or self._has_failed:
            self._window.deleteLater()
        code = self._content.close() if self._content is not None else 0
        return code or self._code

    def _load(self) -> Iterator[None]:
        yield  # keys that were pressed before the first picture are heard before anything is loaded
        is_encrypted = self._paths.key_file.exists()
        for name in (*STARTUP_IMPORTS, *(KEY_IMPORTS if is_encrypted else ())):
            import_module(name)
            yield
        from desktop.process.application_content import ApplicationContent  # noqa: PLC0415 - as said

        yield
        self._content = ApplicationContent(
            self._application, self._make_app, self._paths, self._theme, self._arguments
        )
        yield from self._content.open_application(self._window)

    def _load_piece(self) -> None:
        self._timer.stop()  # a piece may ask for a passphrase, in an event loop of its own
        try:
            next(self._pieces)
            self._timer.start()
        except StopIteration:
            self._timer.stop()
        except InglenookError as error:
            self._on_refusal(error)
        except Exception as error:
            facts = {"detail": type(error).__name__, "logs": str(self._paths.logs)}
            self._end(1, *describe_error(ErrorCode.INTERNAL, facts))
            raise
        except BaseException:
            self._end(1)
            raise

    def _on_refusal(self, error: InglenookError) -> None:
        if error.code is ErrorCode.DATA_LOCKED:  # whoever was asked has said no
            self._end(1)
        elif error.code is ErrorCode.ROOT_HELD:  # only just now: it wasn't a moment ago
            self._window.hide()
            code = _hand_over(self._paths, self._arguments)
            if code is not None:
                self._end(code)
                return
            self._pieces = self._load()
            self._window.show()
            self._timer.start()
        else:
            self._end(1, error.message, error.hint)

    def _end(self, code: int, message: str = "", hint: str = "") -> None:
        """End the program, saying why: half of it can't be used."""
        self._has_failed = True
        self._code = code
        self._timer.stop()
        self._window.hide()
        if message:  # first: an application that is ending shows no box
            show_fatal_message(message, hint)
        self._application.exit(code)


def _hand_over(paths: Paths, arguments: list[str]) -> int | None:
    """Hand on to the process that owns the root; returns the exit code, None if it has ended."""
    try:
        return 0 if hand_over(paths, arguments) else None
    except InglenookError as error:
        show_fatal_message(error.message, error.hint)
        return 1


def _application(paths: Paths) -> QApplication:
    # As an argument: setStyle returns the style, and PySide would make all of its enums (10 ms).
    application = QApplication([*sys.argv[:1], "-style", "fusion"])
    application.setApplicationName(APP_NAME)
    application.setApplicationDisplayName(APP_NAME)
    application.setDesktopFileName("inglenook")
    ui_language.use_system_language(early_settings(paths).get_value(LANGUAGE))
    ui_language.apply_language(application)
    return application


_log = logging.getLogger(__name__)
_early_qt_warnings: list[str] = []
"""Qt's warnings before the log exists: the first one says why no screen can be reached."""


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Write Qt's messages to the log; explain in two sentences if no screen can be reached."""
    if kind is not QtMsgType.QtFatalMsg:
        if logging.getLogger().handlers:
            _log.warning("Qt: %s", message)
        else:
            _early_qt_warnings.append(message.strip())
        return
    reason = " ".join((_early_qt_warnings or [message])[0].split()).rstrip(".")
    message = _("Inglenook can't reach a screen: {detail}.").format(detail=reason)
    hint = _("Start it on a desktop, or use it in the terminal: “inglenook ask”.")
    if sys.stderr is not None:  # a windowed program of Windows has none
        sys.stderr.write(f"{message}\n{hint}\n")
        sys.stderr.flush()
    log.close()
    os._exit(1)
