"""Answer stream of an OpenAI-compatible server: pieces of text and thought, end, token usage."""

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
"""Letters of a server's own error that are shown."""
MOST_REFUSAL = 1024 * 1024
"""Bytes of an error's page that are read."""
MOST_COUNTED = 1 << 40
"""A server that counts more tokens than this counts wrongly."""
_OPEN, _CLOSE = "<think>", "</think>"


class TokenUsage(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of an answer, as the server counts."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0


class StreamPiece(msgspec.Struct, frozen=True, kw_only=True):
    """What one event brought; `stop` is set at the end, as the engine says it."""

    text: str = ""
    thought: str = ""
    stop: str = ""
    usage: TokenUsage | None = None


def read_stream(response: httpx2.Response, address: HostAddress) -> Iterator[StreamPiece]:
    """Yield what comes until the server says that it is done. Raises NetworkError if it doesn't."""
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
    """Say in our words what a server answers instead; reads the rest of it."""
    status = response.status_code
    limit_size(response, MOST_REFUSAL)
    words = _own_words(response.read())
    if status == httpx2.codes.UNAUTHORIZED:
        return NetworkError(ErrorCode.SERVER_KEY, host=address.name)
    if words:
        return NetworkError(ErrorCode.SERVER_SAYS, host=address.name, detail=words)
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


def _own_words(body: bytes) -> str:
    """Return the message of an error that a server sends as JSON, "" for a web page."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return _message_of(content.get("error", content)) if isinstance(content, dict) else ""


def _message_of(error: Any) -> str:  # noqa: ANN401 - a server's JSON
    text = error.get("message", "") if isinstance(error, dict) else error
    words = re.sub(r"\s+", " ", str(text)).strip().rstrip(".")
    return words[:LONGEST_MESSAGE] or _("it doesn't say why")


def _nonsense(address: HostAddress, detail: str) -> NetworkError:
    return NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail)


def _text(delta: dict[str, Any], name: str) -> str:
    value = delta.get(name)
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:  # noqa: ANN401 - a server's JSON
    return value if isinstance(value, int) and 0 <= value <= MOST_COUNTED else 0


class EchoFilter:
    """Takes an answer that was begun out of its continuation: llama-server says it once more."""

    def __init__(self, begun: str) -> None:
        self._begun = begun
        self._held = ""

    def remove_echo(self, text: str) -> str:
        """Return what of the next piece is new."""
        if not self._begun:
            return text
        self._held += text
        if self._begun.startswith(self._held) and self._held != self._begun:
            return ""
        new = self._held.removeprefix(self._begun)
        self._begun = self._held = ""
        return new

    def remaining_text(self) -> str:
        """Return what was held back at the end: it only began like the echo."""
        held, self._held = self._held, ""
        return held


class _ThoughtSplitter:
    """Tells thought from answer where a server leaves the marks of a reasoning model in the text.

    Only an answer that begins with the mark has thoughts; a mark may come in several pieces.
    """

    def __init__(self) -> None:
        self._state = "before"
        self._held = ""

    def split(self, text: str) -> tuple[str, str]:
        """Return what of the next piece is thought, and what is answer."""
        if self._state == "answer" or not text:
            return "", text
        self._held += text
        if self._state == "before":
            begins = self._held.lstrip()
            if not begins.startswith(_OPEN):
                if _OPEN.startswith(begins):
                    return "", ""  # it may still become the mark
                self._state = "answer"
                return "", self._taken()
            self._state, self._held = "thought", begins.removeprefix(_OPEN).lstrip("\n")
        thought, mark, answer = self._held.partition(_CLOSE)
        if mark:
            self._state, self._held = "answer", ""
            return thought, answer.lstrip("\n")
        kept = _overlap(self._held, _CLOSE)
        thought, self._held = (
            self._held[: len(self._held) - kept],
            self._held[-kept:] if kept else "",
        )
        return thought, ""

    def _taken(self) -> str:
        held, self._held = self._held, ""
        return held


def _overlap(text: str, mark: str) -> int:
    """Return how many letters at the end of `text` may be the beginning of `mark`."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
