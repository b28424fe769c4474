"""The truth about folders, files and their text in library.db; one thread, one connection."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import uuid_utils

from core.database import open_database, transaction
from core.errors import Code, LibraryError, StorageError
from core.library.damage import folders_in
from core.library.names import display_name
from core.library.passages import CutText
from core.library.scanner import Found
from core.library.schema import MIGRATIONS
from core.library.texts import Texts
from core.messages import DocumentPage, FolderState
from core.paths import Paths

_LONG = 1000
"""Passages above which a file is not kept in one step."""
_FACTS = msgspec.msgpack.Decoder(dict[str, str])


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it is kept; `path` may hold lone surrogates."""

    id: str
    name: str
    path: str
    state: str


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What is known of a file since it was last looked at."""

    id: int
    relative: str
    size: int
    modified_ns: int
    content_id: int | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file without answers: its name as a person reads it, and why."""

    name: str
    code: str
    facts: dict[str, str]


class Records:
    """Folders and their files; `texts` is what they hold."""

    def __init__(
        self, paths: Paths, on_damage: Callable[[StorageError], None] | None = None
    ) -> None:
        self.connection = open_database(paths.library, MIGRATIONS, paths.backups, on_damage)
        self.texts = Texts(self.connection)

    def restore(self, aside: Path) -> list[Folder]:
        """Take the folders, not their texts, over from a damaged library."""
        with transaction(self.connection):
            self.connection.executemany(
                "INSERT OR IGNORE INTO folder VALUES (?, ?, ?, 'stopped', ?)", folders_in(aside)
            )
        return self.folders()

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    # ------------------------------------------------------------ folders

    def folders(self) -> list[Folder]:
        """Return all folders in the order they were added."""
        rows = self.connection.execute("SELECT id, name, path, state FROM folder ORDER BY added")
        return [Folder(id_, name, os.fsdecode(path), state) for id_, name, path, state in rows]

    def folder(self, folder_id: str) -> Folder:
        """Return one folder. Raises LibraryError if nobody knows it."""
        for folder in self.folders():
            if folder.id == folder_id:
                return folder
        raise LibraryError(Code.FOLDER_UNKNOWN, name=folder_id)

    def add_folder(self, path: str) -> Folder:
        """Return the folder at `path`, new or known, with a name no other folder has."""
        known = [folder for folder in self.folders() if folder.path == path]
        if known:
            return known[0]
        names = {folder.name for folder in self.folders()}
        base = display_name(Path(path).name)
        name, number = base, 2
        while name in names:
            name, number = f"{base} {number}", number + 1
        folder = Folder(uuid_utils.uuid7().hex, name, path, "syncing")
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO folder VALUES (?, ?, ?, ?, ?)",
                (folder.id, name, os.fsencode(path), folder.state, time.time()),
            )
        return folder

    def set_state(self, folder_id: str, state: str) -> None:
        """Keep what a person is told about a folder."""
        with transaction(self.connection):
            self.connection.execute("UPDATE folder SET state = ? WHERE id = ?", (state, folder_id))

    def describe(self, folder: Folder) -> FolderState:
        """Return a folder with its counts."""
        rows = self.connection.execute(
            "SELECT count(*), count(content_id), count(code), (SELECT count(*) FROM file"
            " JOIN passage USING (content_id) WHERE folder_id = ?1) FROM file WHERE folder_id = ?1",
            (folder.id,),
        )
        files, indexed, skipped, passages = cast("tuple[int, int, int, int]", rows.fetchone())
        return FolderState(
            folder_id=folder.id,
            name=folder.name,
            path=display_name(folder.path),
            files=files,
            indexed=indexed,
            skipped=skipped,
            passages=passages,
            state=folder.state,
        )

    def remove_folder(self, folder_id: str) -> None:
        """Forget a folder, its files, and what no other file refers to."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM file WHERE folder_id = ?", (folder_id,))
            self.texts.drop_orphans()
            self.connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))

    # ------------------------------------------------------------ files

    def files(self, folder_id: str) -> dict[str, KnownFile]:
        """Return the known files of a folder by relative path."""
        rows = self.connection.execute(
            "SELECT id, path, size, modified_ns, content_id, code FROM file WHERE folder_id = ?",
            (folder_id,),
        )
        known = (
            KnownFile(id_, os.fsdecode(path), size, modified, content, code)
            for id_, path, size, modified, content, code in rows
        )
        return {file.relative: file for file in known}

    def skipped(self, folder_id: str) -> list[Skipped]:
        """Return the skipped files of a folder, sorted by name."""
        rows = self.connection.execute(
            "SELECT name, code, facts FROM file WHERE folder_id = ? AND code IS NOT NULL"
            " ORDER BY name",
            (folder_id,),
        )
        return [Skipped(name, code, _FACTS.decode(facts)) for name, code, facts in rows]

    def skip_file(self, folder_id: str, found: Found, code: str, facts: dict[str, str]) -> None:
        """Keep that a file gives no answers, and why."""
        with transaction(self.connection):
            self._put_file(folder_id, found, None, code, msgspec.msgpack.encode(facts))

    def link_file(self, folder_id: str, found: Found, content_id: int) -> None:
        """Keep that a file holds a known content."""
        with transaction(self.connection):
            self._put_file(folder_id, found, content_id, None, None)

    def remove_files(self, files: Iterable[KnownFile]) -> None:
        """Forget files that are gone, and what no other file refers to."""
        with transaction(self.connection):
            self.connection.executemany(
                "DELETE FROM file WHERE id = ?", [(file.id,) for file in files]
            )
            self.texts.drop_orphans()

    def put_file(
        self,
        folder_id: str,
        found: Found,
        content_hash: str,
        pages: tuple[DocumentPage, ...],
        document: CutText,
        keys: list[bytes],
        vectors: dict[bytes, np.ndarray],
    ) -> None:
        """Keep a file with all its text and vectors, wholly or not at all.

        `keys` has one key per passage; `vectors` the new ones among them, float32 of unit length.
        """
        for _step in self.put_file_steps(
            folder_id, found, content_hash, pages, document, keys, vectors
        ):
            pass

    def put_file_steps(
        self,
        folder_id: str,
        found: Found,
        content_hash: str,
        pages: tuple[DocumentPage, ...],
        document: CutText,
        keys: list[bytes],
        vectors: dict[bytes, np.ndarray],
    ) -> Iterator[None]:
        """Do what `put_file` does, and yield between short steps if the file is a long one."""
        name = display_name(found.relative.rpartition("/")[2])
        ahead = 0
        if len(keys) > _LONG and self.texts.content_id(content_hash, name) is None:
            for step in self.texts.put_ahead(name, pages, document, keys, vectors):
                ahead = step
                yield
        with transaction(self.connection):
            content_id = self.texts.content_id(content_hash, name)
            if content_id is None and ahead and self.texts.finish(ahead, content_hash):
                content_id = ahead
            if content_id is None:
                content_id = self.texts.put(content_hash, name, pages, document, keys, vectors)
            self._put_file(folder_id, found, content_id, None, None)

    def _put_file(
        self,
        folder_id: str,
        found: Found,
        content_id: int | None,
        code: str | None,
        facts: bytes | None,
    ) -> None:
        self.connection.execute(
            "INSERT INTO file (folder_id, path, name, size, modified_ns, content_id, code, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folder_id, path) DO UPDATE SET"
            " size = excluded.size, modified_ns = excluded.modified_ns,"
            " content_id = excluded.content_id, code = excluded.code, facts = excluded.facts",
            (
                folder_id,
                os.fsencode(found.relative),
                display_name(found.relative),
                found.size,
                found.modified_ns,
                content_id,
                code,
                facts,
            ),
        )
