"""What a test left behind: threads, child processes, running timers, windows."""

import gc
import threading
import time
from dataclasses import dataclass, field

import psutil

GRACE_SECONDS = 3.0
"""How long what a test has just stopped may take to be gone."""
MANY_OBJECTS = 150_000
"""More make each collection, one per test with a window, take longer than the test: torch, say."""
_QT_OWN_WINDOWS = {"QTipLabel"}
"""Windows that Qt keeps for itself."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What runs at one moment. Widgets are kept by their address."""

    threads: frozenset[threading.Thread]
    children: frozenset[psutil.Process]
    widgets: frozenset[int] = field(default_factory=frozenset)


def take_stock(*, with_qt: bool) -> Stock:
    """Note what runs before a test."""
    return Stock(
        threads=frozenset(threading.enumerate()),
        children=frozenset(psutil.Process().children(recursive=True)),
        widgets=frozenset(_windows()) if with_qt else frozenset(),
    )


def left_behind(before: Stock, *, with_qt: bool) -> list[str]:
    """Return a line for each thing that runs now and did not before; ends leaked children."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (_threads(before) or _children(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    children = _children(before)
    lines = [f"thread {thread.name}" for thread in _threads(before)]
    lines += [f"process {_spell(child)}" for child in children]
    for child in children:
        child.kill()
    if with_qt:
        lines += _left_in_qt(before)
    return lines


def _threads(before: Stock) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before.threads]


def _children(before: Stock) -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children(recursive=True) if child not in before.children
    ]


def _spell(child: psutil.Process) -> str:
    try:
        return f"{child.pid} ({child.status()}): {' '.join(child.cmdline())[:200]}"
    except psutil.Error:
        return str(child.pid)


def _left_in_qt(before: Stock) -> list[str]:
    from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415 - tests of core have no Qt

    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = _windows()
    lines = [f"window {windows[key]}" for key in windows.keys() - before.widgets]
    lines += [f"running timer {name}" for name in _running_timers()]
    if len(gc.get_objects()) > MANY_OBJECTS:
        gc.freeze()  # later collections pass over what all tests share
    return lines


def _windows() -> dict[int, str]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - tests of core have no Qt
    from shiboken6 import Shiboken  # noqa: PLC0415

    return {
        Shiboken.getCppPointer(widget)[0]: f"{type(widget).__name__} “{widget.objectName()}”"
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() not in _QT_OWN_WINDOWS
    }


def _running_timers() -> list[str]:
    from PySide6.QtCore import QTimer  # noqa: PLC0415 - tests of core have no Qt
    from shiboken6 import Shiboken  # noqa: PLC0415

    timers = [thing for thing in gc.get_objects() if type(thing) is QTimer]
    return [
        f"of {timer.parent()!r}" for timer in timers if Shiboken.isValid(timer) and timer.isActive()
    ]
