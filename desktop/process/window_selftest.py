"""Self-test `Inglenook --selftest`: the window is opened, painted and loads its model.

Everything without a window is then tested by the console program, started like a child process.
"""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.events.app_events import AppEvent, ModelReady, Notice
from core.base.paths import Paths
from core.cli.console import Console
from core.cli.maintenance.selftest_children import STEP_SECONDS
from core.cli.maintenance.selftest_command import print_step, scratch_root
from core.ipc.child_process import console_command
from desktop.chat.markdown.block_types import Formula
from desktop.chat.message.formula_renderer import render_formula
from desktop.process.application_start import run_application
from desktop.window.main_window import MainWindow

MIN_COLOURS = 12
"""An unpainted window has one colour; text alone, with its smooth edges, has dozens."""
_SAMPLES = 200


def run_window_selftest(root: str | None) -> int:
    """Test the window, then everything else; returns 0 only if all tests pass."""
    if sys.platform == "linux" and not os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parent = Path(root).expanduser().absolute() if root else None
    console = Console(sys.stdout or io.StringIO(), sys.stderr or io.StringIO(), as_json=False)
    started = time.monotonic()
    with scratch_root(parent) as scratch:
        window_check = _WindowCheck()
        code = run_application(window_check.create_app, Paths(scratch), [])
    passed = code == 0 and not window_check.fault
    print_step(
        console, "window", window_check.result, passed=passed, seconds=time.monotonic() - started
    )
    passed = _formula(console) and passed
    command = [*console_command(), "selftest", *(["--root", str(parent)] if parent else [])]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    rest = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, creationflags=hidden)
    return 0 if passed and rest.returncode == 0 else 1


def _formula(console: Console) -> bool:
    """Render a formula: its fonts and symbol tables are files, which a frozen program may lack."""
    started = time.monotonic()
    drawing = render_formula(Formula(r"\frac{\alpha}{2}", is_display=True), 16.0, "#000000")
    seen = f"{drawing.width:.0f}x{drawing.height:.0f}" if drawing else "it could not be set"
    passed = drawing is not None
    print_step(console, "formula", seen, passed=passed, seconds=time.monotonic() - started)
    return passed


class _WindowCheck:
    """Waits in the real window until its model is loaded, checks the picture, and closes it."""

    def __init__(self) -> None:
        self.fault = "the window was closed before it was seen"
        self._picture = ""

    @property
    def result(self) -> str:
        """The result of the check, or the fault."""
        return self.fault or self._picture

    def create_app(self, paths: Paths, wake: Callable[[], None]) -> App:
        """Build the app and watch its events."""
        app = App(paths, wake)
        app.subscribe(self._on_event)
        QTimer.singleShot(round(STEP_SECONDS * 1000), lambda: self._end("no model was loaded"))
        return app

    def _on_event(self, event: AppEvent) -> None:
        if isinstance(event, ModelReady):
            # Later: the window gets the event after this, and closes its application at its end.
            QTimer.singleShot(0, lambda: self._end(""))
        elif isinstance(event, Notice) and event.severity == "error":
            text = f"{event.problem.message} {event.problem.hint}"
            QTimer.singleShot(0, lambda: self._end(text))

    def _end(self, fault: str) -> None:
        window = next(each for each in QApplication.topLevelWidgets() if type(each) is MainWindow)
        image = window.grab().toImage()
        colours = len(_colours(image))
        if not fault and colours < MIN_COLOURS:
            fault = f"the window has {colours} colours only, so nothing was painted"
        self.fault = fault
        platform = QApplication.platformName()
        self._picture = f"{image.width()}x{image.height()}, {colours} colours, {platform}"
        window.close()


def _colours(image: QImage) -> set[int]:
    across = range(0, image.width(), max(1, image.width() // _SAMPLES))
    down = range(0, image.height(), max(1, image.height() // _SAMPLES))
    return {image.pixel(x, y) for x in across for y in down}
