"""Folder sync: compares a folder with the disk, then reads, embeds and stores in short steps."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.base.errors import ErrorCode, LibraryError
from core.library.embedding.embedder import FEW_AT_ONCE, FEW_TOKENS, Embedder
from core.library.embedding.embedding_queue import FULL_QUEUE_TOKENS, EmbeddingQueue
from core.library.embedding.vector_types import Vectors
from core.library.filesystem import path_kinds
from core.library.filesystem.file_hashing import has_changed, hash_steps, with_current_status
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.filesystem.path_encoding import display_name
from core.library.reading.file_reader import FileReader, FileReadResult, ReadingPace
from core.library.store.content_records import NewContent, vector_key
from core.library.store.file_records import KnownFile
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
_LITTLE_BYTES = 200_000
"""Files of which no more than a few passages may come, and no model need be loaded meanwhile."""
SYNC_EVERYTHING = SyncOptions()


@dataclass(slots=True)
class _FileInProgress:
    """A file being read: its entry on disk, its text, and the keys of its passages' vectors."""

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
    on_entered: Callable[[str, set[str], bool], None] = lambda _folder_id, _folders, _whole: None
    """Called with a folder's id, the relative folders entered, and whether these were all."""


class FolderSync:
    """One sync of one folder, in steps that yield True if it can go on at once, else False."""

    def __init__(
        self,
        dependencies: SyncDependencies,
        folder: FolderRecord,
        request_id: str,
        options: SyncOptions = SYNC_EVERYTHING,
    ) -> None:
        self._dependencies = dependencies
        self._records = dependencies.records
        self._embedder = dependencies.embedder
        self._folder = folder
        self._options = options
        self._comparison = FolderComparison(
            dependencies.records, folder, dependencies.app_root, options
        )
        self._root = Path(folder.path)
        self._identity: tuple[int, int] | None = None
        self._queue = EmbeddingQueue()
        self._vectors: dict[bytes, Vectors] = {}
        self._reading: dict[str, _FileInProgress] = {}
        self._waiting: deque[_FileInProgress] = deque()
        self._at_hand = ""  # the file of the step that runs, while it is in none of these
        self._unread: deque[ScannedEntry] = deque()
        self.removed_files: frozenset[str] = frozenset()
        """Relative paths of the files that were gone, and are no longer found."""
        self._window = dependencies.embedder.window_tokens
        self._reader: FileReader | None = None
        self._pace = ReadingPace.SLOW
        self.progress_reporter = SyncProgressReporter(dependencies.send, folder.id, request_id)

    def sync_in_steps(self) -> Iterator[bool]:
        """Compare, read, embed and store; each file is stored when its last vector is there."""
        self._identity = path_kinds.folder_identity(self._root)
        yield from self._compare()
        yield from self._remove_missing()
        yield from self._mark_waiting()
        changed = self._comparison.changed_entries
        skipped = self._records.count_skipped_files(self._folder.id)
        self.progress_reporter.start_reporting(
            len(self._comparison.found_entries),
            changed,
            _skipped_before(self._comparison, skipped),
        )
        try:
            if any(entry.code is None for entry in changed):
                self._reader = self._dependencies.new_reader()
                self._reader.set_pace(self._pace)
            self._unread.extend(changed)
            yield from self._read_and_embed(self._reader)
        finally:
            if self._reader is not None:
                self._reader.stop()
        self._check_root()
        self.progress_reporter.finish_reporting()

    def set_pace(self, pace: ReadingPace) -> None:
        """Read files at this pace; once somebody waits for them, it stays AWAITED."""
        if self._pace is not ReadingPace.AWAITED:
            self._pace = pace
        if self._reader is not None:
            self._reader.set_pace(self._pace)

    @property
    def needs_model(self) -> bool:
        """Whether there is more to embed than is done sooner without the model in memory."""
        if self._embedder.is_loaded:
            return False
        unread = sum(entry.size for entry in self._unread)
        much = unread > _LITTLE_BYTES or self._queue.queued_tokens > FEW_TOKENS
        return much or (bool(self._queue) and not self._embedder.reads_questions)

    @property
    def unsettled_files(self) -> tuple[str, ...]:
        """Relative paths of files that were left out because they are still being written."""
        return tuple(self._comparison.unsettled_files)

    def drop_files(self, removed: frozenset[str]) -> None:
        """Forget files that another sync found gone; one that is being read is dropped later."""
        dropped = [entry for entry in self._unread if entry.relative in removed]
        waiting = (file.found.relative for file in self._waiting)
        under_way = {*self._reading, *waiting, self._at_hand}
        self._unread = deque(entry for entry in self._unread if entry.relative not in removed)
        known = removed.intersection(self._comparison.found_entries)
        read = known - {entry.relative for entry in dropped} - under_way
        self.progress_reporter.forget_files(dropped, read=len(read))

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
        whole = self._options.parts is None
        if whole and comparison.known_files and not comparison.found_entries:
            # The mount point of a drive that was unplugged looks just like this.
            raise LibraryError(ErrorCode.FOLDER_EMPTIED, path=display_name(self._folder.path))
        self._dependencies.on_entered(self._folder.id, comparison.entered_folders, whole)

    def _remove_missing(self) -> Iterator[bool]:
        """Remove missing files before anything is read, so that they are found no more at once."""
        missing = self._comparison.missing_files
        for start in range(0, len(missing), _ROWS_A_STEP):
            self._records.remove_files(missing[start : start + _ROWS_A_STEP])
            yield True
        self.removed_files = frozenset(file.relative for file in missing)
        self.progress_reporter.add_statistics(removed=len(missing))

    def _mark_waiting(self) -> Iterator[bool]:
        """Store which files are still to be read, so that they can be listed at any time."""
        changed = self._comparison.changed_entries
        for start in range(0, len(changed), _ROWS_A_STEP):
            self._records.mark_waiting(self._folder.id, changed[start : start + _ROWS_A_STEP])
            yield True

    def _check_root(self) -> None:
        """Raise LibraryError if the folder is gone, or another one took its place, meanwhile."""
        if self._identity is None or path_kinds.folder_identity(self._root) != self._identity:
            raise LibraryError(ErrorCode.FOLDER_GONE, path=display_name(self._folder.path))

    # ------------------------------------------------------------ reading

    def _read_and_embed(self, reader: FileReader | None) -> Iterator[bool]:
        while self._unread or self._reading or self._waiting or self._queue:
            busy = False
            room = self._queue.queued_tokens < 2 * FULL_QUEUE_TOKENS
            if self._unread and room and len(self._reading) < _READ_AHEAD:
                busy = True
                yield from self._start_file(self._unread.popleft(), reader)
            if reader is not None:
                for reading in reader.poll():
                    busy = True
                    yield from self._split(reading)
                    yield True
            if self._is_time_to_embed(idle=not busy, more=bool(self._unread)):
                busy = True
                self._embed_batch()
            yield from self._store_finished()
            yield busy

    def _is_time_to_embed(self, *, idle: bool, more: bool) -> bool:
        """Return whether enough texts wait to be sorted by length, or nothing else can be done."""
        if not self._queue:
            return False
        if not self._embedder.is_loaded:
            return not (more or self._reading or self.needs_model)
        enough = self._queue.is_draining or self._queue.queued_tokens > FULL_QUEUE_TOKENS
        return enough or idle or not (more or self._reading)

    def _start_file(self, entry: ScannedEntry, reader: FileReader | None) -> Iterator[bool]:
        """Hash one file; hand it to a reader unless its content is known."""
        self._at_hand = entry.relative
        self.progress_reporter.report_progress(entry.relative)
        if entry.code is not None:
            self._skip(entry, entry.code, {})
            return
        assert reader is not None  # there is one when any file is to be read
        now = self._recheck(entry)
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
        name = now.shown_name
        content_id = self._records.contents.find_content_id(hashed, name)
        if content_id is not None:
            self._records.link_file_to_content(self._folder.id, now, content_id)
            self.progress_reporter.report_finished_file(now)
            return
        self._reading[now.relative] = _FileInProgress(now, hashed)
        reader.submit_file(_key(now), str(path))

    def _recheck(self, entry: ScannedEntry) -> ScannedEntry | None:
        """Return the entry of a file as it is now, None if there is nothing to read.

        It may have waited for hours, and another sync of the same folder may have read it since.
        """
        now = with_current_status(self._root / entry.relative, entry)
        known = self._records.known_files(self._folder.id, entry.relative).get(entry.relative)
        if now is None:
            self._drop_missing(entry, known)
            return None
        if known is None or not known.is_up_to_date(now):
            return now
        self.progress_reporter.report_finished_file(entry)
        return None

    def _is_gone(self, entry: ScannedEntry) -> bool:
        """Return whether a file went while it was read; it is forgotten then."""
        name = entry.relative
        if os.path.lexists(self._root / name):
            return False
        self._drop_missing(entry, self._records.known_files(self._folder.id, name).get(name))
        return True

    def _drop_missing(self, entry: ScannedEntry, known: KnownFile | None) -> None:
        """Forget a file that is gone since it was listed."""
        self._check_root()
        self._records.remove_files([known] if known else [])
        self.progress_reporter.forget_files([entry])

    def _split(self, reading: FileReadResult) -> Iterator[bool]:
        """Split what was read into passages, and queue those that have no vector yet."""
        file = next(each for each in self._reading.values() if _key(each.found) == reading.key)
        del self._reading[file.found.relative]
        self._at_hand = file.found.relative
        if self._is_gone(file.found):
            return
        if reading.code is not None:
            self._skip(file.found, reading.code, reading.facts or {})
            return
        if has_changed(self._root / file.found.relative, file.found):
            self._skip(file.found, ErrorCode.FILE_CHANGED, {})
            return
        file.pages = reading.pages
        name = file.found.shown_name
        document: SplitText | None = None
        counter = self._embedder.token_counter
        for step in split_in_steps(reading.pages, name, counter, self._window):
            document = step
            self.progress_reporter.report_progress(file.found.relative)
            yield True
        if document is None or not document.passages:
            self._skip(file.found, ErrorCode.FILE_NO_TEXT, {})
            return
        file.document = document
        texts = [text_to_embed(document.text[p.start : p.end], p.title) for p in document.passages]
        embedder = self._embedder.name
        file.keys = [vector_key(embedder, text) for text in texts]
        missing = set(file.keys) - self._records.contents.known_vectors(dict.fromkeys(file.keys))
        for key, text, passage in zip(file.keys, texts, document.passages, strict=True):
            if key in missing and key not in self._vectors:
                self._queue.add_text(key, text, passage.tokens)
        self._waiting.append(file)
        self._at_hand = ""

    # ------------------------------------------------------------ embedding and storing

    def _embed_batch(self) -> None:
        is_loaded = self._embedder.is_loaded
        batch = self._queue.next_batch(self._embedder.batch_tokens if is_loaded else FEW_AT_ONCE)
        started = time.monotonic()
        embed = self._embedder.embed if is_loaded else self._embedder.embed_few
        vectors = embed(list(batch.values()))
        self._vectors.update(zip(batch, vectors, strict=True))
        self.progress_reporter.count_embedded(
            self._queue.last_batch_tokens, time.monotonic() - started
        )
        file = self._waiting[0]  # texts only wait for vectors while their file does
        missing = sum(key in self._queue for key in file.keys)
        self.progress_reporter.report_progress(
            file.found.relative, part=1 - missing / len(file.keys)
        )

    def _store_finished(self) -> Iterator[bool]:
        """Store the files whose last vector is there."""
        for file in list(self._waiting):
            if any(key in self._queue for key in file.keys):
                continue
            self._waiting.remove(file)
            self._at_hand = file.found.relative
            if self._is_gone(file.found):
                continue
            assert file.document is not None  # set before it began to wait
            new = NewContent(
                file.hash,
                file.found.shown_name,
                file.pages,
                file.document,
                file.keys,
                self._vectors,
            )
            for _step in self._records.store_file_in_steps(self._folder.id, file.found, new):
                self.progress_reporter.report_progress(file.found.relative, part=1.0)
                yield True
            self.progress_reporter.report_finished_file(
                file.found,
                words=len(file.document.text.split()),
                passages=len(file.keys),
                tokens=sum(passage.tokens for passage in file.document.passages),
            )
            self._at_hand = ""
        if not self._waiting:
            self._vectors.clear()

    def _skip(self, entry: ScannedEntry, code: str, facts: dict[str, str]) -> None:
        if is_retried_at_next_sync(code):
            self._check_root()
        self._records.skip_file(self._folder.id, entry, code, facts)
        self.progress_reporter.report_skipped_file(entry, code, facts)


def _skipped_before(comparison: FolderComparison, skipped: int) -> int:
    """Return how many files were skipped, without those that are read again."""
    known = comparison.known_files
    again = (known.get(entry.relative) for entry in comparison.changed_entries)
    return skipped - sum(file is not None and file.code is not None for file in again)


def _key(entry: ScannedEntry) -> str:
    return os.fsencode(entry.relative).hex()
