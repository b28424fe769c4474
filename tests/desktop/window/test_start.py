"""Start: choice of the root, and the message when nothing can be opened."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from core.app.app import App
from core.app.root_lock import RootLock, collect_open_requests, hand_over, is_root_held
from core.base.errors import ErrorCode
from core.base.interrupts import INTERRUPTED
from core.base.paths import Paths
from core.channel.channel_address import ChannelAddress, write_address
from core.messages import AddFolder, WatchFolders
from desktop import __main__ as command
from desktop.process import application_start
from desktop.process.fatal_message import show_fatal_message
from desktop.process.window_manager import WindowManager
from desktop.window.main_window import MainWindow
from tests.fakes.app import FakeChildren, prepare_root
from tests.house.sources import ROOT


@pytest.fixture(autouse=True)
def _loops_run_again(qapp: QApplication) -> Iterator[None]:
    """Let the tests that follow wait: after `quit` no event loop runs until `exec` was called."""
    yield
    QTimer.singleShot(0, qapp.quit)
    qapp.exec()


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    inherited = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    inherited.pop("DISPLAY", None)
    inherited.pop("WAYLAND_DISPLAY", None)
    return subprocess.run(
        [sys.executable, "-m", "desktop", *words],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.slow
def test_without_a_screen_two_sentences_are_said(tmp_path: Path) -> None:
    ended = run("--root", str(tmp_path / "root"), QT_QPA_PLATFORM="xcb")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Inglenook can't reach a screen: could not connect to display")
    assert len(ended.stderr.splitlines()) == 2


@pytest.mark.slow
def test_a_root_without_a_folder_is_a_mistake_of_the_command() -> None:
    assert run("--root").returncode == 2


@pytest.fixture
def held_root(tmp_path: Path) -> Iterator[tuple[Paths, RootLock]]:
    """A root that somebody else owns, and its lock."""
    paths = Paths(tmp_path / "root")
    lock = RootLock(paths)
    lock.acquire()
    yield paths, lock
    lock.release()


def when_asked(paths: Paths, act: Callable[[], object]) -> threading.Thread:
    """Call a function once a second start has left its request; returns the thread to wait for."""

    def watch() -> None:
        while not list(paths.spool.glob("*.json")):
            time.sleep(0.01)
        act()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


@pytest.mark.slow
def test_a_second_start_hands_its_paths_over_and_leaves(
    held_root: tuple[Paths, RootLock], tmp_path: Path
) -> None:
    paths, _lock = held_root
    dropped = tmp_path / "letters"
    dropped.mkdir()
    taken: list[list[str]] = []
    holder = when_asked(paths, lambda: taken.extend(collect_open_requests(paths)))
    ended = run("--root", str(paths.root), str(dropped), QT_QPA_PLATFORM="offscreen")
    holder.join()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert taken == [[str(dropped)]]


def test_a_second_start_goes_on_when_the_owner_has_just_ended(
    held_root: tuple[Paths, RootLock],
) -> None:
    paths, lock = held_root
    holder = when_asked(paths, lock.release)
    assert not hand_over(paths, ["/letters"])
    holder.join()
    assert not list(paths.spool.iterdir()), "this start opens them itself"


def test_a_second_start_that_nobody_hears_says_so(
    held_root: tuple[Paths, RootLock], qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, _lock = held_root
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    monkeypatch.setattr(application_start, "_application", lambda _paths: qapp)
    monkeypatch.setattr(application_start, "qInstallMessageHandler", lambda _handler: None)
    impatient = partial(hand_over, patience=0.0)
    monkeypatch.setattr(application_start, "hand_over", impatient)
    assert application_start.run_application(FakeChildren().make_app, paths, []) == 1
    (words,) = shown
    assert words.startswith(f"Inglenook is already open with the data in {paths.root}")
    assert not list(paths.spool.iterdir())


@pytest.mark.usefixtures("as_if_started")
def test_an_owner_found_while_loading_is_waited_for(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = prepare_root(tmp_path)
    lock = RootLock(paths)
    monkeypatch.setattr(application_start, "is_root_held", lambda _paths: lock.acquire())
    monkeypatch.setattr(MainWindow, "end_start", end_and_close)
    holder = when_asked(paths, lock.release)
    guard = QTimer()
    guard.timeout.connect(lambda: qapp.exit(1))
    guard.start(60_000)
    assert application_start.run_application(FakeChildren().make_app, paths, []) == 0
    guard.stop()
    holder.join()
    assert not list(paths.spool.glob("*.json"))
    assert not is_root_held(paths)


END_START = MainWindow.end_start


def end_and_close(window: MainWindow) -> None:
    """End the start of a window that is seen, and close it."""
    assert window.isVisible()
    END_START(window)
    window.close()


@pytest.mark.usefixtures("as_if_started")
def test_a_module_that_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    monkeypatch.setattr(application_start, "STARTUP_IMPORTS", ("desktop.no_such_module",))
    with qtbot.capture_exceptions() as raised:
        paths = Paths(tmp_path / "root")
        assert application_start.run_application(FakeChildren().make_app, paths, []) == 1
    assert [kind for kind, _error, _trace in raised] == [ModuleNotFoundError]
    assert shown == ["Inglenook made a mistake of its own (ModuleNotFoundError)."]


def test_a_killed_owner_holds_no_root(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "root")
    paths.create_folders()
    paths.channel.mkdir(parents=True, exist_ok=True)
    paths.lock.touch()
    write_address(paths, ChannelAddress(pid=1, address="gone", key=""))
    assert not is_root_held(paths)


@pytest.mark.parametrize(
    ("words", "root", "rest"),
    [
        ([], None, []),
        (["--root", "/r"], "/r", []),
        (["--root=/r", "ask", "--root"], "/r", ["ask", "--root"]),
        (["ask", "Q"], None, ["ask", "Q"]),
        (["--root"], "", []),
        (["--root="], "", []),
    ],
)
def test_the_root_is_taken_off_the_front(
    words: list[str], root: str | None, rest: list[str]
) -> None:
    assert command._split_root(words) == (root, rest)


def test_words_go_to_the_command_line_and_paths_to_the_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = tmp_path / "tiny.gguf"
    model.write_bytes(b"GGUF")
    opened: list[list[str]] = []
    monkeypatch.setattr("core.cli.main.main", len)
    monkeypatch.setattr(
        application_start, "run_application", lambda _make, _paths, words: opened.append(words)
    )
    assert command.main(["--root", str(tmp_path), "folder", "list"]) == 4
    assert command.main(["help"]) == 1
    assert command.main(["--root", str(tmp_path), str(model)]) is None
    assert opened == [[str(model)]]


def test_ctrl_c_while_modules_are_loaded_ends_the_process_and_raises_nowhere() -> None:
    shown = "print(signal.getsignal(signal.SIGINT) is signal.SIG_DFL)"
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from desktop import __main__ as command\n"
        "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n"
        f"command._run = lambda _words: {shown}\n"
        "command.main()\n"
    )
    words = [sys.executable, "-P", "-c", code]
    ran = subprocess.run(words, capture_output=True, check=False, text=True, cwd=ROOT)
    assert ran.stdout.split() == ["True", "True"], ran.stderr


def test_ctrl_c_outside_of_a_command_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_words: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_run", interrupted)
    assert command.main([]) == INTERRUPTED
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.fixture
def as_if_started(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the application there is, and put back what a start changes for the whole process."""
    monkeypatch.setattr(application_start, "_application", lambda _paths: qapp)
    monkeypatch.setattr(application_start, "qInstallMessageHandler", lambda _handler: None)
    monkeypatch.setattr(signal, "signal", lambda _number, _edit_function: None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


@pytest.mark.usefixtures("as_if_started")
def test_a_root_that_refuses_is_told_in_a_dialog_and_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    (tmp_path / "root").write_text("no folder")
    paths = Paths(tmp_path / "root")
    assert application_start.run_application(FakeChildren().make_app, paths, []) == 1
    (words,) = shown
    assert words.startswith(f"{paths.root} is no folder")
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.slow
@pytest.mark.usefixtures("as_if_started")
def test_the_window_opens_warms_up_after_its_first_picture_and_takes_paths(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    children, paths = FakeChildren(), prepare_root(tmp_path)

    def loop() -> int:
        window = next(w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow))
        qtbot.waitUntil(lambda: len(children.library.all_sent(AddFolder)) == 1)
        try:
            raise RuntimeError("a slot fell over")
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        shown = [notice.problem.code for notice in window.controllers.notices.all_notices()]
        assert shown == [ErrorCode.INTERNAL]
        window.close()
        return 0

    monkeypatch.setattr(qapp, "exec", loop)
    dropped = tmp_path / "letters"
    dropped.mkdir()
    assert application_start.run_application(children.make_app, paths, [str(dropped)]) == 0
    kinds = [type(message) for message in children.library.sent]
    assert kinds.index(WatchFolders) < kinds.index(AddFolder), "the children come first"
    assert children.library.last_sent(AddFolder).path == str(dropped)
    RootLock(paths).acquire()


@pytest.mark.usefixtures("as_if_started")
def test_a_window_closed_while_it_loads_ends_the_program_and_starts_nothing(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    children, paths = FakeChildren(), prepare_root(tmp_path)
    monkeypatch.setattr(App, "warm_up", lambda _app: pytest.fail("a closed app warms up"))
    start = application_start.ApplicationStart(qapp, children.make_app, paths, [])
    start.show_window()
    (window,) = (w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow))
    window.painted.connect(window.close)
    guard = QTimer()
    guard.timeout.connect(lambda: qapp.exit(1))
    guard.start(60_000)
    assert qapp.exec() == 0, "the event loop ends by itself"
    guard.stop()
    assert window.isHidden()
    assert start.close() == 0
    assert not is_root_held(paths)


@pytest.mark.usefixtures("as_if_started")
def test_a_start_that_fails_halfway_says_so_and_closes_what_it_has_opened(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = prepare_root(tmp_path)

    def fail(*_anything: object) -> None:
        raise RuntimeError("half a window")

    monkeypatch.setattr(WindowManager, "_add_window", fail)
    shown: list[str] = []

    def close_box() -> None:
        box = qapp.activeModalWidget()
        if isinstance(box, QMessageBox):
            shown.append(box.text())
            box.close()

    timer = QTimer()
    timer.timeout.connect(close_box)
    timer.start(50)
    assert application_start.run_application(FakeChildren().make_app, paths, []) == 1
    timer.stop()
    assert shown == ["Inglenook made a mistake of its own (RuntimeError)."]
    assert not is_root_held(paths), "the app was closed"


def test_a_fatal_message_needs_no_standard_error(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    show_fatal_message("It fell.", "Try again.")
    assert shown == ["It fell."]


def test_the_program_refuses_the_network_in_its_own_process(tmp_path: Path) -> None:
    code = (
        "import socket, sys; from desktop.__main__ import main\n"
        "main(['--root', sys.argv[1], 'chat', 'list'])\n"
        "socket.create_connection(('127.0.0.1', 9))"
    )
    result = subprocess.run(
        [sys.executable, "-P", "-c", code, str(tmp_path / "root")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "NetworkLockedError" in result.stderr
