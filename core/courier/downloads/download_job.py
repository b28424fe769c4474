"""Download job: some files by several connections, until all are complete and verified."""

import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

from core.base.errors import ErrorCode, InglenookError, NetworkError, storage_error_from_os
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.courier.connection.host_address import HostAddress, parse_address
from core.courier.connection.http_connections import HttpConnections
from core.courier.connection.key_store import find_access_token
from core.courier.downloads.chunk_ranges import ChunkRange, ChunkRangeQueue
from core.courier.downloads.content_digest import is_valid_digest
from core.courier.downloads.download_source import DownloadSource, NoRangesError
from core.courier.downloads.part_file import (
    CHUNK_BYTES,
    PartFile,
    downloaded_bytes,
    file_matches_digest,
    remove_part_files,
)
from core.messages import DownloadFiles, DownloadTarget, FilesDownloaded, TransferProgress

TELL_SECONDS = 0.2
TRIES, FIRST_TRIES = 6, 2
"""So often a connection begins again in a row without a new chunk; before any came at all."""
LONGEST_WAIT = 30.0
ROOM_LEFT = 64 * 1024 * 1024
"""Bytes of the disk that no fetch takes: the app itself has to go on writing."""
_PASSING = frozenset({ErrorCode.HOST_TROUBLE, ErrorCode.HOST_UNREACHABLE})


