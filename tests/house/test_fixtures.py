"""The shared fixtures hold: leaks are found, the network is closed, a screen shows."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.base.paths import Paths, default_root
from tests import leaks, tiers
from tests.waiting import WaitFor


def test_everything_a_program_writes_goes_into_a_temporary_folder(root: Paths) -> None:
    assert "inglenook-tests-" in str(default_root())
    assert "inglenook-tests-" in str(Path.home())
    assert root.logs.is_dir()


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_network_is_closed(family: socket.AddressFamily) -> None:
    with socket.socket(family) as closed, pytest.raises(AssertionError, match="network"):
        closed.connect(("127.0.0.1" if family == socket.AF_INET else "::1", 9))
    with pytest.raises(AssertionError, match="host"):
        socket.getaddrinfo("localhost", 9)


def test_a_leaked_thread_and_a_leaked_child_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "GRACE_SECONDS", 0.1)
    before = leaks.take_stock(with_qt=False)
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="forgotten")
    thread.start()
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    found = leaks.left_behind(before, with_qt=False)
    over.set()
    thread.join()
    assert child.wait() != 0, "a leaked child is ended"
    assert [line.split()[0] for line in found] == ["thread", "process"]
    assert leaks.left_behind(before, with_qt=False) == []


def test_a_leaked_window_and_a_running_timer_are_found(qapp: object) -> None:
    from PySide6.QtCore import QTimer  # noqa: PLC0415 - this test alone uses Qt
    from PySide6.QtWidgets import QWidget  # noqa: PLC0415

    before = leaks.take_stock(with_qt=True)
    window = QWidget()
    window.setObjectName("forgotten")
    timer = QTimer(window)
    timer.start(1000)
    found = leaks.left_behind(before, with_qt=True)
    timer.stop()
    window.deleteLater()
    assert found[0] == "window QWidget “forgotten”"
    assert found[1].startswith("running timer")
    assert leaks.left_behind(before, with_qt=True) == []


def test_what_only_slow_tests_may_do_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tiers.HEAVY_MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    watch = tiers.Watch()
    watch.begin()
    program = (sys.executable, "-P", "-m")
    for more in ("core.child_main", "courier"), ("core.child_main", "engine"), ("desktop", "ask"):
        watch.hear("subprocess.Popen", (sys.executable, [*program, *more], None, None))
    watch.hear("subprocess.Popen", ("git", ["git", "-m", "desktop"], None, None))
    monkeypatch.setitem(sys.modules, "torch", tiers)
    assert watch.heavy() == ["imports torch", "starts engine", "starts the program"]
    watch.begin()
    assert watch.heavy() == []


def test_wait_for_returns_or_fails(wait_for: WaitFor) -> None:
    answers = iter([False, True])
    wait_for(lambda: next(answers))
    with pytest.raises(AssertionError, match="in vain"):
        wait_for(lambda: False, timeout=0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="Xvfb")
def test_a_program_can_show_a_window_on_the_virtual_screen(screen: dict[str, str]) -> None:
    script = (
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\nlabel = QLabel('here')\nlabel.show()\napp.processEvents()\n"
        "print(app.platformName(), label.isVisible(), app.primaryScreen().size().width())\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **screen},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stdout.split() == ["xcb", "True", "1600"], shown.stderr
