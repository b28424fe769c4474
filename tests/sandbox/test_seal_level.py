"""How much of a seal is applied, and that a child which can't start under it starts with less."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.base.error_codes import ErrorCode
from core.base.paths import program_folder
from core.base.settings.app_settings import CHILD_SEAL
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client
from core.sandbox import seal_level
from core.sandbox.seal_level import (
    LEVEL_VARIABLE,
    SealLevel,
    ask_for_level,
    lower_level,
    wanted_level,
)
from tests.core.dummy_child import DummyEvent
from tests.waiting import WaitFor

_ONLY_LESS = f"""
import os, runpy, sys
if os.environ.get("{LEVEL_VARIABLE}", "whole") in sys.argv[1].split(","):
    sys.exit(9)
runpy.run_module("tests.core.dummy_child", run_name="__main__")
"""


@pytest.fixture(autouse=True)
def no_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LEVEL_VARIABLE, "")
    monkeypatch.delenv(LEVEL_VARIABLE)


def on_another_system(monkeypatch: pytest.MonkeyPatch) -> None:
    class System:
        platform = "darwin"

    monkeypatch.setattr(seal_level, "sys", System)


def test_a_value_that_nobody_knows_is_the_whole() -> None:
    assert wanted_level({}) == wanted_level({LEVEL_VARIABLE: "none"}) == SealLevel.WHOLE
    assert wanted_level({LEVEL_VARIABLE: "off"}) == SealLevel.OFF
    assert set(CHILD_SEAL.choices) == set(SealLevel)


def test_the_variable_holds_where_the_setting_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_for_level("whole")
    assert wanted_level() == SealLevel.WHOLE
    monkeypatch.setenv(LEVEL_VARIABLE, "whole")
    ask_for_level("off")
    assert wanted_level() == SealLevel.WHOLE


def test_where_it_was_tried_nothing_is_loosened(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        assert lower_level(SealLevel.WHOLE) is None
    on_another_system(monkeypatch)
    assert lower_level(SealLevel.WHOLE) == SealLevel.LESS
    assert lower_level(SealLevel.LESS) == SealLevel.OFF
    assert lower_level(SealLevel.OFF) is None


def client(log: Path, dies_under: str, monkeypatch: pytest.MonkeyPatch) -> Client[DummyEvent]:
    monkeypatch.setenv("PYTHONPATH", str(program_folder()))
    command = [sys.executable, "-P", "-c", _ONLY_LESS, dies_under]
    process: ChildProcess[DummyEvent] = ChildProcess(
        "dummy", DummyEvent, log, lambda: None, command=command, directory=program_folder()
    )
    return Client(process, ErrorCode.INTERNAL)


@pytest.mark.parametrize(
    ("dies_under", "level"), [("whole", SealLevel.LESS), ("whole,less", SealLevel.OFF)]
)
def test_a_child_that_ends_before_hello_is_started_with_less(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wait_for: WaitFor,
    dies_under: str,
    level: SealLevel,
) -> None:
    on_another_system(monkeypatch)
    asking = client(tmp_path / "log", dies_under, monkeypatch)

    def has_started() -> bool:
        asking.start()
        asking.poll()
        return asking.has_started

    wait_for(has_started, 60)
    assert asking._process.environment[LEVEL_VARIABLE] == level
    assert "sealed less" in (tmp_path / "log").read_text()
    asking.stop()


def test_a_child_that_ends_after_hello_keeps_its_seal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_for: WaitFor
) -> None:
    on_another_system(monkeypatch)
    asking = client(tmp_path / "log", "none", monkeypatch)
    asking.start()

    def until(done: str) -> bool:
        asking.poll()
        return asking.has_started if done == "hello" else asking.last_death is not None

    wait_for(lambda: until("hello"), 60)
    asking.kill()
    wait_for(lambda: until("death"), 60)
    assert LEVEL_VARIABLE not in asking._process.environment
    asking.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the seal of another system")
def test_a_seal_that_is_off_is_said(tmp_path: Path) -> None:
    code = (
        "from core.sandbox.grants import Grants\n"
        "from core.sandbox.seal import current_seal, seal_process\n"
        "seal_process('engine', Grants())\n"
        "print(current_seal().means, current_seal().files)\n"
    )
    found = {
        level: subprocess.run(
            [sys.executable, "-P", "-c", code],
            env={"PYTHONPATH": str(program_folder()), LEVEL_VARIABLE: level},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for level in SealLevel
    }
    assert found[SealLevel.OFF] == "off False"
    assert "seccomp off" in found[SealLevel.LESS]
    assert "seccomp on" in found[SealLevel.WHOLE]
