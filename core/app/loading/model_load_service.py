"""Model in memory: loading, progress, preloading, idle unloading and release."""

import time
from collections.abc import Callable
from typing import NamedTuple

from core.app.events.app_events import AppEvent, ModelReady, ModelsChanged, Notice
from core.app.events.model_events import ModelLoading, ModelUnloaded
from core.app.loading.idle_timer import IdleTimer, WakeTimer
from core.app.loading.kv_state_folders import KvStateFolders
from core.app.loading.load_options import LoadOptions
from core.app.models.crash_tracking import CrashTracker
from core.app.models.draft_selection import find_draft_model
from core.app.models.model_quarantine import ModelQuarantine
from core.app.models.model_settings_service import ModelSettingsService
from core.app.problems import problem_of, problem_of_failure
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_protocols import AnswerEngine
from core.engine.client.engine_client import EngineClient
from core.messages import (
    AnswerDone,
    EngineEvent,
    Failed,
    Generate,
    LoadProgress,
    ModelLoaded,
    Placement,
)
from core.models.info.model_entry import ModelEntry
from core.models.registry.model_registry import ModelRegistry


class ModelUsers(NamedTuple):
    """Who uses the model: whether anyone does, and ending those who wait for a load."""

    in_use: Callable[[], bool]
    stop_waiting: Callable[[str], None]


class _LoadKey(NamedTuple):
    """All that makes a load another one."""

    placement: Placement
    template: str
    draft: str


