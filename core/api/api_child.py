"""API child: the open port, and the pipe to the application that answers."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from core.api.accepted_tokens import AcceptedTokens
from core.api.access_check import AccessCheck
from core.api.api_endpoints import ALL_ENDPOINTS
from core.api.api_server import ApiServer
from core.api.application_calls import ApplicationCalls
from core.api.listener import Listener
from core.api.request_log import RequestLog
from core.base import i18n
from core.base.errors import ErrorCode, InglenookError
from core.ipc import network_lock
from core.ipc.channel import Channel
from core.messages import (
    AcceptTokens,
    ApiActivity,
    ApiChildRequest,
    ApiOpened,
    ApiProgress,
    ApiResult,
    Failed,
    OpenApi,
    TokensAccepted,
)
from core.sandbox.seal import forbid_internet

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Carry out the parent's requests until it hangs up; raises ParentGone then."""
    os.umask(0o077)  # what this process writes is this user's alone
    i18n.use_language()
    ApiChild(incoming, outgoing).run()


class ApiChild:
    """State of the child: the tokens that are good, and the port once it is open."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._channel: Channel[ApiChildRequest] = Channel(
            ApiChildRequest, incoming, outgoing, on_arrival=self._on_arrival
        )
        self._tokens = AcceptedTokens(())
        self._listener: Listener | None = None
        self._calls = ApplicationCalls(self._channel.send)

    def run(self) -> None:
        """Handle requests until the parent hangs up: raises ParentGone."""
        self._channel.start("api")
        while True:
            request = self._channel.receive()
            if isinstance(request, OpenApi):
                self._answer(request, self._open)
            elif isinstance(request, AcceptTokens):
                self._answer(request, self._accept)

    def _on_arrival(self, request: ApiChildRequest) -> bool:
        """Run on the reader thread: what answers calls goes straight to the loop, and only there.

        The main thread, woken for each token, would take turns with the loop for nothing.
        """
        if not isinstance(request, ApiProgress | ApiResult):
            return False
        if self._listener is not None:
            self._listener.call_soon(self._calls.deliver, request)
        return True

    def _answer(self, request: OpenApi | AcceptTokens, make: Callable[..., msgspec.Struct]) -> None:
        request_id = request.request_id
        try:
            self._channel.send(make(request))
        except InglenookError as error:
            self._channel.send(Failed.from_error(request_id, error))
        except Exception as error:  # noqa: BLE001 - the border of a process: report it and go on
            _log.exception("%s failed", type(request).__name__)
            facts = {"detail": type(error).__name__, "logs": "api.log"}
            self._channel.send(Failed(request_id=request_id, code=ErrorCode.INTERNAL, facts=facts))

    def _open(self, request: OpenApi) -> ApiOpened:
        self._tokens.replace_all(request.tokens)
        if self._listener is None:
            listener = Listener(request.port, version6=request.version6)
            network_lock.lock_network()  # it listens, and nothing else is opened from now on
            forbid_internet()
            log = RequestLog(Path(request.log_path))

            def report(activity: ApiActivity) -> None:
                log.add_request(activity)
                self._channel.send(activity)

            access = AccessCheck(self._tokens, listener.port, request.origins)
            self._listener = listener
            listener.start(ApiServer(ALL_ENDPOINTS, access, self._calls, report))
        return ApiOpened(request_id=request.request_id, address=self._listener.address)

    def _accept(self, request: AcceptTokens) -> TokensAccepted:
        self._tokens.replace_all(request.tokens)
        return TokensAccepted(request_id=request.request_id)
