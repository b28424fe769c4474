"""Conversion of a data folder: each file of it encrypted, or plain again, one after the other.

Nothing else may have the folder open. A file is replaced whole, and shows by its beginning what it
is: after a kill the next conversion passes over those that are done. What can be made again goes:
KV states, the vector index, and logs that were written without a key.
"""

import base64
import contextlib
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
from msgspec import Struct

from core.app.encryption.convertible_files import (
    PART_SUFFIX,
    SIDE_SUFFIXES,
    list_convertible_files,
    may_stay,
    original_path,
)
from core.base.atomic_write import replace_file, write_atomically
from core.base.data_files import move_damaged_aside
from core.base.data_key import MARK, DataFileCipher, FileCipher, is_encrypted
from core.base.database import (
    DAMAGE,
    check_database,
    connect_database,
    copy_with_key,
    is_plain_database,
    storage_error,
)
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.paths import Paths
from core.base.private_files import create_private_file
from core.chat.store.chat_search import rebuild_word_index

_LINE_MARK = base64.b64encode(MARK[:6])
_ZEROS = bytes(1024 * 1024)
_log = logging.getLogger(__name__)


class ConversionProgress(Struct, frozen=True):
    """How far a conversion is, in bytes of files."""

    done: int
    total: int


class FolderConversion:
    """One conversion: to encrypted files, or with `to_plain` back. Raises StorageError.

    A database that SQLite can't read is encrypted as any file. What was moved aside later is bound
    to the name that it had before.
    """

    def __init__(self, paths: Paths, key: bytes, *, to_plain: bool) -> None:
        self._paths = paths
        self._key = key
        self._to_plain = to_plain
        self._cipher: FileCipher = DataFileCipher(paths.root, key)
        self.has_left_files = False
        """Whether a copy or a damaged file was left as it is."""
        self._line_files = {paths.contacts.stem, paths.api_log.stem}

    def run(self, on_progress: Callable[[ConversionProgress], object]) -> None:
        """Convert all that is not yet; may be ended at any moment and run again."""
        try:
            self._remove_what_is_made_again()
            files = [(path, path.stat().st_size) for path in self._files()]
            total, done = sum(size for _path, size in files), 0
            for path, size in files:
                on_progress(ConversionProgress(done, total))
                self._convert_or_leave(path)
                done += size
            on_progress(ConversionProgress(total, total))
        except OSError as error:
            raise storage_error_from_os(error, str(error.filename or self._paths.root)) from error

    def _remove_what_is_made_again(self) -> None:
        for place in (self._paths.index, self._paths.states):
            _empty_folder(place)
        if not self._to_plain:
            try:
                _empty_folder(self._paths.logs)
            except OSError as error:
                _log.warning("a log can't be removed: %s", type(error).__name__)

    def _files(self) -> list[Path]:
        """Return what is to be converted; what is left of writes that never ended goes."""
        files = []
        for path in list(list_convertible_files(self._paths)):
            if path.name.endswith(PART_SUFFIX):
                _remove_overwritten(path)
            else:
                files.append(path)
        return files

    def _convert_or_leave(self, path: Path) -> None:
        """Convert a file; one that nothing reads is left rather than that nobody comes in."""
        try:
            try:
                self._convert(path)
            except OSError as error:
                raise storage_error_from_os(error, str(path)) from error
        except StorageError as error:
            if error.code is ErrorCode.DISK_FULL or not may_stay(self._paths, path):
                raise
            _log.warning("a copy can't be converted: %s", error.code)
            self.has_left_files = True

    def _convert(self, path: Path) -> None:
        if ".db" in path.name:
            self._convert_database(path)
        elif path.stem in self._line_files:
            self._convert_lines(path)
        else:
            self._convert_file(path)

    def _convert_file(self, path: Path) -> None:
        content = path.read_bytes()
        if is_encrypted(content) is not self._to_plain:
            return
        if not self._to_plain:
            _replace(path, self._cipher.encrypt(path, content))
            return
        for bound in dict.fromkeys((path, original_path(path))):
            with contextlib.suppress(ValueError):
                write_atomically(path, self._cipher.decrypt(bound, content), private=True)
                return
        self._leave_encrypted(path)

    def _leave_encrypted(self, path: Path) -> None:
        """Keep what the key doesn't open, under a name that no start reads."""
        _log.warning("a file can't be decrypted; it stays as it is")
        self.has_left_files = True
        if ".db" not in path.name and not may_stay(self._paths, path):
            move_damaged_aside(path)

    def _convert_lines(self, path: Path) -> None:
        lines = path.read_bytes().splitlines()
        converted = [line for each in lines if (line := self._converted_line(path, each))]
        _replace(path, b"".join(line + b"\n" for line in converted))

    def _converted_line(self, path: Path, line: bytes) -> bytes:
        """Return a line in its new form, "" for one that can't be read."""
        if line.startswith(_LINE_MARK) is not self._to_plain:
            return line
        if not self._to_plain:
            return base64.b64encode(self._cipher.encrypt(path, line))
        with contextlib.suppress(ValueError):
            return self._cipher.decrypt(path, base64.b64decode(line, validate=True))
        return b""

    def _convert_database(self, path: Path) -> None:
        with path.open("rb") as file:
            is_whole = is_encrypted(file.read(len(MARK)))
        if is_whole:  # a damaged one
            self._convert_whole(path)
            return
        if self._is_converted(path):
            _remove_side_files(path)
            return
        old, new = (self._key, None) if self._to_plain else (None, self._key)
        part = path.with_name(path.name + ".part")
        _remove_overwritten(part)
        create_private_file(part)
        try:
            copy_with_key(path, part, old, new)
            self._renew_word_index(part, new)
        except (*DAMAGE, StorageError):  # the key is proven: what it doesn't open is damaged
            self._keep_damaged(path)
            return
        except apsw.Error as error:  # a reader, a full disk: the next start goes on
            if self._is_sound(path, old):
                raise storage_error(error, path) from error
            self._keep_damaged(path)
            return
        _sync(part)
        _replace_file(part, path)
        _remove_side_files(path)

    def _is_converted(self, path: Path) -> bool:
        """Return whether a database is in its new form; one that has only a log is in none yet."""
        if not path.stat().st_size:
            return False
        if self._to_plain or is_plain_database(path):
            return self._to_plain and is_plain_database(path)
        try:
            connect_database(path, key_provider=lambda: self._key).close()
        except (*DAMAGE, StorageError):
            return False
        except apsw.Error as error:
            raise storage_error(error, path) from error
        return True

    def _is_sound(self, path: Path, old: bytes | None) -> bool:
        """Return whether an error came from elsewhere: nothing in the database itself is wrong."""
        try:
            with contextlib.closing(connect_database(path, key_provider=lambda: old)) as database:
                check_database(database, whole=True)
        except (*DAMAGE, StorageError):
            return False
        except apsw.Error:
            return True
        return True

    def _renew_word_index(self, part: Path, new: bytes | None) -> None:
        """Build the words of chats anew: a copy gives turns other rowids, which are their keys."""
        with contextlib.closing(connect_database(part, key_provider=lambda: new)) as copy:
            copy.execute("PRAGMA secure_delete = ON").fetchall()
            if copy.execute("SELECT 1 FROM sqlite_schema WHERE name = 'turn_words'").fetchone():
                rebuild_word_index(copy)

    def _keep_damaged(self, path: Path) -> None:
        """Keep a database that SQLite can't read: encrypted as any file, under its name."""
        _log.warning("a database can't be read; it is converted as it is")
        if self._to_plain:
            self.has_left_files = True
        else:
            self._convert_whole(path)

    def _convert_whole(self, path: Path) -> None:
        """Convert a database as files; by its own beginning it shows whether they are done."""
        parts = [path, *(path.with_name(path.name + suffix) for suffix in SIDE_SUFFIXES)]
        for part in reversed(parts) if self._to_plain else parts:
            if part.exists():
                self._convert_file(part)


def _empty_folder(folder: Path) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            _remove_overwritten(path)


def _replace(path: Path, content: bytes) -> None:
    """Replace a file by its new content, and overwrite the old one."""
    part = path.with_name(path.name + ".part")
    write_atomically(part, content, private=True)
    _replace_file(part, path)


def _replace_file(part: Path, path: Path) -> None:
    """Put `part` in the place of `path`, whose blocks are overwritten where that can be done.

    Solid-state disks and some file systems write elsewhere; there nothing can be done about it.
    """
    if os.name == "nt":  # which replaces no file that is open
        replace_file(part, path)
        return
    with path.open("r+b") as old:
        part.replace(path)
        _overwrite(old.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_overwritten(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
        _overwrite(file.fileno())
    path.unlink(missing_ok=True)


def _remove_side_files(path: Path) -> None:
    for suffix in SIDE_SUFFIXES:
        _remove_overwritten(path.with_name(path.name + suffix))


def _overwrite(descriptor: int) -> None:
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, _ZEROS[:left])
    os.fsync(descriptor)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
