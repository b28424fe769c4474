"""Courier's child process: one thread for each request, and nothing without a request."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from core.base import i18n
from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths, default_root
from core.courier.connection.contact_log import CONTACTS_VARIABLE, ContactLog
from core.courier.connection.http_connections import HttpConnections
from core.courier.connection.network_gate import NetworkGate
from core.courier.connection.request_stop import RequestStop
from core.courier.downloads.download_job import DownloadJob
from core.courier.downloads.hub_listing import list_repository
from core.courier.servers.load_balancer import ServerLoadBalancer
from core.courier.servers.openai_api import ServerAnswerJob, list_server_models
from core.courier.update_check import check_update
from core.ipc.channel import Channel, ParentGone
from core.messages import (
    AskServer,
    Cancel,
    CheckUpdate,
    CourierRequest,
    DownloadFiles,
    Failed,
    ListRepository,
    ListServerModels,
)

_log = logging.getLogger(__name__)
_Request = ListRepository | DownloadFiles | CheckUpdate | ListServerModels | AskServer


def _contact_log() -> ContactLog:
    """Return the log that the parent names; without a parent, the one of the default folder."""
    named = os.environ.get(CONTACTS_VARIABLE)
    return ContactLog(Path(named) if named else Paths(default_root()).contacts)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Carry out the parent's requests until it hangs up; raises ParentGone then."""
    i18n.use_language()
    gate, log = NetworkGate(), _contact_log()
    gate.lock_network()
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # links that a hub signed are secrets
    channel: Channel[CourierRequest] = Channel(CourierRequest, incoming, outgoing)
    channel.start("courier")
    CourierTasks(gate, log, channel.send).run(channel.receive)


class CourierTasks:
    """The running requests. `run` belongs to the main thread."""

    def __init__(
        self, gate: NetworkGate, log: ContactLog, send: Callable[[msgspec.Struct], None]
    ) -> None:
        self._gate = gate
        self._log = log
        self._send = send
        self._balancer = ServerLoadBalancer()
        self._stops: dict[str, RequestStop] = {}
        self._lock = threading.Lock()  # `_stops`

    def run(self, receive: Callable[[], CourierRequest | None]) -> None:
        """Start and cancel requests until the parent is gone."""
        while True:
            request = receive()
            assert request is not None  # without a timeout there is always one
            if isinstance(request, Cancel):
                with self._lock:
                    stop = self._stops.get(request.request_id)
                if stop:
                    stop.set()
                continue
            stop = RequestStop()
            with self._lock:
                self._stops[request.request_id] = stop
            name = type(request).__name__
            threading.Thread(
                target=self._carry_out, args=(request, stop), name=name, daemon=True
            ).start()

    def _carry_out(self, request: _Request, stop: RequestStop) -> None:
        try:
            self._send(self._result(request, stop))
        except ParentGone:
            return
        except InglenookError as error:
            self._fail(request.request_id, error.code, error.facts)
        except Exception as error:  # noqa: BLE001 - the border of a process: report it and go on
            _log.exception("%s failed", type(request).__name__)
            facts = {"detail": type(error).__name__, "logs": "courier.log"}
            self._fail(request.request_id, ErrorCode.INTERNAL, facts)
        finally:
            with self._lock:
                self._stops.pop(request.request_id, None)

    def _fail(self, request_id: str, code: str, facts: dict[str, str]) -> None:
        try:
            self._send(Failed(request_id=request_id, code=code, facts=facts))
        except ParentGone:
            return

    def _result(self, request: _Request, stop: RequestStop) -> msgspec.Struct:
        match request:
            case ListRepository():
                with self._connections("list", request.repository) as http:
                    return list_repository(request, http, stop.wait)
            case DownloadFiles():
                about = f"{request.repository}/{request.files[0].name}"
                with self._connections("fetch", about) as http:
                    return DownloadJob(request, http, stop, self._send).run()
            case CheckUpdate():
                with self._connections("update", request.version) as http:
                    return check_update(request, http)
            case ListServerModels():
                with self._connections("models", "") as http:
                    return list_server_models(request, http)
            case AskServer():
                with self._connections("answer", request.model) as http:
                    return ServerAnswerJob(request, http, stop, self._send, self._balancer).run()

    def _connections(self, why: str, about: str) -> HttpConnections:
        return HttpConnections(self._gate, self._log, why, about)
