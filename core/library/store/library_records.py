"""Library records: folders and metadata in library.db; one thread, one connection."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import uuid_utils

from core.base.database import open_database, remove_old_copies, transaction
from core.base.errors import ErrorCode, LibraryError, StorageError
from core.base.paths import Paths
from core.library.filesystem.path_encoding import display_name
from core.library.store.damaged_library import recover_folders
from core.library.store.file_records import FileRecords
from core.library.store.folder_rows import mend_folder_rows
from core.library.store.library_schema import MIGRATIONS
from core.library.store.removed_words import (
    erase_removed_words,
    has_removed_words,
    note_removed_words,
)
from core.messages import FolderState

_ROWS_A_STEP = 2000
_FOLDER = "id, name, path, state, added, paused, hidden, included, synced, gone"
_FILE_COPIED = "folder_id, path, name, size, modified_ns, code, facts, read"
_FILE = f"content_id, waiting, {_FILE_COPIED}"
_PATTERNS = msgspec.msgpack.Decoder(tuple[str, ...])


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """A folder as stored; `path` may hold lone surrogates, `state` is that after its last sync.

    `gone`: it was removed by a person, and its files are still being deleted.
    """

    id: str
    name: str
    path: str
    state: str
    paused: bool = False
    hidden: bool = False
    included: tuple[str, ...] = ()
    synced: float | None = None
    gone: bool = False


class LibraryRecords(FileRecords):
    """Folders, their files, and `contents`, the texts of these."""

    def __init__(
        self,
        paths: Paths,
        on_damage: Callable[[StorageError], None] | None = None,
        *,
        file: Path | None = None,
    ) -> None:
        """`file`: another database than that of `paths`."""
        self._file, self._backups = file or paths.library, paths.library_folder
        super().__init__(open_database(self._file, MIGRATIONS, self._backups, on_damage))
        mend_folder_rows(self.connection)

    def restore_folders(self, aside: Path) -> list[FolderRecord]:
        """Copy the folders, without their texts, from a damaged library; return all folders."""
        with transaction(self.connection):
            self.connection.executemany(
                "INSERT OR IGNORE INTO folder (id, name, path, state, added, paused, hidden,"
                " included) VALUES (?, ?, ?, 'stopped', ?, ?, ?, ?)",
                recover_folders(aside, self.connection),
            )
        return self.active_folders()

    @property
    def has_removed_texts(self) -> bool:
        """Whether texts or names were removed since `erase_removed_texts` came to its end."""
        return has_removed_words(self.connection)

    def erase_removed_texts(self) -> Iterator[bool]:
        """Erase what is left of texts that were removed, in this file and in copies of it."""
        if has_removed_words(self.connection):
            remove_old_copies(self._file, self._backups)
            yield from erase_removed_words(self.connection)

    def close(self) -> None:
        """Close the database."""
        self.connection.close()

    def get_metadata(self, key: str) -> str:
        """Return the note with this key, "" if there is none."""
        row = self.connection.execute("SELECT value FROM note WHERE key = ?", (key,)).fetchone()
        return cast("str", row[0]) if row else ""

    def set_metadata(self, key: str, value: str) -> None:
        """Store a note, in the place of an earlier one."""
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO note VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                (key, value),
            )

    # ------------------------------------------------------------ folders

    def active_folders(self) -> list[FolderRecord]:
        """Return all folders in the order they were added, without those being removed."""
        return [folder for folder in self._folders() if not folder.gone]

    def folders_being_removed(self) -> list[FolderRecord]:
        """Return the folders that are still being removed."""
        return [folder for folder in self._folders() if folder.gone]

    def _folders(self) -> list[FolderRecord]:
        rows = self.connection.execute(
            "SELECT id, name, path, state, paused, hidden, included, synced, gone FROM folder"
            " ORDER BY added"
        )
        return [
            FolderRecord(
                id_, name, os.fsdecode(path), state, bool(paused), bool(hidden),
                _PATTERNS.decode(included) if included else (), synced, bool(gone),
            )
            for id_, name, path, state, paused, hidden, included, synced, gone in rows
        ]  # fmt: skip

    def get_folder(self, folder_id: str) -> FolderRecord:
        """Return one folder. Raises LibraryError(FOLDER_UNKNOWN)."""
        for folder in self.active_folders():
            if folder.id == folder_id:
                return folder
        raise LibraryError(ErrorCode.FOLDER_UNKNOWN, name=folder_id)

    def add_folder(self, path: str) -> FolderRecord:
        """Return the folder at `path`, new or known, with a name no other folder has."""
        known = [folder for folder in self.active_folders() if folder.path == path]
        if known:
            return known[0]
        names = {folder.name for folder in self._folders()}
        base = display_name(Path(path).name)
        name, number = base, 2
        while name in names:
            name, number = f"{base} {number}", number + 1
        folder = FolderRecord(uuid_utils.uuid7().hex, name, path, "waiting")
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO folder (id, name, path, state, added) VALUES (?, ?, ?, ?, ?)",
                (folder.id, name, os.fsencode(path), folder.state, time.time()),
            )
        return folder

    def set_folder_state(self, folder_id: str, state: str) -> None:
        """Store the state after a sync, and the time if the folder is in step with the disk."""
        in_step = time.time() if state in {"ready", "empty"} else None
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE folder SET state = ?, synced = coalesce(?, synced) WHERE id = ?",
                (state, in_step, folder_id),
            )

    def set_folders_paused(self, folder_ids: Iterable[str], *, paused: bool) -> None:
        """Store whether folders are paused."""
        with transaction(self.connection):
            self.connection.executemany(
                "UPDATE folder SET paused = ? WHERE id = ?", [(paused, id_) for id_ in folder_ids]
            )

    def set_included_parts(
        self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool
    ) -> None:
        """Store which parts of a folder are read although they are skipped elsewhere."""
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE folder SET hidden = ?, included = ? WHERE id = ?",
                (hidden, msgspec.msgpack.encode(patterns), folder_id),
            )

    def describe_folder(self, folder: FolderRecord) -> FolderState:
        """Return a folder with its counts."""
        rows = self.connection.execute(
            "SELECT count(*), count(content_id), count(code), total(waiting), (SELECT count(*)"
            " FROM file JOIN passage USING (content_id) WHERE folder_id = ?1)"
            " FROM file WHERE folder_id = ?1",
            (folder.id,),
        )
        counted = cast("tuple[int, int, int, float, int]", rows.fetchone())
        files, indexed, skipped, waiting, passages = counted
        return FolderState(
            folder_id=folder.id,
            name=folder.name,
            path=display_name(folder.path),
            files=files,
            indexed=indexed,
            skipped=skipped,
            passages=passages,
            state=folder.state,
            waiting=int(waiting),
            synced=folder.synced,
            hidden=folder.hidden,
            included=folder.included,
        )

    def copy_folders(self, other: "LibraryRecords") -> None:
        """Replace folders and files by those of another library with the same contents.

        A file whose content is not here is marked to be read.
        """
        here = {
            (hash_, name): id_
            for id_, hash_, name in self.connection.execute("SELECT id, hash, name FROM content")
        }
        contents = other.connection.execute("SELECT id, hash, name FROM content")
        new_ids = {id_: here.get((hash_, name)) for id_, hash_, name in contents}
        folders = other.connection.execute(f"SELECT {_FOLDER} FROM folder").fetchall()  # noqa: S608
        files = other.connection.execute(f"SELECT {_FILE} FROM file").fetchall()  # noqa: S608
        with transaction(self.connection):
            self.connection.execute("DELETE FROM file")
            self.connection.execute("DELETE FROM folder")
            self.connection.executemany(
                f"INSERT INTO folder ({_FOLDER}) VALUES ({','.join('?' * 10)})",  # noqa: S608
                folders,
            )
            self.connection.executemany(
                f"INSERT INTO file (content_id, waiting, {_FILE_COPIED})"  # noqa: S608
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        new_ids.get(content),
                        waiting or (content and not new_ids.get(content)) or 0,
                        *rest,
                    )
                    for content, waiting, *rest in files
                ],
            )

    def remove_folder_in_steps(self, folder_id: str) -> Iterator[None]:
        """Delete a folder and its files in short steps; after a kill, the next start goes on.

        From the first step on the folder is unknown; its files are found no more one by one.
        """
        with transaction(self.connection):
            self.connection.execute(
                # Both are unique: the same folder may be added again meanwhile.
                "UPDATE folder SET gone = 1, name = id, path = CAST(id AS BLOB) WHERE id = ?",
                (folder_id,),
            )
        yield
        left = True
        while left:
            with transaction(self.connection):
                self.connection.execute(
                    "DELETE FROM file WHERE id IN"
                    " (SELECT id FROM file WHERE folder_id = ? LIMIT ?)",
                    (folder_id, _ROWS_A_STEP),
                )
                left = self.connection.changes() > 0
            yield
        with transaction(self.connection):
            self.connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))
            note_removed_words(self.connection)  # names are words, too
