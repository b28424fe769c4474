"""Tool server: one MCP server of the person's own, as it was agreed to and as it is spoken to."""

import json
import re
import time
from collections.abc import Callable
from typing import Any, Never

from msgspec import Struct

from core.base.clock import Clock
from core.base.error_codes import ErrorCode
from core.base.i18n import ngettext
from core.chat.tools.tool_box import OfferedTool, ToolResult
from core.ipc.line_process import MAX_LINE, LineProcess
from core.ipc.reply import Reply
from core.messages import Failed, StartProgram

PROTOCOL_VERSION = "2025-06-18"
START_SECONDS = 60.0
"""Seconds that a server has until it has said hello, and then until it has named its tools."""
MAX_GARBAGE = 64 * 1024 * 1024
"""Bytes of lines that are no messages, one after the other; a server that sends more is ended."""
MAX_TOOLS, MAX_DESCRIPTION, MAX_SCHEMA = 64, 1_000, 8_000
"""Bounds of what a model is told: tools of a server, letters of a description and of a schema."""
_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_TELLING = re.compile(r"error|denied|not found|no such|can't|cannot|refused", re.IGNORECASE)
_METHOD_MISSING = -32601


class RemoteTool(Struct, frozen=True, kw_only=True):
    """A tool as its server describes it."""

    name: str
    description: str
    parameters: dict[str, Any]


class ToolListing(Struct, frozen=True, kw_only=True):
    """The tools of a server that can be offered, and how many can't: too many, or of one name."""

    tools: tuple[RemoteTool, ...]
    left_out: int


class ToolServer(Struct, frozen=True, kw_only=True):
    """A server and what the person agreed to: its program, variables, folders, the network."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = {}
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    network: bool = False
    unsealed: bool = False
    tools: tuple[RemoteTool, ...] = ()
    """Its tools, as it named them when it was added."""
    left_out: int = 0
    """How many more it named."""

    def offered_tools(self) -> tuple[OfferedTool, ...]:
        """Return its tools as models know them: with its name before theirs."""
        return tuple(
            OfferedTool(
                name=offered_name(self.name, tool.name),
                description=tool.description,
                parameters=tool.parameters or {"type": "object"},
                server=self.name,
            )
            for tool in self.tools
        )


def offered_name(server: str, tool: str) -> str:
    """Return the name by which models call a tool of a server."""
    return _NAME.sub("_", f"{server}_{tool}")[:64]


def format_left_out(count: int) -> str:
    """Return how many tools of a server can't be offered, and why."""
    return ngettext(
        "{count} more tool is left out: a server may have {most}, each with a name of its own.",
        "{count} more tools are left out: a server may have {most}, each with a name of its own.",
        count,
    ).format(count=count, most=MAX_TOOLS)


