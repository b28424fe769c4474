"""A key store by script, which answers on the caller's own thread."""

from collections.abc import Callable
from pathlib import Path
from typing import Never, TypeVar

from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.base.paths import Paths
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import Failed, Secret

Result = TypeVar("Result")


class FakeKeyStore(KeyStoreThread):
    """Answers at once; what is asked while it `is_locked` waits until `unlock` or `refuse`.

    `keys` are what was kept.
    """

    def __init__(self) -> None:
        super().__init__(Paths(Path()), lambda: None)
        self.keys: dict[str, str] = {}
        self.is_locked = False
        self._held: list[Callable[..., None]] = []

    def call(self, work: Callable[[], Result], request_id: str = "") -> Reply[Never, Result]:
        """Do it now, or once it is unlocked."""
        reply: Reply[Never, Result] = Reply(request_id or new_request_id())
        reply._cancel = lambda: reply.fail(
            Failed(request_id=reply.request_id, code=ErrorCode.CANCELLED)
        )

        def end(*, is_open: bool) -> None:
            try:
                if not is_open:
                    raise NetworkError(ErrorCode.KEY_STORE_MISSING, detail="locked")
                reply.finish(work())
            except InglenookError as error:
                reply.fail(Failed.from_error(reply.request_id, error))

        if self.is_locked:
            self._held.append(end)
        else:
            end(is_open=True)
        return reply

    def store_key(self, name: str, key: str) -> Reply[Never, None]:
        """Keep a key, or forget it."""

        def store() -> None:
            self.keys[name] = key

        return self.call(store)

    def find_server_key(self, name: str, request_id: str) -> Reply[Never, Secret]:
        """Return what was kept."""
        return self.call(lambda: Secret(self.keys.get(name, "")), request_id)

    def find_access_token(self, hub: str, request_id: str) -> Reply[Never, Secret]:
        """Return what was kept."""
        return self.call(lambda: Secret(self.keys.get(f"token {hub}", "")), request_id)

    def unlock(self) -> None:
        """Answer all that waits."""
        self._end_all(is_open=True)

    def refuse(self) -> None:
        """Fail all that waits."""
        self._end_all(is_open=False)

    def _end_all(self, *, is_open: bool) -> None:
        self.is_locked = False
        held, self._held = self._held, []
        for end in held:
            end(is_open=is_open)
