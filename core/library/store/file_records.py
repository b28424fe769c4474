"""File records in library.db: size, time and content of each file, or why it was skipped."""

import os
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import apsw
import msgspec

from core.base.database import transaction
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.filesystem.path_encoding import display_name
from core.library.store.content_records import ContentRecords, NewContent
from core.library.store.removed_words import note_removed_words

_LONG_PASSAGES = 1000
"""Passages above which a file is stored in several steps."""
_FACTS = msgspec.msgpack.Decoder(dict[str, str])


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was last compared, and what was read from it."""

    id: int
    relative: str
    size: int
    modified_ns: int
    content_id: int | None
    code: str | None
    waiting: bool

    def is_up_to_date(self, found: ScannedEntry) -> bool:
        """Return whether the file on disk is the one that was read."""
        same = (self.size, self.modified_ns) == (found.size, found.modified_ns)
        return same and not self.waiting and self.code is None


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that can't be searched: its displayed name, and why."""

    name: str
    code: str
    facts: dict[str, str]


class FileRecords:
    """Files of all folders; `contents` are their texts."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.contents = ContentRecords(connection)

    def known_files(self, folder_id: str, part: str = "") -> dict[str, KnownFile]:
        """Return the known files of a folder by relative path, only those at or below `part`."""
        below = os.fsencode(part)
        where = "AND (path = ?2 OR (path >= ?3 AND path < ?4))" if part else ""
        rows = self.connection.execute(
            "SELECT id, path, size, modified_ns, content_id, code, waiting FROM file"  # noqa: S608
            f" WHERE folder_id = ?1 {where}",
            (folder_id, below, below + b"/", below + b"0") if part else (folder_id,),
        )
        known = (
            KnownFile(id_, os.fsdecode(path), size, modified, content, code, bool(waiting))
            for id_, path, size, modified, content, code, waiting in rows
        )
        return {file.relative: file for file in known}

    def mark_waiting(self, folder_id: str, found: Iterable[ScannedEntry]) -> None:
        """Mark files to be read; what was read from them before is still found."""
        with transaction(self.connection):
            self.connection.executemany(
                "INSERT INTO file (folder_id, path, name, size, modified_ns, waiting)"
                " VALUES (?, ?, ?, ?, ?, 1)"
                " ON CONFLICT (folder_id, path) DO UPDATE SET waiting = 1",
                [
                    (folder_id, os.fsencode(each.relative), display_name(each.relative),
                     each.size, each.modified_ns)
                    for each in found
                ],
            )  # fmt: skip

    def list_skipped_files(self, folder_id: str) -> list[SkippedFile]:
        """Return the skipped files of a folder, sorted by name."""
        rows = self.connection.execute(
            "SELECT name, code, facts FROM file WHERE folder_id = ? AND code IS NOT NULL"
            " ORDER BY name",
            (folder_id,),
        )
        return [SkippedFile(name, code, _FACTS.decode(facts)) for name, code, facts in rows]

    def count_skipped_files(self, folder_id: str) -> int:
        """Return how many files of a folder are skipped."""
        rows = self.connection.execute(
            "SELECT count(code) FROM file WHERE folder_id = ?", (folder_id,)
        )
        return cast("tuple[int]", rows.fetchone())[0]

    def count_waiting_files(self, folder_id: str) -> int:
        """Return how many files of a folder are still to be read."""
        rows = self.connection.execute(
            "SELECT count(*) FROM file WHERE folder_id = ? AND waiting", (folder_id,)
        )
        return cast("tuple[int]", rows.fetchone())[0]

    def skip_file(
        self, folder_id: str, found: ScannedEntry, code: str, facts: dict[str, str]
    ) -> None:
        """Store that a file can't be searched, and why."""
        with transaction(self.connection):
            self._write_file(folder_id, found, None, code, msgspec.msgpack.encode(facts))

    def link_file_to_content(self, folder_id: str, found: ScannedEntry, content_id: int) -> None:
        """Store that a file has a known content."""
        with transaction(self.connection):
            self._write_file(folder_id, found, content_id, None, None)

    def remove_files(self, files: Iterable[KnownFile]) -> None:
        """Delete files that are gone; `contents.delete_orphans` deletes their texts."""
        with transaction(self.connection):
            self.connection.executemany(
                "DELETE FROM file WHERE id = ?", [(file.id,) for file in files]
            )
            note_removed_words(self.connection)

    def store_file(self, folder_id: str, found: ScannedEntry, new: NewContent) -> None:
        """Store a file with its text and vectors, all or nothing."""
        for _step in self.store_file_in_steps(folder_id, found, new):
            pass

    def store_file_in_steps(
        self, folder_id: str, found: ScannedEntry, new: NewContent
    ) -> Iterator[None]:
        """Store a file like `store_file`; yields between short steps if it is long."""
        ahead = yield from self._store_ahead(new)
        with transaction(self.connection):
            content_id = self._find_or_store_content(ahead, new)
            self._write_file(folder_id, found, content_id, None, None)

    def store_content_in_steps(self, new: NewContent) -> Iterator[None]:
        """Store a text that no file of this library has yet, like `store_file_in_steps`."""
        ahead = yield from self._store_ahead(new)
        with transaction(self.connection):
            self._find_or_store_content(ahead, new)

    def _store_ahead(self, new: NewContent) -> Generator[None, None, int]:
        """Store a long text in short steps; return its id, 0 for a short one."""
        ahead = 0
        is_long = len(new.keys) > _LONG_PASSAGES
        if is_long and self.contents.find_content_id(new.content_hash, new.name) is None:
            for step in self.contents.store_content_ahead(new):
                ahead = step
                yield
        return ahead

    def _find_or_store_content(self, ahead: int, new: NewContent) -> int:
        """Return the id of a text that is known, was stored ahead or is stored now."""
        content_id = self.contents.find_content_id(new.content_hash, new.name)
        if content_id is None and ahead and self.contents.publish_content(ahead, new.content_hash):
            content_id = ahead
        return self.contents.store_content(new) if content_id is None else content_id

    def _write_file(
        self,
        folder_id: str,
        found: ScannedEntry,
        content_id: int | None,
        code: str | None,
        facts: bytes | None,
    ) -> None:
        self.connection.execute(
            "INSERT INTO file"
            " (folder_id, path, name, size, modified_ns, content_id, code, facts, read)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folder_id, path) DO UPDATE SET"
            " size = excluded.size, modified_ns = excluded.modified_ns,"
            " content_id = excluded.content_id, code = excluded.code, facts = excluded.facts,"
            " read = excluded.read, waiting = 0",
            (
                folder_id,
                os.fsencode(found.relative),
                display_name(found.relative),
                found.size,
                found.modified_ns,
                content_id,
                code,
                facts,
                time.time(),
            ),
        )
