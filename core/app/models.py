"""The chosen model: which one, whether the engine has it, and loading it ahead of a question."""

from collections.abc import Callable

from core import settings as declared
from core.app.drafts import draft_for
from core.app.events import AppEvent, ModelReady, ModelsChanged, Notice
from core.app.problems import problem_of, problem_of_failure
from core.app.quarantine import Quarantine
from core.app.states import States
from core.app.trials import Trials
from core.app.wishes import Wishes
from core.chat.events import Problem
from core.engine.client import EngineClient
from core.errors import Code, ModelError
from core.messages import EngineEvent, Failed, Generate, ModelLoaded
from core.models.entry import ModelEntry
from core.models.shelf import Shelf
from core.settings import Settings


class ModelDesk:
    """The shelf and the engine, as one thing a front end can ask about models."""

    def __init__(
        self,
        shelf: Shelf,
        quarantine: Quarantine,
        settings: Settings,
        engine: EngineClient,
        emit: Callable[[AppEvent], None],
        *,
        states: States,
        wishes: Wishes,
        in_use: Callable[[], bool],
    ) -> None:
        self._shelf = shelf
        self._quarantine = quarantine
        self._trials = Trials(quarantine)
        self._settings = settings
        self._engine = engine
        self._emit = emit
        self._states = states
        self._wishes = wishes
        self._wished = wishes.settings  # when the model that is there was asked for
        self._loading = ("", "")  # request and path of the last load
        self._in_use = in_use
        self._due = ""

    def all(self) -> tuple[ModelEntry, ...]:
        """Return every known model; a file that is gone or damaged is there with its problem."""
        return self._shelf.entries()

    def chosen(self) -> ModelEntry | None:
        """Return the model that answers new questions: as chosen, else the first that works."""
        entries = self._shelf.entries()
        ref = self._settings.get(declared.MODEL)
        for entry in entries:
            if ref in {entry.ref, entry.path}:
                return entry
        fallbacks = ("", Code.MODEL_PUT_ASIDE)  # of two evils the one that says what to do
        return next(
            (each for code in fallbacks for each in entries if each.problem_code == code), None
        )

    def find(self, ref: str, *, again: bool = False, anyway: bool = False) -> ModelEntry:
        """Return the usable model `ref` names ("" for the chosen one). Raises ModelError.

        `again` takes a file that was put aside back into use, `anyway` lets its architecture be
        unknown: both are a person's wish.
        """
        entry = self._shelf.find(ref, anyway=anyway) if ref else self.chosen()
        if entry is None:
            raise ModelError(Code.NO_MODEL)
        if again and entry.problem_code == Code.MODEL_PUT_ASIDE:
            entry = self.retry(entry.ref)
        if entry.problem_code:
            raise ModelError(Code(entry.problem_code), **entry.problem_facts)
        return entry

    def choose(self, ref: str) -> ModelEntry:
        """Answer with this model from now on, and begin to load it. Raises ModelError.

        While another one answers, loading waits for the end of the answer (see `catch_up`).
        """
        entry = self.find(ref)
        self._settings.set(declared.MODEL, entry.path)
        self._emit(ModelsChanged())
        self._due = entry.path
        self.catch_up()
        return entry

    def catch_up(self) -> None:
        """Load the model that was chosen while another one answered, if that is over."""
        if self._due and self.prepare(self._due) is not None:
            self._due = ""

    def add(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Put a GGUF file on the shelf, where it lies. Raises ModelError.

        `anyway` lets its architecture be unknown, from now on.
        """
        entry = self._shelf.add(path, anyway=anyway)
        self._emit(ModelsChanged())
        return entry

    def retry(self, ref: str) -> ModelEntry:
        """Take a file that was put aside back into use. Raises ModelError."""
        entry = self._shelf.find(ref)
        self._quarantine.try_again(entry.path)
        self._emit(ModelsChanged())
        return self._shelf.find(ref)

    def forget(self, ref: str) -> None:
        """Take a model off the shelf; its file stays. Raises ModelError."""
        self._shelf.forget(ref)
        self._emit(ModelsChanged())

    def prepare(self, path: str) -> ModelLoaded | str | None:
        """Return the loaded model, or begin to load it: ModelLoaded or Failed carries the id.

        None while answers need another model: nothing takes it from under them.
        """
        engine = self._engine
        as_set = self._wished == self._wishes.settings
        if as_set and engine.loaded and engine.loaded.path == path:
            return engine.loaded
        if as_set and engine.loading and engine.loading.path == path:
            return engine.loading.request_id
        if self._in_use():
            return None
        if engine.loaded or engine.loading:
            # First, so that a child that leaves doesn't remove the new attempt.
            engine.unload()
        self._wished = self._wishes.settings
        self._trials.will_load(path)
        request_id = engine.load(
            path,
            self._wishes.of(path),
            draft_path=self._draft_for(path),
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

    def load_ahead(self) -> None:
        """Load the chosen model before anyone asks, unless that ended badly the last time."""
        chosen = self.chosen()
        if chosen is None or chosen.problem_code or chosen.fits == "no":
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

    def on_engine(self, event: EngineEvent, *, answering: bool) -> None:
        """Tell the front end of a model that is ready, or failed outside an answer."""
        if self._trials.watch(event):
            self._emit(ModelsChanged())
        if isinstance(event, ModelLoaded):
            self._tell(self._wishes.loaded(event))
            self._emit(
                ModelReady(
                    ref=self._ref_of(event.path),
                    context=event.context,
                    threads=event.threads,
                    seconds=event.seconds,
                    placement=event.placement,
                    memory=event.memory,
                    draft=self._ref_of(event.draft) if event.draft else "",
                )
            )
        elif isinstance(event, Failed) and not answering:
            self._emit(Notice(key="model", severity="error", problem=problem_of_failure(event)))

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
        self._tell(told)
        self._due = path
        return request_id

    def close(self) -> None:
        """End the engine's child; what it was at is cut off, not broken."""
        self._engine.stop()
        self._trials.close()

    def _tell(self, problem: Problem | None) -> None:
        if problem:
            self._emit(Notice(key="memory", severity="warning", problem=problem))

    def _draft_for(self, path: str) -> str:
        entries = self._shelf.entries()
        wanted = str(self._settings.get(declared.DRAFT_MODEL))
        targets = (entry for entry in entries if entry.path == path)
        return next((draft_for(entry, entries, wanted) for entry in targets), "")

    def _ref_of(self, path: str) -> str:
        return next((entry.ref for entry in self._shelf.entries() if entry.path == path), path)
