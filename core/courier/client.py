"""Courier client: the front end's side; its child lives only while it has something to do."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from core.base.clock import Clock
from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.courier.connection.contact_log import CONTACTS_VARIABLE
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client, new_request_id
from core.ipc.reply import Reply
from core.messages import (
    AskServer,
    CourierEvent,
    DownloadFiles,
    Failed,
    ListRepository,
    ListServerModels,
    Request,
    Secret,
)
from core.sandbox.grants import Grants

Progress = TypeVar("Progress")
Result = TypeVar("Result")

IDLE_SECONDS = 20.0
"""How long the child stays without a request: one look-up is mostly followed by another."""


class CourierClient(Client[CourierEvent]):
    """Sends the requests that a person has agreed to. One thread owns it.

    The child starts with the first request, and ends when nothing was asked for `idle_seconds`. It
    gets the one key or token that a request needs with it, once `keys` has found it.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        keys: KeyStoreThread,
        *,
        process: ChildProcess[CourierEvent] | None = None,
        idle_seconds: float = IDLE_SECONDS,
        clock: Clock = time.monotonic,
    ) -> None:
        process = process or ChildProcess(
            "courier",
            CourierEvent,
            paths.logs / "courier.log",
            wake,
            environment={CONTACTS_VARIABLE: str(paths.contacts)},
        )
        super().__init__(process, ErrorCode.COURIER_DIED)
        self._folders = (str(paths.contacts_folder), str(paths.models))
        self._wake = wake
        self.keys = keys
        """The system's key store; who owns it polls and closes it."""
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._busy_at = 0.0
        self._refused: list[tuple[Reply[Any, Any], Failed]] = []

    def send(self, request: Request[Progress, Result]) -> Reply[Progress, Result]:
        """Queue a request, starting the child if needed; one without an id gets one."""
        if not request.request_id:
            request = structs.replace(request, request_id=new_request_id())
        self._busy_at = self._clock()
        request_id = request.request_id
        if isinstance(request, ListRepository | DownloadFiles):
            token = self.keys.find_access_token(request.endpoint, request_id)
            return token.then(lambda found: self._send_with(request, token=found))
        if isinstance(request, AskServer | ListServerModels) and request.key_name:
            key = self.keys.find_server_key(request.key_name, request_id)
            return key.then(lambda found: self._send_with(request, key=found))
        return super().send(request)

    def _send_with(
        self, request: Request[Progress, Result], **secret: Secret
    ) -> Reply[Progress, Result]:
        return super().send(structs.replace(request, **secret))

    def own_grants(self) -> Grants:
        """Return the log of contacts, and the folder that models are downloaded into."""
        return super().own_grants().joined(Grants(write=self._folders))

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the folders of downloads; they are made here, since the child can't."""
        if not isinstance(request, DownloadFiles):
            return super().grants_for(request)
        folders = {str(Path(file.target).parent): None for file in request.files}
        for folder in folders:
            with contextlib.suppress(OSError):  # the child says so
                Path(folder).mkdir(parents=True, exist_ok=True)
        return Grants(write=tuple(folders))

    def refuse(
        self, request: Request[Progress, Result], error: InglenookError
    ) -> Reply[Progress, Result]:
        """Return the reply to a request that can't be sent; it fails at the next `poll`.

        Its callers hear of every failure when they have the reply, never before.
        """
        reply: Reply[Progress, Result] = Reply(request.request_id)
        failure = Failed.from_error(request.request_id, error)
        self._refused.append((reply, failure))
        self._wake()
        return reply

    def poll(self) -> None:
        """Deliver what has arrived, and end a child that has been idle for long enough."""
        was_busy = bool(self.pending)
        refused, self._refused = self._refused, []
        for reply, failure in refused:
            reply.fail(failure)
        super().poll()
        now = self._clock()
        if was_busy or self.pending:
            self._busy_at = now
        elif self.pid is not None and now - self._busy_at >= self._idle_seconds:
            super().stop()

    def stop(self, grace: float = 0.0) -> None:
        """End the child; pending requests are forgotten, what was downloaded stays."""
        self._refused.clear()
        super().stop(grace)
