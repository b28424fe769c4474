"""Brings a folder in step with the disk, as steps short enough to answer requests in between."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from core.errors import Code, LibraryError
from core.library import scanner
from core.library.embedder import Embedder, Vectors
from core.library.hashing import has_changed, hash_steps
from core.library.names import display_name
from core.library.passages import CutText, cut_steps, embedded_text
from core.library.pool import FULL_TOKENS, TextPool
from core.library.reading import Reader, Reading
from core.library.records import Folder, KnownFile, Records
from core.library.scanner import Found
from core.library.texts import vector_key
from core.library.tokens import TokenCounter
from core.messages import DocumentPage, FileSkipped, SyncProgress, SyncStatistics

_READ_AHEAD = 4
_PROGRESS_SECONDS = 0.2

Send = Callable[[msgspec.Struct], None]


@dataclass(slots=True)
class _Work:
    """A file on its way: what was found, what it holds, which vectors it still waits for."""

    found: Found
    hash: str
    pages: tuple[DocumentPage, ...] = ()
    document: CutText | None = None
    keys: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tools:
    """What every sync works with."""

    records: Records
    embedder: Embedder
    counter: TokenCounter
    new_reader: Callable[[], Reader]
    app_root: Path
    send: Send


class Sync:
    """One sync of one folder. `steps` yields True if it can go on at once, False while it waits."""

    def __init__(self, tools: Tools, folder: Folder, request_id: str) -> None:
        self._tools = tools
        self._folder = folder
        self._request_id = request_id
        self._root = Path(folder.path)
        self._identity: tuple[int, int] | None = None
        self._pool = TextPool()
        self._vectors: dict[bytes, Vectors] = {}
        self._reading: dict[str, _Work] = {}
        self._waiting: deque[_Work] = deque()
        self._window = tools.embedder.window
        self._total = self._done = self._skipped = 0
        self._last_progress = 0.0
        self._started = time.monotonic()
        self.statistics = SyncStatistics()

    def steps(self) -> Iterator[bool]:
        """Scan, read, embed and keep; each file is kept when its last vector is there."""
        records = self._tools.records
        known = records.files(self._folder.id)
        found: list[Found] = []
        self._identity = scanner.identity(self._root)
        for entry in self._scan():
            found.append(entry)
            if len(found) % 200 == 0:
                yield True
        self._check_root()
        if known and not found:
            # The mount point of a drive that was unplugged looks just like this.
            raise LibraryError(Code.FOLDER_EMPTIED, path=display_name(self._folder.path))
        changed = [entry for entry in found if self._is_changed(entry, known.get(entry.relative))]
        self._total = len(found)
        self._done = len(found) - len(changed)
        self._count(unchanged=self._done)
        self._skipped = sum(file.code is not None for file in known.values()) - sum(
            known[entry.relative].code is not None for entry in changed if entry.relative in known
        )
        self._progress("", force=True)
        reader: Reader | None = None
        try:
            if any(entry.code is None for entry in changed):
                reader = self._tools.new_reader()
            yield from self._work_off(deque(changed), reader)
        finally:
            if reader is not None:
                reader.stop()
        self._check_root()
        gone = scanner.gone(known, found)
        records.remove_files([known[name] for name in gone])
        self._count(removed=len(gone), seconds=time.monotonic() - self._started)
        self._progress("", force=True)

    # ------------------------------------------------------------ scanning

    def _scan(self) -> Iterator[Found]:
        try:
            for entry in scanner.walk(self._root, self._tools.app_root):
                if scanner.is_document(entry):
                    yield entry
        except OSError as error:
            raise LibraryError(Code.FOLDER_GONE, path=display_name(self._folder.path)) from error

    def _check_root(self) -> None:
        """Stop when the folder vanished, or another took its place, since the scan began."""
        if self._identity is None or scanner.identity(self._root) != self._identity:
            raise LibraryError(Code.FOLDER_GONE, path=display_name(self._folder.path))

    @staticmethod
    def _is_changed(entry: Found, known: KnownFile | None) -> bool:
        if known is None or (entry.code != known.code and entry.code is not None):
            return True
        if entry.code is not None:
            return False
        same = (entry.size, entry.modified_ns) == (known.size, known.modified_ns)
        return not same or known.code in _TRIED_AGAIN

    # ------------------------------------------------------------ reading

    def _work_off(self, files: deque[Found], reader: Reader | None) -> Iterator[bool]:
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
            if self._is_time_to_embed(bool(files)):
                busy = True
                self._embed()
            yield from self._keep_finished()
            yield busy

    def _is_time_to_embed(self, more: bool) -> bool:  # noqa: FBT001 - one plain question
        """Wait for enough texts to sort by length, unless no more will come."""
        if not self._pool or not self._tools.embedder.loaded:
            return False
        enough = self._pool.is_draining or self._pool.tokens > FULL_TOKENS
        return enough or not (more or self._reading)

    def _has_room(self) -> bool:
        return len(self._reading) < _READ_AHEAD and self._pool.tokens < 2 * FULL_TOKENS

    def _begin(self, entry: Found, reader: Reader | None) -> Iterator[bool]:
        """Hash one file; hand it to a reader unless its content is known."""
        self._progress(entry.relative)
        if entry.code is not None:
            self._skip(entry, entry.code, {})
            return
        assert reader is not None  # there is one when any file is to be read
        path = self._root / entry.relative
        hashed = ""
        try:
            for digest in hash_steps(path, entry):
                hashed = digest
                yield True
        except LibraryError as error:
            self._skip(entry, error.code, error.facts)
            return
        name = display_name(entry.relative.rpartition("/")[2])
        content_id = self._tools.records.texts.content_id(hashed, name)
        if content_id is not None:
            self._tools.records.link_file(self._folder.id, entry, content_id)
            self._finished(entry)
            return
        self._reading[entry.relative] = _Work(entry, hashed)
        reader.submit(_key(entry), str(path))

    def _take(self, reading: Reading) -> Iterator[bool]:
        """Cut what was read, and let its passages wait for their vectors."""
        work = next(w for w in self._reading.values() if _key(w.found) == reading.key)
        del self._reading[work.found.relative]
        if reading.code is not None:
            self._skip(work.found, reading.code, reading.facts or {})
            return
        if has_changed(self._root / work.found.relative, work.found):
            self._skip(work.found, Code.FILE_CHANGED, {})
            return
        work.pages = reading.pages
        name = display_name(work.found.relative.rpartition("/")[2])
        document: CutText | None = None
        for step in cut_steps(reading.pages, name, self._tools.counter, self._window):
            document = step
            self._progress(work.found.relative)
            yield True
        if document is None or not document.passages:
            self._skip(work.found, Code.FILE_NO_TEXT, {})
            return
        work.document = document
        texts = [embedded_text(document.text[p.start : p.end], p.title) for p in document.passages]
        embedder = self._tools.embedder.name
        work.keys = [vector_key(embedder, text) for text in texts]
        missing = set(work.keys) - self._tools.records.texts.known_vectors(dict.fromkeys(work.keys))
        for key, text, passage in zip(work.keys, texts, document.passages, strict=True):
            if key in missing and key not in self._vectors:
                self._pool.add(key, text, passage.tokens)
        self._waiting.append(work)

    # ------------------------------------------------------------ embedding and keeping

    def _embed(self) -> None:
        batch = self._pool.batch()
        started = time.monotonic()
        vectors = self._tools.embedder.embed(list(batch.values()))
        self._vectors.update(zip(batch, vectors, strict=True))
        self._count(seconds_embedding=time.monotonic() - started)
        work = self._waiting[0]  # texts only wait for vectors while their file does
        missing = sum(key in self._pool for key in work.keys)
        self._progress(work.found.relative, part=1 - missing / len(work.keys))

    def _keep_finished(self) -> Iterator[bool]:
        """Keep the files whose last vector is there."""
        for work in list(self._waiting):
            if any(key in self._pool for key in work.keys):
                continue
            self._waiting.remove(work)
            assert work.document is not None  # set before it began to wait
            for _step in self._tools.records.put_file_steps(
                self._folder.id,
                work.found,
                work.hash,
                work.pages,
                work.document,
                work.keys,
                self._vectors,
            ):
                self._progress(work.found.relative, part=1.0)
                yield True
            self._count(
                words=len(work.document.text.split()),
                passages=len(work.keys),
                tokens=sum(passage.tokens for passage in work.document.passages),
            )
            self._finished(work.found)
        if not self._waiting:
            self._vectors.clear()

    def _finished(self, entry: Found) -> None:
        self._done += 1
        self._count(read=1)
        self._progress(entry.relative)

    def _skip(self, entry: Found, code: str, facts: dict[str, str]) -> None:
        if code in _TRIED_AGAIN:
            self._check_root()
        self._tools.records.skip_file(self._folder.id, entry, code, facts)
        self._done += 1
        self._skipped += 1
        self._count(skipped=1)
        self._tools.send(
            FileSkipped(
                request_id=self._request_id,
                folder_id=self._folder.id,
                file=display_name(entry.relative),
                code=code,
                facts=facts,
            )
        )

    # ------------------------------------------------------------ telling

    def _count(self, **amounts: float) -> None:
        old = self.statistics
        self.statistics = msgspec.structs.replace(
            old, **{name: getattr(old, name) + amount for name, amount in amounts.items()}
        )

    def _progress(self, current: str, *, part: float = 0.0, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._last_progress < _PROGRESS_SECONDS:
            return
        self._last_progress = now
        self._tools.send(
            SyncProgress(
                request_id=self._request_id,
                folder_id=self._folder.id,
                done=self._done,
                total=self._total,
                skipped=self._skipped,
                current=display_name(current),
                part=part,
            )
        )


_TRIED_AGAIN = frozenset(
    {Code.FILE_CHANGED, Code.FILE_TIMEOUT, Code.FILE_UNREADABLE, Code.FILE_READER_DIED}
)


def _key(entry: Found) -> str:
    return os.fsencode(entry.relative).hex()
