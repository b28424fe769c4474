"""API requests: a bounded body becomes a struct, an answer goes out as JSON or as a stream."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import anyio
import msgspec
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from core.api.api_errors import ApiError, ApiForm, error_object, form_of_path
from core.api.application_calls import ApplicationCalls
from core.api.unknown_fields import IGNORED_HEADER, find_unknown_fields
from core.messages import AcceptedToken, FoldersAnswered

MAX_BODY = 32 << 20
"""Bytes; a long chat with a context of a million tokens has 4 MB."""
MAX_DEPTH = 64
BODY_SECONDS = 30.0
SEND_SECONDS = 60.0
"""A client that takes nothing for so long is gone."""

_NO_TEXT = frozenset(
    [
        "image_url",
        "input_image",
        "image",
        "input_audio",
        "file",
        "input_file",
        "document",
        "video_url",
    ]
)
_MOST_INTEGER = 1 << 63
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89abAB]|\\u[dD][c-fC-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")

Body = TypeVar("Body")


class ApiRequest:
    """One request whose token was found, and its answer."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        calls: ApplicationCalls,
        token: AcceptedToken,
    ) -> None:
        self.headers = Headers(scope=scope)
        self.path: str = scope["path"]
        self._query = QueryParams(scope.get("query_string", b""))
        self.path_values: Mapping[str, str] = scope.get("path_params", {})
        self.form: ApiForm = form_of_path(self.path)
        self.calls = calls
        self.token = token
        self.status = 0
        """The status that was sent, 0 before."""
        self.model = ""
        self.folder_answers: dict[int, FoldersAnswered] = {}
        """What stands behind answers from folders, by their numbers."""
        self.ignored_fields: tuple[str, ...] = ()
        """Names of the body's fields that were passed over, as the answer's head tells."""
        self.tokens_read = self.tokens_cached = self.tokens_written = 0
        self._receive = receive
        self._send = send
        self._raw = b""

    @property
    def client(self) -> str:
        """The name that its tokens are counted by."""
        return self.token.name

    @property
    def folders_answered(self) -> FoldersAnswered | None:
        """What stands behind the first answer from folders."""
        return self.folder_answers.get(0)

    def check_scope(self, name: str) -> None:
        """Raise ApiError if the token is not good for this; every one is for nothing ("")."""
        if name and name not in self.token.scopes:
            raise ApiError(403, f"This token is not good for “{name}”.", code="scope_missing")

    async def read_body(self) -> None:
        """Read all of the body. Raises ApiError for one that is too long or comes too slowly."""
        announced = self.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > MAX_BODY:
            raise _too_long()
        parts: list[bytes] = []
        size = 0
        with anyio.move_on_after(BODY_SECONDS) as limit:
            while True:
                message = await self._receive()
                if message["type"] != "http.request":
                    raise ApiError(400, "The request ended in the middle.")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > MAX_BODY:
                    raise _too_long()
                if not message.get("more_body"):
                    break
        if limit.cancelled_caught:
            raise ApiError(408, f"The body did not come within {BODY_SECONDS:g} s.")
        self._raw = b"".join(parts)

    def parse_body(self, kind: type[Body]) -> Body:
        """Return the body as a struct. Raises ApiError that names the field which is wrong."""
        try:
            text = self._raw.decode("utf-8-sig")
            value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite_number)
        except UnicodeDecodeError as error:
            raise ApiError(400, f"The body is no UTF-8: {error.reason}.") from error
        except (ValueError, RecursionError) as error:
            raise ApiError(400, f"The body is no JSON: {error}.") from error
        _check_parts(value)
        if _SURROGATE_ESCAPE.search(self._raw):
            value = _with_whole_letters(value)
        self.ignored_fields = find_unknown_fields(value, kind)
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise _refused_field(str(error)) from error

    def parse_query(self, kind: type[Body]) -> Body:
        """Return the fields behind “?” as a struct. Raises ApiError that names the one at fault."""
        try:
            return msgspec.convert(dict(self._query), kind, strict=False)
        except msgspec.ValidationError as error:
            raise _refused_field(str(error)) from error

    async def wait_for_disconnect(self) -> None:
        """Return when the client has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def send_json(
        self, value: object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with an object."""
        body = msgspec.json.encode(value)
        fields = {"content-length": str(len(body)), **(headers or {})}
        await self._start(status, "application/json", fields)
        await self._write({"type": "http.response.body", "body": body})

    async def send_text(self, text: str) -> None:
        """Answer with plain text."""
        body = text.encode()
        fields = {"content-length": str(len(body))}
        await self._start(200, "text/plain; charset=utf-8", fields)
        await self._write({"type": "http.response.body", "body": body})

    async def send_error(self, error: ApiError, headers: Mapping[str, str] | None = None) -> None:
        """Answer with an error; in a stream that has begun it is the last event."""
        value = error_object(error, self.form)
        if self.status:
            await self.end_stream(self._error_event(value))
            return
        more = {"retry-after": str(error.retry_after)} if error.retry_after else {}
        if error.status in {408, 413, 431}:
            more["connection"] = "close"  # the rest of the body is not read
        await self.send_json(value, error.status, {**(headers or {}), **more})

    async def start_stream(self, content_type: str = "text/event-stream; charset=utf-8") -> None:
        """Begin an answer that comes piece by piece."""
        await self._start(200, content_type, {"cache-control": "no-store"})

    async def send_data(self, value: object, event: str = "") -> None:
        """Send an event of a stream (SSE)."""
        head = f"event: {event}\n".encode() if event else b""
        await self.send_bytes(b"%sdata: %s\n\n" % (head, msgspec.json.encode(value)))

    async def send_line(self, value: object) -> None:
        """Send a line of a stream (NDJSON)."""
        await self.send_bytes(msgspec.json.encode(value) + b"\n")

    async def send_bytes(self, data: bytes) -> None:
        """Send a piece of a stream."""
        await self._write({"type": "http.response.body", "body": data, "more_body": True})

    async def end_stream(self, data: bytes = b"") -> None:
        """Send the last piece of a stream."""
        await self._write({"type": "http.response.body", "body": data})

    def _error_event(self, value: dict[str, object]) -> bytes:
        data = msgspec.json.encode(value)
        if self.form is ApiForm.OLLAMA:
            return data + b"\n"
        return (
            b"event: error\n" if self.form is ApiForm.ANTHROPIC else b""
        ) + b"data: %s\n\n" % data

    async def _start(self, status: int, content_type: str, fields: Mapping[str, str]) -> None:
        self.status = status
        headers = {
            "content-type": content_type,
            "x-content-type-options": "nosniff",
            **fields,
        }
        if self.ignored_fields:
            headers[IGNORED_HEADER] = ", ".join(self.ignored_fields)
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._write({"type": "http.response.start", "status": status, "headers": raw})

    async def _write(self, message: dict[str, Any]) -> None:
        with anyio.fail_after(SEND_SECONDS):
            await self._send(message)


