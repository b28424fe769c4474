"""What a system lacks is installed where that is ours to do, and spelled out elsewhere."""

import shutil
import sys
from collections.abc import Callable

import pytest

import system_packages
from console import SetupError
from system_packages import COMPILER, FONT, TESTS, WINDOW

CURSOR = next(need for need in WINDOW if need.apt == "libxcb-cursor0")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="package managers of Linux")


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def choose(name: str) -> None:
        monkeypatch.setattr(shutil, "which", lambda tool, **_: tool if tool == name else None)

    return choose


@pytest.mark.parametrize(
    ("name", "command"),
    [
        (
            "apt-get",
            "apt-get install -y --no-install-recommends fonts-dejavu-core g++ libxcb-cursor0 xvfb",
        ),
        (
            "dnf",
            "dnf install /usr/bin/Xvfb dejavu-sans-fonts gcc-c++ libxcb-cursor.so.0()(64bit)",
        ),
        (
            "zypper",
            "zypper install /usr/bin/Xvfb dejavu-sans-fonts gcc-c++ libxcb-cursor.so.0()(64bit)",
        ),
        ("pacman", "pacman -S --needed gcc ttf-dejavu xcb-util-cursor xorg-server-xvfb"),
        ("other", ""),
    ],
)
def test_each_manager_s_command(manager: Callable[[str], None], name: str, command: str) -> None:
    manager(name)
    missing = [CURSOR, FONT, COMPILER, TESTS[0]]
    assert " ".join(system_packages.install_command(missing)) == command


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []
    monkeypatch.setattr(system_packages, "apt_install", commands.append)
    return commands


def lacking(monkeypatch: pytest.MonkeyPatch, *needs: system_packages.Need, user: int) -> None:
    monkeypatch.setattr(system_packages, "missing_needs", lambda **_: list(needs))
    monkeypatch.setattr(system_packages, "is_root", lambda: user == 0)


def test_root_of_debian_installs(
    monkeypatch: pytest.MonkeyPatch,
    manager: Callable[[str], None],
    installed: list[list[str]],
) -> None:
    manager("apt-get")
    lacking(monkeypatch, CURSOR, COMPILER, user=0)
    system_packages.ensure(compiler=True, tests=True)
    assert [command[-2:] for command in installed] == [["g++", "libxcb-cursor0"]]


@pytest.mark.parametrize(("name", "user"), [("apt-get", 1000), ("dnf", 0), ("pacman", 1000)])
def test_others_are_told_the_command_and_go_on(
    monkeypatch: pytest.MonkeyPatch,
    manager: Callable[[str], None],
    installed: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    name: str,
    user: int,
) -> None:
    manager(name)
    lacking(monkeypatch, CURSOR, user=user)
    system_packages.ensure(compiler=True, tests=True)
    said = capsys.readouterr().err
    assert installed == []
    assert "libxcb-cursor.so.0" in said
    assert ("sudo " + name if user else f" {name} ") in said


def test_without_a_compiler_it_stops_with_the_command(
    monkeypatch: pytest.MonkeyPatch, manager: Callable[[str], None]
) -> None:
    manager("apt-get")
    lacking(monkeypatch, COMPILER, user=1000)
    with pytest.raises(SetupError, match=r"(?s)c\+\+.*sudo apt-get install .* g\+\+"):
        system_packages.ensure(compiler=True, tests=True)


def test_nothing_is_run_when_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, installed: list[list[str]]
) -> None:
    lacking(monkeypatch, user=0)
    system_packages.ensure(compiler=True, tests=True)
    assert installed == []


def test_this_machine_has_what_the_tests_need() -> None:
    assert system_packages.missing_needs(compiler=False, tests=True) == []
