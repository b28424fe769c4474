"""Construction of the services around models and the model in memory, from one root."""

from collections.abc import Callable
from typing import NamedTuple

from core.app.events.app_events import AppEvent
from core.app.loading.fallback_placements import FallbackPlacements
from core.app.loading.idle_timer import WakeTimer
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.load_options import LoadOptions
from core.app.loading.memory_fit_check import memory_fit_checker, memory_plan_key
from core.app.loading.model_load_service import ModelLoadService, ModelUsers
from core.app.models.adapter_service import AdapterService
from core.app.models.checksum_service import ChecksumService
from core.app.models.model_file_service import ModelFileService
from core.app.models.model_quarantine import ModelQuarantine
from core.app.models.model_service import ModelService
from core.app.models.model_settings_service import ModelSettingsService
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.engine.client.engine_client import EngineClient
from core.messages import Device, Placement
from core.models.model_settings_store import ModelSettingsStore
from core.models.registry.model_registry import ModelRegistry


class MachineDevices(NamedTuple):
    """What is known of this machine when it is asked: devices, and those that are left alone."""

    devices: Callable[[], tuple[Device, ...]]
    avoided: Callable[[Placement], Placement]


class ModelServices(NamedTuple):
    """The parts, for the application to hand on."""

    models: ModelService
    loads: ModelLoadService
    shelf: ModelFileService
    checksums: ChecksumService
    settings: ModelSettingsService
    adapters: AdapterService
    wishes: LoadOptions


def _load_options(
    paths: Paths,
    settings: Settings,
    machine: MachineDevices,
    own_placement: Callable[[str, Placement], Placement],
) -> LoadOptions:
    placements = FallbackPlacements(paths.placements)
    return LoadOptions(settings, placements, machine.devices, machine.avoided, own_placement)


def _open_registry(
    paths: Paths,
    wishes: LoadOptions,
    machine: MachineDevices,
    quarantine: ModelQuarantine,
    store: ModelSettingsStore,
) -> ModelRegistry:
    return ModelRegistry(
        paths,
        memory_fit_checker(wishes.configured_placement, machine.devices),
        quarantine.quarantine_problem,
        plan_key=memory_plan_key(wishes.configured_placement, machine.devices),
        has_own_template=lambda path: bool(store.settings_for_model(path).template),
    )


def open_model_services(
    paths: Paths,
    settings: Settings,
    engine: EngineClient,
    states: KvStateFolders,
    machine: MachineDevices,
    users: ModelUsers,
    *,
    emit: Callable[[AppEvent], None],
    wake: Callable[[], None],
) -> ModelServices:
    """Open the shelf of a root and what stands around it; starts no child and no thread."""

    def own_placement(path: str, general: Placement) -> Placement:
        return own.apply_to_placement(path, general)  # it is made below

    store = ModelSettingsStore(paths.model_settings)
    quarantine = ModelQuarantine(paths)
    wishes = _load_options(paths, settings, machine, own_placement)
    shelf = _open_registry(paths, wishes, machine, quarantine, store)
    own = ModelSettingsService(store, settings, shelf, emit)
    loads = ModelLoadService(
        shelf,
        engine,
        emit,
        settings=settings,
        quarantine=quarantine,
        states=states,
        wishes=wishes,
        own=own,
        users=users,
        alarm=WakeTimer(wake),
    )
    models = ModelService(shelf, quarantine, settings, emit, loads.load_when_idle)
    checksums = ChecksumService(shelf, emit, wake)
    work = ModelFileService(
        paths, shelf, settings, emit, wake, checksums=checksums, release=loads.release_model
    )
    adapters = AdapterService(shelf, models.chosen_model)
    return ModelServices(models, loads, work, checksums, own, adapters, wishes)
