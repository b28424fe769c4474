"""Server of the Model Context Protocol over standard input and output.

It holds no data and opens no socket: each request is a command of its own (`inglenook mcp call`),
run by the process that has the data open, or alone. Messages are those of the package `mcp`; its
own server isn't used, since an event loop needs a pair of sockets, on Windows of the internet kind.
"""

import contextlib
import importlib.metadata
import json
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from mcp import types
from mcp.shared.version import SUPPORTED_PROTOCOL_VERSIONS
from pydantic import AnyUrl, BaseModel, ValidationError

from core.cli.console import PROGRAM
from core.cli.mcp.mcp_requests import DOCUMENTS, TOOLS, request_description, request_schema
from core.ipc.child_process import console_command

MAX_LINE = 4 * 1024 * 1024
"""Most bytes of a message; a longer one ends the connection."""
MOST_AT_ONCE = 4
"""Requests that are answered side by side; others wait."""
_ADDRESS = f"{PROGRAM}://documents/"
_NOT_FOUND = -32002
"""The protocol's code for a resource that isn't there."""
_INSTRUCTIONS = (
    "Searches and reads folders of documents on the person's own computer, read-only. Use search"
    " to find passages, read_document for their surroundings, ask for an answer with citations by"
    " a local model. Only folders the person has allowed are there."
)
_RequestId: TypeAlias = str | int
_log = logging.getLogger(__name__)


class _RequestFailed(Exception):  # noqa: N818 - what the program is told
    """A request can't be answered; its text is for whoever asked."""

    def __init__(self, message: str, code: int = types.INVALID_PARAMS) -> None:
        super().__init__(message)
        self.code = code


def serve_protocol(root: Path) -> int:
    """Answer until standard input ends, or Ctrl-C; returns the exit code."""
    if sys.stdin is None or sys.stdout is None:
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    calls = CommandCalls([*console_command(), "--root", str(root), "--json", "mcp", "call"])
    server = ProtocolServer(calls, sys.stdout.buffer)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve(sys.stdin.buffer)
    return 0


