"""Limits of each role: no memory on the disk, no large file of one that only logs (POSIX)."""

import subprocess
import sys

import pytest

from core.sandbox.process_limits import MOST_OPEN_FILES, limit_process
from core.sandbox.role_rules import RoleRules, rules_of

if sys.platform == "win32":
    pytest.skip("limits of another system", allow_module_level=True)
import resource


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """What is set, in a process that nothing limits yet."""
    made: dict[int, tuple[int, int]] = {}
    endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: endless)
    monkeypatch.setattr(resource, "setrlimit", made.__setitem__)
    return made


@pytest.mark.parametrize("role", ["extractor", "recognizer", "renderer"])
def test_what_reads_documents_writes_no_large_file(
    limits: dict[int, tuple[int, int]], role: str
) -> None:
    limit_process(rules_of(role))
    assert limits[resource.RLIMIT_FSIZE][1] <= 64 * 2**20
    assert limits[resource.RLIMIT_DATA][1] > 0


@pytest.mark.parametrize("rules", [RoleRules(), RoleRules(uses_cards=True), RoleRules("out")])
def test_no_crash_writes_memory_to_the_disk(
    limits: dict[int, tuple[int, int]], rules: RoleRules
) -> None:
    limit_process(rules)
    assert limits[resource.RLIMIT_CORE] == (0, 0)
    assert limits[resource.RLIMIT_NOFILE] == (MOST_OPEN_FILES, MOST_OPEN_FILES)
    assert (resource.RLIMIT_DATA in limits) == (not rules.uses_cards)
    assert resource.RLIMIT_FSIZE not in limits


_WHAT_A_CRASH_WOULD_WRITE = """
import resource, subprocess, sys
from desktop.__main__ import main

assert main(["--root", ""]) == 2
show = "print(open('/proc/self/coredump_filter').read())"
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
print(open("/proc/self/coredump_filter").read())
subprocess.run([sys.executable, "-c", show], check=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="where others say what a dump holds")
def test_the_application_and_what_it_starts_write_no_memory_either() -> None:
    command = [sys.executable, "-u", "-c", _WHAT_A_CRASH_WOULD_WRITE]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    assert [int(each, 16) for each in ended.stdout.split()] == [0, 0, 0]