class ToolServerConnection:
    """Speaks to one server, which is started by the first request. One thread owns it."""

    def __init__(
        self,
        server: ToolServer,
        wake: Callable[[], None],
        clock: Clock = time.monotonic,
        *,
        hidden: tuple[str, ...],
    ) -> None:
        self._server = server
        self._wake = wake
        self._clock = clock
        self._hidden = hidden
        self._process: LineProcess | None = None
        self._deadline = 0.0
        self._is_ready = False
        self._garbage = 0
        self._listing = 0  # the request for its tools that is on its way
        self._last_id = 0
        self._pending: dict[int, Reply[Never, dict[str, Any]]] = {}
        self._queued: dict[int, bytes] = {}  # requests that wait for its hello

    @property
    def pid(self) -> int | None:
        """The process id of the server, None while it doesn't run."""
        return self._process.pid if self._process else None

    def list_tools(self) -> Reply[Never, ToolListing]:
        """Ask what it offers."""
        reply = self._request("tools/list", {})
        self._listing = self._last_id
        self._deadline = self._clock() + START_SECONDS
        return reply.convert(self._read_tools)

    def call_tool(self, tool: str, arguments: dict[str, Any]) -> Reply[Never, ToolResult]:
        """Have it call a tool; a tool that fails is a result, a server that ends is a failure."""
        return self._request("tools/call", {"name": tool, "arguments": arguments}).convert(
            _read_result
        )

    def poll(self) -> None:
        """Deliver what has come."""
        process = self._process
        if process is None:
            return
        for line in process.take_lines():
            if line is None:
                too_long = f"it sent a line of more than {MAX_LINE >> 20} MB"
                ended = _telling_line(process.last_errors)
                self._fail([too_long if process.has_long_line else ended])
                return
            self._receive(line)
        is_awaited = not self._is_ready or self._listing in self._pending
        if is_awaited and self._clock() >= self._deadline:
            self._fail(["it takes too long"])
        elif self._garbage > MAX_GARBAGE:
            self._fail(["it sends what is no message"])

    def stop(self) -> None:
        """End the server; what is pending fails."""
        if self._process is not None:
            self._fail(["it was ended"])

    def _request(self, method: str, parameters: dict[str, Any]) -> Reply[Never, dict[str, Any]]:
        if self._process is None and not self._start():
            reply: Reply[Never, dict[str, Any]] = Reply()
            reply.fail(self._failure("it can't be started"))
            return reply
        number, line = self._numbered(method, parameters)
        reply = Reply(str(number), lambda: self._cancel(number))
        self._pending[number] = reply
        if self._is_ready and self._process is not None:
            self._process.send_line(line)
        else:
            self._queued[number] = line
        return reply

    def _start(self) -> bool:
        server = self._server
        start = StartProgram(
            command=server.command,
            environment=server.environment,
            read=server.read,
            write=server.write,
            hidden=self._hidden,
            network=server.network,
            unsealed=server.unsealed,
        )
        try:
            self._process = LineProcess(start, self._wake)
        except OSError:
            return False
        self._is_ready = False
        self._garbage = 0
        self._deadline = self._clock() + START_SECONDS
        about = {"name": "inglenook", "version": "1"}
        number, line = self._numbered(
            "initialize",
            {"protocolVersion": PROTOCOL_VERSION, "capabilities": {}, "clientInfo": about},
        )
        hello: Reply[Never, dict[str, Any]] = Reply(str(number))
        hello.on_done(self._on_hello)
        hello.on_error(lambda failed: self._fail([failed.facts.get("detail", "")]))
        self._pending[number] = hello
        self._process.send_line(line)
        return True

    def _on_hello(self, _result: dict[str, Any]) -> None:
        self._is_ready = True
        self._deadline = self._clock() + START_SECONDS
        self._notify("notifications/initialized")
        queued, self._queued = self._queued, {}
        for line in queued.values():
            if self._process is not None:
                self._process.send_line(line)

    def _numbered(self, method: str, parameters: dict[str, Any]) -> tuple[int, bytes]:
        self._last_id += 1
        message = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": parameters}
        return self._last_id, _encoded(message)

    def _notify(self, method: str, **parameters: object) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if self._process is not None:
            self._process.send_line(_encoded(message))

    def _cancel(self, number: int) -> None:
        """Tell the server that nobody waits, if it was asked; the reply fails at once."""
        reply = self._pending.pop(number, None)
        if reply is None:
            return
        if self._queued.pop(number, None) is None:
            self._notify("notifications/cancelled", requestId=number, reason="cancelled")
        reply.fail(self._failure("it was stopped"))

    def _receive(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None  # some servers print words there
        if not isinstance(message, dict):
            self._garbage += len(line)
            return
        self._garbage = 0
        if "method" in message:
            self._answer_server(message)
            return
        number = message.get("id")
        reply = self._pending.pop(number, None) if isinstance(number, int) else None
        if reply is None:
            return
        result = message.get("result")
        if isinstance(result, dict):
            reply.finish(result)
        else:
            error = message.get("error")
            detail = str(error.get("message", "")) if isinstance(error, dict) else ""
            reply.fail(self._failure(detail[:500] or "an error without words"))

    def _read_tools(self, result: dict[str, Any]) -> ToolListing:
        """Return the tools of a list; of two that models would call by one name the first stays."""
        found = _read_tools(result)
        by_name: dict[str, RemoteTool] = {}
        for each in found:
            by_name.setdefault(offered_name(self._server.name, each.name), each)
        kept = tuple(by_name.values())[:MAX_TOOLS]
        return ToolListing(tools=kept, left_out=len(found) - len(kept))

    def _answer_server(self, message: dict[str, Any]) -> None:
        """Answer what the server asks: it is there, and does nothing for it."""
        if "id" not in message:
            return
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": message["id"]}
        if message["method"] == "ping":
            answer["result"] = {}
        else:
            answer["error"] = {"code": _METHOD_MISSING, "message": "not offered"}
        if self._process is not None:
            self._process.send_line(_encoded(answer))

    def _fail(self, details: list[str]) -> None:
        """End the process and all that is pending."""
        process, self._process = self._process, None
        pending, self._pending = self._pending, {}
        self._queued.clear()
        if process is not None:
            process.stop()
        for reply in pending.values():
            reply.fail(self._failure(details[0][:500]))

    def _failure(self, detail: str) -> Failed:
        facts = {"name": self._server.name, "detail": detail}
        return Failed(request_id="", code=ErrorCode.TOOL_SERVER_FAILED, facts=facts)


def _telling_line(errors: str) -> str:
    """Return the last line that tells why a program ended; what follows it is often a trace."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return ([each for each in lines if _TELLING.search(each)] or lines or ["it has ended"])[-1]


def _encoded(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode(errors="replace")


def _read_tools(result: dict[str, Any]) -> list[RemoteTool]:
    """Return the tools of a list; long words are cut."""
    listed = result.get("tools")
    found: list[RemoteTool] = []
    for each in listed if isinstance(listed, list) else []:
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            continue
        schema = each.get("inputSchema")
        is_short = isinstance(schema, dict) and len(json.dumps(schema)) <= MAX_SCHEMA
        found.append(
            RemoteTool(
                name=each["name"],
                description=str(each.get("description") or "")[:MAX_DESCRIPTION],
                parameters=schema if is_short and isinstance(schema, dict) else {},
            )
        )
    return found


def _read_result(result: dict[str, Any]) -> ToolResult:
    """Return what a call returned as text; pictures and the like are only named."""
    content = result.get("content")
    parts = []
    for each in content if isinstance(content, list) else []:
        if isinstance(each, dict):
            kind = str(each.get("type", ""))
            parts.append(str(each.get("text", "")) if kind == "text" else f"[{kind}]")
    text = "\n".join(parts)
    if not text and "structuredContent" in result:
        text = json.dumps(result["structuredContent"], ensure_ascii=False)
    return ToolResult(text=text or "It returned nothing.", is_failure=bool(result.get("isError")))
