"""Builds what may reach beyond this machine when a person presses: one courier, several desks."""

from collections.abc import Callable

from core.app.events import AppEvent
from core.app.fetches import FetchDesk
from core.app.keys import KeyDesk
from core.app.models import ModelDesk
from core.app.remote_answers import RemoteAnswers, ServerPort
from core.app.servers import ServerDesk
from core.app.updates import UpdateDesk, update_source
from core.chat.ports import EnginePort
from core.courier.client import CourierClient
from core.messages import EngineEvent
from core.models.catalog import load_catalog
from core.paths import Paths
from core.settings import Settings


class Network:
    """The desks around the courier. `hear` takes what servers say to answers."""

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        settings: Settings,
        models: ModelDesk,
        emit: Callable[[AppEvent], None],
        hear: Callable[[EngineEvent], object],
        wake: Callable[[], None],
    ) -> None:
        self._courier = courier
        self.fetches = FetchDesk(
            courier,
            paths,
            settings,
            load_catalog,
            add=lambda path: models.add(path).ref,
            proven=models.vouch,
            emit=emit,
            wake=wake,
        )
        self.servers = ServerDesk(courier, paths, emit)
        self.answers = RemoteAnswers(courier, self.servers.ready, emit, hear)
        self.keys = KeyDesk(courier, emit)
        self.updates = UpdateDesk(courier, settings, emit, update_source())

    def port(self, path: str) -> EnginePort:
        """Return the server with this path as an answer asks an engine."""
        return ServerPort(self.answers, path, self.servers.get(path))

    def pump(self) -> None:
        """Hand each desk what the courier said for it."""
        self.fetches.pump()
        self.answers.pump()
        for event in self._courier.poll():
            desks = (self.answers, self.servers, self.fetches, self.keys, self.updates)
            any(desk.on_courier(event) for desk in desks)

    def close(self) -> None:
        """End the courier's child; what it fetched is kept."""
        self._courier.stop()
