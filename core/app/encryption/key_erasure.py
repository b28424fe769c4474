"""Key erasure: all data of a folder is erased, and its key in the system's key store with it."""

import contextlib
from pathlib import Path

from core.app.encryption.key_file import read_key_file
from core.app.encryption.system_key_store import DataKeyStore, SystemKeyStore
from core.app.privacy import stored_data
from core.base.errors import StorageError
from core.base.paths import Paths


def erase_with_key(
    paths: Paths, *, models: bool, keys: DataKeyStore | None = None
) -> tuple[Path, ...]:
    """Erase like `erase_stored_data`; return what could not be, for which the key is kept."""
    found = None
    with contextlib.suppress(StorageError):  # a damaged one names no key
        found = read_key_file(paths)
    left = tuple(stored_data.erase_stored_data(paths, models=models))
    if found is not None and not left:
        (keys or SystemKeyStore()).forget_key(found.folder_id)
    return left
