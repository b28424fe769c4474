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
    _refuse_bomb(members, len(data))
    if any(member.flag_bits & 1 for member in members):
        raise LibraryError(ErrorCode.FILE_ENCRYPTED)
    return archive


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int) -> None:
    """Raise LibraryError with the limit that an archive of `packed` bytes goes past."""
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise LibraryError(
            ErrorCode.FILE_TOO_MANY_PARTS, count=f"{len(members)}", limit=f"{MAX_MEMBERS}"
        )
    if unpacked > _RATIO_FREE and unpacked > MAX_RATIO * packed:
        times = f"{unpacked // packed}"
        raise LibraryError(ErrorCode.FILE_OVERPACKED, times=times, limit=f"{MAX_RATIO}")
    if unpacked > MAX_UNPACKED:
        size, limit = (f"{number // 2**20} MB" for number in (unpacked, MAX_UNPACKED))
        raise LibraryError(ErrorCode.FILE_UNPACKS_TOO_LARGE, size=size, limit=limit)


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
