"""API server: each request is checked, counted, routed, and ended when its client goes."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterable

import anyio
from msgspec import Struct
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from core.api.access_check import AccessCheck, origin_headers, preflight_headers
from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.application_calls import ApplicationCalls
from core.api.unknown_paths import describe_unknown_path
from core.messages import AcceptedToken, ApiActivity

_log = logging.getLogger(__name__)

MAX_REQUESTS = 64
"""Requests that run or wait at once; one more is told to come back."""
RETRY_SECONDS = 5
ANY = ""
"""The scope of what every token is good for."""
NOBODY = AcceptedToken(name="", scopes=())


class ApiEndpoint(Struct, frozen=True):
    """One path: `handle` answers a POST with its body read, or a GET."""

    path: str
    method: str
    scope: str
    handle: Callable[[ApiRequest], Awaitable[None]]


class ApiServer:
    """The ASGI application. `report` is told of each request when it has ended."""

    def __init__(
        self,
        endpoints: Iterable[ApiEndpoint],
        access: AccessCheck,
        calls: ApplicationCalls,
        report: Callable[[ApiActivity], None],
    ) -> None:
        self._access = access
        self._calls = calls
        self._report = report
        self._running = 0
        self._router = Router(
            [Route(each.path, _Handler(each), methods=[each.method]) for each in endpoints],
            redirect_slashes=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        began, clock = time.time(), time.monotonic()
        origin = ""

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *origin_headers(origin)]
            await send(message)

        request = ApiRequest(scope, receive, send_with_origin, self._calls, NOBODY)
        self._running += 1
        try:
            self._access.check_head(request.headers, scope["raw_path"])
            self._access.check_host(request.headers)
            origin = self._access.check_origin(request.headers)
            if scope["method"] == "OPTIONS":
                await _answer_preflight(request, send, origin)
                return
            request.token = self._access.check_token(request.headers)
            self._access.check_content(scope["method"], request.headers)
            if self._running > MAX_REQUESTS:
                raise ApiError(503, "Too many requests at once.", retry_after=RETRY_SECONDS)
            scope["api_request"] = request
            scope["app"] = self  # without one, the router answers itself what it has no path for
            await self._router(scope, receive, send_with_origin)
        except ApiError as error:
            await request.send_error(error)
        except HTTPException as error:
            allowed = {name.lower(): value for name, value in (error.headers or {}).items()}
            await request.send_error(_routing_error(error, scope), allowed)
        except TimeoutError:
            return  # its client takes nothing any more
        except Exception:  # noqa: BLE001 - the border of the server: a fault of ours has its form too
            await request.send_error(_fault(scope))
        finally:
            self._running -= 1
            self._report(_activity(request, began, time.monotonic() - clock))


class _Handler:
    """An endpoint as an ASGI application."""

    def __init__(self, endpoint: ApiEndpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        request: ApiRequest = scope["api_request"]
        request.path_values = scope.get("path_params", {})
        request.check_scope(self._endpoint.scope)
        await request.read_body()
        failure: ApiError | TimeoutError | None = None
        async with anyio.create_task_group() as group:

            async def watch() -> None:
                await request.wait_for_disconnect()
                group.cancel_scope.cancel()

            group.start_soon(watch)
            try:
                await self._endpoint.handle(request)
            except (ApiError, TimeoutError) as error:
                failure = error
            group.cancel_scope.cancel()
        if failure is not None:
            raise failure


async def _answer_preflight(request: ApiRequest, send: Send, origin: str) -> None:
    if not origin:
        raise ApiError(405, "OPTIONS is answered for pages only.")
    request.status = 204
    headers = preflight_headers(origin, request.headers)
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _fault(scope: Scope) -> ApiError:
    """Return the error for a fault of the server, which is logged."""
    _log.exception("%s failed", scope["method"])
    return ApiError(500, "The request failed; the log says more.", code="internal")


def _routing_error(error: HTTPException, scope: Scope) -> ApiError:
    if error.status_code == 405:
        return ApiError(405, f"{scope['method']} is not answered at {scope['path']}.")
    return ApiError(404, describe_unknown_path(scope["path"]), code="unknown_url")


def _activity(request: ApiRequest, began: float, seconds: float) -> ApiActivity:
    return ApiActivity(
        client=request.client,
        agent=_plain(request.headers),
        path=request.path[:80],
        status=request.status or 499,
        began=began,
        seconds=seconds,
        model=request.model,
        tokens_read=request.tokens_read,
        tokens_cached=request.tokens_cached,
        tokens_written=request.tokens_written,
    )


def _plain(headers: Headers) -> str:
    """Return the program's name for itself, letters only."""
    name = headers.get("user-agent", "")[:60]
    return "".join(letter for letter in name if letter.isprintable())
