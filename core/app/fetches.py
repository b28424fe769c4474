"""Fetching models: planned first, begun by a person's press, paused, gone on with, or dropped."""

from collections.abc import Callable
from pathlib import Path

import uuid_utils
from msgspec import structs

from core import reaching
from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_fetch import FetchesChanged, FetchMoved, FetchPlanned, FetchState
from core.app.problems import problem_of, problem_of_failure
from core.courier.address import parse
from core.courier.client import CourierClient
from core.courier.part_file import discard, kept_bytes
from core.errors import Code, InglenookError, NetworkError
from core.messages import (
    CourierEvent,
    Failed,
    Fetch,
    Fetched,
    FetchProgress,
    HubFile,
    ListRepository,
    RepositoryListed,
)
from core.models.catalog import CatalogModel
from core.models.fetch_record import FetchRecord
from core.models.fetching import (
    FetchPlan,
    Wish,
    chosen_files,
    in_folder,
    known_files,
    parse_wish,
    wanted_files,
)
from core.paths import Paths
from core.settings import Settings

AT_ONCE = 2
"""So many fetches run side by side; the others wait their turn."""
WAITING, FETCHING, CHECKING = "waiting", "fetching", "checking"
PAUSED, FAILED, DONE = "paused", "failed", "done"
_RUNNING = frozenset({FETCHING, CHECKING})


