"""The courier's child: does what a request names, each in a thread of its own, and nothing else."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from core import words
from core.channel import Channel, ParentGone
from core.courier import keys
from core.courier.contacts import CONTACTS_VARIABLE, ContactLog
from core.courier.download import Download
from core.courier.gate import Gate
from core.courier.hub import list_repository
from core.courier.loads import Loads
from core.courier.remote import Answering, list_models
from core.courier.stop import Stop
from core.courier.update import check_update
from core.courier.web import Web
from core.errors import Code, InglenookError
from core.messages import (
    AskServer,
    Cancel,
    CheckUpdate,
    CourierRequest,
    Failed,
    Fetch,
    KeepKey,
    KeyKept,
    ListRepository,
    ListServerModels,
)
from core.paths import Paths, default_root

_log = logging.getLogger(__name__)
_Work = ListRepository | Fetch | KeepKey | CheckUpdate | ListServerModels | AskServer


def _contact_log() -> ContactLog:
    """Return the log that the parent named; started by hand, the one of the usual folder."""
    named = os.environ.get(CONTACTS_VARIABLE)
    return ContactLog(Path(named) if named else Paths(default_root()).contacts)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Do what the parent asks until it hangs up; raises ParentGone then."""
    words.use_language()
    gate, log = Gate(), _contact_log()
    gate.lock()
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # links that a hub signed are secrets
    channel: Channel[CourierRequest] = Channel(CourierRequest, incoming, outgoing)
    channel.start("courier")
    Errands(gate, log, channel.send).run(channel.receive)


class Errands:
    """The requests that are being done. `run` belongs to the main thread."""

    def __init__(self, gate: Gate, log: ContactLog, send: Callable[[msgspec.Struct], None]) -> None:
        self._gate = gate
        self._log = log
        self._send = send
        self._loads = Loads()
        self._stops: dict[str, Stop] = {}
        self._lock = threading.Lock()  # `_stops`

    def run(self, receive: Callable[[], CourierRequest | None]) -> None:
        """Begin what is asked for, and stop what is cancelled, until the parent is gone."""
        while True:
            request = receive()
            assert request is not None  # without a timeout there is always one
            if isinstance(request, Cancel):
                with self._lock:
                    stop = self._stops.get(request.request_id)
                if stop:
                    stop.set()
                continue
            stop = Stop()
            with self._lock:
                self._stops[request.request_id] = stop
            name = type(request).__name__
            threading.Thread(target=self._do, args=(request, stop), name=name, daemon=True).start()

    def _do(self, request: _Work, stop: Stop) -> None:
        try:
            self._send(self._result(request, stop))
        except ParentGone:
            return
        except InglenookError as error:
            self._fail(request.request_id, error.code, error.facts)
        except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
            _log.exception("%s failed", type(request).__name__)
            facts = {"detail": type(error).__name__, "logs": "courier.log"}
            self._fail(request.request_id, Code.INTERNAL, facts)
        finally:
            with self._lock:
                self._stops.pop(request.request_id, None)

    def _fail(self, request_id: str, code: str, facts: dict[str, str]) -> None:
        try:
            self._send(Failed(request_id=request_id, code=code, facts=facts))
        except ParentGone:
            return

    def _result(self, request: _Work, stop: Stop) -> msgspec.Struct:
        match request:
            case KeepKey():
                keys.keep(request.name, request.key)
                return KeyKept(request_id=request.request_id)
            case ListRepository():
                with self._web("list", request.repository) as web:
                    return list_repository(request, web, stop.wait)
            case Fetch():
                about = f"{request.repository}/{request.files[0].name}"
                with self._web("fetch", about) as web:
                    return Download(request, web, stop, self._send).run()
            case CheckUpdate():
                with self._web("update", request.version) as web:
                    return check_update(request, web)
            case ListServerModels():
                with self._web("models", "") as web:
                    return list_models(request, web)
            case AskServer():
                with self._web("answer", request.model) as web:
                    return Answering(request, web, stop, self._send, self._loads).run()

    def _web(self, why: str, about: str) -> Web:
        return Web(self._gate, self._log, why, about)
