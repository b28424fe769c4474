"""Load requests: the engine's parameters to load a model, from the settings."""

from typing import NamedTuple

from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.load_options import LoadOptions
from core.app.loading.tuning_store import TuningStore
from core.app.models.draft_selection import find_draft_model
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.ipc.client import new_request_id
from core.messages import LoadModel, Placement
from core.models.model_settings_store import ModelSettingsStore
from core.models.registry.model_registry import ModelRegistry


class LoadKey(NamedTuple):
    """The settings that a loaded model depends on: when they change, it is loaded anew."""

    placement: Placement
    template: str
    draft: str
    states_folder: str


class LoadRequestBuilder:
    """Builds load requests for the model files of one root. One thread uses it."""

    def __init__(
        self,
        registry: ModelRegistry,
        settings: Settings,
        model_settings: ModelSettingsStore,
        load_options: LoadOptions,
        states: KvStateFolders,
        tunings: TuningStore,
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._model_settings = model_settings
        self._load_options = load_options
        self._states = states
        self._tunings = tunings

    def load_key(self, path: str) -> LoadKey:
        """Return the settings of the file at `path` as they are now."""
        own = self._model_settings.settings_for_model(path)
        placement = self._load_options.configured_placement(path)
        return LoadKey(placement, own.template or "", own.draft or "", self._states.parent_folder)

    def build_load_request(self, path: str, key: LoadKey) -> LoadModel:
        """Return the request to load the file at `path` with these settings."""
        return LoadModel(
            request_id=new_request_id(),
            path=path,
            placement=self._load_options.placement_for(path),
            draft_path=self._draft_path(path, key.draft),
            template=key.template,
            states_folder=key.states_folder,
            states_limit=self._states.byte_limit,
            any_architecture=self._registry.allows_unknown_architecture(path),
            adapters=self._adapters(path),
            tunings=self._tunings.tunings,
            measures=True,
        )

    def _adapters(self, path: str) -> tuple[str, ...]:
        """Return the adapters that may be asked for: those that are known, and this model's own."""
        own = self._model_settings.settings_for_model(path).adapters or ()
        known = (entry.path for entry in self._registry.list_adapters())
        return tuple(dict.fromkeys((*known, *(adapter.path for adapter in own))))

    def _draft_path(self, path: str, own_draft: str) -> str:
        entries = self._registry.list_models()
        wanted = own_draft or self._settings.get_value(declared.DRAFT_MODEL)
        targets = (entry for entry in entries if entry.path == path)
        return next((find_draft_model(entry, entries, wanted) for entry in targets), "")
