"""Brings a folder in step with the disk, as steps short enough to answer requests in between."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import Code, LibraryError
from core.library import places
from core.library.account import Account, Send
from core.library.comparing import Comparison, Wish, may_pass
from core.library.embedder import Embedder, Vectors
from core.library.hashing import as_it_is, has_changed, hash_steps
from core.library.names import display_name
from core.library.passages import CutText, cut_steps, embedded_text
from core.library.pool import FULL_TOKENS, TextPool
from core.library.reading import Reader, Reading
from core.library.records import Folder, Records
from core.library.scanner import Found
from core.library.texts import vector_key
from core.library.tokens import TokenCounter
from core.messages import DocumentPage

_READ_AHEAD = 4
_ROWS_A_STEP = 2000
EVERYTHING = Wish()


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
    on_seen: Callable[[str, set[str], bool], None] = lambda _folder_id, _folders, _whole: None
    """Told which of a folder's own folders were entered, and whether that was all of it."""


class Sync:
    """One sync of one folder. `steps` yields True if it can go on at once, False while it waits."""

    def __init__(
        self, tools: Tools, folder: Folder, request_id: str, wish: Wish = EVERYTHING
    ) -> None:
        self._tools = tools
        self._folder = folder
        self._wish = wish
        self._comparison = Comparison(tools.records, folder, tools.app_root, wish)
        self._root = Path(folder.path)
        self._identity: tuple[int, int] | None = None
        self._pool = TextPool()
        self._vectors: dict[bytes, Vectors] = {}
        self._reading: dict[str, _Work] = {}
        self._waiting: deque[_Work] = deque()
        self._window = tools.embedder.window
        self.account = Account(tools.send, folder.id, request_id)

    def steps(self) -> Iterator[bool]:
        """Compare, read, embed and keep; each file is kept when its last vector is there."""
        self._identity = places.identity(self._root)
        yield from self._compare()
        yield from self._forget_gone()
        yield from self._put_waiting()
        changed = self._comparison.changed
        self.account.begin(len(self._comparison.found), changed, self._skipped_before())
        reader: Reader | None = None
        try:
            if any(entry.code is None for entry in changed):
                reader = self._tools.new_reader()
            yield from self._work_off(deque(changed), reader)
        finally:
            if reader is not None:
                reader.stop()
        self._check_root()
        self.account.end()

    @property
    def restless(self) -> tuple[str, ...]:
        """What was left alone because it is still being written, relative."""
        return tuple(self._comparison.restless)

    # ------------------------------------------------------------ comparing

    def _compare(self) -> Iterator[bool]:
        comparison = self._comparison
        try:
            for _step in comparison.steps():
                yield True
        except OSError as error:
            raise LibraryError(Code.FOLDER_GONE, path=display_name(self._folder.path)) from error
        self._check_root()
        whole = self._wish.parts is None
        if whole and comparison.known and not comparison.found:
            # The mount point of a drive that was unplugged looks just like this.
            raise LibraryError(Code.FOLDER_EMPTIED, path=display_name(self._folder.path))
        self._tools.on_seen(self._folder.id, comparison.folders, whole)

    def _forget_gone(self) -> Iterator[bool]:
        """Forget what is gone, before anything is read: it stops answering at once."""
        gone = self._comparison.gone
        for start in range(0, len(gone), _ROWS_A_STEP):
            self._tools.records.remove_files(gone[start : start + _ROWS_A_STEP])
            yield True
        self.account.count(removed=len(gone))

    def _put_waiting(self) -> Iterator[bool]:
        """Keep what is still to be read, so that it can be told at any time."""
        changed = self._comparison.changed
        for start in range(0, len(changed), _ROWS_A_STEP):
            self._tools.records.put_waiting(self._folder.id, changed[start : start + _ROWS_A_STEP])
            yield True

    def _skipped_before(self) -> int:
        """Return how many files were skipped, without those that are looked at anew."""
        known = self._comparison.known
        anew = (known.get(entry.relative) for entry in self._comparison.changed)
        skipped = self._tools.records.skipped_count(self._folder.id)
        return skipped - sum(file is not None and file.code is not None for file in anew)

    def _check_root(self) -> None:
        """Stop when the folder vanished, or another took its place, since the scan began."""
        if self._identity is None or places.identity(self._root) != self._identity:
            raise LibraryError(Code.FOLDER_GONE, path=display_name(self._folder.path))

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
            if self._is_time_to_embed(idle=not busy, more=bool(files)):
                busy = True
                self._embed()
            yield from self._keep_finished()
            yield busy

    def _is_time_to_embed(self, *, idle: bool, more: bool) -> bool:
        """Wait for enough texts to sort by length, unless nothing else is to be done meanwhile."""
        if not self._pool or not self._tools.embedder.loaded:
            return False
        enough = self._pool.is_draining or self._pool.tokens > FULL_TOKENS
        return enough or idle or not (more or self._reading)

    def _has_room(self) -> bool:
        return len(self._reading) < _READ_AHEAD and self._pool.tokens < 2 * FULL_TOKENS

    def _begin(self, entry: Found, reader: Reader | None) -> Iterator[bool]:
        """Hash one file; hand it to a reader unless its content is known."""
        self.account.progress(entry.relative)
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
        content_id = self._tools.records.texts.content_id(hashed, name)
        if content_id is not None:
            self._tools.records.link_file(self._folder.id, now, content_id)
            self.account.finished(now)
            return
        self._reading[now.relative] = _Work(now, hashed)
        reader.submit(_key(now), str(path))

    def _look_again(self, entry: Found) -> Found | None:
        """Return a file as it is now, None if nothing is left to be done.

        It may have waited for hours, and another sync of the same folder may have had it since.
        """
        now = as_it_is(self._root / entry.relative, entry)
        known = self._tools.records.files(self._folder.id, entry.relative).get(entry.relative)
        if now is None:
            self._check_root()
            self._tools.records.remove_files([known] if known else [])
        elif known is None or not known.answers_for(now):
            return now
        self.account.finished(entry)
        return None

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
            self.account.progress(work.found.relative)
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
        self.account.embedded(self._pool.taken, time.monotonic() - started)
        work = self._waiting[0]  # texts only wait for vectors while their file does
        missing = sum(key in self._pool for key in work.keys)
        self.account.progress(work.found.relative, part=1 - missing / len(work.keys))

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
                self.account.progress(work.found.relative, part=1.0)
                yield True
            self.account.finished(
                work.found,
                words=len(work.document.text.split()),
                passages=len(work.keys),
                tokens=sum(passage.tokens for passage in work.document.passages),
            )
        if not self._waiting:
            self._vectors.clear()

    def _skip(self, entry: Found, code: str, facts: dict[str, str]) -> None:
        if may_pass(code):
            self._check_root()
        self._tools.records.skip_file(self._folder.id, entry, code, facts)
        self.account.skipped(entry, code, facts)


def _key(entry: Found) -> str:
    return os.fsencode(entry.relative).hex()