class CommandCalls:
    """Runs each request as a command. Its methods may be called by any thread."""

    def __init__(self, command: list[str]) -> None:
        """`command` starts one; the name of what is asked follows it."""
        self._command = command
        self._lock = threading.Lock()  # what follows changes together
        self._open: set[_RequestId] = set()
        self._running: dict[_RequestId, subprocess.Popen[bytes]] = {}
        self._cancelled: set[_RequestId] = set()

    @property
    def open_count(self) -> int:
        """How many requests something is known of."""
        return len(self._open | self._cancelled | self._running.keys())

    def open_request(self, request_id: _RequestId) -> None:
        """Somebody waits for a request's result from now on."""
        with self._lock:
            self._open.add(request_id)

    def close_request(self, request_id: _RequestId) -> bool:
        """Forget a request that has ended; returns whether its result is still waited for."""
        with self._lock:
            self._open.discard(request_id)
            was_cancelled = request_id in self._cancelled
            self._cancelled.discard(request_id)
        return not was_cancelled

    def run(self, request_id: _RequestId, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return what the command prints. Raises _RequestFailed with its sentences."""
        if self.is_cancelled(request_id):
            raise _RequestFailed("cancelled")
        process = subprocess.Popen(
            [*self._command, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        with self._lock:
            self._running[request_id] = process
            if request_id in self._cancelled:  # while it was started
                process.terminate()
        try:
            printed, _errors = process.communicate(json.dumps(arguments).encode())
        finally:
            with self._lock:
                del self._running[request_id]
        lines = printed.splitlines()
        fields: dict[str, Any] = json.loads(lines[-1]) if lines else {"event": "error"}
        if process.returncode or fields.get("event") == "error":
            sentences = [fields.get("message", "It failed."), fields.get("hint", "")]
            raise _RequestFailed(" ".join(filter(None, sentences)))
        return fields

    def cancel(self, request_id: _RequestId) -> None:
        """End an open request's command; it isn't begun if it hasn't been."""
        with self._lock:
            if request_id not in self._open:
                return
            self._cancelled.add(request_id)
            if process := self._running.get(request_id):
                process.terminate()

    def cancel_all(self) -> None:
        """End the commands of all open requests."""
        with self._lock:
            still_open = tuple(self._open)
        for request_id in still_open:
            self.cancel(request_id)

    def is_cancelled(self, request_id: _RequestId) -> bool:
        """Whether nobody waits for a request's result."""
        return request_id in self._cancelled


class ProtocolServer:
    """Answers the messages of one program. Lists and greetings at once, the rest on threads."""

    def __init__(self, calls: CommandCalls, out: BinaryIO) -> None:
        self._calls = calls
        self._out = out
        self._write_lock = threading.Lock()  # one message at a time on `_out`
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="mcp-request")

    def serve(self, lines: BinaryIO) -> None:
        """Read messages until their end; what is still being answered then is given up."""
        try:
            while (line := lines.readline(MAX_LINE)).endswith(b"\n"):
                if line.strip():
                    self._receive(line)
        finally:
            self._calls.cancel_all()
            self._threads.shutdown(cancel_futures=True)

    def _receive(self, line: bytes) -> None:
        try:
            message = types.JSONRPCMessage.model_validate_json(line).root
        except ValidationError:
            self._write({"id": None}, types.ErrorData(code=types.PARSE_ERROR, message="No message"))
            return
        if isinstance(message, types.JSONRPCRequest):
            self._begin(message)
        elif isinstance(message, types.JSONRPCNotification):
            self._take_note(message)

    def _take_note(self, message: types.JSONRPCNotification) -> None:
        request_id = (message.params or {}).get("requestId")
        is_cancelled = message.method == "notifications/cancelled"
        if is_cancelled and isinstance(request_id, str | int):
            self._calls.cancel(request_id)

    def _begin(self, message: types.JSONRPCRequest) -> None:
        try:
            request = types.ClientRequest.model_validate(
                {"method": message.method, "params": message.params}
                if message.params is not None
                else {"method": message.method}
            ).root
        except ValidationError:
            known = message.method in _METHODS
            code = types.INVALID_PARAMS if known else types.METHOD_NOT_FOUND
            error = types.ErrorData(code=code, message=f"{message.method} can't be answered")
            self._write({"id": message.id}, error)
            return
        answer = _METHODS.get(message.method)
        if answer is None:
            error = types.ErrorData(code=types.METHOD_NOT_FOUND, message=message.method)
            self._write({"id": message.id}, error)
        elif message.method in _AT_ONCE:
            self._answer(message.id, lambda: answer(self._calls, message.id, request))
        else:
            self._calls.open_request(message.id)
            self._threads.submit(
                self._answer, message.id, lambda: answer(self._calls, message.id, request)
            )

    def _answer(self, request_id: _RequestId, answer: Callable[[], BaseModel]) -> None:
        result: BaseModel
        try:
            result = answer()
        except _RequestFailed as error:
            result = types.ErrorData(code=error.code, message=str(error))
        except Exception:  # noqa: BLE001 - the outermost place of a thread
            _log.exception("a request failed")
            result = types.ErrorData(code=types.INTERNAL_ERROR, message="It failed.")
        if self._calls.close_request(request_id):
            self._write({"id": request_id}, result)

    def _write(self, fields: dict[str, Any], result: BaseModel) -> None:
        name = "error" if isinstance(result, types.ErrorData) else "result"
        fields = {"jsonrpc": "2.0", **fields, name: _plain(result)}
        with self._write_lock, contextlib.suppress(OSError, ValueError):  # nobody reads it
            self._out.write(json.dumps(fields).encode() + b"\n")
            self._out.flush()


def _plain(result: BaseModel) -> dict[str, Any]:
    return result.model_dump(mode="json", by_alias=True, exclude_none=True)


def _initialize(_calls: CommandCalls, _id: _RequestId, request: Any) -> BaseModel:  # noqa: ANN401 - of its method's type
    wanted = request.params.protocolVersion
    is_known = wanted in SUPPORTED_PROTOCOL_VERSIONS
    return types.InitializeResult(
        protocolVersion=wanted if is_known else types.LATEST_PROTOCOL_VERSION,
        capabilities=types.ServerCapabilities(
            tools=types.ToolsCapability(listChanged=False),
            resources=types.ResourcesCapability(subscribe=False, listChanged=False),
        ),
        serverInfo=types.Implementation(name=PROGRAM, version=_version()),
        instructions=_INSTRUCTIONS,
    )