class DownloadJob:
    """Carries one Fetch out on the thread that calls `run`; `stopped` may be set by any thread."""

    def __init__(
        self,
        request: DownloadFiles,
        web: HttpConnections,
        stopped: threading.Event,
        tell: Callable[[TransferProgress], None],
    ) -> None:
        self._request = request
        self._web = web
        self._stopped = stopped
        self._tell = tell
        self._over = threading.Event()  # set when no connection is to go on
        self._moved = threading.Event()  # set when a chunk came, or a connection ended
        self._error: InglenookError | None = None
        self._received = 0
        self._written = 0  # chunks
        self._tails: dict[tuple[int, int], bytes] = {}  # of chunks that a connection broke off in
        self._lock = threading.Lock()  # the four above
        self._whole: list[DownloadTarget] = []

    def run(self) -> FilesDownloaded:
        """Fetch. Raises NetworkError or StorageError; CANCELLED when it was stopped."""
        request = self._request
        endpoint = parse_address(request.endpoint)
        for wanted in request.files:
            if not is_valid_digest(wanted.digest) or wanted.size <= 0:
                facts = {"host": endpoint.name, "file": wanted.name}
                raise NetworkError(ErrorCode.FETCH_UNPROVABLE, **facts)
        self._web.allow_address(endpoint)
        parts: list[PartFile] = []
        try:
            self._check_room()
            self._open(parts)
            self._fetch(endpoint, parts)
            self._finish(parts)
        except OSError as error:
            raise disk_error(error, request.files[0].target) from error
        finally:
            self._over.set()
            for part in parts:
                part.close()
        return FilesDownloaded(request_id=request.request_id, received=self._received)

    def _open(self, parts: list[PartFile]) -> None:
        """Open what is not whole yet; a file that has its name already is read and proven."""
        for wanted in self._request.files:
            if file_matches_digest(Path(wanted.target), wanted.digest, wanted.size):
                self._whole.append(wanted)
                remove_part_files(Path(wanted.target))
                continue
            if Path(wanted.target).exists():
                file = Path(wanted.target)
                facts = {"file": file.name, "folder": str(file.parent)}
                raise NetworkError(ErrorCode.FETCH_EXISTS, **facts)
            part = PartFile(wanted, self._request.commit)
            part.open_files()
            parts.append(part)

    def _check_room(self) -> None:
        """Refuse before anything is written or asked for."""
        files = self._request.files
        folder = Path(files[0].target).parent
        folder.mkdir(parents=True, exist_ok=True)
        missing = sum(file.size for file in files) - downloaded_bytes(files)
        free = shutil.disk_usage(folder).free
        if missing and missing + ROOM_LEFT > free:
            raise NetworkError(
                ErrorCode.FETCH_NO_ROOM,
                file=Path(files[0].target).name,
                needed=format_bytes(missing),
                free=format_bytes(free),
                folder=str(folder),
            )

    def _fetch(self, endpoint: HostAddress, parts: list[PartFile]) -> None:
        """Have connections bring what is missing, and hash what is there meanwhile."""
        request, runs = self._request, ChunkRangeQueue(parts)
        token = find_access_token(endpoint)
        sources = {
            part.wanted: DownloadSource(
                endpoint, token, request.repository, request.commit, part.wanted
            )
            for part in parts
        }
        with self._web.create_client(connections=request.connections) as client:
            threads = [
                threading.Thread(
                    target=self._connect, args=(runs, sources, client), name="fetch", daemon=True
                )
                for _number in range(request.connections)
            ]
            for thread in threads:
                thread.start()
            try:
                self._follow(parts, threads)
            finally:
                self._over.set()
                runs.close()
                for thread in threads:
                    thread.join(1.0)  # one that waits for a silent host ends by itself, later

    def _follow(self, parts: list[PartFile], threads: list[threading.Thread]) -> None:
        """Hash chunk after chunk and tell how far it is, until all is whole or nothing comes."""
        pace = _Pace()
        while True:
            if self._stopped.is_set():
                raise InglenookError(ErrorCode.CANCELLED)
            if self._error is not None:
                raise self._error
            checked = any(part.verify_next_chunk() for part in parts)
            if all(part.is_complete for part in parts):
                break
            if pace.is_due():
                self._tell(self._progress(parts, pace))
            if not checked:
                if not any(thread.is_alive() for thread in threads) and self._error is None:
                    raise InglenookError(ErrorCode.CANCELLED)  # only when the process is leaving
                self._moved.wait(TELL_SECONDS)
                self._moved.clear()
        self._tell(self._progress(parts, pace))

    def _progress(self, parts: list[PartFile], pace: "_Pace") -> TransferProgress:
        before = sum(wanted.size for wanted in self._whole)
        return TransferProgress(
            request_id=self._request.request_id,
            done=before + sum(part.bytes_done for part in parts),
            total=sum(wanted.size for wanted in self._request.files),
            checked=before + sum(part.bytes_checked for part in parts),
            bytes_per_second=pace.rate(self._received),
        )

    def _connect(
        self,
        runs: ChunkRangeQueue,
        sources: dict[DownloadTarget, DownloadSource],
        client: httpx2.Client,
    ) -> None:
        """One connection's thread: bring run after run; what may pass is tried again."""
        failures = 0
        while not self._over.is_set():
            run = runs.take_range()
            if run is None:
                return
            came = self._progress_of(run, runs)
            try:
                self._bring(run, sources[run.part.wanted], client)
                failures = 0
            except NoRangesError:
                runs.require_whole_file(run.part)
                self._tails.clear()
            except NetworkError as error:
                failures = 1 if self._progress_of(run, runs) > came else failures + 1
                tries = (
                    TRIES if self._received or error.code == ErrorCode.HOST_TROUBLE else FIRST_TRIES
                )
                if error.code not in _PASSING or failures >= tries:
                    self._fail(error)
                    return
                self._over.wait(_wait_of(self._request.patience, failures))
            except OSError as error:
                self._fail(disk_error(error, run.part.wanted.target))
                return
            except Exception as error:  # noqa: BLE001 - a thread's border; closing the client ends reads
                if not self._over.is_set():
                    self._fail(InglenookError(ErrorCode.INTERNAL, detail=repr(error)))
                return
            finally:
                runs.return_range(run)
                self._moved.set()

    def _progress_of(self, run: ChunkRange, runs: ChunkRangeQueue) -> int:
        """Return what only grows while connections get on: bytes are lost where none can go on."""
        return self._written if runs.needs_whole_file(run.part) else self._received

    def _bring(self, run: ChunkRange, source: DownloadSource, client: httpx2.Client) -> None:
        """Read a run, from where an earlier connection broke off in its first chunk."""
        part, index = run.part, run.first
        gathered = bytearray(self._tails.pop((id(part), index), b""))
        start = index * CHUNK_BYTES + len(gathered)
        end = min(run.end * CHUNK_BYTES, part.wanted.size)
        try:
            with source.read_range(client, self._web, start, end) as pieces:
                for piece in pieces:
                    with self._lock:
                        self._received += len(piece)
                    gathered += piece
                    while index < run.end and len(gathered) >= part.chunk_length(index):
                        length = part.chunk_length(index)
                        if not part.has_chunk(index):
                            if not part.write_chunk(index, gathered[:length]):
                                return
                            with self._lock:
                                self._written += 1
                        del gathered[:length]
                        index += 1
                        self._moved.set()
                    if self._over.is_set():
                        return
        finally:
            if gathered and index < run.end:
                self._tails[id(part), index] = bytes(gathered)
        if index < run.end:
            host = parse_address(self._request.endpoint).name
            detail = _("the connection broke")
            raise NetworkError(ErrorCode.HOST_UNREACHABLE, host=host, detail=detail)

    def _fail(self, error: InglenookError) -> None:
        with self._lock:
            self._error = self._error or error
        self._over.set()

    def _finish(self, parts: list[PartFile]) -> None:
        """Prove every file, then give all their names, the first part of a split model last."""
        for part in parts:
            if not part.is_verified():
                part.remove_files()
                host = parse_address(self._request.endpoint).name
                raise NetworkError(ErrorCode.FETCH_CORRUPT, file=part.target.name, host=host)
        for part in parts:
            part.flush_to_disk()
        for part in reversed(parts):
            part.rename_to_target()


class _Pace:
    """Bytes a second over the last moments, and when it is time to tell."""

    def __init__(self) -> None:
        self._told = self._since = time.monotonic()
        self._before = 0
        self._rate = 0.0

    def is_due(self) -> bool:
        return time.monotonic() - self._told >= TELL_SECONDS

    def rate(self, received: int) -> float:
        now = self._told = time.monotonic()
        if now - self._since >= 1.0:
            self._rate = (received - self._before) / (now - self._since)
            self._since, self._before = now, received
        return self._rate


def _wait_of(patience: float, failures: int) -> float:
    """Seconds before the next try; not all connections come back in the same moment."""
    return min(LONGEST_WAIT, patience * 2.0 ** (failures - 1)) * random.uniform(0.8, 1.2)  # noqa: S311


def disk_error(error: OSError, path: str) -> InglenookError:
    """Say in our words why a fetched file could not be written."""
    refusal = storage_error_from_os(error, path)
    if refusal.code == ErrorCode.DISK_FULL:
        return NetworkError(ErrorCode.FETCH_DISK_FULL, path=path)
    return NetworkError(ErrorCode.FETCH_UNWRITABLE, path=path, detail=error.strerror or str(error))
