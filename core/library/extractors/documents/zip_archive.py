"""Zip archives under limits: members read by name, nothing written to disk."""

import io
import zipfile
import zlib

from core.base.errors import ErrorCode, LibraryError

MAX_MEMBERS = 5000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
_RATIO_FREE = 20 * 1024 * 1024
"""Up to this size any ratio is fine: a small sheet of zeros packs well."""


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Return the archive if its table of contents stays within the limits. Raises LibraryError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise LibraryError(ErrorCode.FILE_BROKEN) from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    bomb = unpacked > _RATIO_FREE and unpacked > MAX_RATIO * max(1, len(data))
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or bomb:
        raise LibraryError(
            ErrorCode.FILE_TOO_LARGE,
            size=f"{unpacked // 2**20} MB",
            limit=f"{MAX_UNPACKED // 2**20} MB",
        )
    if any(member.flag_bits & 1 for member in members):
        raise LibraryError(ErrorCode.FILE_ENCRYPTED)
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one member, never more than it announces. Raises LibraryError if it is damaged."""
    try:
        size = archive.getinfo(name).file_size
        with archive.open(name) as member:
            return member.read(size)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise LibraryError(ErrorCode.FILE_BROKEN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise LibraryError(ErrorCode.FILE_ENCRYPTED) from error
