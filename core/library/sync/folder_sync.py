"""Folder sync: compares a folder with the disk, then reads, embeds and stores in short steps."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.base.errors import ErrorCode, LibraryError
from core.library.embedding.embedder import Embedder
from core.library.embedding.embedding_queue import FULL_QUEUE_TOKENS, EmbeddingQueue
from core.library.embedding.vector_types import Vectors
from core.library.filesystem import path_kinds
from core.library.filesystem.file_hashing import has_changed, hash_steps, with_current_status
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.filesystem.path_encoding import display_name
from core.library.reading.file_reader import FileReader, FileReadResult
from core.library.store.content_records import vector_key
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import (
    FolderComparison,
    SyncOptions,
    is_retried_at_next_sync,
)
from core.library.sync.sync_progress import Send, SyncProgressReporter
from core.library.text.passage_splitter import SplitText, split_in_steps, text_to_embed
from core.messages import DocumentPage

_READ_AHEAD = 4
_ROWS_A_STEP = 2000
SYNC_EVERYTHING = SyncOptions()


@dataclass(slots=True)
class _Work:
    """A file on its way: what was found, what it holds, which vectors it still waits for."""

    found: ScannedEntry
    hash: str
    pages: tuple[DocumentPage, ...] = ()
    document: SplitText | None = None
    keys: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SyncDependencies:
    """What every sync works with."""

    records: LibraryRecords
    embedder: Embedder
    new_reader: Callable[[], FileReader]
    app_root: Path
    send: Send
    on_seen: Callable[[str, set[str], bool], None] = lambda _folder_id, _folders, _whole: None
    """Told which of a folder's own folders were entered, and whether that was all of it."""


