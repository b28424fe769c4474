"""Model downloads: planned first, started by a person, paused, resumed or removed."""

from collections.abc import Callable
from pathlib import Path

import uuid_utils
from msgspec import structs

from core.app.events.app_events import AppEvent, ModelsChanged, RequestFailed
from core.app.events.network_events import (
    DownloadChanged,
    DownloadListChanged,
    DownloadPlanned,
    DownloadState,
)
from core.app.problems import problem_of, problem_of_failure
from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.base.paths import Paths
from core.base.settings import network_settings
from core.base.settings.app_settings import Settings
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.courier.downloads.part_file import downloaded_bytes, remove_part_files
from core.messages import (
    CourierEvent,
    DownloadFiles,
    Failed,
    FilesDownloaded,
    HubFile,
    ListRepository,
    RepositoryListed,
    TransferProgress,
)
from core.models.downloads.download_plan import (
    DownloadPlan,
    ModelDownloadRequest,
    assign_targets,
    files_from_catalog,
    parse_download_request,
    plan_in_folder,
    select_files,
)
from core.models.downloads.download_store import DownloadStore
from core.models.model_catalog import CatalogModel

MAX_PARALLEL_DOWNLOADS = 2
"""So many fetches run side by side; the others wait their turn."""
WAITING, DOWNLOADING, CHECKING = "waiting", "fetching", "checking"
PAUSED, FAILED, DONE = "paused", "failed", "done"
_RUNNING = frozenset({DOWNLOADING, CHECKING})


