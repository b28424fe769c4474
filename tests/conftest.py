"""What every test stands on: its own home, no network, no leaks, and the few shared fixtures.

Qt is not imported here: core's tests run without it.
"""

import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from core.base.paths import ROOT_VARIABLE, Paths, resources_folder
from tests import leaks, tiers, waiting
from tests.faults.rows import rows_of

STARTER_MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
_INTERNET = {socket.AF_INET, socket.AF_INET6}
_OUTWARD = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}
_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_watch = tiers.Watch()
_home = Path(tempfile.mkdtemp(prefix="inglenook-tests-"))


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKUPS:
        raise AssertionError(f"a test looks up a host: {arguments[0]!r}")
    if event in _OUTWARD and getattr(arguments[0], "family", None) in _INTERNET:
        raise AssertionError(f"a test opens the network: {event} {arguments[1]!r}")


def _move_home() -> None:
    """Point everything that a program or library may write to into a temporary folder."""
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(_home)
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(_home / name.lower())
    runtime = _home / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    os.environ[ROOT_VARIABLE] = str(_home / "default-root")


def pytest_configure() -> None:
    """Close the process off before anything of the product is used."""
    _move_home()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"
    for name in ("INGLENOOK_LANGUAGE", "LANGUAGE", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR"):
        os.environ.pop(name, None)
    # A busy machine is no failure, and a run can be repeated.
    hypothesis.settings.register_profile("here", deadline=None, derandomize=True)
    hypothesis.settings.load_profile("here")
    sys.addaudithook(_refuse_network)
    sys.addaudithook(_watch.hear)


def pytest_collection_finish() -> None:
    """Spare each collection of garbage the modules and tests themselves, which stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Watch a test from its first fixture on."""
    _watch.begin()


def pytest_unconfigure() -> None:
    """Remove the temporary home."""
    shutil.rmtree(_home, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know pytest-qt's settings when it is switched off (`-p no:pytest-qt`)."""
    if not pluginmanager.hasplugin("pytest-qt"):
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "used by pytest-qt only")
    parser.addoption("--fault", type=int, action="append", help="run the tests of this fault row")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of the fault matrix with their rows; keep those of `--fault` alone."""
    for item in items:
        for row in rows_of(item.nodeid):
            item.add_marker(pytest.mark.fault(row))
    wanted = set(config.getoption("--fault") or ())
    if wanted:
        items[:] = [item for item in items if wanted & set(rows_of(item.nodeid))]


@pytest.fixture(autouse=True)
def _no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a child process, a running timer or a window behind."""
    with_qt = "qapp" in request.fixturenames
    before = leaks.take_stock(with_qt=with_qt)
    yield
    left = leaks.left_behind(before, with_qt=with_qt)
    if left:
        pytest.fail("left behind: " + "; ".join(left))
    if not request.node.get_closest_marker("slow"):
        assert not _watch.heavy(), "mark it “slow”, or do without"


@pytest.fixture
def root(tmp_path: Path) -> Paths:
    """A fresh root folder, created."""
    paths = Paths(tmp_path / "root")
    paths.create_folders()
    return paths


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The real model the program ships with; its absence is a failure, never a skip."""
    path = resources_folder() / "models" / STARTER_MODEL
    assert path.is_file(), f"{path} is missing: run “python3 packaging/dev.py setup”"
    return path


@pytest.fixture(scope="session")
def screen() -> Iterator[dict[str, str]]:
    """The environment of a program that shows its windows on a virtual screen (Xvfb).

    Tests in this process draw offscreen; those that need a window system start a program with it.
    """
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    # Without it the server starts over, and compiles its keyboard again, when its last client left.
    command.append("-noreset")
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        display = numbers.readline().strip()
    assert display, "Xvfb did not start: run “python3 packaging/dev.py test”, which installs it"
    yield {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
    server.terminate()
    server.wait()


@pytest.fixture
def wait_for() -> waiting.WaitFor:
    """`wait_for(condition, timeout)`: poll until `condition()` is true; fail after `timeout`."""
    return waiting.wait_for
