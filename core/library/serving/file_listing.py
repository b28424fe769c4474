"""File listing: files of a folder, latest first, and the present state of one file."""

import os
from pathlib import Path
from typing import cast

from core.library.filesystem import path_kinds
from core.library.store.content_records import file_hash
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.messages import FolderFile


def list_folder_files(
    records: LibraryRecords, folder: FolderRecord, words: str, limit: int
) -> tuple[tuple[FolderFile, ...], int]:
    """Return files that are read or wait to be, those read last first, and the number of all.

    Only those whose names hold all `words`, and at most `limit` of them.
    """
    parts = words.split()
    holds = "".join(" AND name LIKE ? ESCAPE '\\'" for _ in parts)
    where = f"folder_id = ? AND code IS NULL{holds}"
    values = (folder.id, *(f"%{_escaped(part)}%" for part in parts))
    execute = records.connection.execute
    (total,) = cast(
        "tuple[int]",
        execute(f"SELECT count(*) FROM file WHERE {where}", values).fetchone(),  # noqa: S608
    )
    rows = execute(
        f"SELECT name, size, modified_ns, read, waiting FROM file WHERE {where}"  # noqa: S608
        " ORDER BY read IS NULL, read DESC, modified_ns DESC LIMIT ?",
        (*values, limit),
    )
    files = tuple(
        FolderFile(file=name, size=size, modified=modified / 1e9, read=read, waiting=bool(waiting))
        for name, size, modified, read, waiting in rows
    )
    return files, total


def content_hash_of(records: LibraryRecords, folder: FolderRecord, file: str) -> str:
    """Return the hash of the bytes that a file's text was read from, "" if unknown."""
    row = records.connection.execute(
        "SELECT hash FROM content WHERE id ="
        " (SELECT content_id FROM file WHERE folder_id = ? AND name = ?)",
        (folder.id, file),
    ).fetchone()
    return file_hash(cast("str", row[0])) if row else ""


def current_file_state(records: LibraryRecords, folder: FolderRecord, file: str) -> str:
    """Return what has become of a file since it was read, as Document tells it."""
    row = records.connection.execute(
        "SELECT path, size, modified_ns FROM file WHERE folder_id = ? AND name = ?",
        (folder.id, file),
    ).fetchone()
    if row is None:
        return "gone"
    if path_kinds.folder_identity(Path(folder.path)) is None:
        return "offline"
    path, size, modified_ns = cast("tuple[bytes, int, int]", row)
    try:
        status = (Path(folder.path) / os.fsdecode(path)).lstat()
    except OSError:
        return "gone"
    same = (status.st_size, status.st_mtime_ns) == (size, modified_ns)
    return "here" if same else "changed"


def _escaped(word: str) -> str:
    """Return a word in which LIKE takes no letter for a pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
