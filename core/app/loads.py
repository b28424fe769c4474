"""The model in memory: which one, loading it, how far that is, and giving the memory back."""

import time
from collections.abc import Callable
from typing import NamedTuple

from core import settings as declared
from core.app.alarm import Alarm
from core.app.drafts import draft_for
from core.app.events import AppEvent, ModelReady, ModelsChanged, Notice
from core.app.events_models import ModelLoading, ModelUnloaded
from core.app.idle import Idle
from core.app.model_settings import ModelSettingsDesk
from core.app.problems import problem_of, problem_of_failure
from core.app.quarantine import Quarantine
from core.app.states import States
from core.app.trials import Trials
from core.app.wishes import Wishes
from core.chat.ports import EnginePort
from core.engine.client import EngineClient
from core.messages import (
    AnswerDone,
    EngineEvent,
    Failed,
    Generate,
    LoadProgress,
    ModelLoaded,
    Placement,
)
from core.models.entry import ModelEntry
from core.models.shelf import Shelf
from core.settings import Settings


class Users(NamedTuple):
    """Who uses the model: whether anyone does, and ending those who wait for a load."""

    in_use: Callable[[], bool]
    stop_waiting: Callable[[str], None]


class _Wish(NamedTuple):
    """All that makes a load another one."""

    placement: Placement
    template: str
    draft: str


