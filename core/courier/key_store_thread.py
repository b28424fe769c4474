"""Key store thread: the system's key store is asked off the application's thread, for children.

A locked store asks the person first, which may take as long as they like. No child speaks to it:
over the bus of the session, as on Linux, one that was taken over could have programs started.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Never, TypeVar

from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.courier.connection.host_address import parse_address
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import Failed, Secret

if TYPE_CHECKING:
    from core.courier.connection.folder_keys import FolderKeys

_log = logging.getLogger(__name__)
_JOIN_SECONDS = 2.0
"""A store that waits for the person is left behind after so long."""
Result = TypeVar("Result")


class KeyStoreThread:
    """One thread while there is something to do, one thing after the other. One thread owns it.

    `wake` is called from the other one when there is something to `poll`.
    """

    def __init__(self, paths: Paths, wake: Callable[[], None]) -> None:
        self._paths = paths
        self._wake = wake
        self._lock = threading.Lock()  # `_waiting` and `_thread` change together
        self._waiting: deque[tuple[Reply[Never, Any], Callable[[], Any]]] = deque()
        self._thread: threading.Thread | None = None
        self._ends: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def call(self, work: Callable[[], Result], request_id: str = "") -> Reply[Never, Result]:
        """Do it when it is its turn; an InglenookError that it raises is its failure.

        A cancelled reply ends at the next `poll`, whatever the store does.
        """
        reply: Reply[Never, Result] = Reply(
            request_id or new_request_id(), lambda: self._cancel(reply)
        )
        with self._lock:
            self._waiting.append((reply, work))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="key store", daemon=True)
                self._thread.start()
        return reply

    def store_key(self, name: str, key: str) -> Reply[Never, None]:
        """Keep a key under `name`; "" deletes the one that is there."""

        def store() -> None:
            self._load_keys().store_key(name, key)

        return self.call(store)

    def find_server_key(self, name: str, request_id: str) -> Reply[Never, Secret]:
        """Look for the key of a server, which a request is to have: in the store, or a variable."""

        def find() -> Secret:
            return Secret(self._load_keys().find_server_key(name))

        return self.call(find, request_id)

    def find_access_token(self, hub: str, request_id: str) -> Reply[Never, Secret]:
        """Look for the token of a hub, which a request is to have; an empty one for none."""

        def find() -> Secret:
            return Secret(self._load_keys().find_access_token(parse_address(hub)))

        return self.call(find, request_id)

    def poll(self) -> None:
        """End the replies to what was done before this moment; never waits."""
        for _number in range(self._ends.qsize()):
            self._ends.get_nowait()()

    def close(self) -> None:
        """Let what was begun come to its end, unless that takes long; its replies never end."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(_JOIN_SECONDS)
        self._ends = queue.SimpleQueue()

    def _load_keys(self) -> "FolderKeys":
        from core.courier.connection.folder_keys import FolderKeys  # noqa: PLC0415 - slow to load

        return FolderKeys(self._paths)

    def _cancel(self, reply: Reply[Never, Any]) -> None:
        cancelled = Failed(request_id=reply.request_id, code=ErrorCode.CANCELLED)
        self._end(partial(reply.fail, cancelled))

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                reply, work = self._waiting.popleft()
            if not reply.is_done:  # cancelled before its turn
                self._end(_outcome(reply, work))

    def _end(self, end: Callable[[], None]) -> None:
        self._ends.put(end)
        self._wake()


def _outcome(reply: Reply[Never, Any], work: Callable[[], Any]) -> Callable[[], None]:
    """Do it; return what ends its reply."""
    try:
        return partial(reply.finish, work())
    except InglenookError as raised:
        error = raised
    except Exception as raised:  # noqa: BLE001 - the border of a thread: say it and go on
        detail = type(raised).__name__  # what it says may be the key
        _log.error("the key store failed: %s", detail)
        error = InglenookError(ErrorCode.INTERNAL, detail=detail, logs="front-end.log")
    return partial(reply.fail, Failed.from_error(reply.request_id, error))
