"""The set-up does each thing once, and goes on where it was interrupted."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import environment
import starter_models
import system_packages
from console import SetupError


class Machine:
    """A checkout in a temporary folder whose commands are noted instead of run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.commands: list[str] = []
        self.fails = ""
        (root / "packaging").mkdir()
        (root / "pyproject.toml").write_text("[project]\n")
        self.lock = root / "packaging" / "constraints.txt"
        self.lock.write_text("llama-cpp-python==0.3.36\n")

    def run(self, command: Sequence[str], *, happened: str, next_step: str) -> None:
        what = "venv" if "venv" in command else "pip"
        self.commands.append(what)
        if self.fails == what:
            raise SetupError(happened, next_step)
        if what == "venv":
            shutil.rmtree(self.venv, ignore_errors=True)
            python = self.venv / "bin" / "python"
            (self.venv / "lib" / "python3.11" / "site-packages" / "pip").mkdir(parents=True)
            python.parent.mkdir()
            python.touch()
            (self.venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.7\n")

    def set_up(self) -> list[str]:
        self.commands.clear()
        environment.set_up(tests=True)
        return list(self.commands)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", made.venv)
    monkeypatch.setattr(environment, "CONSTRAINTS", made.lock)
    monkeypatch.setattr(environment, "STAMP", made.venv / "stamp.json")
    monkeypatch.setattr(environment, "run", made.run)
    monkeypatch.setattr(environment, "environment_python", lambda: made.venv / "bin" / "python")
    monkeypatch.setattr(system_packages, "ensure", lambda **_: None)
    monkeypatch.setattr(starter_models, "state", dict)
    monkeypatch.setattr(starter_models, "ensure", lambda _: made.commands.append("models"))
    return made


def test_everything_is_done_once(machine: Machine) -> None:
    assert machine.set_up() == ["venv", "pip", "models"]
    assert machine.set_up() == []


@pytest.mark.parametrize(("fails", "then"), [("venv", ["venv", "pip"]), ("pip", ["pip"])])
def test_an_interrupted_set_up_is_picked_up(machine: Machine, fails: str, then: list[str]) -> None:
    machine.fails = fails
    with pytest.raises(SetupError):
        machine.set_up()
    machine.fails = ""
    assert machine.set_up() == [*then, "models"]
    assert machine.set_up() == []


def test_a_new_lock_file_is_installed_into_the_same_environment(machine: Machine) -> None:
    machine.set_up()
    machine.lock.write_text("llama-cpp-python==0.3.37\n")
    assert machine.set_up() == ["pip", "models"]


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.set_up()
    (machine.venv / "bin" / "python").unlink()
    assert machine.set_up() == ["venv", "pip", "models"]


def test_a_changed_model_is_looked_at_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.set_up()
    monkeypatch.setattr(starter_models, "state", lambda: {"model.gguf": [1, 2]})
    assert machine.set_up() == ["models"]
    assert machine.set_up() == []


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"environment": 1}'])
def test_a_damaged_stamp_only_costs_time(machine: Machine, stamp: str) -> None:
    machine.set_up()
    (machine.venv / "stamp.json").write_text(stamp)
    assert machine.set_up() == ["pip", "models"]


@pytest.mark.parametrize("dist_info", ["llama_cpp_python-0.3.36", "llama_cpp_python-0.3.35"])
def test_a_compiler_is_asked_for_only_when_llama_cpp_must_be_built(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, dist_info: str
) -> None:
    machine.fails = "pip"
    with pytest.raises(SetupError):
        machine.set_up()
    site = machine.venv / "lib" / "python3.11" / "site-packages" / f"{dist_info}.dist-info"
    site.mkdir()
    (site / "RECORD").touch()
    asked: list[bool] = []
    monkeypatch.setattr(
        system_packages, "ensure", lambda *, compiler, tests: asked.append(compiler)
    )
    with pytest.raises(SetupError):
        machine.set_up()
    assert asked == [not dist_info.endswith("36")]
