"""Construction of the services that use the network, all through the courier."""

from collections.abc import Callable

from core.app.events.app_events import AppEvent
from core.app.models.model_service import ModelService
from core.app.network.download_service import DownloadService
from core.app.network.key_service import KeyService
from core.app.network.server_engine import ServerEngine
from core.app.network.server_service import ServerService
from core.app.network.update_service import UpdateService, load_update_source
from core.app.usage.usage_store import UsageStore
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_protocols import AnswerEngine
from core.courier.client import CourierClient


class NetworkServices:
    """The services around the courier."""

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        settings: Settings,
        models: ModelService,
        usage: UsageStore,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._courier = courier
        self.downloads = DownloadService(courier, paths, settings, models, emit)
        self.servers = ServerService(courier, paths, usage, emit)
        self.keys = KeyService(courier.keys)
        self.updates = UpdateService(courier, settings, load_update_source())

    def server_engine(self, path: str) -> AnswerEngine:
        """Return the server with this path as an engine for answers."""
        return ServerEngine(self._courier, self.servers, path)
