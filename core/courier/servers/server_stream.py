"""Answer stream of an OpenAI-compatible server: text, thinking, end reason, token usage."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import msgspec

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.host_address import HostAddress
from core.courier.connection.http_connections import limit_size

LONGEST_MESSAGE = 300
"""Characters of a server's own error message that are shown."""
MAX_ERROR_BYTES = 1024 * 1024
"""Bytes of an error response that are read."""
MAX_TOKEN_COUNT = 1 << 40
"""Tokens; a larger count of a server is not believed."""
_OPEN, _CLOSE = "<think>", "</think>"


class TokenUsage(msgspec.Struct, frozen=True, kw_only=True):
    """Token counts of an answer, as the server reports them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0


class StreamPiece(msgspec.Struct, frozen=True, kw_only=True):
    """The content of one event; `stop` is why the answer ended, "" before the end."""

    text: str
    thought: str
    stop: str
    usage: TokenUsage | None


def read_stream(response: httpx2.Response, address: HostAddress) -> Iterator[StreamPiece]:
    """Yield pieces until the server ends its answer. Raises NetworkError if it doesn't."""
    splitter = _ThoughtSplitter()
    has_ended = False
    for event in _events(response, address):
        if event.data.strip() == "[DONE]":
            return
        try:
            content = msgspec.json.decode(event.data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise _nonsense(address, _("with something else than JSON")) from error
        piece = _piece(content, address, splitter)
        has_ended = has_ended or bool(piece.stop)
        yield piece
    if not has_ended:
        raise NetworkError(ErrorCode.SERVER_CUT, host=address.name)


def _events(response: httpx2.Response, address: HostAddress) -> Iterator[httpx2.ServerSentEvent]:
    try:
        yield from httpx2.EventSource(response)
    except httpx2.SSEError as error:
        raise _nonsense(address, _("with far too much")) from error


def error_from_response(response: httpx2.Response, address: HostAddress) -> NetworkError:
    """Return the error for a response that is no success; reads the rest of it."""
    status = response.status_code
    limit_size(response, MAX_ERROR_BYTES)
    message = _server_message(response.read())
    if status == httpx2.codes.UNAUTHORIZED:
        return NetworkError(ErrorCode.SERVER_KEY, host=address.name)
    if message:
        return NetworkError(ErrorCode.SERVER_SAYS, host=address.name, detail=message)
    code = ErrorCode.HOST_TROUBLE if status >= 500 or status == 429 else ErrorCode.HOST_REFUSES
    return NetworkError(code, host=address.name, status=str(status))


def _piece(content: Any, address: HostAddress, splitter: "_ThoughtSplitter") -> StreamPiece:  # noqa: ANN401 - a server's JSON
    if not isinstance(content, dict):
        raise _nonsense(address, _("with JSON of another shape"))
    if error := content.get("error"):
        detail = _message_of(error)
        raise NetworkError(ErrorCode.SERVER_SAYS, host=address.name, detail=detail)
    choices: Any = content.get("choices") or ({},)
    choice = choices[0] if isinstance(choices, list | tuple) else {}
    choice = choice if isinstance(choice, dict) else {}
    delta = choice.get("delta")
    delta = delta if isinstance(delta, dict) else {}
    thought = _text(delta, "reasoning_content") or _text(delta, "reasoning")
    inside, text = splitter.split(_text(delta, "content"))
    reason = choice.get("finish_reason")
    stop = {"stop": "eos", "length": "length", "None": ""}.get(str(reason), "stop")
    return StreamPiece(
        text=text, thought=thought + inside, stop=stop, usage=_usage(content.get("usage"))
    )


def _usage(raw: Any) -> TokenUsage | None:  # noqa: ANN401 - a server's JSON
    if not isinstance(raw, dict):
        return None
    details = raw.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return TokenUsage(
        prompt_tokens=_number(raw.get("prompt_tokens")),
        completion_tokens=_number(raw.get("completion_tokens")),
        cached_tokens=_number(cached),
    )


def _server_message(body: bytes) -> str:
    """Return the error message in a JSON body, "" for another body."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return _message_of(content.get("error", content)) if isinstance(content, dict) else ""


def _message_of(error: Any) -> str:  # noqa: ANN401 - a server's JSON
    text = error.get("message", "") if isinstance(error, dict) else error
    message = re.sub(r"\s+", " ", str(text)).strip().rstrip(".")
    return message[:LONGEST_MESSAGE] or _("it doesn't say why")


def _nonsense(address: HostAddress, detail: str) -> NetworkError:
    return NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail)


def _text(delta: dict[str, Any], name: str) -> str:
    value = delta.get(name)
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:  # noqa: ANN401 - a server's JSON
    return value if isinstance(value, int) and 0 <= value <= MAX_TOKEN_COUNT else 0


class EchoFilter:
    """Removes the start of a continued answer from its continuation: llama-server repeats it."""

    def __init__(self, begun: str) -> None:
        self._begun = begun
        self._held = ""

    def remove_echo(self, text: str) -> str:
        """Return the new part of the next piece."""
        if not self._begun:
            return text
        self._held += text
        if self._begun.startswith(self._held) and self._held != self._begun:
            return ""
        new = self._held.removeprefix(self._begun)
        self._begun = self._held = ""
        return new

    def remaining_text(self) -> str:
        """Return the text held back at the end: it only started like the echo."""
        held, self._held = self._held, ""
        return held


class _ThoughtSplitter:
    """Splits thinking from answer where a server leaves the tags of a reasoning model in the text.

    Only an answer that starts with the tag has thinking; a tag may come in several pieces.
    """

    def __init__(self) -> None:
        self._state = "before"
        self._held = ""

    def split(self, text: str) -> tuple[str, str]:
        """Return the thinking and the answer in the next piece."""
        if self._state == "answer" or not text:
            return "", text
        self._held += text
        if self._state == "before":
            begins = self._held.lstrip()
            if not begins.startswith(_OPEN):
                if _OPEN.startswith(begins):
                    return "", ""  # it may still become the tag
                self._state = "answer"
                return "", self._take_held()
            self._state, self._held = "thought", begins.removeprefix(_OPEN).lstrip("\n")
        thought, tag, answer = self._held.partition(_CLOSE)
        if tag:
            self._state, self._held = "answer", ""
            return thought, answer.lstrip("\n")
        kept = _overlap(self._held, _CLOSE)
        thought, self._held = (
            self._held[: len(self._held) - kept],
            self._held[-kept:] if kept else "",
        )
        return thought, ""

    def _take_held(self) -> str:
        held, self._held = self._held, ""
        return held


def _overlap(text: str, tag: str) -> int:
    """Return how many characters at the end of `text` may be the start of `tag`."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
