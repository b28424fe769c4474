"""Construction of the services that share the courier, and dispatch of its events."""

from collections.abc import Callable

from core.app.events.app_events import AppEvent
from core.app.models.model_service import ModelService
from core.app.network.download_service import DownloadService
from core.app.network.key_service import KeyService
from core.app.network.remote_answer_service import RemoteAnswerService, ServerEngine
from core.app.network.server_service import ServerService
from core.app.network.update_service import UpdateService, load_update_source
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_protocols import AnswerEngine
from core.courier.client import CourierClient
from core.messages import EngineEvent
from core.models.model_catalog import load_catalog


class NetworkServices:
    """The desks around the courier. `hear` takes what servers say to answers."""

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        settings: Settings,
        models: ModelService,
        emit: Callable[[AppEvent], None],
        hear: Callable[[EngineEvent], object],
        wake: Callable[[], None],
    ) -> None:
        self._courier = courier
        self.downloads = DownloadService(
            courier,
            paths,
            settings,
            load_catalog,
            add=lambda path: models.add_model(path).ref,
            proven=models.record_checksum,
            emit=emit,
            wake=wake,
        )
        self.servers = ServerService(courier, paths, emit)
        self.remote_answers = RemoteAnswerService(courier, self.servers.approved_server, emit, hear)
        self.keys = KeyService(courier, emit)
        self.updates = UpdateService(courier, settings, emit, load_update_source())

    def server_engine(self, path: str) -> AnswerEngine:
        """Return the server with this path as an answer asks an engine."""
        return ServerEngine(self.remote_answers, path, self.servers.get_server(path))

    def process_courier_events(self) -> None:
        """Hand each desk what the courier said for it."""
        self.downloads.emit_pending_events()
        self.remote_answers.emit_pending_events()
        for event in self._courier.poll():
            desks = (self.remote_answers, self.servers, self.downloads, self.keys, self.updates)
            any(desk.on_courier_event(event) for desk in desks)

    def close(self) -> None:
        """End the courier's child; what it fetched is kept."""
        self._courier.stop()
