"""Tool servers of the person's own: added, called, and held to what was agreed to."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.app import App
from core.app.tools.tool_server import ToolServer, ToolServerConnection, offered_name
from core.base.errors import ErrorCode, ModelError
from core.chat.answering.answer_request import AnswerRequest
from core.chat.conversations.conversation import Conversation
from core.chat.conversations.tool_calls import CallDecision
from core.ipc.line_process import LineProcess
from core.ipc.reply import Reply
from core.messages import Sampling, StartProgram
from core.sandbox.program_start import can_seal_programs
from tests.fakes.app import FakeChildren, prepare_root

_SIGKILL = 9

SCRIPT = Path(__file__).with_name("mcp_server.py")
sealed = pytest.mark.skipif(not can_seal_programs(), reason="the system has no means to seal")


class Waker:
    """Waits for replies that come from other threads."""

    def __init__(self) -> None:
        self.woken = threading.Event()

    def wait_for(self, reply: Reply[Any, Any], poll: Callable[[], None]) -> Any:
        for _turn in range(3000):
            poll()
            if reply.is_done:
                return reply.result if reply.failure is None else reply.failure
            self.woken.wait(0.02)
            self.woken.clear()
        raise AssertionError("nothing came")


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "server.py").write_bytes(SCRIPT.read_bytes())
    (folder / "a.txt").write_text("what was given")
    return folder


def server_of(given: Path, **changes: Any) -> ToolServer:
    fields: dict[str, Any] = {
        "name": "desk",
        "command": (os.path.realpath(sys.executable), "-I", str(given / "server.py")),
        "environment": {"WORD": "declared"},
        "read": (str(given), sys.prefix, sys.base_prefix),
        "unsealed": not can_seal_programs(),
    }
    return ToolServer(**(fields | changes))


class Called:
    """Calls the tools of one server and waits."""

    def __init__(self, server: ToolServer) -> None:
        self._waker = Waker()
        self.connection = ToolServerConnection(server, self._waker.woken.set, hidden=())

    def __call__(self, tool: str, path: str = "") -> Any:
        reply = self.connection.call_tool(tool, {"path": path})
        return self._waker.wait_for(reply, self.connection.poll)


@pytest.fixture
def call(given: Path) -> Iterator[Called]:
    called = Called(server_of(given))
    yield called
    called.connection.stop()


@sealed
def test_it_reads_what_was_given_and_nothing_else(
    call: Called, given: Path, tmp_path: Path
) -> None:
    (tmp_path / "kept.txt").write_text("a secret")
    assert call("peek", str(given / "a.txt")).text == "what was given"
    for path in (tmp_path / "kept.txt", Path.home() / ".profile"):
        told = call("peek", str(path))
        assert told.is_failure
        assert "secret" not in told.text


@sealed
def test_it_changes_only_what_it_may(given: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    called = Called(server_of(given, write=(str(tmp_path / "out"),)))
    try:
        assert called("put", str(tmp_path / "out" / "b.txt")).text == "written"
        assert called("put", str(given / "a.txt")).is_failure
    finally:
        called.connection.stop()
    assert (given / "a.txt").read_text() == "what was given"


@sealed
def test_it_reaches_no_network_unless_that_was_agreed_to(call: Called, given: Path) -> None:
    assert "Permission denied" in call("reach", "9").text
    agreed = Called(server_of(given, network=True))
    try:
        assert "refused" in agreed("reach", "9").text, "it was let through; nobody listens there"
    finally:
        agreed.connection.stop()


def test_its_environment_is_the_declared_one(call: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine")
    told = json.loads(call("environment").text)
    assert told["WORD"] == "declared"
    assert "SECRET_KEY" not in told
    assert told["HOME"] != os.environ.get("HOME")


def test_one_that_ends_fails_in_words_and_starts_again(call: Called, given: Path) -> None:
    assert call("leave").code == ErrorCode.TOOL_SERVER_FAILED
    assert call("peek", str(given / "a.txt")).text == "what was given"


def test_a_call_stopped_while_the_server_starts_is_never_made(given: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    called = Called(server_of(given, write=(str(tmp_path / "out"),)))
    try:
        called.connection.call_tool("put", {"path": str(tmp_path / "out" / "b.txt")}).cancel()
        assert called("peek", str(given / "a.txt")).text == "what was given"
    finally:
        called.connection.stop()
    assert not (tmp_path / "out" / "b.txt").exists()


LEFT = "import sys, time; time.sleep(30); open(sys.argv[1], 'w')"
HOLDER = f"""
import subprocess, sys, time
LEFT = {LEFT!r}
held = subprocess.Popen([sys.executable, "-I", "-c", LEFT, sys.argv[1]],
                        start_new_session=True)
