"""Load options: the placement to request for a model, reduced after memory ran out."""

from pathlib import Path

from msgspec import structs

from core import gguf
from core.app.loading.device_service import DeviceService
from core.app.loading.fallback_placements import FallbackPlacements
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_events import Problem
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import (
    choose_or_minimal_placement,
    describe_reductions,
    next_smaller_placement,
)
from core.messages import Device, ModelLoaded, Placement
from core.models.model_settings_store import ModelSettingsStore

_OWN = ("context", "gpu_layers", "cache_keys", "cache_values", "threads")
"""The parts of a placement that can be set for a single model."""


class LoadOptions:
    """Placements to request for the models of one root. One thread uses it."""

    def __init__(
        self,
        settings: Settings,
        model_settings: ModelSettingsStore,
        remembered: FallbackPlacements,
        devices: DeviceService,
    ) -> None:
        self._settings = settings
        self._model_settings = model_settings
        self._remembered = remembered
        self._devices = devices

    @property
    def known_devices(self) -> tuple[Device, ...]:
        """The devices of this machine as last listed, none before that."""
        return self._devices.known_devices

    @property
    def default_placement(self) -> Placement:
        """The placement of the general settings."""
        return self._devices.excluded.without_excluded(_placement_from_settings(self._settings))

    def configured_placement(self, path: str) -> Placement:
        """Return the placement of the settings of the model at `path`, or of all models."""
        own = self._model_settings.settings_for_model(path)
        changes = {key: getattr(own, key) for key in _OWN if getattr(own, key) is not None}
        placement = structs.replace(_placement_from_settings(self._settings), **changes)
        return self._devices.excluded.without_excluded(placement)

    def placement_for(self, path: str) -> Placement:
        """Return the placement to request: as set, or what worked when that was too much."""
        return self._remembered.placement_for(path, self.configured_placement(path))

    def record_loaded(self, event: ModelLoaded) -> Problem | None:
        """Remember what worked if memory ran out while loading, and return the notice on it."""
        if event.tried is None:
            return None
        self._remembered.remember_placement(
            event.path, self.configured_placement(event.path), event.placement
        )
        return _reduction_problem(describe_reductions(event.tried, event.placement))

    def record_out_of_memory(self, path: str) -> Problem | None:
        """Choose less memory after it ran out and ended the loading child; return the notice on it.

        None if there is nothing less to try.
        """
        try:
            header = gguf.read_header(Path(path))
            devices, available = self.known_devices, available_memory()
            tried = choose_or_minimal_placement(
                header, self.placement_for(path), devices, available
            ).placement
        except InglenookError:
            return None
        smaller = next_smaller_placement(tried)
        if smaller is None:
            return None
        self._remembered.remember_placement(path, self.configured_placement(path), smaller)
        return _reduction_problem(describe_reductions(tried, smaller))


def _placement_from_settings(settings: Settings) -> Placement:
    """Return the placement of the general settings."""
    cache = settings.get_value(declared.CACHE_TYPE)
    return Placement(
        context=settings.get_value(declared.CONTEXT),
        threads=settings.get_value(declared.THREADS),
        device=settings.get_value(declared.DEVICE),
        gpu_layers=settings.get_value(declared.GPU_LAYERS),
        cache_keys=cache,
        cache_values=cache,
        flash_attention=settings.get_value(declared.FLASH_ATTENTION),
    )


def _reduction_problem(sentences: list[str]) -> Problem:
    return Problem(
        code="stepped_down",
        message=_("Memory ran out, so the model was loaded with less. {}").format(
            " ".join(sentences)
        ),
        hint=_("Close other programs and change a setting of the model to try more again."),
    )
