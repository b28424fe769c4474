"""A terminal that comes while the holder closes."""

import contextlib
import threading
from types import SimpleNamespace

import msgspec
import pytest

from core.base.paths import Paths
from core.channel import command_listener
from core.channel.channel_address import reachable_address, read_address
from core.channel.command_listener import CommandListener
from core.channel.local_socket import connect_locally
from core.channel.terminal_connection import TerminalConnection
from core.channel.terminal_messages import RunCommand, TerminalFacts
from tests.waiting import wait_for

TERMINAL = TerminalFacts(reads_terminal=False, writes_terminal=False, tells_terminal=False)


def test_a_command_that_comes_while_the_holder_closes_is_not_run(
    root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_come, goes_on, ran = threading.Event(), threading.Event(), list[RunCommand]()

    class ServingThread(threading.Thread):
        """Is made only once the holder has begun to close."""

        def __init__(self, *, name: str, **rest: object) -> None:
            if name == "command-terminal":
                has_come.set()
                goes_on.wait(10)
            super().__init__(name=name, **rest)  # type: ignore[arg-type]

    def run_command(request: RunCommand, _connection: TerminalConnection) -> int:
        ran.append(request)
        return 0

    root.create_folders()
    listener = CommandListener(root, run_command)
    listener.start()
    wait_for(lambda: read_address(root) is not None)
    address = read_address(root)
    assert address is not None
    threads = SimpleNamespace(Thread=ServingThread, Event=threading.Event)
    monkeypatch.setattr(command_listener, "threading", threads)
    with (
        reachable_address(address.address) as path,
        contextlib.closing(connect_locally(path)) as me,
    ):
        command = RunCommand(key=address.key, arguments=(b"list",), folder=b"/", terminal=TERMINAL)
        me.send_bytes(msgspec.msgpack.encode(command))
        assert has_come.wait(10)
        listener.stop(goes_on.set)
    assert ran == []