class DownloadService:
    """What is being fetched. One thread uses it.

    `plan` asks the hub only for what the catalog can't vouch for, and `start_download` alone
    fetches: both are a person's press. `add` puts a fetched file onto the shelf and returns its
    name; `proven` takes each file with the SHA-256 the courier has proved it by. `wake` asks for
    `emit_pending_events`.
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
        self._record = DownloadStore(paths.downloads)
        self._requests: dict[str, tuple[str, ModelDownloadRequest]] = {}
        self._dropped: dict[str, DownloadPlan] = {}  # until the courier has let go of their files
        self._early: list[AppEvent] = []
        self._states = {plan.fetch_id: _saved_state(plan) for plan in self._record.list_downloads()}

    @property
    def host(self) -> str:
        """The host that would be asked, to be shown before it is. Raises NetworkError."""
        return parse_address(self._endpoint).name

    @property
    def _endpoint(self) -> str:
        return str(self._settings.get_value(network_settings.HUB)).strip()

    def list_downloads(self) -> tuple[DownloadState, ...]:
        """Return every fetch that is not done, and those that were in this session."""
        return tuple(self._states.values())

    def find_download(self, wish: str) -> DownloadState:
        """Return the fetch that was begun for a wish, by its name or id. Raises NetworkError."""
        words = wish.strip().casefold()
        for state in reversed(self._states.values()):
            plan = state.plan
            names = {plan.fetch_id, plan.wish, plan.name, Path(plan.target).name, plan.repository}
            if words in {name.casefold() for name in names}:
                return state
        raise NetworkError(ErrorCode.FETCH_UNKNOWN, wish=wish.strip())

    def plan_download(self, wish: str) -> str:
        """Find out what a wish means: DownloadPlanned or RequestFailed carries the returned id.

        Raises NetworkError for a wish or an address that can't be used.
        """
        parsed = parse_download_request(wish, self._catalog())
        request_id = uuid_utils.uuid7().hex
        if files := files_from_catalog(parsed):
            plan = self._planned(wish, parsed, "main", files)
            self._early.append(DownloadPlanned(request_id=request_id, plan=plan))
            self._wake()
            return request_id
        parse_address(self._endpoint)
        self._requests[request_id] = wish, parsed
        return self._courier.send(
            ListRepository(
                request_id=request_id,
                endpoint=self._endpoint,
                repository=parsed.repository,
                revision=parsed.revision,
            )
        )

    def cancel_planning(self, request_id: str) -> None:
        """Stop finding out what a wish means."""
        self._requests.pop(request_id, None)
        self._courier.cancel(request_id)

    def start_download(self, plan: DownloadPlan) -> str:
        """Fetch, or go on where an earlier fetch of the same files ended; returns its id.

        Raises StorageError.
        """
        for state in self._states.values():
            if state.plan.files == plan.files and state.state != DONE:
                return self.resume_download(state.plan.fetch_id)
        self._record.save_download(plan)
        self._states[plan.fetch_id] = DownloadState(plan=plan, state=WAITING)
        self._start_waiting()
        self._emit(DownloadListChanged())
        return plan.fetch_id

    def pause_download(self, fetch_id: str) -> None:
        """Stop fetching; what is here is kept."""
        state = self._states.get(fetch_id)
        if state is None:
            return
        if state.state in _RUNNING:
            self._courier.cancel(fetch_id)
        elif state.state == WAITING:
            self._update_state(fetch_id, state=PAUSED)

    def resume_download(self, fetch_id: str) -> str:
        """Go on fetching; returns the id. Raises NetworkError for a fetch nobody knows."""
        state = self._states.get(fetch_id) or self.find_download(fetch_id)
        if state.state in {PAUSED, FAILED}:
            self._update_state(fetch_id, state=WAITING, problem=None, bytes_per_second=0.0)
            self._start_waiting()
        return fetch_id

    def remove_download(self, fetch_id: str) -> None:
        """Stop fetching and remove what is here of it. Raises StorageError."""
        state = self._states.pop(fetch_id, None)
        if state is None:
            return
        self._record.remove_download(fetch_id)
        if state.state in _RUNNING:
            self._courier.cancel(fetch_id)
            self._dropped[fetch_id] = state.plan
        elif state.state != DONE:
            _remove_files(state.plan)
        self._start_waiting()
        self._emit(DownloadListChanged())

    def emit_pending_events(self) -> None:
        """Tell what could be said without asking anyone."""
        early, self._early = self._early, []
        for event in early:
            self._emit(event)

    def on_courier_event(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it was about a fetch."""
        request_id = getattr(event, "request_id", "")
        if request_id in self._requests:
            self._on_listed(event)
        elif request_id in self._dropped:
            if isinstance(event, Failed | FilesDownloaded):
                _remove_files(self._dropped.pop(request_id))
        elif request_id in self._states:
            self._on_download_event(request_id, event)
        else:
            return False
        return True

    def _on_listed(self, event: CourierEvent) -> None:
        if isinstance(event, Failed):
            self._requests.pop(event.request_id)
            problem = problem_of_failure(event)
            self._emit(RequestFailed(request_id=event.request_id, problem=problem))
        elif isinstance(event, RepositoryListed):
            wish, parsed = self._requests.pop(event.request_id)
            try:
                files = select_files(parsed, event.files)
            except InglenookError as error:
                problem = problem_of(error)
                self._emit(RequestFailed(request_id=event.request_id, problem=problem))
                return
            plan = self._planned(wish, parsed, event.commit, files)
            plan = structs.replace(plan, licence=event.licence, gated=event.gated)
            self._emit(DownloadPlanned(request_id=event.request_id, plan=plan))

    def _planned(
        self, words: str, wish: ModelDownloadRequest, commit: str, files: tuple[HubFile, ...]
    ) -> DownloadPlan:
        others = [file for state in self._states.values() for file in state.plan.files]
        plan = DownloadPlan(
            fetch_id=uuid_utils.uuid7().hex,
            wish=words.strip(),
            host=self.host,
            endpoint=self._endpoint,
            repository=wish.repository,
            commit=commit,
            files=assign_targets(files, self._paths.models, others),
            licence=wish.model.licence if wish.model else "",
        )
        if wish.model is not None and wish.model.kind != "chat":
            return plan_in_folder(plan, self._paths.models / wish.model.id)
        return plan

    def _on_download_event(self, fetch_id: str, event: CourierEvent) -> None:
        if isinstance(event, TransferProgress):
            checks = event.done == event.total
            self._update_state(
                fetch_id,
                state=CHECKING if checks else DOWNLOADING,
                done=event.done,
                checked=event.checked,
                bytes_per_second=event.bytes_per_second,
            )
            return
        if isinstance(event, FilesDownloaded):
            self._on_downloaded(fetch_id)
        elif isinstance(event, Failed) and event.code == ErrorCode.CANCELLED:
            self._update_state(fetch_id, state=PAUSED, bytes_per_second=0.0)
        elif isinstance(event, Failed):
            done = downloaded_bytes(self._states[fetch_id].plan.files)
            self._update_state(fetch_id, state=FAILED, done=done, problem=problem_of_failure(event))
        self._start_waiting()
        self._emit(DownloadListChanged())

    def _on_downloaded(self, fetch_id: str) -> None:
        """Put what has come onto the shelf; a file that can't be used stays, with its problem."""
        plan = self._states[fetch_id].plan
        self._record.remove_download(fetch_id)
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
        self._update_state(
            fetch_id,
            state=DONE,
            done=plan.total_bytes,
            checked=plan.total_bytes,
            ref=ref,
            problem=problem,
        )
        self._emit(ModelsChanged())

    def _start_waiting(self) -> None:
        """Begin what waits, as far as there is room."""
        running = sum(state.state in _RUNNING for state in self._states.values())
        for fetch_id, state in self._states.items():
            if running >= MAX_PARALLEL_DOWNLOADS:
                return
            if state.state == WAITING:
                running += 1
                self._send(state.plan)
                self._update_state(fetch_id, state=DOWNLOADING)

    def _send(self, plan: DownloadPlan) -> None:
        self._courier.send(
            DownloadFiles(
                request_id=plan.fetch_id,
                endpoint=plan.endpoint,
                repository=plan.repository,
                commit=plan.commit,
                files=plan.files,
                connections=int(self._settings.get_value(network_settings.DOWNLOAD_CONNECTIONS)),
            )
        )

    def _update_state(self, fetch_id: str, **changes: object) -> None:
        state = self._states[fetch_id] = structs.replace(self._states[fetch_id], **changes)
        self._emit(DownloadChanged(fetch=state))


def _saved_state(plan: DownloadPlan) -> DownloadState:
    """Return how a fetch of an earlier session stands: it goes on when a person says so."""
    return DownloadState(plan=plan, state=PAUSED, done=downloaded_bytes(plan.files))


def _remove_files(plan: DownloadPlan) -> None:
    for file in plan.files:
        remove_part_files(Path(file.target))
