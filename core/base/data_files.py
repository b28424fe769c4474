"""Data files: reading and writing of every file in the data folder that is no database.

Whole files are replaced atomically; without a data key (`core.base.data_key`) they are plain, with
one they are encrypted, all by the functions below. What goes through here:

    settings.json, models.json, measured.json, servers.json   what a person set, and measurements
    shelf.json, shelf.cache, checksums.cache                   the list of models, read headers
    quarantine.json, attempt/attempt.json, left-devices.json   crashes of models and devices
    placements.json, fetches.json                              placements that worked, downloads
    tunings.json, engine-start.json                            measurements of models, the last load
    contact-log/contacts.jsonl, spool/*.json                   hosts contacted, second starts
    api-data/api-requests.jsonl, api-tokens.json               requests and tokens of programs
    kept-keys.json                                             names of keys in the key store
    usage.json                                                 tokens counted
    tools.json                                                 tools that may be called
    states/*/*.state                                           what the engine has read of a chat
    training/*, adapters/*                                     trained adapters, and their examples
    index/current.json, index/ids.npz                          state of the vector index

What is written into the data folder without it, and why (model files, logs, Chroma's own folders),
is listed in tests/house/test_data_files.py, which fails when another module does so by itself.

Where there is a key, a plain file is refused, and without one an encrypted file: neither is taken
for damaged, and none is read as what it isn't.
"""

import base64
import contextlib
import errno
import io
import os
from collections.abc import Iterable
from pathlib import Path

from core.base.atomic_write import write_atomically
from core.base.data_key import MARK, FileCipher, file_cipher, is_encrypted, key_is_proven
from core.base.errors import ErrorCode, StorageError
from core.base.private_files import is_regular, open_private

_LINE_MARK = base64.b64encode(MARK[:6])
"""How an encrypted line begins; four letters stand for three bytes."""


def read_data_file(path: Path) -> bytes:
    """Return the content of a file.

    Raises OSError as the system does, StorageError for one of another key, encrypted or not; and
    ValueError for a damaged one, if the key is known to be right.
    """
    content = _content(path)
    cipher = file_cipher()
    return _checked_plain(content, path) if cipher is None else _decrypted(content, cipher, path)


def open_data_file(path: Path) -> io.BufferedIOBase:
    """Open a large file to read it in parts; raises what `read_data_file` raises.

    Encrypted, it is in memory as a whole.
    """
    if file_cipher() is not None:
        return io.BytesIO(read_data_file(path))
    _refuse_all_but_files(path)
    file = path.open("rb")
    if is_encrypted(file.peek(len(MARK))):
        file.close()
        raise StorageError(ErrorCode.DATA_LOCKED, path=str(path))
    return file


def write_data_file(path: Path, *parts: bytes | bytearray) -> None:
    """Replace the content of `path` by `parts`, on disk when it returns. Raises StorageError."""
    cipher = file_cipher()
    if cipher is None:
        write_atomically(path, *parts, private=True)
    else:
        write_atomically(path, cipher.encrypt(path, *parts), private=True)


def append_data_line(path: Path, line: bytes) -> None:
    """Add a line, which holds no line break, to a file that is new or known. Raises OSError."""
    with open(path, "ab", opener=open_private) as file:
        file.write(_encoded_line(line, file_cipher(), path))


def write_data_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Replace the content of `path` by lines without line breaks. Raises StorageError."""
    cipher = file_cipher()
    write_atomically(path, *(_encoded_line(line, cipher, path) for line in lines), private=True)


def read_data_lines(path: Path) -> list[bytes]:
    """Return the lines of a file without their ends; encrypted, a torn one is left out.

    Raises OSError as the system does, StorageError if no line can be decrypted, or if there is no
    key for them. A line that was never encrypted is left out, too.
    """
    lines = _content(path).splitlines()
    cipher = file_cipher()
    if cipher is None:
        if lines and lines[0].startswith(_LINE_MARK):
            raise StorageError(ErrorCode.DATA_LOCKED, path=str(path))
        return lines
    readable: list[bytes] = []
    for line in lines:
        with contextlib.suppress(ValueError):
            readable.append(cipher.decrypt(path, base64.b64decode(line, validate=True)))
    if lines and not readable and not key_is_proven():
        raise StorageError(ErrorCode.DATA_KEY_WRONG, path=str(path))
    return readable


def move_damaged_aside(path: Path) -> Path:
    """Move an unreadable file to a name that no earlier one has, and return that.

    A disk that refuses leaves it where it is: the application opens without it all the same.
    """
    aside = _damaged_path(path)
    with contextlib.suppress(OSError):
        path.replace(aside)
    return aside


def _content(path: Path) -> bytes:
    _refuse_all_but_files(path)
    return path.read_bytes()


def _refuse_all_but_files(path: Path) -> None:
    """Raise OSError for what has a file's place: a pipe is waited for, a device has no end."""
    if not is_regular(path):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))


def _damaged_path(path: Path) -> Path:
    name = path.with_suffix(f".damaged{path.suffix}")
    number = 1
    while name.exists():
        number += 1
        name = path.with_suffix(f".damaged-{number}{path.suffix}")
    return name


def _checked_plain(content: bytes, path: Path) -> bytes:
    if is_encrypted(content):
        raise StorageError(ErrorCode.DATA_LOCKED, path=str(path))
    return content


def _decrypted(content: bytes, cipher: FileCipher, path: Path) -> bytes:
    try:
        return cipher.decrypt(path, content)
    except ValueError as error:
        if key_is_proven() and is_encrypted(content):
            raise
        code = ErrorCode.DATA_NOT_ENCRYPTED if key_is_proven() else ErrorCode.DATA_KEY_WRONG
        raise StorageError(code, path=str(path)) from error


def _encoded_line(line: bytes, cipher: FileCipher | None, path: Path) -> bytes:
    """Return a line with its end; an encrypted one in base64, since any byte may come."""
    return (line if cipher is None else base64.b64encode(cipher.encrypt(path, line))) + b"\n"
