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

PROGRESS_SECONDS = 0.2
TRIES, FIRST_TRIES = 6, 2
"""Failures in a row after which a connection gives up; the second while no byte has come at all."""
MAX_RETRY_SECONDS = 30.0
RESERVED_BYTES = 64 * 1024 * 1024
"""Disk space that no download takes: the app itself has to go on writing."""
_TEMPORARY = frozenset({ErrorCode.HOST_TROUBLE, ErrorCode.HOST_UNREACHABLE})


class DownloadJob:
    """Carries out one DownloadFiles. `run` blocks its thread; any thread may set `stopped`.

    `report` is called on the thread of `run`, at most five times a second.
    """

    def __init__(
        self,
        request: DownloadFiles,
        http: HttpConnections,
        stopped: threading.Event,
        report: Callable[[TransferProgress], None],
    ) -> None:
        self._request = request
        self._http = http
        self._stopped = stopped
        self._report = report
        self._ended = threading.Event()  # set when the connections have to end
        self._advanced = threading.Event()  # set when a chunk came, or a connection ended
        self._error: InglenookError | None = None
        self._received = 0  # bytes
        self._written = 0  # chunks
        self._cut_chunks: dict[tuple[int, int], bytes] = {}  # received before a connection broke
        self._lock = threading.Lock()  # the four above
        self._complete_files: list[DownloadTarget] = []

    def run(self) -> FilesDownloaded:
        """Download, verify and rename all files; blocks until they are complete.

        Raises NetworkError or StorageError, and InglenookError(CANCELLED) when it was stopped.
        """
        request = self._request
        endpoint = parse_address(request.endpoint)
        for file in request.files:
            if not is_valid_digest(file.digest) or file.size <= 0:
                facts = {"host": endpoint.name, "file": file.name}
                raise NetworkError(ErrorCode.FETCH_UNPROVABLE, **facts)
        self._http.allow_address(endpoint)
        parts: list[PartFile] = []
        try:
            self._check_disk_space()
            self._open_parts(parts)
            self._download_parts(endpoint, parts)
            self._verify_and_rename(parts)
        except OSError as error:
            raise disk_error(error, request.files[0].target) from error
        finally:
            self._ended.set()
            for part in parts:
                part.close()
        return FilesDownloaded(request_id=request.request_id, received=self._received)

    def _open_parts(self, parts: list[PartFile]) -> None:
        """Add a part for each file that is missing; one that is there is read and verified."""
        for file in self._request.files:
            target = Path(file.target)
            if file_matches_digest(target, file.digest, file.size):
                self._complete_files.append(file)
                remove_part_files(target)
                continue
            if target.exists():
                facts = {"file": target.name, "folder": str(target.parent)}
                raise NetworkError(ErrorCode.FETCH_EXISTS, **facts)
            part = PartFile(file, self._request.commit)
            part.open_files()
            parts.append(part)

    def _check_disk_space(self) -> None:
        """Refuse a download that won't fit before anything is written or requested."""
        files = self._request.files
        folder = Path(files[0].target).parent
        folder.mkdir(parents=True, exist_ok=True)
        missing = sum(file.size for file in files) - downloaded_bytes(files)
        free = shutil.disk_usage(folder).free
        if missing and missing + RESERVED_BYTES > free:
            raise NetworkError(
                ErrorCode.FETCH_NO_ROOM,
                file=Path(files[0].target).name,
                needed=format_bytes(missing),
                free=format_bytes(free),
                folder=str(folder),
            )

    def _download_parts(self, endpoint: HostAddress, parts: list[PartFile]) -> None:
        """Download what is missing over several connections, and hash what is there meanwhile."""
        request, ranges = self._request, ChunkRangeQueue(parts)
        sources = {
            part.file: DownloadSource(
                endpoint, request.token.text, request.repository, request.commit, part.file
            )
            for part in parts
        }
        with self._http.create_client(connections=request.connections) as client:
            threads = [
                threading.Thread(
                    target=self._run_connection,
                    args=(ranges, sources, client),
                    name="download",
                    daemon=True,
                )
                for _number in range(request.connections)
            ]
            for thread in threads:
                thread.start()
            try:
                self._verify_chunks(parts, threads)
            finally:
                self._ended.set()
                ranges.close()
                for thread in threads:
                    thread.join(1.0)  # one that waits for a silent host ends by itself, later

    def _verify_chunks(self, parts: list[PartFile], threads: list[threading.Thread]) -> None:
        """Hash chunk after chunk and report the progress, until all are there or one can't be."""
        rate = _TransferRate()
        while True:
            if self._stopped.is_set():
                raise InglenookError(ErrorCode.CANCELLED)
            if self._error is not None:
                raise self._error
            checked = any(part.verify_next_chunk() for part in parts)
            if all(part.is_complete for part in parts):
                break
            if rate.is_due():
                self._report(self._progress(parts, rate))
            if not checked:
                if not any(thread.is_alive() for thread in threads) and self._error is None:
                    raise InglenookError(ErrorCode.CANCELLED)  # only when the process is leaving
                self._advanced.wait(PROGRESS_SECONDS)
                self._advanced.clear()
        self._report(self._progress(parts, rate))

    def _progress(self, parts: list[PartFile], rate: "_TransferRate") -> TransferProgress:
        before = sum(file.size for file in self._complete_files)
        return TransferProgress(
            request_id=self._request.request_id,
            done=before + sum(part.bytes_done for part in parts),
            total=sum(file.size for file in self._request.files),
            checked=before + sum(part.bytes_checked for part in parts),
            bytes_per_second=rate.measure(self._received),
        )

    def _run_connection(
        self,
        ranges: ChunkRangeQueue,
        sources: dict[DownloadTarget, DownloadSource],
        client: httpx2.Client,
    ) -> None:
        """Download range after range; the thread of one connection. Retries after some failures."""
        failures = 0
        while not self._ended.is_set():
            chunks = ranges.take_range()
            if chunks is None:
                return
            before = self._progress_for(chunks, ranges)
            try:
                self._download_range(chunks, sources[chunks.part.file], client)
                failures = 0
            except NoRangesError:
                ranges.require_whole_file(chunks.part)
                self._cut_chunks.clear()
            except NetworkError as error:
                advanced = self._progress_for(chunks, ranges) > before
                failures = 1 if advanced else failures + 1
                tries = (
                    TRIES if self._received or error.code == ErrorCode.HOST_TROUBLE else FIRST_TRIES
                )
                if error.code not in _TEMPORARY or failures >= tries:
                    self._fail(error)
                    return
                self._ended.wait(_retry_seconds(self._request.patience, failures))
            except OSError as error:
                self._fail(disk_error(error, chunks.part.file.target))
                return
            except Exception as error:  # noqa: BLE001 - a thread's border; closing the client ends reads
                if not self._ended.is_set():
                    self._fail(InglenookError(ErrorCode.INTERNAL, detail=repr(error)))
                return
            finally:
                ranges.return_range(chunks)
                self._advanced.set()

    def _progress_for(self, chunks: ChunkRange, ranges: ChunkRangeQueue) -> int:
        """Return a number that grows with lasting progress only.

        Where a file can't be resumed, received bytes may be lost again: chunks are counted.
        """
        return self._written if ranges.needs_whole_file(chunks.part) else self._received

    def _download_range(
        self, chunks: ChunkRange, source: DownloadSource, client: httpx2.Client
    ) -> None:
        """Download a range, from where an earlier connection broke in its first chunk."""
        part, index = chunks.part, chunks.first
        buffer = bytearray(self._cut_chunks.pop((id(part), index), b""))
        start = index * CHUNK_BYTES + len(buffer)
        end = min(chunks.end * CHUNK_BYTES, part.file.size)
        try:
            with source.read_range(client, self._http, start, end) as pieces:
                for piece in pieces:
                    with self._lock:
                        self._received += len(piece)
                    buffer += piece
                    while index < chunks.end and len(buffer) >= part.chunk_length(index):
                        length = part.chunk_length(index)
                        if not part.has_chunk(index):
                            if not part.write_chunk(index, buffer[:length]):
                                return
                            with self._lock:
                                self._written += 1
                        del buffer[:length]
                        index += 1
                        self._advanced.set()
                    if self._ended.is_set():
                        return
        finally:
            if buffer and index < chunks.end:
                self._cut_chunks[id(part), index] = bytes(buffer)
        if index < chunks.end:
            host = parse_address(self._request.endpoint).name
            detail = _("the connection broke")
            raise NetworkError(ErrorCode.HOST_UNREACHABLE, host=host, detail=detail)

    def _fail(self, error: InglenookError) -> None:
        with self._lock:
            self._error = self._error or error
        self._ended.set()

    def _verify_and_rename(self, parts: list[PartFile]) -> None:
        """Verify all files, then rename them, the first part of a split model last."""
        for part in parts:
            if not part.is_verified():
                part.remove_files()
                host = parse_address(self._request.endpoint).name
                raise NetworkError(ErrorCode.FETCH_CORRUPT, file=part.target.name, host=host)
        for part in parts:
            part.flush_to_disk()
        for part in reversed(parts):
            part.rename_to_target()


class _TransferRate:
    """Bytes a second over the last second or more, and when a report is due."""

    def __init__(self) -> None:
        self._reported = self._since = time.monotonic()
        self._before = 0
        self._rate = 0.0

    def is_due(self) -> bool:
        return time.monotonic() - self._reported >= PROGRESS_SECONDS

    def measure(self, received: int) -> float:
        now = self._reported = time.monotonic()
        if now - self._since >= 1.0:
            self._rate = (received - self._before) / (now - self._since)
            self._since, self._before = now, received
        return self._rate


def _retry_seconds(patience: float, failures: int) -> float:
    """Return the wait before the next try, at random: not all connections shall retry at once."""
    seconds = min(MAX_RETRY_SECONDS, patience * 2.0 ** (failures - 1))
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311


def disk_error(error: OSError, path: str) -> InglenookError:
    """Return the error for a downloaded file that could not be written."""
    refusal = storage_error_from_os(error, path)
    if refusal.code == ErrorCode.DISK_FULL:
        return NetworkError(ErrorCode.FETCH_DISK_FULL, path=path)
    return NetworkError(ErrorCode.FETCH_UNWRITABLE, path=path, detail=error.strerror or str(error))
