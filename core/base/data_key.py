"""Data key of this process: what encrypts the data folder; none today, all of it is plain.

The seam for encryption. Every SQLite database is opened by `core.base.database`, every other file
that Inglenook writes into its data folder is read and written by `core.base.data_files`, and both
ask here. `use_data_key` at the start of each process (front end and children alike) encrypts all
of it; what is written outside both, and why, stands in tests/house/test_data_files.py.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias

KEY_BYTES = 32

KeyProvider: TypeAlias = Callable[[], bytes | None]
"""Returns the raw key, KEY_BYTES long, or None for plain data. Called each time something is
opened, on the thread that opens it; may raise StorageError if the key can't be had."""


class FileCipher(Protocol):
    """Authenticated encryption of whole contents with one key. Any thread calls."""

    def encrypt(self, content: bytes, /) -> bytes:
        """Return the content encrypted; differs each time, and never holds a plain byte run."""

    def decrypt(self, content: bytes, /) -> bytes:
        """Return what was encrypted. Raises ValueError for another key or a changed content."""


NewFileCipher: TypeAlias = Callable[[bytes], FileCipher]


def no_key() -> None:
    """Return no key: the data is plain."""


_provider: KeyProvider = no_key
_new_cipher: NewFileCipher | None = None


def use_data_key(provider: KeyProvider, new_cipher: NewFileCipher | None = None) -> None:
    """Encrypt with this key from now on; before anything of the data folder is opened.

    `new_cipher` makes of a key what encrypts files; databases use the key itself.
    """
    global _provider, _new_cipher  # one key per process, set once at its start
    _provider, _new_cipher = provider, new_cipher


def data_key() -> bytes | None:
    """Return this process's key, None while its data is plain."""
    return _provider()


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