class ModelLoadService(AnswerEngine):
    """One model at a time. One thread uses it; `unload_if_idle` is called at each pump."""

    def __init__(  # noqa: PLR0913 - what a load rests on, each from its own desk
        self,
        shelf: ModelRegistry,
        engine: EngineClient,
        emit: Callable[[AppEvent], None],
        *,
        settings: Settings,
        quarantine: ModelQuarantine,
        states: KvStateFolders,
        wishes: LoadOptions,
        own: ModelSettingsService,
        users: ModelUsers,
        alarm: WakeTimer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = shelf
        self._engine = engine
        self._emit = emit
        self._settings = settings
        self._quarantine = quarantine
        self._crash_tracker = CrashTracker(quarantine)
        self._states = states
        self._load_options = wishes
        self._model_settings = own
        self._users = users
        self._idle = IdleTimer(settings, alarm, clock)
        self._current_load_key: _LoadKey | None = None  # when the model that is there was asked for
        self._loading = ("", "")  # request and path of the last load
        self._cancelled = ""  # the load that is being given up
        self._due = ""

    def load_when_idle(self, path: str) -> None:
        """Begin to load a model ahead of any question.

        While another one answers, loading waits for the end of the answer (see `load_pending`).
        """
        self._due = path
        self.load_pending()

    def load_pending(self) -> None:
        """Load the model that was wanted while another one answered, if that is over."""
        self._start_idle_timer()
        if self._due and self.prepare_model(self._due) is not None:
            self._due = ""

    def prepare_model(self, path: str) -> ModelLoaded | str | None:
        """Return the loaded model, or begin to load it: ModelLoaded or Failed carries the id.

        None while answers need another model: nothing takes it from under them.
        """
        engine, wish = self._engine, self._load_key(path)
        self._idle.stop()
        if wish == self._current_load_key and engine.loaded and engine.loaded.path == path:
            return engine.loaded
        loading = engine.loading_request
        given_up = loading is not None and loading.request_id == self._cancelled
        if wish == self._current_load_key and loading and loading.path == path and not given_up:
            return loading.request_id
        if self._users.in_use():
            return None
        if engine.loaded or engine.loading_request:
            # First, so that a child that leaves doesn't remove the new attempt.
            engine.unload_model()
        self._current_load_key = wish
        self._crash_tracker.begin_load(path)
        request_id = engine.load_model(
            path,
            self._load_options.placement_for(path),
            draft_path=self._draft_for(path, wish.draft),
            template=wish.template,
            states_folder=self._states.parent_folder,
            states_limit=self._states.byte_limit,
            any_architecture=self._shelf.allows_unknown_architecture(path),
        )
        self._crash_tracker.track_load(request_id)
        self._loading = request_id, path
        return request_id

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return the model at `path` if it is loaded."""
        loaded = self._engine.loaded
        return loaded if loaded and loaded.path == path else None

    @property
    def path(self) -> str:
        """The file that is in memory, or being loaded; "" when there is none."""
        holding = self._engine.loaded or self._engine.loading_request
        return holding.path if holding else ""

    def preload_model(self, chosen: ModelEntry | None) -> None:
        """Load the chosen model before anyone asks, unless that ended badly the last time."""
        if chosen is None or chosen.problem_code or chosen.fits == "no":
            return
        if not self._settings.get_value(declared.LOAD_AT_START):
            return
        suspicion = self._quarantine.preload_problem(chosen.path)
        if suspicion is None:
            self.prepare_model(chosen.path)
        else:
            self._emit(Notice(key="model", severity="warning", problem=problem_of(suspicion)))

    def start_generation(self, request: Generate) -> None:
        """Begin to answer with the loaded model."""
        self._crash_tracker.track_answer(request.request_id)
        self._engine.start_generation(request)

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""
        self._engine.cancel(request_id)

    def cancel_loading(self) -> bool:
        """Give up the load that is on its way; answers that wait for it are stopped.

        Returns whether there was one; ModelUnloaded tells when it is over.
        """
        loading = self._engine.loading_request
        if loading is None:
            return False
        self._due, self._cancelled = "", loading.request_id
        self._users.stop_waiting(loading.request_id)
        self._engine.cancel(loading.request_id)
        return True

    def unload_model(self, reason: str = "asked") -> bool:
        """Give the model's memory back, unless it answers; returns whether that was done."""
        path = self.path
        if not path or self._users.in_use():
            return False
        self._idle.stop()
        self._engine.unload_model()
        self._crash_tracker.close()
        self._emit(ModelUnloaded(ref=self._shelf.ref_for_path(path), path=path, reason=reason))
        return True

    def release_model(self, path: str) -> bool:
        """Give the memory of one model back; returns whether it holds none any more."""
        return path != self.path or self.unload_model("removed")

    def unload_if_idle(self) -> None:
        """Unload a model that nobody has used for as long as is set."""
        if self._idle.is_expired and self._engine.loaded:
            self.unload_model("idle")

    def on_engine_event(self, event: EngineEvent, *, answering: bool) -> None:
        """Tell the front end of a model that is ready, or failed outside an answer."""
        if self._crash_tracker.track_event(event):
            self._emit(ModelsChanged())
        match event:
            case ModelLoaded():
                self._on_loaded(event)
            case LoadProgress() if event.request_id == self._loading[0]:
                path = self._loading[1]
                self._emit(
                    ModelLoading(ref=self._shelf.ref_for_path(path), path=path, share=event.share)
                )
            case AnswerDone() if event.request_id == self._cancelled:
                path = self._loading[1]
                self._emit(
                    ModelUnloaded(ref=self._shelf.ref_for_path(path), path=path, reason="cancelled")
                )
            case Failed() if not answering:
                problem = problem_of_failure(event)
                self._emit(Notice(key="model", severity="error", problem=problem))

    def retry_with_less_memory(self, event: EngineEvent) -> str:
        """Return the id of a load that memory ran out for, if less will be asked for; says so.

        Whoever waited for the load asks again; without anyone, `load_pending` does.
        """
        request_id, path = self._loading
        if not isinstance(event, Failed) or event.request_id != request_id:
            return ""
        if event.facts.get("lacked_memory") != "True":
            return ""
        told = self._load_options.record_out_of_memory(path)
        if told is None:
            return ""
        if self._crash_tracker.track_event(event):
            self._emit(ModelsChanged())
        self._emit(Notice(key="memory", severity="warning", problem=told))
        self._due = path
        return request_id

    def close(self) -> None:
        """End the engine's child; what it was at is cut off, not broken."""
        self._idle.close()
        self._engine.stop()
        self._crash_tracker.close()

    def _on_loaded(self, event: ModelLoaded) -> None:
        if told := self._load_options.record_loaded(event):
            self._emit(Notice(key="memory", severity="warning", problem=told))
        self._emit(
            ModelReady(
                ref=self._shelf.ref_for_path(event.path),
                context=event.context,
                threads=event.threads,
                seconds=event.seconds,
                placement=event.placement,
                memory=event.memory,
                draft=self._shelf.ref_for_path(event.draft) if event.draft else "",
            )
        )
        self._start_idle_timer()

    def _start_idle_timer(self) -> None:
        """Begin to count how long nobody uses the model."""
        if self._engine.loaded and not self._users.in_use():
            self._idle.start()

    def _load_key(self, path: str) -> _LoadKey:
        own = self._model_settings.settings_for_path(path)
        return _LoadKey(
            self._load_options.configured_placement(path), own.template or "", own.draft or ""
        )

    def _draft_for(self, path: str, own: str) -> str:
        entries = self._shelf.list_models()
        wanted = own or str(self._settings.get_value(declared.DRAFT_MODEL))
        targets = (entry for entry in entries if entry.path == path)
        return next((find_draft_model(entry, entries, wanted) for entry in targets), "")
