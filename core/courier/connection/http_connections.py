"""HTTP connections of one request: the gate checks them, and each host is logged."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import httpx2

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.contact_log import DONE, FAILED, REFUSED, ContactLog, OpenContact
from core.courier.connection.host_address import HostAddress, parse_link
from core.courier.connection.network_gate import LOCAL_HOSTS, NetworkGate, proxy_for

CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 30.0
"""Seconds of silence after which a connection counts as lost."""
USER_AGENT = "Inglenook"
"""The same for all: it tells neither version nor system nor library."""
MAX_JSON_BYTES = 64 * 1024 * 1024
"""Bytes; a longer response is refused."""


class HttpConnections:
    """The connections of one request. Any thread may use it; `with` ends its contacts."""

    def __init__(self, gate: NetworkGate, log: ContactLog, why: str, about: str) -> None:
        self._gate = gate
        self._log = log
        self._why = why
        self._about = about
        self._lock = threading.Lock()  # all below; held while a contact begins in the log, once
        self._contacts: dict[tuple[str, int], OpenContact] = {}
        self._allowed_hosts = contextlib.ExitStack()
        self._failed: set[tuple[str, int]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            for key, contact in self._contacts.items():
                with contextlib.suppress(OSError):
                    contact.finish_contact(FAILED if key in self._failed else DONE)
            self._allowed_hosts.close()

    def allow_address(self, address: HostAddress) -> None:
        """Allow connections to `address`: a person named it, or a named host redirected there."""
        with self._lock:
            self._allowed_hosts.enter_context(self._gate.allow_host(address.host))

    def create_client(
        self, *, silence: float = SILENCE_SECONDS, connections: int = 8
    ) -> httpx2.Client:
        """Return a client whose requests are checked and logged; the caller closes it.

        Proxies come from the environment, certificates from the system's own store. `silence` in
        seconds; `connections` at most.
        """
        return httpx2.Client(
            timeout=httpx2.Timeout(silence, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=connections),
            follow_redirects=False,
            mounts={f"all://{_bracketed(host)}": None for host in LOCAL_HOSTS},
            event_hooks={"request": [self._on_request]},
        )

    def count_received(self, url: httpx2.URL, count: int) -> None:
        """Add bytes that were received from the host of `url` to the log."""
        contact = self._contacts.get(_key(url))
        if contact is not None:
            contact.add_traffic(received=count)

    def record_failure(self, address: HostAddress) -> None:
        """Let the contact with a host end as failed in the log."""
        with self._lock:
            self._failed.add((address.host, address.port))

    def _on_request(self, request: httpx2.Request) -> None:
        request.headers["User-Agent"] = USER_AGENT  # libraries would say more
        request.headers["Accept-Encoding"] = (
            "identity"  # a small response can't expand to a huge one
        )
        key = _key(request.url)
        passes = self._gate.is_host_allowed(key[0])
        with self._lock:
            contact = self._contacts.get(key)
            if contact is None:
                contact = self._log.open_contact(
                    *key, self._why, self._about, proxy_for(request.url.scheme, key[0])
                )
                if passes:
                    self._contacts[key] = contact
        if not passes:
            contact.finish_contact(REFUSED)
            raise httpx2.ConnectError("no request named this host", request=request)
        contact.add_traffic(requests=1, sent=int(request.headers.get("content-length") or 0))


def expect_json(response: httpx2.Response) -> None:
    """Raise NetworkError for a web page; a response that is too long raises it while it is read."""
    if "html" in response.headers.get("content-type", "").lower():
        host = parse_link(str(response.url)).name
        raise NetworkError(ErrorCode.HOST_NONSENSE, host=host, detail=_("with a web page"))
    limit_size(response, MAX_JSON_BYTES)


def limit_size(response: httpx2.Response, most: int) -> None:
    """Let reading a response raise NetworkError after `most` bytes; compressed ones are refused."""
    address = parse_link(str(response.url))
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        detail = _("packed, which nobody asked for")
        raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail)
    assert isinstance(response.stream, httpx2.SyncByteStream)
    response.stream = _BoundedStream(response.stream, most, address)


class _BoundedStream(httpx2.SyncByteStream):
    """The bytes of a response; raises NetworkError when there are too many."""

    def __init__(self, stream: httpx2.SyncByteStream, most: int, address: HostAddress) -> None:
        self._stream = stream
        self._most = most
        self._address = address

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for piece in self._stream:
            total += len(piece)
            if total > self._most:
                detail = _("with far too much")
                raise NetworkError(ErrorCode.HOST_NONSENSE, host=self._address.name, detail=detail)
            yield piece

    def close(self) -> None:
        self._stream.close()


@contextlib.contextmanager
def translate_network_errors(address: HostAddress, http: HttpConnections | None) -> Iterator[None]:
    """Turn HTTP errors into a NetworkError about `address`; `http` logs the contact as failed."""
    try:
        yield
    except httpx2.HTTPError as error:
        if http is not None:
            http.record_failure(address)
        raise to_network_error(error, address) from error


def to_network_error(error: httpx2.HTTPError, address: HostAddress) -> NetworkError:
    """Return the error for a request to `address` that failed."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            detail = getattr(cause, "verify_message", "") or cause.reason or str(cause)
            return NetworkError(ErrorCode.HOST_UNTRUSTED, host=address.name, detail=detail)
    return NetworkError(
        ErrorCode.HOST_UNREACHABLE, host=address.name, detail=_reason(error, causes)
    )


def _reason(error: httpx2.HTTPError, causes: list[BaseException]) -> str:
    if isinstance(error, httpx2.ProxyError):
        return _("the proxy refuses: {detail}").format(detail=error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _("its name is not known here, or there is no network")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return _("nothing listens there")
    for kinds, reason in (
        (httpx2.TimeoutException, _("it doesn't answer")),
        (httpx2.RemoteProtocolError, _("it doesn't speak HTTP, or hung up in the middle")),
        ((httpx2.ReadError, httpx2.WriteError, httpx2.CloseError), _("the connection broke")),
    ):
        if isinstance(error, kinds):
            return reason
    return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _key(url: httpx2.URL) -> tuple[str, int]:
    return url.host, url.port or (443 if url.scheme == "https" else 80)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
