"""An application with a script: the calls the window makes, and events when a test says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Never

from core.app.events.app_events import AppEvent, OpenRequested
from core.app.loading.device_service import DeviceService
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.engine.client.planner_client import PlannerClient
from core.ipc.reply import Reply
from core.messages import UpdateChecked
from tests.desktop.fake_answers import FakeAnswers
from tests.desktop.fake_base import FakeBase
from tests.desktop.fake_folders import FakeFolders
from tests.desktop.fake_servers import FakeKeys, FakeRouting, FakeServers
from tests.desktop.fake_shelf import FakeShelfDesks
from tests.fakes.child_process import FakeChildProcess


class Updates:
    """News, asked of nobody; "" is no address."""

    def __init__(self, base: FakeBase) -> None:
        self._base = base
        self.place = "https://news.example/inglenook"

    @property
    def address(self) -> str:
        if not self.place:
            raise NetworkError(ErrorCode.UPDATE_NOWHERE)
        return self.place

    def check_for_update(self) -> Reply[Never, UpdateChecked]:
        return self._base.reply("check_update")


class FakeApp(FakeAnswers, FakeFolders, FakeShelfDesks):
    """Records every call; `emit` and the calls named after events play the children's part."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.paths = Paths(folder)
        self.paths.create_folders()
        self.open_library()
        self.settings = Settings(self.paths.settings)
        planner = PlannerClient(self.paths, lambda: None, process=FakeChildProcess("planner"))
        self.devices = DeviceService(self.paths, planner, self.emit)
        self.updates = Updates(self)
        self.servers = FakeServers(self)
        self.routing = FakeRouting()
        self.keys = FakeKeys(self)
        self.closed = False

    def subscribe(self, listener: Callable[[AppEvent], None]) -> Callable[[], None]:
        """Tell `listener` every event."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def warm_up(self) -> None:
        """Record it."""
        self.calls.append(("warm_up",))

    def close(self) -> None:
        """Record it."""
        self.closed = True

    def process_events(self) -> None:
        """Tell what was queued."""
        self.library.poll()
        queue, self.queue = self.queue, []
        for event in queue:
            self.emit(event)

    def receive_open_requests(self) -> None:
        """Nothing is ever handed over here."""

    def open_requested(self, *paths: str) -> None:
        """A second start handed over its paths."""
        self.emit(OpenRequested(paths=paths))

    def last(self, call: str) -> tuple[object, ...]:
        """Return the arguments of the last such call."""
        return next(made[1:] for made in reversed(self.calls) if made[0] == call)

    def count(self, call: str) -> int:
        """Return how often a call was made."""
        return sum(made[0] == call for made in self.calls)
