"""Construction of the services around models and the model in memory, from one root."""

import time

from core.app.events.event_hub import EventHub
from core.app.judging.ability_service import AbilityService
from core.app.judging.chat_judge import ChatJudge
from core.app.judging.quiet_time import QuietTime
from core.app.loading.device_service import DeviceService
from core.app.loading.engine_watch import EngineWatch
from core.app.loading.fallback_placements import FallbackPlacements
from core.app.loading.idle_timer import IdleTimer, WakeTimer
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.load_events import LoadEvents
from core.app.loading.load_options import LoadOptions
from core.app.loading.load_request_builder import LoadRequestBuilder
from core.app.loading.memory_fit_check import memory_fit_checker, memory_plan_key
from core.app.loading.model_load_service import ModelLoadService
from core.app.loading.model_loader import ModelLoader
from core.app.loading.model_preloader import ModelPreloader
from core.app.loading.model_timing import ModelTiming
from core.app.loading.tuning_store import TuningStore
from core.app.models.adapter_service import AdapterService
from core.app.models.checksum_service import ChecksumService
from core.app.models.crash_tracker import CrashTracker
from core.app.models.model_file_service import ModelFileService
from core.app.models.model_quarantine import ModelQuarantine
from core.app.models.model_service import ModelService
from core.app.models.model_settings_service import ModelSettingsService
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.chat.answering.running_answers import RunningAnswers
from core.engine.client.engine_client import EngineClient
from core.models.files.file_task_thread import FileTaskThread
from core.models.files.model_copy import remove_unfinished_copies
from core.models.model_settings_store import ModelSettingsStore
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.registry.model_registry import ModelRegistry


class ModelServices:
    """The services of one root that have to do with models; starts no child and no thread."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        engine: EngineClient,
        devices: DeviceService,
        states: KvStateFolders,
        running: RunningAnswers,
        hub: EventHub,
    ) -> None:
        self._quarantine = ModelQuarantine(paths)
        self._own_settings = ModelSettingsStore(paths.model_settings)
        self.measurements = MeasurementStore(paths.measurements)
        self.tunings = TuningStore(paths.tunings)
        self.load_options = LoadOptions(
            settings, self._own_settings, FallbackPlacements(paths.placements), devices
        )
        self.registry = ModelRegistry(
            paths,
            memory_fit_checker(self.load_options, self.tunings),
            self._quarantine.quarantine_problem,
            plan_key=memory_plan_key(self.load_options),
            has_own_template=lambda path: bool(
                self._own_settings.settings_for_model(path).template
            ),
        )
        self._open_loading(settings, engine, devices, states, running, hub)
        self._open_registry_services(paths, settings, hub)

    def _open_loading(
        self,
        settings: Settings,
        engine: EngineClient,
        devices: DeviceService,
        states: KvStateFolders,
        running: RunningAnswers,
        hub: EventHub,
    ) -> None:
        requests = LoadRequestBuilder(
            self.registry, settings, self._own_settings, self.load_options, states, self.tunings
        )
        crash_tracker = CrashTracker(self._quarantine, hub.emit)
        watch = EngineWatch(crash_tracker, devices.excluded, self.measurements)
        events = LoadEvents(self.registry, hub.emit)
        loader = ModelLoader(engine, requests, self.load_options, self.tunings, watch, events)
        idle = IdleTimer(settings, WakeTimer(hub.wake), time.monotonic)
        self.loading = ModelLoadService(engine, loader, running, watch, idle, events)
        self.timing = ModelTiming(engine, self.loading)
        self.abilities = AbilityService(
            self.registry,
            self.loading,
            running,
            self.measurements,
            settings,
            QuietTime(WakeTimer(hub.wake), time.monotonic),
            hub.emit,
        )
        self.chat_judge = ChatJudge(self.loading, self.abilities, settings)
        self.preloader = ModelPreloader(self.loading, settings, self._quarantine, hub.emit)

    def _open_registry_services(self, paths: Paths, settings: Settings, hub: EventHub) -> None:
        self.models = ModelService(
            self.registry, self._quarantine, settings, hub.emit, self.loading.load_when_idle
        )
        self.settings = ModelSettingsService(self._own_settings, settings, self.registry, hub.emit)
        self.adapters = AdapterService(self.registry, self.models.chosen_model)
        self._open_file_services(paths, settings, hub)

    def _open_file_services(self, paths: Paths, settings: Settings, hub: EventHub) -> None:
        remove_unfinished_copies(paths.models)  # of a program that was killed: the root is ours
        self.file_tasks = FileTaskThread("model files", hub.wake)
        self.checksum_tasks = FileTaskThread("checksums", hub.wake, idle=True)
        self.checksums = ChecksumService(self.registry, self.checksum_tasks, hub.emit)
        self.files = ModelFileService(
            paths,
            self.registry,
            settings,
            self.file_tasks,
            self.checksums,
            release=self.loading.release_model,
            emit=hub.emit,
        )
        self.files.forget_adapter = self.settings.forget_adapter
