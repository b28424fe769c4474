"""The command itself: its words, its exit codes, and what the checks run."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import checks
import console
import dev
import environment
from console import ROOT, SetupError

DEV = ROOT / "packaging" / "dev.py"


def test_an_old_python_can_read_it_and_is_told_plainly() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 6))
    script = (
        "import collections, runpy, sys\n"
        "Version = collections.namedtuple('Version', 'major minor micro')\n"
        "sys.version_info = Version(3, 9, 1)\n"
        f"runpy.run_path({str(DEV)!r}, run_name='__main__')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-S", "-c", script], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "inglenook: this is Python 3.9, and Inglenook needs 3.11 or newer.",
        "inglenook: install a newer Python and start this file with it.",
    ]


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A set-up that is done already; notes whether the tests' tools were asked for."""
    asked: list[bool] = []

    def set_up(*, tests: bool) -> Path:
        asked.append(tests)
        return Path("/env/python")

    monkeypatch.setattr(environment, "set_up", set_up)
    return asked


def start(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dev.py", *words])
    return dev.main()


def test_setup_prints_the_python_last(
    monkeypatch: pytest.MonkeyPatch, ready: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(monkeypatch, "setup") == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(Path("/env/python"))
    assert ready == [True]


def test_run_hands_everything_on(monkeypatch: pytest.MonkeyPatch, ready: list[bool]) -> None:
    opened: list[list[str]] = []

    def open_window(python: str, rest: list[str]) -> int:
        opened.append(rest)
        return 3

    monkeypatch.setattr(dev, "open_window", open_window)
    assert start(monkeypatch, "run", "ask", "What?", "--json", "--help") == 3
    assert start(monkeypatch, "run") == 3
    assert opened == [["ask", "What?", "--json", "--help"], []]
    assert ready == [False, False]


def test_what_children_load_is_compiled_before_the_window(
    monkeypatch: pytest.MonkeyPatch, ready: list[bool]
) -> None:
    done: list[str] = []

    def run(command: list[str], **_more: object) -> "subprocess.CompletedProcess[str]":
        done.append(" ".join(command[1:]))
        return subprocess.CompletedProcess(command, 1)  # a folder that can't be written is no hurt

    def execute(python: str, command: list[str]) -> None:
        done.append(" ".join([python, *command[1:]]))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(os, "execv", execute)
    monkeypatch.setattr(os, "name", "posix")
    start(monkeypatch, "run", "ask")
    assert ready == [False]
    assert done[0].startswith("-m compileall")
    assert done[1:2] == [f"{Path('/env/python')} -P -m desktop ask"]


def test_a_set_up_that_fails_says_two_sentences(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*, tests: bool) -> Path:
        raise SetupError("The disk is full.", "Free some space.")

    monkeypatch.setattr(environment, "set_up", fail)
    assert start(monkeypatch, "check") == 1
    assert capsys.readouterr().err.splitlines() == [
        "inglenook: The disk is full.",
        "inglenook: Free some space.",
    ]


def test_ctrl_c_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*, tests: bool) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "set_up", interrupt)
    assert start(monkeypatch, "run") == 1
    assert "stopped" in capsys.readouterr().err


def test_an_unknown_word_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as caught:
        start(monkeypatch, "frobnicate")
    assert caught.value.code == 2


def test_the_checks_run_in_order_with_the_tests_last() -> None:
    titles = [title for title, _ in checks.steps(Path("python"), ["-k", "x"])]
    assert titles == [
        "format", "ruff", "mypy linux", "mypy win32", "mypy darwin", "layers", "installers",
        "tests",
    ]  # fmt: skip
    assert checks.steps(Path("python"), ["-k", "x"])[-1][1][-2:] == ["-k", "x"]


def test_the_quick_tests_run_alone(monkeypatch: pytest.MonkeyPatch, ready: list[bool]) -> None:
    ran: list[list[str]] = []

    def passes(title: str, command: list[str]) -> bool:
        ran.append([title, *command])
        return len(ran) == 1

    monkeypatch.setattr(checks, "_passes", passes)
    assert [start(monkeypatch, "test", "--quick", "-k", "x") for _ in range(2)] == [0, 1]
    assert ran[0][:4] == ["tests", str(Path("/env/python")), "-m", "pytest"]
    assert ran[0][-4:] == ["-m", "not slow", "-k", "x"]
    assert ready == [True, True]


@pytest.mark.slow
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "sum(range(10**12))"])
def test_a_worker_that_dies_or_hangs_ends_the_run_with_its_test_named(
    tmp_path: Path, end: str
) -> None:
    for name in "abcdefgh":
        what = end if name == "a" else "pass"
        (tmp_path / f"test_{name}.py").write_text(
            f"import os\ndef test_one(): pass\ndef test_two(): {what}\ndef test_three(): pass\n"
        )
    limits = ("-o", "timeout=3", "-o", "faulthandler_timeout=6", "-p", "no:cacheprovider")
    settings = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path))
    ended = subprocess.run(
        checks.tests(Path(sys.executable), [*settings, *limits, str(tmp_path)]),
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout
    assert "crashed while running 'test_a.py::test_two'" in ended.stdout


def test_a_check_that_hangs_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hanging = [("hanging", [sys.executable, "-c", "import time; time.sleep(60)"])]
    monkeypatch.setattr(checks, "LONGEST_SECONDS", 0.1)
    monkeypatch.setattr(checks, "steps", lambda *_: hanging)
    assert checks.run_checks(Path("python"), []) == 1
    assert "hanging: still running after 0.1 s; it was ended" in capsys.readouterr().err


def test_one_failed_check_fails_all_but_stops_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = [
        ("bad", [sys.executable, "-c", "raise SystemExit(5)"]),
        ("good", [sys.executable, "-c", ""]),
    ]
    monkeypatch.setattr(checks, "steps", lambda *_: commands)
    assert checks.run_checks(Path("python"), []) == 1
    said = capsys.readouterr().err
    assert "good: passed" in said
    assert said.splitlines()[-1] == "inglenook: failed: bad"
    monkeypatch.setattr(checks, "steps", lambda *_: commands[1:])
    assert checks.run_checks(Path("python"), []) == 0


def test_a_program_that_fails_or_is_not_there_becomes_two_sentences() -> None:
    for command in ([sys.executable, "-c", "raise SystemExit(5)"], ["no-such-program"]):
        with pytest.raises(SetupError) as caught:
            console.run(command, happened="It broke", next_step="Mend it.")
        happened, next_step = str(caught.value).splitlines()
        assert happened.startswith("It broke (")
        assert next_step == "Mend it."


def test_ci_calls_it() -> None:
    script = ROOT / ".ci" / "run"
    assert "python3 packaging/dev.py test" in script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
