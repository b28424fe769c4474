"""Listener: the only internet sockets that are listened on, and the server's loop behind them.

The stack is starlette's router over uvicorn with h11. Both are kept by many, pure Python, and
uvicorn with h11 is in every build already, because Chroma brings it. Faster ones (granian,
httptools) are native code that would parse what strangers send, to save a millisecond of a request
that takes a model seconds. What uvicorn lacks is added here: a client that sends its head slowly is
closed, and connections are counted.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import h11
import msgspec
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.api.access_check import MAX_HEAD
from core.api.api_errors import ApiError, error_object, form_of_path
from core.base.errors import ErrorCode, NetworkError

LOOPBACK, LOOPBACK6 = "127.0.0.1", "::1"
HEAD_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 30
MAX_CONNECTIONS = 128
BACKLOG = 64

_log = logging.getLogger(__name__)


class _LoopbackProtocol(H11Protocol):
    """HTTP/1.1 on one connection, whose heads must come in time."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with an error object; nothing, if an answer is on its way."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        form = form_of_path(str(self.scope["path"]) if self.scope else "")
        body = msgspec.json.encode(error_object(ApiError(400, msg), form))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        head = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch_head(self) -> None:
        """Run the timer while no request is being answered; further bytes don't renew it."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()
        elif self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class Listener:
    """Sockets on loopback, bound when this is made; the loop runs in a thread of its own."""

    def __init__(self, port: int, *, version6: bool) -> None:
        """Raise NetworkError(API_PORT) if the port is taken."""
        self._sockets = _bind(port, version6=version6)
        self.port: int = self._sockets[0].getsockname()[1]
        # Made before the network is locked: on Windows a loop connects to itself.
        self._loop = asyncio.new_event_loop()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """What other programs connect to."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self, application: Any) -> None:  # noqa: ANN401 - an ASGI application
        """Answer from now on."""
        config = Config(
            application,
            loop="none",
            http=_LoopbackProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            h11_max_incomplete_event_size=MAX_HEAD,
            timeout_graceful_shutdown=1,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
        self._server = Server(config)
        self._thread = threading.Thread(target=self._run, name="api-loop", daemon=True)
        self._thread.start()

    def call_soon(self, function: Callable[..., object], *arguments: object) -> None:
        """Call a function in the loop's thread; any thread may ask."""
        self._loop.call_soon_threadsafe(function, *arguments)

    def _run(self) -> None:
        assert self._server is not None
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve(sockets=self._sockets))


def _bind(port: int, *, version6: bool) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    families = [(socket.AF_INET, LOOPBACK)] + ([(socket.AF_INET6, LOOPBACK6)] if version6 else [])
    try:
        for family, address in families:
            bound = sockets[0].getsockname()[1] if sockets else port
            sockets.append(_bind_one(family, address, bound))
    except OSError as error:
        for each in sockets:
            each.close()
        detail = error.strerror or type(error).__name__
        raise NetworkError(ErrorCode.API_PORT, port=str(port), detail=detail) from error
    return sockets


def _bind_one(family: int, address: str, port: int) -> socket.socket:
    # With the protocol named, asyncio sends at once: else each answer waits 40 ms for an ACK.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None):  # Windows: else it is shared
            made.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(BACKLOG)
        made.setblocking(False)  # noqa: FBT003 - a C call
    except OSError:
        made.close()
        raise
    return made
