"""How soon the window takes a key, against an empty PySide6 window started the same way.

    python -m tests.benchmarks.window [--platform offscreen|xcb] [--runs N] [--cores 0,1]

Time runs from before the process is started until a key that was sent to the focused widget has
arrived. Runs alternate; both programs are pinned to the same cores; medians are compared.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

ROOT = Path(__file__).resolve().parents[2]


class _Empty(QMainWindow):
    """Nothing but a window that hears a key."""

    heard = False

    def keyPressEvent(self, _event: QKeyEvent) -> None:  # noqa: N802 - Qt's own name
        """Hear it."""
        self.heard = True


def _report() -> int:
    """Wait for the window, send it a key, and print when it arrived."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = next(w for w in application.topLevelWidgets() if isinstance(w, QMainWindow))
    handle = window.windowHandle()
    while not handle.isExposed():
        application.processEvents()
    application.processEvents()
    target = window.focusWidget() or window
    QTest.keyClick(target, Qt.Key.Key_X)
    heard = getattr(window, "heard", False) or "x" in str(target.property("plainText"))
    sys.stdout.write(f"{time.monotonic_ns() if heard else 0}\n")
    sys.stdout.flush()
    os._exit(0)


def _child(which: str, root: str) -> int:
    QApplication.exec = staticmethod(_report)  # type: ignore[method-assign]
    if which == "empty":
        application = QApplication(sys.argv[:1])
        window = _Empty()
        window.show()
        return application.exec()
    from desktop.__main__ import main  # noqa: PLC0415 - the empty window must not pay for it

    return main(["--root", root])


def _start(which: str, options: argparse.Namespace, root: str) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.window", "--child", which, "--root", root]
    environment = {**os.environ, "QT_QPA_PLATFORM": options.platform}
    began = time.monotonic_ns()
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    heard = int(ended.stdout.split()[-1])
    assert heard, f"{which}: the key did not arrive"
    return (heard - began) / 1e6


def main() -> int:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--platform", default="offscreen", choices=("offscreen", "xcb"))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--cores", default="")
    parser.add_argument("--child", default="")
    parser.add_argument("--root", default="")
    options = parser.parse_args()
    if options.child:
        return _child(options.child, options.root)
    if options.cores:
        os.sched_setaffinity(0, {int(core) for core in options.cores.split(",")})
    times: dict[str, list[float]] = {"empty": [], "inglenook": []}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(options.runs + 1):
            for which, measured in times.items():
                root = f"{folder}/{run}" if run % 2 else f"{folder}/kept"
                took = _start(which, options, root)
                if run:  # the first fills the caches
                    measured.append(took)
    medians = {which: statistics.median(measured) for which, measured in times.items()}
    result = {
        "benchmark": "window accepts a key",
        "platform": options.platform,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load": os.getloadavg()[0],
        "runs": options.runs,
        "median_ms": {which: round(value, 1) for which, value in medians.items()},
        "least_ms": {which: round(min(measured), 1) for which, measured in times.items()},
        "ratio": round(medians["inglenook"] / medians["empty"], 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
