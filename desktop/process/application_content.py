"""Content of the application: app, windows, and what listens, opened behind the first window."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from types import TracebackType

from PySide6.QtCore import QEventLoop, QFileSystemWatcher, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from core.app.app import App
from core.app.encryption.key_erasure import Erasure, Traces, erase_with_keys, find_traces
from core.app.encryption.key_file import EncryptionState
from core.app.encryption.stored_key_search import StoredKeySearch
from core.app.events.app_events import Notice, Problem
from core.app.root_lock import collect_open_requests
from core.base.errors import ErrorCode, InglenookError, StorageError, describe_error
from core.base.i18n import _
from core.base.paths import Paths
from core.channel.command_listener import CommandListener
from core.channel.terminal_connection import TerminalConnection
from core.channel.terminal_messages import RunCommand
from desktop.kit.drag_and_drop import classify_paths
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.process.conversion_window import ConversionWindow, start_again
from desktop.process.fatal_message import show_fatal_message
from desktop.process.garbage_collector import GarbageCollector
from desktop.process.startup_task_queue import StartupTaskQueue
from desktop.process.window_manager import WindowManager
from desktop.window.last_chat import open_last_chat
from desktop.window.main_window import MainWindow

_log = logging.getLogger(__name__)


_LOOK_MS = 5
_PATIENCE_MS = 1500
"""After so long without an answer of the key store, something else that opens it is asked for."""
_QUIET_MS = 100
"""Delay in milliseconds that leaves both cores of a small machine to the first key presses."""


class ApplicationContent:
    """Made in steps, between which keys are handled; closed when the event loop has ended."""

    def __init__(
        self,
        application: QApplication,
        make_app: Callable[[Paths, Callable[[], None]], App],
        paths: Paths,
        theme: Theme,
        arguments: list[str],
    ) -> None:
        self._paths = paths
        self._theme = theme
        self._arguments = arguments
        self._notices = NoticeCenter(application)
        self._bridge = ThreadBridge()
        self._collector = GarbageCollector(application)
        self._afterwards = StartupTaskQueue(application)
        self._app = make_app(paths, self._bridge.wake)
        self._windows: WindowManager | None = None
        self._is_open = False
        self._traces = Traces()

    def open_application(self, window: MainWindow) -> Iterator[None]:
        """Open the root and give the window its content. Raises StorageError."""
        app = self._app
        app.encryption.on_progress = ConversionWindow().show_progress
        self._open_root(window)
        self._is_open = True
        app.call_before_close(self._on_close)
        sys.excepthook = _ExceptionHook(self._paths, self._notices)
        self._theme.use_settings(app.settings)
        if app.encryption.status.state is not EncryptionState.OFF:
            self._theme.apply_settings()  # the window had only those that are kept plain
        yield
        self._windows = windows = WindowManager(app, self._theme, self._notices, self._bridge)
        yield from windows.fill_first_window(window)
        listener = CommandListener(self._paths, lambda *terminal: _run_for_terminal(app, *terminal))
        app.call_before_close(lambda: listener.stop(app.process_events))
        self._bridge.start_pumping(app.process_events)
        self._start_rest(window, windows)
        self._afterwards.add_task(listener.start)
        yield
        window.load_initial_content()
        yield
        chat = window.controllers.chat
        if not window.was_typed_in and not chat.chat_id:  # nobody is typing yet
            open_last_chat(chat, window.view.transcript, app)
        window.end_start()

    def _open_root(self, window: MainWindow) -> None:
        """Open the root, asking for what unlocks it. Raises StorageError, if nobody tells."""
        search = self._app.encryption.ask_key_store()
        if search is not None and not _is_answered_soon(search):
            self._ask_for_secret(window, search)
        try:
            self._app.open_root()
        except InglenookError as error:
            if error.code is not ErrorCode.DATA_LOCKED:
                raise
            self._ask_for_secret(window)
            self._app.open_root()

    def _ask_for_secret(self, window: MainWindow, search: StoredKeySearch | None = None) -> None:
        """Have the key by a secret, or by what the key store still answers. Raises StorageError.

        The root is owned meanwhile: a second start brings the question to the front.
        """
        from desktop.privacy.encryption_dialogs import UnlockDialog  # noqa: PLC0415 - rarely

        dialog = UnlockDialog(self._theme, window, search)
        dialog.carry_out = lambda: self._app.encryption.unlock(dialog.secret_line.text())
        self._app.hold_root()
        _watch_second_starts(self._paths, window, dialog)
        answered = dialog.exec()
        dialog.deleteLater()
        if not answered:
            self._app.leave_root()
            raise StorageError(ErrorCode.DATA_LOCKED, path=str(self._paths.root))

    def _start_rest(self, window: MainWindow, windows: WindowManager) -> None:
        """Start children and the like: they compete with the first keys."""
        afterwards = self._afterwards
        for name in (signal.SIGINT, signal.SIGTERM):
            # Later: a signal comes between any two lines, and half a start can't be closed.
            signal.signal(
                name, lambda _number, _frame: QTimer.singleShot(0, windows.close_all_windows)
            )
        afterwards.add_task(windows.show_icons, wait_ms=_QUIET_MS)
        afterwards.add_task(window.welcome.show_on_first_run)
        afterwards.add_task(window.start_child_processes)
        afterwards.add_task(lambda: window.path_opener.open_paths(classify_paths(self._arguments)))
        afterwards.add_task(self._collector.start)
        afterwards.add_task(windows.listen_for_ask_box)

    def _on_close(self) -> None:
        """Start nothing more: the root is about to be given back."""
        self._is_open = False
        self._afterwards.close()
        if self._windows is not None and self._windows.erase_request is not None:
            self._traces = find_traces(self._paths)

    def close(self) -> int:
        """End what runs beside the windows, and erase what was asked to; returns the exit code.

        A start that failed halfway may have left the app open, without a window that closes it.
        """
        self._afterwards.close()
        self._collector.close()
        self._bridge.close()
        if self._is_open:
            self._app.close()
        if self._windows is None:
            return 0
        for window in self._windows.open_windows:
            window.deleteLater()
        if self._windows.erase_request is not None:
            models = self._windows.erase_request.models
            return _erase(self._paths, self._traces, models=models)
        if self._windows.starts_again:
            start_again(self._paths)
        return 0


def _watch_second_starts(paths: Paths, window: MainWindow, dialog: QDialog) -> None:
    """Bring a dialog and its window to the front when the program is started again.

    What the second start would open is not known: it has no key for telling it.
    """
    watcher = QFileSystemWatcher([str(paths.spool)], dialog)

    def bring_to_front() -> None:
        if collect_open_requests(paths):
            window.bring_to_front()
            dialog.raise_()
            dialog.activateWindow()

    watcher.directoryChanged.connect(bring_to_front)


def _is_answered_soon(search: StoredKeySearch) -> bool:
    """Return whether the key store answers before a person asks themselves what is going on."""
    loop, looking, enough = QEventLoop(), QTimer(), QTimer()
    looking.timeout.connect(lambda: loop.exit() if search.is_answered else None)
    enough.timeout.connect(loop.quit)
    looking.start(_LOOK_MS)
    enough.start(_PATIENCE_MS)
    if not search.is_answered:
        loop.exec()
    return search.is_answered


def _run_for_terminal(app: App, request: RunCommand, connection: TerminalConnection) -> int:
    """Run a command of a terminal; on a thread of its own, which loads what that takes."""
    from core.cli.main import run_for_terminal  # noqa: PLC0415 - the window needs none of it

    return run_for_terminal(app, request, connection)


def _erase(paths: Paths, traces: Traces, *, models: bool) -> int:
    """Erase what the user asked to erase once the root is unlocked; report what could not be."""
    try:
        left = erase_with_keys(paths, traces, models=models)
    except InglenookError as error:
        show_fatal_message(error.message, error.hint)
        return 1
    _tell_what_is_left(left)
    return 1 if left.files or left.refused_keys else 0


def _tell_what_is_left(left: Erasure) -> None:
    if left.files:
        names = ", ".join(str(path) for path in left.files)
        show_fatal_message(
            _("These could not be erased: {files}.").format(files=names),
            _("Another program holds them, or they are not yours; delete them yourself."),
        )
    if left.refused_keys:
        names = ", ".join(f"“{name}”" for name in left.refused_keys)
        show_fatal_message(
            _("The system's key store did not give these keys up: {names}.").format(names=names),
            _("Delete them there, under “Inglenook”."),
        )
    if left.shared_keys:
        names = ", ".join(f"“{name}”" for name in left.shared_keys)
        show_fatal_message(
            _("These keys are still in the system's key store: {names}.").format(names=names),
            _(
                "An earlier version kept them for all your data folders. If no other one needs "
                "them, delete them there, under “Inglenook”."
            ),
        )
    if left.copy_keys:
        names = ", ".join(f"“{name}”" for name in left.copy_keys)
        show_fatal_message(
            _("These keys are still in the system's key store: {names}.").format(names=names),
            _(
                "They open copies of this data folder. If there are none, delete them there, "
                "under “Inglenook”."
            ),
        )


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
