"""Start of the application: creates app and window, or passes on to the running instance."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.events.app_events import Notice, Problem
from core.app.privacy import stored_data
from core.app.root_lock import send_open_request
from core.base import log
from core.base.errors import ErrorCode, InglenookError, describe_error
from core.base.i18n import _
from core.base.paths import APP_NAME, Paths
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import LANGUAGE
from core.channel.command_listener import CommandListener
from core.channel.terminal_connection import TerminalConnection
from core.channel.terminal_messages import RunCommand
from desktop.kit import ui_language
from desktop.kit.drag_and_drop import classify_paths
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.process.garbage_collector import GarbageCollector
from desktop.process.startup_task_queue import StartupTaskQueue
from desktop.process.window_manager import WindowManager
from desktop.window.last_chat import open_last_chat

_log = logging.getLogger(__name__)


_QUIET_MS = 100
"""Delay in milliseconds that leaves both cores of a small machine to the first key presses."""

DesktopAppFactory = Callable[[Paths, Callable[[], None]], App]
"""Builds the app from its root and the function that wakes its event pump."""


def run_application(make_app: DesktopAppFactory, paths: Paths, arguments: list[str]) -> int:
    """Show the window until it is closed; `arguments` are paths to add. Returns the exit code."""
    qInstallMessageHandler(_on_qt_message)
    application = _application(paths)
    bridge = ThreadBridge()
    app = make_app(paths, bridge.wake)
    try:
        app.open_root()
    except InglenookError as error:
        if error.code is ErrorCode.ROOT_HELD:
            send_open_request(paths, arguments)
            return 0
        _refuse(error.message, error.hint)
        return 1
    notices = NoticeCenter(application)
    sys.excepthook = _ExceptionHook(paths, notices)
    theme = Theme(application, app.settings)
    windows = WindowManager(app, theme, notices, bridge)
    window = windows.create_window()
    theme.apply_style_sheet()
    collector = GarbageCollector(application)
    afterwards = StartupTaskQueue(application)
    listener = CommandListener(paths, lambda *terminal: _run_for_terminal(app, *terminal))
    app.call_before_close(lambda: listener.stop(app.process_events))
    window.painted.connect(lambda: _after_paint(windows, collector, afterwards, arguments))
    window.painted.connect(lambda: afterwards.add_task(listener.start))
    window.show()
    bridge.start_pumping(app.process_events)
    code = application.exec()
    afterwards.close()
    collector.close()
    for window in windows.open_windows:
        window.deleteLater()
    if windows.erase_request is not None:
        return _erase(paths, models=windows.erase_request.models)
    return code


def _run_for_terminal(app: App, request: RunCommand, connection: TerminalConnection) -> int:
    """Run a command of a terminal; on a thread of its own, which loads what that takes."""
    from core.cli.main import run_for_terminal  # noqa: PLC0415 - the window needs none of it

    return run_for_terminal(app, request, connection)


def _erase(paths: Paths, *, models: bool) -> int:
    """Erase what the user asked to erase once the root is unlocked; report what could not be."""
    try:
        left = stored_data.erase_stored_data(paths, models=models)
    except InglenookError as error:
        _refuse(error.message, error.hint)
        return 1
    if left:
        names = ", ".join(str(path) for path in left)
        _refuse(
            _("These could not be erased: {files}.").format(files=names),
            _("Another program holds them, or they are not yours; delete them yourself."),
        )
    return 1 if left else 0


def _application(paths: Paths) -> QApplication:
    # As an argument: setStyle returns the style, and PySide would make all of its enums (10 ms).
    application = QApplication([*sys.argv[:1], "-style", "fusion"])
    application.setApplicationName(APP_NAME)
    application.setApplicationDisplayName(APP_NAME)
    application.setDesktopFileName("inglenook")
    ui_language.use_system_language(str(Settings(paths.settings).get_value(LANGUAGE)))
    ui_language.apply_language(application)
    return application


def _after_paint(
    windows: WindowManager,
    collector: GarbageCollector,
    afterwards: StartupTaskQueue,
    arguments: list[str],
) -> None:
    """Fill the window at once, then start children: they compete with the first keys."""
    for name in (signal.SIGINT, signal.SIGTERM):
        # Later: a signal comes between any two lines, and half a start can't be closed.
        signal.signal(name, lambda _number, _frame: QTimer.singleShot(0, windows.close_all_windows))
    window = windows.open_windows[0]
    afterwards.add_task(windows.show_icons, wait_ms=_QUIET_MS)
    afterwards.add_task(window.welcome.show_on_first_run)
    afterwards.add_task(window.start_child_processes)
    afterwards.add_task(lambda: window.path_opener.open_paths(classify_paths(arguments)))
    afterwards.add_task(collector.start)
    afterwards.add_task(windows.listen_for_ask_box)
    window.load_initial_content()  # last: what fails in it holds nothing else up
    chat = window.controllers.chat
    if not window.view.composer.draft and not chat.chat_id:  # nobody is typing yet
        open_last_chat(chat, window.view.transcript, windows.app)


def _refuse(message: str, hint: str) -> None:
    """Report a fatal problem in a message box and on standard error."""
    sys.stderr.write(f"{message}\n{hint}\n")
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - rarely needed, slow to load

    box = QMessageBox(QMessageBox.Icon.Critical, APP_NAME, message)
    box.setInformativeText(hint)
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()


class _ExceptionHook:
    """Handler of uncaught exceptions: writes them to the log and shows one notice."""

    def __init__(self, paths: Paths, notices: NoticeCenter) -> None:
        self._paths = paths
        self._notices = notices

    def __call__(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        _log.critical("a mistake of ours", exc_info=(kind, error, trace))
        facts = {"detail": kind.__name__, "logs": str(self._paths.logs)}
        message, hint = describe_error(ErrorCode.INTERNAL, facts)
        problem = Problem(code=ErrorCode.INTERNAL, message=message, hint=hint)
        self._notices.post_notice(
            Notice(key=f"mistake {kind.__name__}", severity="error", problem=problem)
        )


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
    sys.stderr.write(_("Inglenook can't reach a screen: {detail}.").format(detail=reason) + "\n")
    sys.stderr.write(_("Start it on a desktop, or use it in the terminal: “inglenook ask”.") + "\n")
    sys.stderr.flush()
    log.close()
    os._exit(1)
