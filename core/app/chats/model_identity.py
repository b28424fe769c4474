"""Model identity: the weights that answer and how they are set up, as one text to compare."""

import msgspec

from core.app.network.server_service import ServerService
from core.models.model_settings_store import ModelSettingsStore
from core.models.registry.model_registry import ModelRegistry
from core.models.server_registry import is_server_path


class ModelIdentity:
    """Reads what is known already; nothing is loaded for it."""

    def __init__(
        self, registry: ModelRegistry, settings: ModelSettingsStore, servers: ServerService
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._servers = servers

    def identify_model(self, path: str) -> str:
        """Return the identity of the model or server at a path, "" if it isn't known."""
        if is_server_path(path):
            server = self._servers.get_server(path)
            return f"{path} {server.model}" if server else ""
        facts = self._registry.cache.facts.get(path)
        if facts is None or not facts.sample_digest:
            return ""
        own = msgspec.json.encode(self._settings.settings_for_model(path)).decode()
        return f"{facts.sample_digest} {own}"
