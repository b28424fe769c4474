"""The child's half of the pipe: requests in order, and an end that is always told."""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import child_main
from core.base.paths import program_folder
from core.ipc.channel import Channel, ParentGone
from core.ipc.framing import encode_frame, read_payload
from tests.core.dummy_child import ApiMessage, Do
from tests.waiting import wait_for


class Pipe:
    """A channel in this process, and the parent's ends of its two pipes."""

    def __init__(self) -> None:
        request_read, request_write = os.pipe()
        event_read, event_write = os.pipe()
        self.to_child = os.fdopen(request_write, "wb", buffering=0)
        self.from_child = os.fdopen(event_read, "rb")
        self.incoming = os.fdopen(request_read, "rb")
        self.outgoing = os.fdopen(event_write, "wb", buffering=0)
        self.arrived: list[str] = []
        self.channel: Channel[Do] = Channel(
            Do, self.incoming, self.outgoing, lambda request: self.arrived.append(request.what)
        )

    def close(self) -> None:
        for stream in (self.to_child, self.from_child, self.outgoing):
            stream.close()


class NoTimer:
    """Stands for the timer that ends a child whose parent is gone."""

    started = 0

    def __init__(self, seconds: float, action: object, arguments: tuple[object, ...]) -> None:
        assert action is os._exit
        self.daemon = False

    def start(self) -> None:
        NoTimer.started += 1


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    monkeypatch.setattr(threading, "Timer", NoTimer)
    monkeypatch.setattr(NoTimer, "started", 0)
    made = Pipe()
    made.channel.start("dummy")
    yield made
    made.close()
    for thread in threading.enumerate():
        if thread.name == "channel-reader":
            thread.join()
    made.incoming.close()


def test_it_says_hello_and_then_obeys_in_order(pipe: Pipe) -> None:
    assert b"Hello" in (read_payload(pipe.from_child) or b"")
    for what in ("one", "two"):
        pipe.to_child.write(encode_frame(Do(what=what)))
    received = [pipe.channel.receive(), pipe.channel.receive(timeout=5)]
    assert [request.what for request in received if request] == ["one", "two"]
    assert pipe.arrived == ["one", "two"]


def test_none_means_that_nothing_has_come_yet(pipe: Pipe) -> None:
    assert pipe.channel.receive(timeout=0) is None
    assert pipe.channel.receive(timeout=0.01) is None


@pytest.mark.parametrize("last_words", [b"", b"\0\0\0", b"garbage garbage", b"\0\0\0\1\x7f"])
def test_the_end_is_told_each_time_it_is_asked_for(pipe: Pipe, last_words: bytes) -> None:
    pipe.to_child.write(encode_frame(Do(what="last")) + last_words)
    pipe.to_child.close()
    request = pipe.channel.receive(timeout=5)
    assert request
    assert request.what == "last"
    for _ in range(2):
        with pytest.raises(ParentGone):
            pipe.channel.receive(timeout=5)
    wait_for(lambda: NoTimer.started == 1)


def test_a_parent_that_does_not_read_any_more_is_gone(pipe: Pipe) -> None:
    pipe.from_child.close()
    with pytest.raises(ParentGone):
        pipe.channel.send(ApiMessage(text="late"))


def test_what_was_dealt_with_on_arrival_is_not_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading, "Timer", NoTimer)
    frames = b"".join(encode_frame(Do(what=what)) for what in ("one", "two"))
    channel: Channel[Do] = Channel(
        Do, io.BytesIO(frames), io.BytesIO(), lambda request: request.what == "one"
    )
    channel.start("dummy")
    received = channel.receive(timeout=5)
    assert received is not None
    assert received.what == "two"


def test_a_fault_on_arrival_ends_the_child_instead_of_hanging_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading, "Timer", NoTimer)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def fail(_: Do) -> None:
        raise ZeroDivisionError

    content = io.BytesIO(encode_frame(Do(what="x")))
    channel: Channel[Do] = Channel(Do, content, io.BytesIO(), fail)
    channel.start("dummy")
    with pytest.raises(ParentGone):
        channel.receive(timeout=5)


@pytest.mark.parametrize("arguments", [[], ["nobody"], ["engine", "library"]])
def test_a_role_nobody_knows_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert child_main.main(arguments) == 2
    assert "engine" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("role", sorted(child_main.ROLES.keys() - {"program"}))
def test_each_role_leaves_when_nobody_is_there(role: str, tmp_path: Path) -> None:
    """The program as it is started, with an input that ends at once.

    Without a parent there is no program of a person's own to become.
    """
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "core.child_main", role],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=program_folder(),
        env={**os.environ, "INGLENOOK_ROOT": str(tmp_path)},
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    assert b"Hello" in ended.stdout