class FolderSync:
    """One sync of one folder. `steps` yields True if it can go on at once, False while it waits."""

    def __init__(
        self,
        tools: SyncDependencies,
        folder: FolderRecord,
        request_id: str,
        wish: SyncOptions = SYNC_EVERYTHING,
    ) -> None:
        self._tools = tools
        self._folder = folder
        self._wish = wish
        self._comparison = FolderComparison(tools.records, folder, tools.app_root, wish)
        self._root = Path(folder.path)
        self._identity: tuple[int, int] | None = None
        self._pool = EmbeddingQueue()
        self._vectors: dict[bytes, Vectors] = {}
        self._reading: dict[str, _Work] = {}
        self._waiting: deque[_Work] = deque()
        self._window = tools.embedder.window_tokens
        self.progress_reporter = SyncProgressReporter(tools.send, folder.id, request_id)

    def sync_in_steps(self) -> Iterator[bool]:
        """Compare, read, embed and keep; each file is kept when its last vector is there."""
        self._identity = path_kinds.folder_identity(self._root)
        yield from self._compare()
        yield from self._forget_gone()
        yield from self._put_waiting()
        changed = self._comparison.changed_entries
        self.progress_reporter.start_reporting(
            len(self._comparison.found_entries), changed, self._skipped_before()
        )
        reader: FileReader | None = None
        try:
            if any(entry.code is None for entry in changed):
                reader = self._tools.new_reader()
            yield from self._work_off(deque(changed), reader)
        finally:
            if reader is not None:
                reader.stop()
        self._check_root()
        self.progress_reporter.finish_reporting()

    @property
    def unsettled_files(self) -> tuple[str, ...]:
        """What was left alone because it is still being written, relative."""
        return tuple(self._comparison.unsettled_files)

    # ------------------------------------------------------------ comparing

    def _compare(self) -> Iterator[bool]:
        comparison = self._comparison
        try:
            for _step in comparison.compare_in_steps():
                yield True
        except OSError as error:
            raise LibraryError(
                ErrorCode.FOLDER_GONE, path=display_name(self._folder.path)
            ) from error
        self._check_root()
        whole = self._wish.parts is None
        if whole and comparison.known_files and not comparison.found_entries:
            # The mount point of a drive that was unplugged looks just like this.
            raise LibraryError(ErrorCode.FOLDER_EMPTIED, path=display_name(self._folder.path))
        self._tools.on_seen(self._folder.id, comparison.entered_folders, whole)

    def _forget_gone(self) -> Iterator[bool]:
        """Forget what is gone, before anything is read: it stops answering at once."""
        gone = self._comparison.missing_files
        for start in range(0, len(gone), _ROWS_A_STEP):
            self._tools.records.remove_files(gone[start : start + _ROWS_A_STEP])
            yield True
        self.progress_reporter.add_statistics(removed=len(gone))

    def _put_waiting(self) -> Iterator[bool]:
        """Keep what is still to be read, so that it can be told at any time."""
        changed = self._comparison.changed_entries
        for start in range(0, len(changed), _ROWS_A_STEP):
            self._tools.records.mark_waiting(self._folder.id, changed[start : start + _ROWS_A_STEP])
            yield True

    def _skipped_before(self) -> int:
        """Return how many files were skipped, without those that are looked at anew."""
        known = self._comparison.known_files
        anew = (known.get(entry.relative) for entry in self._comparison.changed_entries)
        skipped = self._tools.records.count_skipped_files(self._folder.id)
        return skipped - sum(file is not None and file.code is not None for file in anew)

    def _check_root(self) -> None:
        """Stop when the folder vanished, or another took its place, since the scan began."""
        if self._identity is None or path_kinds.folder_identity(self._root) != self._identity:
            raise LibraryError(ErrorCode.FOLDER_GONE, path=display_name(self._folder.path))

    # ------------------------------------------------------------ reading

    def _work_off(self, files: deque[ScannedEntry], reader: FileReader | None) -> Iterator[bool]:
        while files or self._reading or self._waiting or self._pool:
            busy = False
            if files and self._has_room():
                busy = True
                yield from self._begin(files.popleft(), reader)
            if reader is not None:
                for reading in reader.poll():
                    busy = True
                    yield from self._take(reading)
                    yield True
            if self._is_time_to_embed(idle=not busy, more=bool(files)):
                busy = True
                self._embed()
            yield from self._keep_finished()
            yield busy

    def _is_time_to_embed(self, *, idle: bool, more: bool) -> bool:
        """Wait for enough texts to sort by length, unless nothing else is to be done meanwhile."""
        if not self._pool or not self._tools.embedder.is_loaded:
            return False
        enough = self._pool.is_draining or self._pool.queued_tokens > FULL_QUEUE_TOKENS
        return enough or idle or not (more or self._reading)

    def _has_room(self) -> bool:
        return len(self._reading) < _READ_AHEAD and self._pool.queued_tokens < 2 * FULL_QUEUE_TOKENS

    def _begin(self, entry: ScannedEntry, reader: FileReader | None) -> Iterator[bool]:
        """Hash one file; hand it to a reader unless its content is known."""
        self.progress_reporter.report_progress(entry.relative)
        if entry.code is not None:
            self._skip(entry, entry.code, {})
            return
        assert reader is not None  # there is one when any file is to be read
        now = self._look_again(entry)
        if now is None:
            return
        path = self._root / now.relative
        hashed = ""
        try:
            for digest in hash_steps(path, now):
                hashed = digest
                yield True
        except LibraryError as error:
            self._skip(now, error.code, error.facts)
            return
        name = display_name(now.relative.rpartition("/")[2])
        content_id = self._tools.records.contents.find_content_id(hashed, name)
        if content_id is not None:
            self._tools.records.link_file_to_content(self._folder.id, now, content_id)
            self.progress_reporter.report_finished_file(now)
            return
        self._reading[now.relative] = _Work(now, hashed)
        reader.submit_file(_key(now), str(path))

    def _look_again(self, entry: ScannedEntry) -> ScannedEntry | None:
        """Return a file as it is now, None if nothing is left to be done.

        It may have waited for hours, and another sync of the same folder may have had it since.
        """
        now = with_current_status(self._root / entry.relative, entry)
        known = self._tools.records.known_files(self._folder.id, entry.relative).get(entry.relative)
        if now is None:
            self._check_root()
            self._tools.records.remove_files([known] if known else [])
        elif known is None or not known.is_up_to_date(now):
            return now
        self.progress_reporter.report_finished_file(entry)
        return None

    def _take(self, reading: FileReadResult) -> Iterator[bool]:
        """Cut what was read, and let its passages wait for their vectors."""
        work = next(w for w in self._reading.values() if _key(w.found) == reading.key)
        del self._reading[work.found.relative]
        if reading.code is not None:
            self._skip(work.found, reading.code, reading.facts or {})
            return
        if has_changed(self._root / work.found.relative, work.found):
            self._skip(work.found, ErrorCode.FILE_CHANGED, {})
            return
        work.pages = reading.pages
        name = display_name(work.found.relative.rpartition("/")[2])
        document: SplitText | None = None
        counter = self._tools.embedder.token_counter
        for step in split_in_steps(reading.pages, name, counter, self._window):
            document = step
            self.progress_reporter.report_progress(work.found.relative)
            yield True
        if document is None or not document.passages:
            self._skip(work.found, ErrorCode.FILE_NO_TEXT, {})
            return
        work.document = document
        texts = [text_to_embed(document.text[p.start : p.end], p.title) for p in document.passages]
        embedder = self._tools.embedder.name
        work.keys = [vector_key(embedder, text) for text in texts]
        missing = set(work.keys) - self._tools.records.contents.known_vectors(
            dict.fromkeys(work.keys)
        )
        for key, text, passage in zip(work.keys, texts, document.passages, strict=True):
            if key in missing and key not in self._vectors:
                self._pool.add_text(key, text, passage.tokens)
        self._waiting.append(work)

    # ------------------------------------------------------------ embedding and keeping

    def _embed(self) -> None:
        batch = self._pool.next_batch()
        started = time.monotonic()
        vectors = self._tools.embedder.embed(list(batch.values()))
        self._vectors.update(zip(batch, vectors, strict=True))
        self.progress_reporter.count_embedded(
            self._pool.last_batch_tokens, time.monotonic() - started
        )
        work = self._waiting[0]  # texts only wait for vectors while their file does
        missing = sum(key in self._pool for key in work.keys)
        self.progress_reporter.report_progress(
            work.found.relative, part=1 - missing / len(work.keys)
        )

    def _keep_finished(self) -> Iterator[bool]:
        """Keep the files whose last vector is there."""
        for work in list(self._waiting):
            if any(key in self._pool for key in work.keys):
                continue
            self._waiting.remove(work)
            assert work.document is not None  # set before it began to wait
            for _step in self._tools.records.store_file_in_steps(
                self._folder.id,
                work.found,
                work.hash,
                work.pages,
                work.document,
                work.keys,
                self._vectors,
            ):
                self.progress_reporter.report_progress(work.found.relative, part=1.0)
                yield True
            self.progress_reporter.report_finished_file(
                work.found,
                words=len(work.document.text.split()),
                passages=len(work.keys),
                tokens=sum(passage.tokens for passage in work.document.passages),
            )
        if not self._waiting:
            self._vectors.clear()

    def _skip(self, entry: ScannedEntry, code: str, facts: dict[str, str]) -> None:
        if is_retried_at_next_sync(code):
            self._check_root()
        self._tools.records.skip_file(self._folder.id, entry, code, facts)
        self.progress_reporter.report_skipped_file(entry, code, facts)


def _key(entry: ScannedEntry) -> str:
    return os.fsencode(entry.relative).hex()