def _version() -> str:
    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return "0"


def _ping(_calls: CommandCalls, _id: _RequestId, _request: Any) -> BaseModel:  # noqa: ANN401
    return types.EmptyResult()


def _list_tools(_calls: CommandCalls, _id: _RequestId, _request: Any) -> BaseModel:  # noqa: ANN401
    hints = types.ToolAnnotations(readOnlyHint=True, openWorldHint=False)
    return types.ListToolsResult(
        tools=[
            types.Tool(
                name=name,
                description=request_description(kind),
                inputSchema=request_schema(kind),
                annotations=hints,
            )
            for name, kind in TOOLS.items()
        ]
    )


def _call_tool(calls: CommandCalls, request_id: _RequestId, request: Any) -> BaseModel:  # noqa: ANN401
    """Answer a tool call; what goes wrong in it is a result, so that the model reads it."""
    name = request.params.name
    if name not in TOOLS:
        raise _RequestFailed(f"There is no tool {name}.")
    try:
        fields = calls.run(request_id, name, request.params.arguments or {})
    except _RequestFailed as error:
        text = types.TextContent(type="text", text=str(error))
        return types.CallToolResult(content=[text], isError=True)
    text = types.TextContent(type="text", text=json.dumps(fields, ensure_ascii=False))
    return types.CallToolResult(content=[text], structuredContent=fields)


def _list_resources(calls: CommandCalls, request_id: _RequestId, _request: Any) -> BaseModel:  # noqa: ANN401
    listed = calls.run(request_id, DOCUMENTS, {})["documents"]
    return types.ListResourcesResult(
        resources=[
            types.Resource(
                uri=AnyUrl(f"{_ADDRESS}{quote(each['folder'], safe='')}/{quote(each['file'])}"),
                name=each["file"],
                title=f"{each['folder']}: {each['file']}",
                mimeType="text/plain",
            )
            for each in listed
        ]
    )


def _list_templates(_calls: CommandCalls, _id: _RequestId, _request: Any) -> BaseModel:  # noqa: ANN401
    template = types.ResourceTemplate(
        uriTemplate=f"{_ADDRESS}{{folder}}/{{+file}}", name="document", mimeType="text/plain"
    )
    return types.ListResourceTemplatesResult(resourceTemplates=[template])


def _read_resource(calls: CommandCalls, request_id: _RequestId, request: Any) -> BaseModel:  # noqa: ANN401
    """Return the text of a document, part after part."""
    uri = str(request.params.uri)
    folder, slash, file = urlsplit(uri).path.removeprefix("/").partition("/")
    if not uri.startswith(_ADDRESS) or not slash:
        raise _RequestFailed(f"There is no resource {uri}.", _NOT_FOUND)
    asked: dict[str, Any] = {"folder": unquote(folder), "file": unquote(file), "first": 1}
    text = ""
    while asked["first"]:
        try:
            read = calls.run(request_id, "read_document", asked)
        except _RequestFailed as error:
            raise _RequestFailed(str(error), _NOT_FOUND) from error
        for page in read["pages"]:
            between = "" if not text or page.get("continues") else "\n\n"
            text += between + page["text"]
        asked["first"] = read["next"]
    content = types.TextResourceContents(uri=request.params.uri, mimeType="text/plain", text=text)
    return types.ReadResourceResult(contents=[content])


_METHODS: dict[str, Callable[[CommandCalls, _RequestId, Any], BaseModel]] = {
    "initialize": _initialize,
    "ping": _ping,
    "tools/list": _list_tools,
    "tools/call": _call_tool,
    "resources/list": _list_resources,
    "resources/templates/list": _list_templates,
    "resources/read": _read_resource,
}
_AT_ONCE = frozenset({"initialize", "ping", "tools/list", "resources/templates/list"})
