"""Tool servers that hang, send far too much or nonsense, or have far too many tools."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from core.app.tools import tool_server
from core.app.tools.tool_server import (
    MAX_TOOLS,
    START_SECONDS,
    ToolListing,
    ToolServer,
    ToolServerConnection,
)
from core.base.errors import ErrorCode
from core.ipc import line_process
from core.ipc.reply import Reply
from core.messages import Failed, StartProgram
from core.sandbox.program_start import can_seal_programs
from tests.app.tools.test_tool_servers import Waker

PYTHON = (sys.prefix, sys.base_prefix)
SERVER = """
import json, sys, time
HOW = sys.argv[1]
def send(message):
    print(json.dumps(message), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    method, answer = message["method"], {}
    if method == "tools/list":
        if HOW == "hangs":
            continue
        names = {"many": [f"t{n}" for n in range(200)], "twins": ["x" * 80 + "a", "x" * 80 + "b"]}
        answer = {"tools": [{"name": name} for name in names.get(HOW, ["do"])]}
    elif method == "tools/call":
        if HOW == "garbage":
            while True:
                print("no message" * 100, flush=False)
        if HOW == "endless":
            while True:
                sys.stdout.write("x" * 65536)
        text = "y" * 10_000_000 if HOW == "large" else "done"
        answer = {"content": [{"type": "text", "text": text}]}
    send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
"""


class Time:
    """A clock that goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Server:
    """A server of a kind, and what it answers."""

    def __init__(self, path: Path, how: str) -> None:
        path.write_text(SERVER)
        command = (os.path.realpath(sys.executable), "-I", str(path), how)
        self.clock = Time()
        self.waker = Waker()
        self.connection = ToolServerConnection(
            ToolServer(
                name="desk",
                command=command,
                read=(str(path.parent), *PYTHON),
                unsealed=not can_seal_programs(),
            ),
            self.waker.woken.set,
            self.clock,
            hidden=(),
        )

    def wait_for(self, reply: Reply[Any, Any]) -> Any:
        return self.waker.wait_for(reply, self.connection.poll)


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    made = Server(tmp_path / "server.py", request.param)
    yield made
    made.connection.stop()


@pytest.mark.parametrize("server", ["hangs"], indirect=True)
def test_one_that_never_names_its_tools_is_given_up(server: Server) -> None:
    reply = server.connection.list_tools()
    for _turn in range(500):
        server.connection.poll()
        server.waker.woken.wait(0.01)
        if server.connection._is_ready:
            break
    server.clock.now += START_SECONDS + 1
    failed = server.wait_for(reply)
    assert isinstance(failed, Failed)
    assert (failed.code, failed.facts["detail"]) == (
        ErrorCode.TOOL_SERVER_FAILED,
        "it takes too long",
    )
    assert server.connection.pid is None


@pytest.mark.parametrize("server", ["many"], indirect=True)
def test_of_far_too_many_tools_some_are_left_out_and_counted(server: Server) -> None:
    listed = server.wait_for(server.connection.list_tools())
    assert isinstance(listed, ToolListing)
    assert (len(listed.tools), listed.left_out) == (MAX_TOOLS, 200 - MAX_TOOLS)


@pytest.mark.parametrize("server", ["twins"], indirect=True)
def test_of_two_tools_that_models_would_call_by_one_name_the_first_stays(server: Server) -> None:
    listed = server.wait_for(server.connection.list_tools())
    assert [each.name[-1] for each in listed.tools] == ["a"]
    assert listed.left_out == 1


@pytest.mark.parametrize("server", ["large", "endless"], indirect=True)
def test_one_that_sends_too_much_at_once_is_ended_in_words(server: Server) -> None:
    failed = server.wait_for(server.connection.call_tool("do", {}))
    assert failed.facts["detail"] == "it sent a line of more than 4 MB"
    assert server.connection.pid is None


@pytest.mark.parametrize("server", ["garbage"], indirect=True)
def test_one_that_sends_nonsense_for_ever_is_ended_and_fills_no_memory(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_server, "MAX_GARBAGE", 1 << 20)
    reply = server.connection.call_tool("do", {})
    failed = server.wait_for(reply)
    assert failed.facts["detail"] == "it sends what is no message"


def test_what_nobody_takes_is_waited_with() -> None:
    script = "while True: print('x' * 1000)"
    command = (os.path.realpath(sys.executable), "-I", "-c", script)
    start = StartProgram(
        command=command, environment={}, read=PYTHON, unsealed=not can_seal_programs()
    )
    process = line_process.LineProcess(start, lambda: None)
    held = -1
    try:
        while held != process._waiting or held < line_process.MAX_WAITING:
            held = process._waiting
            process._threads[0].join(0.2)
        taken = process.take_lines()
        assert sum(len(line or b"") for line in taken) >= line_process.MAX_WAITING
    finally:
        process.stop()
    assert not process._threads[0].is_alive()
