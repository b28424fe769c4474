"""Data key of this process: what encrypts the data folder; without one all of it is plain.

Every SQLite database is opened by `core.base.database`, every other file that Inglenook writes into
its data folder is read and written by `core.base.data_files`, and both ask here. `use_data_key` at
the start of each process (front end and children alike) encrypts all of it; what is written outside
both, and why, stands in tests/house/test_data_files.py.

Files are encrypted with AES-256-GCM, in chunks, each content as that of its file:

    mark (8 bytes) | salt (32) | chunk | chunk | …      a chunk has up to 1 MiB and 16 bytes of tag

Each content has a key of its own, HMAC-SHA256 of the data key's part for files and the random salt;
under it the chunks are numbered, and the last one is marked as such: no nonce comes twice, and no
chunk can be changed, moved, left out or taken from another content. Mark, salt and the file's path
within the data folder are authenticated with each chunk. That an older content of the same file is
put back is not noticed.
"""

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_PURPOSE = b"inglenook "
MARK = b"INGLENC1"
_SALT = 32
_TAG = 16
_CHUNK = 1024 * 1024
_NONCE = struct.Struct(">QI")
"""Number of the chunk, and 1 for the last one."""

KeyProvider: TypeAlias = Callable[[], bytes | None]
"""Returns the raw key, KEY_BYTES long, or None for plain data. Called each time something is
opened, on the thread that opens it; may raise StorageError if the key can't be had."""


class FileCipher(Protocol):
    """Authenticated encryption of whole contents with one key. Any thread calls.

    A content belongs to the file it was encrypted for: it can't be read as another file's.
    """

    def encrypt(self, path: Path, *parts: bytes | bytearray) -> bytes:
        """Return the parts, joined, encrypted for `path`; differs each time."""

    def decrypt(self, path: Path, content: bytes, /) -> bytes:
        """Return what was encrypted for `path`.

        Raises ValueError for another key, another file's or a changed content.
        """


NewFileCipher: TypeAlias = Callable[[bytes], FileCipher]


def no_key() -> None:
    """Return no key: the data is plain."""


_provider: KeyProvider = no_key
_new_cipher: NewFileCipher | None = None
_folder: Path | None = None


def use_data_key(
    provider: KeyProvider,
    new_cipher: NewFileCipher | None = None,
    *,
    proven_for: Path | None = None,
) -> None:
    """Encrypt with this key from now on; before anything of the data folder is opened.

    `new_cipher` makes of a key what encrypts files; databases use one derived from it. `proven_for`
    is the data folder whose key it is known to be: what it can't read there is damaged.
    """
    global _provider, _new_cipher, _folder  # one key per process, set once at its start
    _provider, _new_cipher, _folder = provider, new_cipher, proven_for


def drop_data_key(provider: KeyProvider) -> None:
    """Have no key from now on, if it is this provider that is asked for it."""
    if _provider is provider:
        use_data_key(no_key)


def data_key() -> bytes | None:
    """Return this process's key, None while its data is plain."""
    return _provider()


def key_is_proven() -> bool:
    """Return whether the key is known to be the right one."""
    return _folder is not None


def proven_key() -> tuple[bytes, Path] | None:
    """Return the key that is known to be right, and whose it is; None without one."""
    key = _provider()
    return None if key is None or _folder is None else (key, _folder)


def derived_key(key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose: whoever has it has neither the first one nor the others.

    HMAC-SHA256 of a random key is HKDF's expansion to one block.
    """
    import hmac  # noqa: PLC0415 - OpenSSL, which most roots do without, and the window waits for it

    return hmac.digest(key, _PURPOSE + purpose.encode() + b"\x01", "sha256")


def file_cipher() -> FileCipher | None:
    """Return what encrypts files, None while they are plain.

    Raises RuntimeError if there is a key and nothing to use it: no file is written plain then.
    """
    key = _provider()
    if key is None:
        return None
    if _new_cipher is None:
        raise RuntimeError("there is a data key, but no cipher for files")
    return _new_cipher(key)


def is_encrypted(content: bytes) -> bool:
    """Return whether a content begins as one that was encrypted here."""
    return content.startswith(MARK)


class DataFileCipher:
    """A FileCipher for the files of one data folder; a file elsewhere is bound to its name."""

    def __init__(self, root: Path, key: bytes) -> None:
        self._root = root
        self._key = derived_key(key, "files")

    def encrypt(self, path: Path, *parts: bytes | bytearray) -> bytes:
        """Return the parts, joined, encrypted for `path`."""
        content = memoryview(parts[0] if len(parts) == 1 else b"".join(parts))
        salt = os.urandom(_SALT)
        aead, bound = self._aead(salt), self._bound(path, salt)
        chunks = [MARK, salt]
        for number, start, is_last in _chunk_starts(len(content), _CHUNK):
            piece = content[start : start + _CHUNK]
            chunks.append(aead.encrypt(_NONCE.pack(number, is_last), piece, bound))
        return b"".join(chunks)

    def decrypt(self, path: Path, content: bytes, /) -> bytes:
        """Return what was encrypted for `path`. Raises ValueError."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - not for the first paint

        begin = len(MARK) + _SALT
        if not is_encrypted(content) or len(content) < begin + _TAG:
            raise ValueError("not encrypted")
        salt = content[len(MARK) : begin]
        aead, bound = self._aead(salt), self._bound(path, salt)
        body = memoryview(content)[begin:]
        step = _CHUNK + _TAG
        try:
            pieces = [
                aead.decrypt(_NONCE.pack(number, is_last), body[start : start + step], bound)
                for number, start, is_last in _chunk_starts(len(body), step)
            ]
        except InvalidTag as error:
            raise ValueError("of another key or file, or changed") from error
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _aead(self, salt: bytes) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

        return AESGCM(derived_key(self._key, f"file {salt.hex()}"))

    def _bound(self, path: Path, salt: bytes) -> bytes:
        name = path.relative_to(self._root) if path.is_relative_to(self._root) else Path(path.name)
        return MARK + salt + os.fsencode(name.as_posix())


def _chunk_starts(length: int, step: int) -> Iterator[tuple[int, int, bool]]:
    """Yield number and start of each chunk, and whether it is the last; there is at least one."""
    starts = range(0, max(length, 1), step)
    for number, start in enumerate(starts):
        yield number, start, number == len(starts) - 1