def _too_long() -> ApiError:
    return ApiError(413, f"The body is longer than {MAX_BODY} bytes.")


def _with_whole_letters(value: object) -> object:
    """Replace halves of surrogate pairs: a program has cut a text within an emoji."""
    return json.loads(_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False)))


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def _finite_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text:.20} is too large a number")
    return number


def _check_parts(value: object) -> None:
    """Raise ApiError for what is nested too deep, and for numbers that fit into no field.

    Those stand where anything may: in schemas, metadata and arguments. It does without recursion.
    """
    todo: list[tuple[object, int]] = [(value, 1)]
    while todo:
        each, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise ApiError(400, f"The body is nested deeper than {MAX_DEPTH} levels.")
        if isinstance(each, dict):
            todo += [(part, depth + 1) for part in each.values()]
        elif isinstance(each, list):
            todo += [(part, depth + 1) for part in each]
        elif isinstance(each, int) and not -_MOST_INTEGER <= each < _MOST_INTEGER:
            raise ApiError(400, "A whole number has more than 64 bits.", code="invalid_value")


def _refused_field(text: str) -> ApiError:
    """Return the error for what msgspec says of a body, such as "… - at `$.stop[0]`"."""
    what, _between, place = text.partition(" - at `$")
    parameter = place.rstrip("`").lstrip(".") or None
    kind = what.rpartition(" value '")[2].rstrip("'")
    if parameter and parameter.rpartition(".")[2] == "images":  # Ollama's, which name no kind
        kind = "image"
    if kind in _NO_TEXT:
        return ApiError(
            400,
            f"“{kind}” at “{parameter}” can't be read: models are given text alone here.",
            code="invalid_value",
            parameter=parameter,
        )
    if "unknown field `" in what:
        name = what.split("`")[1]
        path = f"{parameter}.{name}" if parameter else name
        return ApiError(
            400,
            f"Unsupported parameter: “{path}”.",
            code="unsupported_parameter",
            parameter=path,
        )
    if "required field `" in what:
        name = what.split("`")[1]
        parameter = f"{parameter}.{name}" if parameter else name
        return ApiError(
            400,
            f"Missing required parameter: “{parameter}”.",
            code="missing_required_parameter",
            parameter=parameter,
        )
    where = f" for “{parameter}”" if parameter else ""
    return ApiError(
        400, f"Invalid value{where}: {what}.", code="invalid_value", parameter=parameter
    )
