"""Download source: ranged requests to the hub, and to the host that it redirects to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import httpx2

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.host_address import HostAddress, parse_link
from core.courier.connection.http_connections import HttpConnections, translate_network_errors
from core.courier.downloads.hub_listing import gated_error, is_temporary_status, refusal_error
from core.messages import DownloadTarget

MOST_REDIRECTS = 8
READ_BYTES = 128 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STALE = frozenset({401, 403, 404, 410})
"""The status of a link that the hub signed for a limited time, after that time."""


class NoRangesError(Exception):
    """The server sends whole files only, no ranges."""


class DownloadSource:
    """One file of a repository. Any thread may read from it."""

    def __init__(
        self,
        endpoint: HostAddress,
        token: str,
        repository: str,
        commit: str,
        file: DownloadTarget,
    ) -> None:
        self._endpoint = endpoint
        self._token = token
        self._repository = repository
        self._file = file
        self._hub_url = f"{endpoint.url}/{repository}/resolve/{quote(commit)}/{quote(file.name)}"
        self._link = ""
        self._lock = threading.Lock()  # `_link`, the last redirect of the hub

    @contextmanager
    def read_range(
        self, client: httpx2.Client, http: HttpConnections, start: int, end: int
    ) -> Iterator[Iterator[bytes]]:
        """Yield the bytes from `start` up to `end`, which is excluded, as they come.

        Raises NetworkError, of which HOST_TROUBLE and HOST_UNREACHABLE may be temporary, and
        NoRangesError when the server sends only the whole file (`start` 0, `end` its size).
        """
        response = self._request_range(client, http, {"Range": f"bytes={start}-{end - 1}"})
        address = parse_link(str(response.url))
        try:
            self._check_response(response, address, start, end)
            with translate_network_errors(address, http):
                yield self._counted(response, http)
        finally:
            response.close()

    def _counted(self, response: httpx2.Response, http: HttpConnections) -> Iterator[bytes]:
        for piece in response.iter_raw(READ_BYTES):
            http.count_received(response.url, len(piece))
            yield piece

    def _request_range(
        self, client: httpx2.Client, http: HttpConnections, headers: dict[str, str]
    ) -> httpx2.Response:
        """Use the last redirect of the hub; if it has expired, ask the hub for another one."""
        with self._lock:
            link = self._link
        if link:
            response = self._send(client, http, link, headers)
            if response.status_code not in _STALE:
                return response
            response.close()
        return self._ask_hub(client, http, headers)

    def _ask_hub(
        self, client: httpx2.Client, http: HttpConnections, headers: dict[str, str]
    ) -> httpx2.Response:
        url = self._hub_url
        for _hop in range(MOST_REDIRECTS):
            response = self._send(client, http, url, headers)
            if response.status_code not in _REDIRECTS:
                with self._lock:
                    self._link = url if url != self._hub_url else ""
                return response
            response.close()
            url = self._redirect_target(response, http)
        detail = _("it sends one in circles")
        raise NetworkError(ErrorCode.HOST_NONSENSE, host=self._endpoint.name, detail=detail)

    def _redirect_target(self, response: httpx2.Response, http: HttpConnections) -> str:
        """Return the target of a redirect; its host is allowed because the hub named it."""
        here = parse_link(str(response.url))
        url = str(response.url.join(response.headers.get("location", "")))
        there = parse_link(url)
        if not here.allows_redirect_to(there):
            detail = _("it leads to an address without protection")
            raise NetworkError(ErrorCode.HOST_NONSENSE, host=here.name, detail=detail)
        http.allow_address(there)
        return url

    def _send(
        self, client: httpx2.Client, http: HttpConnections, url: str, headers: dict[str, str]
    ) -> httpx2.Response:
        address = parse_link(url)
        headers = {**headers, "Accept-Encoding": "identity"}
        if self._token and self._endpoint.is_same_origin(address):
            headers["Authorization"] = f"Bearer {self._token}"
        with translate_network_errors(address, http):
            return client.send(client.build_request("GET", url, headers=headers), stream=True)

    def _check_response(
        self, response: httpx2.Response, address: HostAddress, start: int, end: int
    ) -> None:
        """Raise unless the response is the requested range."""
        status, size = response.status_code, self._file.size
        if status == httpx2.codes.PARTIAL_CONTENT:
            if not _is_range(response.headers.get("content-range", ""), start, end, size):
                raise self._changed(address, _("other bytes than asked for"))
        elif status == httpx2.codes.OK:
            if "html" in response.headers.get("content-type", "").lower():
                detail = _("with a web page")
                raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail)
            if response.headers.get("content-length", str(size)) != str(size):
                raise self._changed(address, _("its size is another"))
            if (start, end) != (0, size):
                raise NoRangesError
        elif status == httpx2.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise self._changed(address, _("it is shorter"))
        else:
            raise self._refusal(status, address)

    def _changed(self, address: HostAddress, detail: str) -> NetworkError:
        facts = {"file": self._file.name, "host": address.name, "detail": detail}
        return NetworkError(ErrorCode.FETCH_CHANGED, **facts)

    def _refusal(self, status: int, address: HostAddress) -> NetworkError:
        if is_temporary_status(status) or not self._endpoint.is_same_origin(address):
            return refusal_error(address, status)
        if status == httpx2.codes.UNAUTHORIZED:
            facts = {"host": address.name, "repository": self._repository}
            return NetworkError(ErrorCode.HUB_NOT_SHOWN, **facts)
        if status == httpx2.codes.FORBIDDEN:
            return gated_error(self._endpoint, self._repository)
        if status == httpx2.codes.NOT_FOUND:
            what = f"{self._repository}/{self._file.name}"
            return NetworkError(ErrorCode.HUB_NOT_FOUND, host=address.name, what=what)
        return refusal_error(address, status)


def _is_range(header: str, start: int, end: int, size: int) -> bool:
    """Whether a Content-Range is the requested range; some servers don't know the size."""
    return header in {f"bytes {start}-{end - 1}/{size}", f"bytes {start}-{end - 1}/*"}
