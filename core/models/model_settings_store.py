"""Settings of single model files, kept on disk by the path of the file."""

import logging
from pathlib import Path

import msgspec
from msgspec import Struct

from core.base.data_files import write_data_file
from core.base.state_files import read_state_file
from core.messages import Adapter

_log = logging.getLogger(__name__)


class ModelSettings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is set for one model; None leaves it to the file's own facts or the general settings.

    `context` in tokens (0: what fits), `gpu_layers` -1: as many as fit. `cache_keys` and
    `cache_values` are auto, f16, q8_0 or q4_0. `preset` is a key of
    `core.app.models.sampling_defaults.PRESETS`. `template` is Jinja that lays chats out. `draft` is
    auto, off or a model's name.
    """

    context: int | None = None
    gpu_layers: int | None = None
    cache_keys: str | None = None
    cache_values: str | None = None
    threads: int | None = None
    preset: str | None = None
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    system_prompt: str | None = None
    template: str | None = None
    draft: str | None = None
    adapters: tuple[Adapter, ...] | None = None


NO_MODEL_SETTINGS = ModelSettings()


class ModelSettingsStore:
    """The settings of one root's models. One thread uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._settings = self._read()

    def settings_for_model(self, model: str) -> ModelSettings:
        """Return what is set for the file at the path `model`."""
        return self._settings.get(model, NO_MODEL_SETTINGS)

    def models_with_adapter(self, adapter: str) -> tuple[str, ...]:
        """Return the paths of the models whose settings have the adapter at the path `adapter`."""
        return tuple(
            path
            for path, own in self._settings.items()
            if any(each.path == adapter for each in own.adapters or ())
        )

    def save_model_settings(self, model: str, settings: ModelSettings) -> None:
        """Set them. Raises StorageError, and what was set before stays then."""
        changed = {path: own for path, own in self._settings.items() if path != model}
        if settings != NO_MODEL_SETTINGS:
            changed[model] = settings
        write_data_file(self._path, msgspec.json.format(msgspec.json.encode(changed)))
        self._settings = changed

    def _read(self) -> dict[str, ModelSettings]:
        return read_state_file(self._path, dict[str, ModelSettings]) or {}
