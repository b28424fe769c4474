"""History files: what a file, an archive or a folder of chats holds, within limits."""

import fnmatch
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from msgspec import Struct

from core.base.errors import storage_error_from_os
from core.base.i18n import _
from core.chat.export.chat_import import import_refused
from core.chat.history.foreign_chat import MalformedChatError

MAX_FILES = 200_000
MAX_BYTES = 8 << 30
"""Bytes that are read of one import, unpacked."""
MAX_SMALL_BYTES = 64 << 20
"""Of a file that is read whole."""
_MAX_RATIO = 250
"""Bytes a packed one may become: chats stay below 30."""
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, UnicodeDecodeError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What reading an archive that is damaged, locked or packed in another way raises."""
_NAMES = ("*.json", "*.jsonl", "*.chat")
_MAX_DEPTH = 6


class HistoryFile(Struct, frozen=True):
    """A file by its name with "/"; `open` gives its bytes, at most `size`."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]

    def read_all(self) -> bytes:
        """Return the whole content. Raises MalformedChatError if it is too long to be a chat."""
        if self.size > MAX_SMALL_BYTES:
            raise MalformedChatError(_("it is too long"))
        with self.open() as file:
            return file.read(MAX_SMALL_BYTES)


@contextmanager
def opened_history(path: Path) -> Iterator[list[HistoryFile]]:
    """Give the files that may hold chats at a path. Raises StorageError(IMPORT_REFUSED)."""
    try:
        if path.is_dir():
            yield _files_of_folder(path)
        elif not path.is_file():
            raise import_refused(path, _("there is no file"))
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield _files_of_archive(archive, path)
        else:
            yield [HistoryFile(path.name, path.stat().st_size, partial(_open_file, path))]
    except OSError as error:
        raise storage_error_from_os(error, str(path)) from error
    except _DAMAGE as error:
        raise import_refused(path, _("the archive is damaged or locked")) from error


def _open_file(path: Path) -> IO[bytes]:
    return path.open("rb")


def _files_of_folder(folder: Path) -> list[HistoryFile]:
    found: list[HistoryFile] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.count("/") < _MAX_DEPTH and _is_wanted(name) and path.is_file():
            found.append(HistoryFile(name, path.stat().st_size, partial(_open_file, path)))
        if len(found) > MAX_FILES:
            raise import_refused(folder, _("it holds too many files"))
    return _within_limits(found, folder)


def _files_of_archive(archive: zipfile.ZipFile, path: Path) -> list[HistoryFile]:
    found: list[HistoryFile] = []
    for info in archive.infolist():
        if not info.filename or info.is_dir() or not _is_wanted(info.filename):
            continue
        if info.file_size > _MAX_RATIO * max(info.compress_size, 4096):
            raise import_refused(path, _("it unpacks to far more than it is"))
        found.append(HistoryFile(info.filename, info.file_size, partial(archive.open, info)))
        if len(found) > MAX_FILES:
            raise import_refused(path, _("it holds too many files"))
    return _within_limits(found, path)


def _within_limits(files: list[HistoryFile], path: Path) -> list[HistoryFile]:
    if sum(file.size for file in files) > MAX_BYTES:
        raise import_refused(path, _("it is too long"))
    return files


def _is_wanted(name: str) -> bool:
    base = PurePosixPath(name).name.lower()
    return not base.startswith("._") and any(fnmatch.fnmatch(base, each) for each in _NAMES)
