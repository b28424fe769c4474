"""Access check of every request: host, origin, token, kind of content; nothing is read before.

Pages in a browser are kept out thrice: their Origin must be one that the person named, a name
that was rebound to loopback is no Host of ours, and without the token nothing is answered.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from core.api.accepted_tokens import AcceptedTokens
from core.api.api_errors import ApiError
from core.messages import AcceptedToken

MAX_HEAD = 32 << 10
"""Bytes of all headers and the path."""
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_ALLOWED_METHODS = "GET, POST, DELETE, OPTIONS"
_USUAL_HEADERS = (
    "authorization",
    "content-type",
    "x-api-key",
    "anthropic-version",
    "anthropic-beta",
)
_HEADER_NAME = re.compile(r"[a-z0-9-]{1,60}")


class AccessCheck:
    """What every request must pass. `origins` are pages' that the person named in the settings."""

    def __init__(self, tokens: AcceptedTokens, port: int, origins: tuple[str, ...]) -> None:
        self._tokens = tokens
        self._port = port
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    @staticmethod
    def check_head(headers: Headers, path: bytes) -> None:
        """Raise ApiError for a head that is too long; what comes at once h11 does not measure."""
        if len(path) + sum(len(name) + len(value) for name, value in headers.raw) > MAX_HEAD:
            raise ApiError(431, f"The head is longer than {MAX_HEAD} bytes.")

    def check_host(self, headers: Headers) -> None:
        """Raise ApiError unless the request names this machine and port, once."""
        names = headers.getlist("host")
        try:
            parts = urlsplit(f"//{names[0]}")
            is_ours = (
                len(names) == 1
                and (parts.hostname or "") in LOCAL_NAMES
                and (parts.port or 80) == self._port
                and not parts.path
                and "@" not in parts.netloc
            )
        except (ValueError, IndexError):
            is_ours = False
        if not is_ours:
            raise ApiError(403, "The Host of the request is not this server.", code="host_refused")

    def check_origin(self, headers: Headers) -> str:
        """Return the origin of a page that may ask, "" without one. Raises ApiError."""
        origins = headers.getlist("origin")
        if not origins:
            return ""
        if len(origins) > 1 or origins[0].lower() not in self._origins:
            raise ApiError(403, "Pages of this origin may not ask.", code="origin_refused")
        return origins[0]

    def check_token(self, headers: Headers) -> AcceptedToken:
        """Return the token of the request. Raises ApiError."""
        kind, _space, bearer = headers.get("authorization", "").partition(" ")
        presented = bearer.strip() if kind.lower() == "bearer" else headers.get("x-api-key", "")
        token = self._tokens.find_token(presented)
        if token is None:
            raise ApiError(
                401,
                "The token is missing or wrong. “inglenook serve token” shows the right one.",
                code="invalid_api_key",
            )
        return token

    @staticmethod
    def check_content(method: str, headers: Headers) -> None:
        """Raise ApiError for a body that is no JSON, as of a page's form, or of unclear length."""
        kinds = headers.getlist("content-type")
        kind = kinds[0].partition(";")[0].strip().lower() if len(kinds) == 1 else ""
        if method in {"POST", "PUT", "PATCH"} and kind != "application/json":
            raise ApiError(415, "Content-Type must be application/json.")
        if "transfer-encoding" in headers and "content-length" in headers:
            raise ApiError(400, "The body's length is said in two ways.")
        if headers.get("content-encoding", "identity") != "identity":
            raise ApiError(415, "The body must not be compressed.")


def origin_headers(origin: str) -> list[tuple[bytes, bytes]]:
    """Return what lets the page of an allowed origin read an answer."""
    if not origin:
        return []
    return _encoded({"access-control-allow-origin": origin, "vary": "Origin"})


def preflight_headers(origin: str, asked: Headers) -> list[tuple[bytes, bytes]]:
    """Return what lets the page of an allowed origin ask.

    It may send any header by a plain name: clients of OpenAI and Anthropic tell the version of
    themselves and of the browser in a dozen of them.
    """
    wanted = asked.get("access-control-request-headers", "").replace(",", " ").lower().split()
    names = [name for name in wanted if _HEADER_NAME.fullmatch(name)]
    headers = {
        "access-control-allow-methods": _ALLOWED_METHODS,
        "access-control-allow-headers": ", ".join(dict.fromkeys([*_USUAL_HEADERS, *names])),
        "access-control-max-age": "600",
    }
    if asked.get("access-control-request-private-network") == "true":
        headers["access-control-allow-private-network"] = "true"
    return [*origin_headers(origin), *_encoded(headers)]


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
