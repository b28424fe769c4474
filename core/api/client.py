"""Client of the HTTP child, the front end's side; the child lives while the port is open."""

from collections.abc import Callable

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client
from core.messages import ApiEvent
from core.sandbox.grants import Grants


class ApiClient(Client[ApiEvent]):
    """Opens the port and hands out what other programs ask. One thread uses it.

    `on_end` is called when the child ended by itself, after its requests failed.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[ApiEvent] | None = None,
    ) -> None:
        super().__init__(
            process or ChildProcess("api", ApiEvent, paths.logs / "api.log", wake),
            ErrorCode.API_DIED,
        )
        self._folder = str(paths.api_folder)
        self.on_end: Callable[[], object] = lambda: None

    def own_grants(self) -> Grants:
        """Return the folder of the log."""
        return super().own_grants().joined(Grants(write=(self._folder,)))

    def restore_state(self) -> None:
        """Say that all connections are gone."""
        self.on_end()