class LoadDesk(EnginePort):
    """One model at a time. One thread uses it; `tick` is called at each pump."""

    def __init__(  # noqa: PLR0913 - what a load rests on, each from its own desk
        self,
        shelf: Shelf,
        engine: EngineClient,
        emit: Callable[[AppEvent], None],
        *,
        settings: Settings,
        quarantine: Quarantine,
        states: States,
        wishes: Wishes,
        own: ModelSettingsDesk,
        users: Users,
        alarm: Alarm,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = shelf
        self._engine = engine
        self._emit = emit
        self._settings = settings
        self._quarantine = quarantine
        self._trials = Trials(quarantine)
        self._states = states
        self._wishes = wishes
        self._own = own
        self._users = users
        self._idle = Idle(settings, alarm, clock)
        self._wished: _Wish | None = None  # when the model that is there was asked for
        self._loading = ("", "")  # request and path of the last load
        self._cancelled = ""  # the load that is being given up
        self._due = ""

    def want(self, path: str) -> None:
        """Begin to load a model ahead of any question.

        While another one answers, loading waits for the end of the answer (see `catch_up`).
        """
        self._due = path
        self.catch_up()

    def catch_up(self) -> None:
        """Load the model that was wanted while another one answered, if that is over."""
        self._rest()
        if self._due and self.prepare(self._due) is not None:
            self._due = ""

    def prepare(self, path: str) -> ModelLoaded | str | None:
        """Return the loaded model, or begin to load it: ModelLoaded or Failed carries the id.

        None while answers need another model: nothing takes it from under them.
        """
        engine, wish = self._engine, self._wish(path)
        self._idle.end()
        if wish == self._wished and engine.loaded and engine.loaded.path == path:
            return engine.loaded
        loading = engine.loading
        given_up = loading is not None and loading.request_id == self._cancelled
        if wish == self._wished and loading and loading.path == path and not given_up:
            return loading.request_id
        if self._users.in_use():
            return None
        if engine.loaded or engine.loading:
            # First, so that a child that leaves doesn't remove the new attempt.
            engine.unload()
        self._wished = wish
        self._trials.will_load(path)
        request_id = engine.load(
            path,
            self._wishes.of(path),
            draft_path=self._draft_for(path, wish.draft),
            template=wish.template,
            states_folder=self._states.parent,
            states_limit=self._states.limit,
            any_architecture=self._shelf.tries_anyway(path),
        )
        self._trials.load(request_id)
        self._loading = request_id, path
        return request_id

    def ready(self, path: str) -> ModelLoaded | None:
        """Return the model at `path` if it is loaded."""
        loaded = self._engine.loaded
        return loaded if loaded and loaded.path == path else None

    @property
    def path(self) -> str:
        """The file that is in memory, or being loaded; "" when there is none."""
        holding = self._engine.loaded or self._engine.loading
        return holding.path if holding else ""

    def load_ahead(self, chosen: ModelEntry | None) -> None:
        """Load the chosen model before anyone asks, unless that ended badly the last time."""
        if chosen is None or chosen.problem_code or chosen.fits == "no":
            return
        if not self._settings.get(declared.LOAD_AT_START):
            return
        suspicion = self._quarantine.suspicion(chosen.path)
        if suspicion is None:
            self.prepare(chosen.path)
        else:
            self._emit(Notice(key="model", severity="warning", problem=problem_of(suspicion)))

    def generate(self, request: Generate) -> None:
        """Begin to answer with the loaded model."""
        self._trials.answer(request.request_id)
        self._engine.generate(request)

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""
        self._engine.cancel(request_id)

    def cancel_loading(self) -> bool:
        """Give up the load that is on its way; answers that wait for it are stopped.

        Returns whether there was one; ModelUnloaded tells when it is over.
        """
        loading = self._engine.loading
        if loading is None:
            return False
        self._due, self._cancelled = "", loading.request_id
        self._users.stop_waiting(loading.request_id)
        self._engine.cancel(loading.request_id)
        return True

    def unload(self, reason: str = "asked") -> bool:
        """Give the model's memory back, unless it answers; returns whether that was done."""
        path = self.path
        if not path or self._users.in_use():
            return False
        self._idle.end()
        self._engine.unload()
        self._trials.close()
        self._emit(ModelUnloaded(ref=self._shelf.ref_of(path), path=path, reason=reason))
        return True

    def release(self, path: str) -> bool:
        """Give the memory of one model back; returns whether it holds none any more."""
        return path != self.path or self.unload("removed")

    def tick(self) -> None:
        """Unload a model that nobody has used for as long as is set."""
        if self._idle.is_over and self._engine.loaded:
            self.unload("idle")

    def on_engine(self, event: EngineEvent, *, answering: bool) -> None:
        """Tell the front end of a model that is ready, or failed outside an answer."""
        if self._trials.watch(event):
            self._emit(ModelsChanged())
        match event:
            case ModelLoaded():
                self._on_loaded(event)
            case LoadProgress() if event.request_id == self._loading[0]:
                path = self._loading[1]
                self._emit(ModelLoading(ref=self._shelf.ref_of(path), path=path, share=event.share))
            case AnswerDone() if event.request_id == self._cancelled:
                path = self._loading[1]
                self._emit(
                    ModelUnloaded(ref=self._shelf.ref_of(path), path=path, reason="cancelled")
                )
            case Failed() if not answering:
                problem = problem_of_failure(event)
                self._emit(Notice(key="model", severity="error", problem=problem))

    def takes_less(self, event: EngineEvent) -> str:
        """Return the id of a load that memory ran out for, if less will be asked for; says so.

        Whoever waited for the load asks again; without anyone, `catch_up` does.
        """
        request_id, path = self._loading
        if not isinstance(event, Failed) or event.request_id != request_id:
            return ""
        if event.facts.get("lacked_memory") != "True":
            return ""
        told = self._wishes.killed(path)
        if told is None:
            return ""
        if self._trials.watch(event):
            self._emit(ModelsChanged())
        self._emit(Notice(key="memory", severity="warning", problem=told))
        self._due = path
        return request_id

    def close(self) -> None:
        """End the engine's child; what it was at is cut off, not broken."""
        self._idle.close()
        self._engine.stop()
        self._trials.close()

    def _on_loaded(self, event: ModelLoaded) -> None:
        if told := self._wishes.loaded(event):
            self._emit(Notice(key="memory", severity="warning", problem=told))
        self._emit(
            ModelReady(
                ref=self._shelf.ref_of(event.path),
                context=event.context,
                threads=event.threads,
                seconds=event.seconds,
                placement=event.placement,
                memory=event.memory,
                draft=self._shelf.ref_of(event.draft) if event.draft else "",
            )
        )
        self._rest()

    def _rest(self) -> None:
        """Begin to count how long nobody uses the model."""
        if self._engine.loaded and not self._users.in_use():
            self._idle.begin()

    def _wish(self, path: str) -> _Wish:
        own = self._own.of_path(path)
        return _Wish(self._wishes.as_set(path), own.template or "", own.draft or "")

    def _draft_for(self, path: str, own: str) -> str:
        entries = self._shelf.entries()
        wanted = own or str(self._settings.get(declared.DRAFT_MODEL))
        targets = (entry for entry in entries if entry.path == path)
        return next((draft_for(entry, entries, wanted) for entry in targets), "")