class FetchDesk:
    """What is being fetched. One thread uses it.

    `plan` asks the hub only for what the catalog can't vouch for, and `begin` alone fetches: both
    are a person's press. `add` puts a fetched file onto the shelf and returns its name; `proven`
    takes each file with the SHA-256 the courier has proved it by. `wake` asks for `pump`.
    """

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        settings: Settings,
        catalog: Callable[[], tuple[CatalogModel, ...]],
        add: Callable[[str], str],
        proven: Callable[[str, str], None],
        emit: Callable[[AppEvent], None],
        wake: Callable[[], None],
    ) -> None:
        self._courier = courier
        self._paths = paths
        self._settings = settings
        self._catalog = catalog
        self._add = add
        self._proven = proven
        self._emit = emit
        self._wake = wake
        self._record = FetchRecord(paths.fetches)
        self._wishes: dict[str, tuple[str, Wish]] = {}
        self._dropped: dict[str, FetchPlan] = {}  # until the courier has let go of their files
        self._early: list[AppEvent] = []
        self._states = {plan.fetch_id: _found(plan) for plan in self._record.all()}

    @property
    def host(self) -> str:
        """The host that would be asked, to be shown before it is. Raises NetworkError."""
        return parse(self._endpoint).name

    @property
    def _endpoint(self) -> str:
        return str(self._settings.get(reaching.HUB)).strip()

    def all(self) -> tuple[FetchState, ...]:
        """Return every fetch that is not done, and those that were in this session."""
        return tuple(self._states.values())

    def find(self, wish: str) -> FetchState:
        """Return the fetch that was begun for a wish, by its name or id. Raises NetworkError."""
        words = wish.strip().casefold()
        for state in reversed(self._states.values()):
            plan = state.plan
            names = {plan.fetch_id, plan.wish, plan.name, Path(plan.target).name, plan.repository}
            if words in {name.casefold() for name in names}:
                return state
        raise NetworkError(Code.FETCH_UNKNOWN, wish=wish.strip())

    def plan(self, wish: str) -> str:
        """Find out what a wish means: FetchPlanned or RequestFailed carries the returned id.

        Raises NetworkError for a wish or an address that can't be used.
        """
        parsed = parse_wish(wish, self._catalog())
        request_id = uuid_utils.uuid7().hex
        if files := known_files(parsed):
            plan = self._planned(wish, parsed, "main", files)
            self._early.append(FetchPlanned(request_id=request_id, plan=plan))
            self._wake()
            return request_id
        parse(self._endpoint)
        self._wishes[request_id] = wish, parsed
        return self._courier.send(
            ListRepository(
                request_id=request_id,
                endpoint=self._endpoint,
                repository=parsed.repository,
                revision=parsed.revision,
            )
        )

    def cancel(self, request_id: str) -> None:
        """Stop finding out what a wish means."""
        self._wishes.pop(request_id, None)
        self._courier.cancel(request_id)

    def begin(self, plan: FetchPlan) -> str:
        """Fetch, or go on where an earlier fetch of the same files ended; returns its id.

        Raises StorageError.
        """
        for state in self._states.values():
            if state.plan.files == plan.files and state.state != DONE:
                return self.resume(state.plan.fetch_id)
        self._record.keep(plan)
        self._states[plan.fetch_id] = FetchState(plan=plan, state=WAITING)
        self._go_on()
        self._emit(FetchesChanged())
        return plan.fetch_id

    def pause(self, fetch_id: str) -> None:
        """Stop fetching; what is here is kept."""
        state = self._states.get(fetch_id)
        if state is None:
            return
        if state.state in _RUNNING:
            self._courier.cancel(fetch_id)
        elif state.state == WAITING:
            self._move(fetch_id, state=PAUSED)

    def resume(self, fetch_id: str) -> str:
        """Go on fetching; returns the id. Raises NetworkError for a fetch nobody knows."""
        state = self._states.get(fetch_id) or self.find(fetch_id)
        if state.state in {PAUSED, FAILED}:
            self._move(fetch_id, state=WAITING, problem=None, bytes_per_second=0.0)
            self._go_on()
        return fetch_id

    def drop(self, fetch_id: str) -> None:
        """Stop fetching and remove what is here of it. Raises StorageError."""
        state = self._states.pop(fetch_id, None)
        if state is None:
            return
        self._record.forget(fetch_id)
        if state.state in _RUNNING:
            self._courier.cancel(fetch_id)
            self._dropped[fetch_id] = state.plan
        elif state.state != DONE:
            _remove(state.plan)
        self._go_on()
        self._emit(FetchesChanged())

    def pump(self) -> None:
        """Tell what could be said without asking anyone."""
        early, self._early = self._early, []
        for event in early:
            self._emit(event)

    def on_courier(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it was about a fetch."""
        request_id = getattr(event, "request_id", "")
        if request_id in self._wishes:
            self._on_listed(event)
        elif request_id in self._dropped:
            if isinstance(event, Failed | Fetched):
                _remove(self._dropped.pop(request_id))
        elif request_id in self._states:
            self._on_fetch(request_id, event)
        else:
            return False
        return True

    def _on_listed(self, event: CourierEvent) -> None:
        if isinstance(event, Failed):
            self._wishes.pop(event.request_id)
            problem = problem_of_failure(event)
            self._emit(RequestFailed(request_id=event.request_id, problem=problem))
        elif isinstance(event, RepositoryListed):
            wish, parsed = self._wishes.pop(event.request_id)
            try:
                files = chosen_files(parsed, event.files)
            except InglenookError as error:
                problem = problem_of(error)
                self._emit(RequestFailed(request_id=event.request_id, problem=problem))
                return
            plan = self._planned(wish, parsed, event.commit, files)
            plan = structs.replace(plan, licence=event.licence, gated=event.gated)
            self._emit(FetchPlanned(request_id=event.request_id, plan=plan))

    def _planned(
        self, words: str, wish: Wish, commit: str, files: tuple[HubFile, ...]
    ) -> FetchPlan:
        others = [file for state in self._states.values() for file in state.plan.files]
        plan = FetchPlan(
            fetch_id=uuid_utils.uuid7().hex,
            wish=words.strip(),
            host=self.host,
            endpoint=self._endpoint,
            repository=wish.repository,
            commit=commit,
            files=wanted_files(files, self._paths.models, others),
            licence=wish.model.licence if wish.model else "",
        )
        if wish.model is not None and wish.model.kind != "chat":
            return in_folder(plan, self._paths.models / wish.model.id)
        return plan

    def _on_fetch(self, fetch_id: str, event: CourierEvent) -> None:
        if isinstance(event, FetchProgress):
            checks = event.done == event.total
            self._move(
                fetch_id,
                state=CHECKING if checks else FETCHING,
                done=event.done,
                checked=event.checked,
                bytes_per_second=event.bytes_per_second,
            )
            return
        if isinstance(event, Fetched):
            self._arrived(fetch_id)
        elif isinstance(event, Failed) and event.code == Code.CANCELLED:
            self._move(fetch_id, state=PAUSED, bytes_per_second=0.0)
        elif isinstance(event, Failed):
            done = kept_bytes(self._states[fetch_id].plan.files)
            self._move(fetch_id, state=FAILED, done=done, problem=problem_of_failure(event))
        self._go_on()
        self._emit(FetchesChanged())

    def _arrived(self, fetch_id: str) -> None:
        """Put what has come onto the shelf; a file that can't be used stays, with its problem."""
        plan = self._states[fetch_id].plan
        self._record.forget(fetch_id)
        ref, problem = "", None
        if plan.is_chat_model:
            for file in plan.files:
                kind, _colon, value = file.digest.partition(":")
                if kind == "sha256":
                    self._proven(file.target, value)
            try:
                ref = self._add(plan.target)
            except InglenookError as error:
                problem = problem_of(error)
        self._move(
            fetch_id, state=DONE, done=plan.total, checked=plan.total, ref=ref, problem=problem
        )
        self._emit(ModelsChanged())

    def _go_on(self) -> None:
        """Begin what waits, as far as there is room."""
        running = sum(state.state in _RUNNING for state in self._states.values())
        for fetch_id, state in self._states.items():
            if running >= AT_ONCE:
                return
            if state.state == WAITING:
                running += 1
                self._send(state.plan)
                self._move(fetch_id, state=FETCHING)

    def _send(self, plan: FetchPlan) -> None:
        self._courier.send(
            Fetch(
                request_id=plan.fetch_id,
                endpoint=plan.endpoint,
                repository=plan.repository,
                commit=plan.commit,
                files=plan.files,
                connections=int(self._settings.get(reaching.CONNECTIONS)),
            )
        )

    def _move(self, fetch_id: str, **changes: object) -> None:
        state = self._states[fetch_id] = structs.replace(self._states[fetch_id], **changes)
        self._emit(FetchMoved(fetch=state))


def _found(plan: FetchPlan) -> FetchState:
    """Return how a fetch of an earlier session stands: it goes on when a person says so."""
    return FetchState(plan=plan, state=PAUSED, done=kept_bytes(plan.files))


def _remove(plan: FetchPlan) -> None:
    for file in plan.files:
        discard(Path(file.target))
