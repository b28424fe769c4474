"""A child's life as its parent sees it: events, death, garbage, hanging up, orphans."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.base.paths import program_folder
from core.ipc.child_process import ChildProcess, describe_exit
from core.messages import ChildDied, Hello
from tests.core.dummy_child import ApiMessage, Do, DummyEvent
from tests.waiting import wait_for

COMMAND = [sys.executable, "-m", "tests.core.dummy_child"]


class Parent:
    """A child, and what has arrived from it so far."""

    def __init__(self, log: Path, command: list[str]) -> None:
        self.woken = threading.Event()
        self.child: ChildProcess[DummyEvent] = ChildProcess(
            "dummy",
            DummyEvent,
            log,
            self.woken.set,
            command=command,
            directory=program_folder(),
        )
        self.arrived: list[DummyEvent | ChildDied] = []

    def do(self, what: str, text: str = "") -> None:
        self.child.send(Do(what=what, text=text))

    def poll(self) -> list[DummyEvent | ChildDied]:
        self.arrived += self.child.poll()
        return self.arrived

    def said(self) -> list[str]:
        return [event.text for event in self.poll() if isinstance(event, ApiMessage)]

    def died(self) -> ChildDied:
        def deaths() -> list[ChildDied]:
            return [event for event in self.poll() if isinstance(event, ChildDied)]

        wait_for(deaths)
        return deaths()[0]


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Parent]:
    made = Parent(tmp_path / "dummy.log", COMMAND)
    yield made
    made.child.stop()


def test_starts_by_itself_and_says_hello_first(parent: Parent) -> None:
    assert parent.child.pid is None
    parent.do("say", "one")
    parent.do("say", "two")
    wait_for(lambda: parent.said() == ["one", "two"])
    assert isinstance(parent.arrived[0], Hello)
    assert parent.arrived[0].pid == parent.child.pid
    assert parent.woken.is_set()


def test_what_the_child_prints_goes_to_the_log_not_into_the_channel(parent: Parent) -> None:
    parent.do("print", "a line from native code")
    parent.do("say", "done")
    wait_for(lambda: parent.said() == ["done"])
    parent.child.stop()
    assert "a line from native code" in parent.child.log_path.read_text()


def test_death_names_the_exit_code_and_the_end_of_the_log(parent: Parent) -> None:
    parent.child.log_path.write_text("from an earlier life\n")
    parent.do("complain", "out of memory")
    parent.do("die", "7")
    died = parent.died()
    assert (died.role, died.exit_code) == ("dummy", 7)
    assert died.tail == "out of memory"
    assert describe_exit(died.exit_code) == "exit code 7"


def test_a_killed_child_is_replaced_at_the_next_request(parent: Parent) -> None:
    parent.do("say", "first life")
    wait_for(lambda: parent.said() == ["first life"])
    first = parent.child.pid
    parent.child.kill()
    died = parent.died()
    assert parent.child.pid is None
    if sys.platform != "win32":
        assert died.exit_code == -signal.SIGKILL
        assert "memory" in describe_exit(died.exit_code)
        assert describe_exit(-signal.SIGSEGV) == "signal SIGSEGV"
    parent.do("say", "second life")
    wait_for(lambda: parent.said() == ["first life", "second life"])
    assert parent.child.pid != first


def test_sending_to_a_dead_child_loses_nothing_but_the_request(parent: Parent) -> None:
    parent.do("die", "1")
    for _ in range(20):
        parent.do("say", "x" * 100_000)
    assert parent.died().exit_code == 1
    parent.do("say", "again")
    wait_for(lambda: parent.said() == ["again"])


@pytest.mark.parametrize("garbage", ["GGUF is not a frame", "\0\0\0\5hello", "\0\0\0\1\u007f"])
def test_a_child_that_writes_garbage_is_killed_and_said_so(parent: Parent, garbage: str) -> None:
    parent.do("garbage", garbage)
    assert "unreadable event" in parent.died().tail


def test_a_child_of_another_version_is_killed(parent: Parent) -> None:
    parent.do("old")
    assert "protocol 0 instead of" in parent.died().tail


def test_stop_drops_what_was_under_way(parent: Parent) -> None:
    parent.do("say", "late")
    parent.child.stop()
    assert parent.child.pid is None
    assert parent.poll() == []


def test_a_child_that_does_not_listen_is_killed_at_stop(parent: Parent) -> None:
    parent.do("say", "here")
    wait_for(lambda: parent.said() == ["here"])
    parent.do("sleep", "60")
    child = psutil.Process(parent.child.pid)
    parent.child.stop(grace=0.1)
    assert not child.is_running()


def test_hanging_up_ends_a_busy_child_too(parent: Parent) -> None:
    """The child's own reader gives it two seconds, then leaves for it: no orphan."""
    parent.do("say", "here")
    wait_for(lambda: parent.said() == ["here"])
    parent.do("sleep", "60")
    assert parent.child._process is not None
    parent.child._process.hang_up()
    assert parent.died().exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_no_orphan_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, threading, time\n"
        "from pathlib import Path\n"
        "from tests.core.test_child_process import Parent, COMMAND, wait_for\n"
        f"parent = Parent(Path({str(tmp_path / 'dummy.log')!r}), COMMAND)\n"
        "parent.do('say', 'here')\n"
        "wait_for(lambda: parent.said() == ['here'])\n"
        "print(parent.child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, cwd=program_folder(), stdout=subprocess.PIPE, text=True
    ) as middle:
        assert middle.stdout is not None
        try:
            child = psutil.Process(int(middle.stdout.readline()))
        finally:  # also where a busy machine lets it end without a word
            middle.kill()
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 10)


def test_a_program_that_can_not_be_started_is_a_death(tmp_path: Path) -> None:
    parent = Parent(tmp_path / "dummy.log", [str(tmp_path / "nothing")])
    parent.do("say", "never heard")
    assert parent.child.pid is None
    (died,) = parent.child.poll()
    assert isinstance(died, ChildDied)
    assert died.exit_code is None
    assert "nothing" in died.tail
    assert describe_exit(died.exit_code)