print(held.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sessions of processes")
def test_one_whose_child_left_its_group_and_holds_its_output_is_ended(tmp_path: Path) -> None:
    command = (os.path.realpath(sys.executable), "-I", "-c", HOLDER, str(tmp_path / "end"))
    woken = threading.Event()
    process = LineProcess(
        StartProgram(
            command=command,
            environment={},
            read=(sys.prefix, sys.base_prefix),
            write=(str(tmp_path),),
            unsealed=not can_seal_programs(),
        ),
        woken.set,
    )
    assert woken.wait(60)
    (line,) = process.take_lines()
    assert line is not None
    process.stop()
    os.kill(int(line), _SIGKILL)
    assert not (tmp_path / "end").exists(), "nobody waited for the end of what left"


def test_the_line_that_tells_why_it_ended_is_shown() -> None:
    said = "ModuleNotFoundError: No module named 'encodings'\n\nThread:\n  <no Python frame>"
    command = ("/bin/sh", "-c", f'printf "%s\\n" "{said}" >&2; exit 1')
    failed = Called(ToolServer(name="x", command=command, unsealed=True))("peek")
    assert failed.facts["detail"] == "ModuleNotFoundError: No module named 'encodings'"


def test_a_program_that_is_no_server_is_not_added(tmp_path: Path) -> None:
    called = Called(ToolServer(name="x", command=("/bin/false",), unsealed=True))
    assert called("peek").code == ErrorCode.TOOL_SERVER_FAILED


def test_a_server_is_added_with_its_tools_called_and_forgotten(given: Path, tmp_path: Path) -> None:
    waker = Waker()
    paths = prepare_root(tmp_path)
    app: App = FakeChildren().make_app(paths, waker.woken.set)
    app.open_root()
    try:
        server = app.tools.check_server(server_of(given))
        added = waker.wait_for(app.tools.add_server(server), app.process_events)
        assert [tool.name for tool in added.tools][:2] == ["peek", "put"]
        tool = app.tools.find_tool(offered_name("desk", "peek"))
        assert not app.tools.is_allowed(tool, "chat")
        called = app.tools.call_tool(tool, {"path": str(given / "a.txt")}, _request())
        assert waker.wait_for(called, app.process_events).text == "what was given"
        app.tools.remember_decision(tool, "chat", CallDecision.CHAT)
        assert app.tools.is_allowed(tool, "chat")
        with pytest.raises(ModelError) as caught:
            app.tools.check_server(server_of(given))
        assert caught.value.code == ErrorCode.TOOL_SERVER_NAME
        app.tools.remove_server("desk")
        with pytest.raises(ModelError) as caught:
            app.tools.find_tool("desk_peek")
        assert caught.value.code == ErrorCode.TOOL_UNKNOWN
        late = app.tools.call_tool(tool, {"path": str(given / "a.txt")}, _request())
        assert waker.wait_for(late, app.process_events).is_failure
        assert not app.tools.is_allowed(tool, "chat"), "the next of this name is another one"
    finally:
        app.close()


def _request() -> AnswerRequest:
    chat = Conversation(chat_id="c", title="", created=0, updated=0, turns={})
    return AnswerRequest(
        conversation=chat,
        text="",
        folder_ids=(),
        folder_names={},
        model="m",
        model_path="/m",
        sampling=Sampling(),
        max_tokens=1,
    )
