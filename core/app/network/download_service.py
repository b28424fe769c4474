"""Model downloads: planned first, started by a person, paused, resumed or removed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Never

from msgspec import structs

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.events.download_events import DownloadChanged, DownloadListChanged, DownloadState
from core.app.models.model_service import ModelService
from core.app.problems import problem_of, problem_of_failure
from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.base.paths import Paths
from core.base.settings import network_settings
from core.base.settings.app_settings import Settings
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.courier.downloads.part_file import downloaded_bytes, remove_part_files
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
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
    estimate_files,
    files_from_catalog,
    parse_download_request,
    plan_in_folder,
    select_files,
)
from core.models.downloads.download_store import DownloadStore
from core.models.model_catalog import CatalogModel, load_catalog

MAX_PARALLEL_DOWNLOADS = 2
"""So many downloads run at the same time; the others wait."""
WAITING, DOWNLOADING, CHECKING = "waiting", "fetching", "checking"
PAUSED, FAILED, DONE = "paused", "failed", "done"
_RUNNING = frozenset({DOWNLOADING, CHECKING})


class DownloadService:
    """The downloads of this session, and the unfinished ones of earlier sessions. One thread.

    `plan_download` asks the hub only for what the catalog can't vouch for, and `start_download`
    alone downloads: each only when a person has agreed. A downloaded file becomes a model of
    `models`, together with the SHA-256 that the courier has verified.
    """

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        settings: Settings,
        models: ModelService,
        emit: Callable[[AppEvent], None],
        catalog: Callable[[], tuple[CatalogModel, ...]] = load_catalog,
    ) -> None:
        self._courier = courier
        self._paths = paths
        self._settings = settings
        self._models = models
        self._emit = emit
        self._catalog = catalog
        self._store = DownloadStore(paths.downloads)
        self._transfers: dict[str, Reply[TransferProgress, FilesDownloaded]] = {}
        self._states = {
            plan.download_id: _saved_state(plan) for plan in self._store.list_downloads()
        }

    @property
    def host(self) -> str:
        """The host that would be asked, to be shown before it is. Raises NetworkError."""
        return parse_address(self._endpoint).name

    @property
    def _endpoint(self) -> str:
        return self._settings.get_value(network_settings.HUB).strip()

    def list_downloads(self) -> tuple[DownloadState, ...]:
        """Return every download that is not done, and those that ended in this session."""
        return tuple(self._states.values())

    def find_download(self, text: str) -> DownloadState:
        """Return the download that was requested with `text`, or has that name or id.

        Raises NetworkError if there is none.
        """
        name = text.strip().casefold()
        for state in reversed(self._states.values()):
            plan = state.plan
            names = {
                plan.download_id, plan.request, plan.name, Path(plan.target).name, plan.repository
            }  # fmt: skip
            if name in {each.casefold() for each in names}:
                return state
        raise NetworkError(ErrorCode.FETCH_UNKNOWN, wish=text.strip())

    def needs_listing(self, text: str) -> bool:
        """Return whether the hub has to be asked before a plan of `text` can be made.

        Raises NetworkError if it means nothing.
        """
        return not files_from_catalog(parse_download_request(text, self._catalog()))

    def estimate_download(self, text: str) -> DownloadPlan | None:
        """Return the plan as the catalog alone tells it, None where the hub has to be asked.

        Its sizes may be computed; it is to be shown, not started. Raises NetworkError.
        """
        request = parse_download_request(text, self._catalog())
        files = files_from_catalog(request) or estimate_files(request)
        return self._build_plan(text, request, "main", files) if files else None

    def plan_download(self, text: str) -> Reply[Never, DownloadPlan]:
        """Find out which files a person means with `text` (see `parse_download_request`).

        Raises NetworkError if it means nothing, or for an address that can't be used.
        """
        request = parse_download_request(text, self._catalog())
        if files := files_from_catalog(request):
            return Reply.finished(self._build_plan(text, request, "main", files))
        parse_address(self._endpoint)
        listing = ListRepository(
            request_id=new_request_id(),
            endpoint=self._endpoint,
            repository=request.repository,
            revision=request.revision,
        )
        return self._courier.send(listing).convert(partial(self._plan_from_listing, text, request))

    def start_download(self, plan: DownloadPlan) -> str:
        """Download, or resume an earlier download of the same files; returns its id.

        Raises StorageError.
        """
        for state in self._states.values():
            if state.plan.files == plan.files and state.state != DONE:
                return self.resume_download(state.plan.download_id)
        self._store.save_download(plan)
        self._states[plan.download_id] = DownloadState(plan=plan, state=WAITING)
        self._start_waiting()
        self._emit(DownloadListChanged())
        return plan.download_id

    def pause_download(self, download_id: str) -> None:
        """Stop downloading; what is here is kept."""
        state = self._states.get(download_id)
        if state is None:
            return
        if transfer := self._transfers.get(download_id):
            transfer.cancel()
        elif state.state == WAITING:
            self._update_state(download_id, state=PAUSED)

    def resume_download(self, download_id: str) -> str:
        """Go on downloading; returns the id. Raises NetworkError for an unknown one."""
        state = self._states.get(download_id) or self.find_download(download_id)
        if state.state in {PAUSED, FAILED}:
            self._update_state(download_id, state=WAITING, problem=None, bytes_per_second=0.0)
            self._start_waiting()
        return download_id

    def remove_download(self, download_id: str) -> None:
        """Stop downloading and remove what is here of it. Raises StorageError."""
        state = self._states.get(download_id)
        if state is None:
            return
        self._store.remove_download(download_id)  # a disk that refuses leaves all as it was
        del self._states[download_id]
        if transfer := self._transfers.pop(download_id, None):
            transfer.detach()
            # The courier has the files open until the transfer has ended.
            remove = partial(_remove_files, state.plan)
            transfer.on_done(remove).on_error(remove).cancel()
        elif state.state != DONE:
            _remove_files(state.plan)
        self._start_waiting()
        self._emit(DownloadListChanged())

    def _plan_from_listing(
        self, text: str, request: ModelDownloadRequest, listed: RepositoryListed
    ) -> DownloadPlan:
        """Return the plan for the files of a repository. Raises NetworkError if none fits."""
        files = select_files(request, listed.files)
        plan = self._build_plan(text, request, listed.commit, files)
        return structs.replace(plan, licence=listed.licence, gated=listed.gated)

    def _build_plan(
        self, text: str, request: ModelDownloadRequest, commit: str, files: tuple[HubFile, ...]
    ) -> DownloadPlan:
        others = [file for state in self._states.values() for file in state.plan.files]
        plan = DownloadPlan(
            download_id=new_request_id(),
            request=text.strip(),
            host=self.host,
            endpoint=self._endpoint,
            repository=request.repository,
            commit=commit,
            files=assign_targets(files, self._paths.models, others),
            licence=request.model.licence if request.model else "",
        )
        if request.model is not None and request.model.kind != "chat":
            return plan_in_folder(plan, self._paths.models / request.model.id)
        return plan

    def _on_progress(self, download_id: str, progress: TransferProgress) -> None:
        self._update_state(
            download_id,
            state=CHECKING if progress.done == progress.total else DOWNLOADING,
            done=progress.done,
            checked=progress.checked,
            bytes_per_second=progress.bytes_per_second,
        )

    def _on_failed(self, download_id: str, failure: Failed) -> None:
        del self._transfers[download_id]
        if failure.code == ErrorCode.CANCELLED:
            self._update_state(download_id, state=PAUSED, bytes_per_second=0.0)
        else:
            done = downloaded_bytes(self._states[download_id].plan.files)
            problem = problem_of_failure(failure)
            self._update_state(download_id, state=FAILED, done=done, problem=problem)
        self._start_waiting()
        self._emit(DownloadListChanged())

    def _on_downloaded(self, download_id: str, _downloaded: FilesDownloaded) -> None:
        """Add the files as a model; files that can't be used stay, with their problem."""
        del self._transfers[download_id]
        plan = self._states[download_id].plan
        self._store.remove_download(download_id)
        ref, problem = "", None
        if plan.is_chat_model:
            for file in plan.files:
                kind, _colon, value = file.digest.partition(":")
                if kind == "sha256":
                    self._models.record_checksum(file.target, value)
            try:
                ref = self._models.add_model(plan.target).ref
            except InglenookError as error:
                problem = problem_of(error)
        self._update_state(
            download_id,
            state=DONE,
            done=plan.total_bytes,
            checked=plan.total_bytes,
            ref=ref,
            problem=problem,
        )
        self._emit(ModelsChanged())
        self._start_waiting()
        self._emit(DownloadListChanged())

    def _start_waiting(self) -> None:
        """Start waiting downloads until MAX_PARALLEL_DOWNLOADS run."""
        running = sum(state.state in _RUNNING for state in self._states.values())
        for download_id, state in self._states.items():
            if running >= MAX_PARALLEL_DOWNLOADS:
                return
            if state.state == WAITING:
                running += 1
                self._start_transfer(state.plan)
                self._update_state(download_id, state=DOWNLOADING)

    def _start_transfer(self, plan: DownloadPlan) -> None:
        request = DownloadFiles(
            request_id=new_request_id(),
            endpoint=plan.endpoint,
            repository=plan.repository,
            commit=plan.commit,
            files=plan.files,
            connections=self._settings.get_value(network_settings.DOWNLOAD_CONNECTIONS),
        )
        transfer = self._transfers[plan.download_id] = self._courier.send(request)
        transfer.on_progress(partial(self._on_progress, plan.download_id))
        transfer.on_done(partial(self._on_downloaded, plan.download_id))
        transfer.on_error(partial(self._on_failed, plan.download_id))

    def _update_state(self, download_id: str, **changes: object) -> None:
        state = self._states[download_id] = structs.replace(self._states[download_id], **changes)
        self._emit(DownloadChanged(download=state))


def _saved_state(plan: DownloadPlan) -> DownloadState:
    """Return the state of a download of an earlier session: it is resumed only by a person."""
    return DownloadState(plan=plan, state=PAUSED, done=downloaded_bytes(plan.files))


def _remove_files(plan: DownloadPlan, _event: FilesDownloaded | Failed | None = None) -> None:
    for file in plan.files:
        remove_part_files(Path(file.target))
