"""Opens the window on a root, or hands over to the one that is open already."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from core import log
from core.app import belongings
from core.app.events import Notice, Problem
from core.app.lock import hand_over
from core.appearance import LANGUAGE
from core.errors import Code, InglenookError, describe
from core.paths import APP_NAME, Paths
from core.settings import Settings
from core.words import _
from desktop import language
from desktop.afterwards import Afterwards
from desktop.bridge import Bridge
from desktop.collector import Collector
from desktop.drops import sort_paths
from desktop.notices import Notices
from desktop.ports import OpenableFront
from desktop.theme import Theme
from desktop.windows import Windows

_log = logging.getLogger(__name__)


_QUIET_MS = 100
"""So long the first keys have both processors of a small machine to themselves."""

MakeFront = Callable[[Paths, Callable[[], None]], OpenableFront]
"""Builds the application from its root and the call that wakes whoever pumps it."""


def open_window(make_front: MakeFront, paths: Paths, arguments: list[str]) -> int:
    """Show the window until it is closed; `arguments` are paths to add. Returns the exit code."""
    qInstallMessageHandler(_on_qt_message)
    application = _application(paths)
    bridge = Bridge()
    front = make_front(paths, bridge.wake)
    try:
        front.open()
    except InglenookError as error:
        if error.code is Code.ROOT_HELD:
            hand_over(paths, arguments)
            return 0
        _refuse(error.message, error.hint)
        return 1
    notices = Notices(application)
    sys.excepthook = _Mistakes(paths, notices)
    theme = Theme(application, front.settings)
    windows = Windows(front, theme, notices, bridge)
    window = windows.make()
    theme.dress()
    collector = Collector(application)
    afterwards = Afterwards(application)
    window.painted.connect(lambda: _after_paint(windows, collector, afterwards, arguments))
    window.show()
    bridge.open(front.pump)
    code = application.exec()
    afterwards.close()
    collector.close()
    for window in windows.all:
        window.deleteLater()
    if windows.erasure is not None:
        return _erase(paths, models=windows.erasure.models)
    return code


def _erase(paths: Paths, *, models: bool) -> int:
    """Erase what was asked for, now that nobody owns it; say what could not be."""
    try:
        left = belongings.erase(paths, models=models)
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
    language.follow_system(str(Settings(paths.settings).get(LANGUAGE)))
    language.dress(application)
    return application


def _after_paint(
    windows: Windows, collector: Collector, afterwards: Afterwards, arguments: list[str]
) -> None:
    """Fill the window at once, then start children: they compete with the first keys."""
    for name in (signal.SIGINT, signal.SIGTERM):
        # Later: a signal comes between any two lines, and half a start can't be closed.
        signal.signal(name, lambda _number, _frame: QTimer.singleShot(0, windows.close_all))
    window = windows.all[0]
    afterwards.add(windows.settle_in, wait_ms=_QUIET_MS)
    afterwards.add(window.welcome.greet)
    afterwards.add(window.warm_up)
    afterwards.add(lambda: window.openings.open(sort_paths(arguments)))
    afterwards.add(collector.open)
    window.settle_in()  # last: what fails in it holds nothing else up


def _refuse(message: str, hint: str) -> None:
    """Say, in a box and on standard error, what can't be done without a window."""
    sys.stderr.write(f"{message}\n{hint}\n")
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - rarely needed, slow to load

    box = QMessageBox(QMessageBox.Icon.Critical, APP_NAME, message)
    box.setInformativeText(hint)
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()


class _Mistakes:
    """What no one caught: into the log, and as one notice to the person."""

    def __init__(self, paths: Paths, notices: Notices) -> None:
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
        message, hint = describe(Code.INTERNAL, facts)
        problem = Problem(code=Code.INTERNAL, message=message, hint=hint)
        self._notices.post(
            Notice(key=f"mistake {kind.__name__}", severity="error", problem=problem)
        )


_qt_said: list[str] = []
"""Qt's warnings before there is a log: the first one says why a screen can't be reached."""


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Qt's own words go to the log; a screen that can't be reached ends in two sentences."""
    if kind is not QtMsgType.QtFatalMsg:
        if logging.getLogger().handlers:
            _log.warning("Qt: %s", message)
        else:
            _qt_said.append(message.strip())
        return
    reason = " ".join((_qt_said or [message])[0].split()).rstrip(".")
    sys.stderr.write(_("Inglenook can't reach a screen: {detail}.").format(detail=reason) + "\n")
    sys.stderr.write(_("Start it on a desktop, or use it in the terminal: “inglenook ask”.") + "\n")
    sys.stderr.flush()
    log.close()
    os._exit(1)
