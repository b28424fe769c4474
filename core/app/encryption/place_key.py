"""Place key: what the system's key store has to open a data folder at the place where it lies.

A copy of a data folder has the id of its original. The key store has an entry for each place, so
that what goes with one of them, erased or plain again, stays for the others. A folder that was
copied or moved is opened by the entry of a place where it was, which is kept for the new one then.
"""

import os
from pathlib import Path

from msgspec import structs

from core.app.encryption.key_file import KeyFile, read_key_file
from core.app.encryption.key_wrapping import UnlockMethod, open_with_stored_key
from core.app.encryption.system_key_store import DataKeyStore
from core.base.data_key import KEY_BYTES
from core.base.errors import StorageError
from core.base.paths import Paths

_MOST_PLACES = 8
"""Of which a key file tells; a drive is at another place with each computer."""


class PlaceKey:
    """The entry of one place; each call may wait for the key store."""

    def __init__(self, paths: Paths, keys: DataKeyStore) -> None:
        self._keys = keys
        self.place = _printable(os.path.realpath(paths.root))

    def name_for(self, folder_id: str) -> str:
        """Return the name of this place's entry for an id."""
        return f"{folder_id} in {self.place}"

    def open_data_key(self, file: KeyFile) -> tuple[bytes, bytes | None] | None:
        """Return the data key, and what is to be kept for this place if another's entry opened it.

        None if no entry opens it, or there is no key store.
        """
        slots = file.slots_of(UnlockMethod.KEY_STORE)
        names = (self.name_for(file.folder_id), *self._other_names(file)) if slots else ()
        for name, stored in self._keys.read_keys(names):
            for slot in slots:
                key = open_with_stored_key(slot, file.folder_id, stored)
                if key is not None:
                    return key, None if name == names[0] else stored
        return None

    def can_keep_entries(self) -> bool:
        """Try whether there is a key store that keeps one."""
        probe, key = f"probe {os.urandom(8).hex()}", os.urandom(KEY_BYTES)
        kept = self.keep_entry(probe, key)
        if kept:
            self.forget_entry(probe)
        return kept

    def keep_entry(self, folder_id: str, stored: bytes) -> bool:
        """Keep what opens it here; False if no key store keeps it."""
        return self._keys.keep_key(self.name_for(folder_id), stored)

    def forget_entry(self, folder_id: str) -> bool:
        """Delete this place's entry; False if the key store did not."""
        return self._keys.forget_key(self.name_for(folder_id))

    def with_place(self, file: KeyFile) -> KeyFile:
        """Return a key file that names this place as the newest."""
        places = (*(each for each in file.places if each != self.place), self.place)
        return structs.replace(file, places=places[-_MOST_PLACES:])

    def list_left(self, file: KeyFile) -> tuple[str, ...]:
        """Return names of entries that may open copies of this data folder nobody knows of.

        What lies at a place where it was and is encrypted with its id is known, and needs its own.
        """
        unknown = {
            name: place for name, place in self._other_names(file).items() if not _lies(place, file)
        }
        return tuple(name for name, _stored in self._keys.read_keys(tuple(unknown)))

    def _other_names(self, file: KeyFile) -> dict[str, str]:
        """Return the names of other entries and their places, the newest first.

        That without a place is of a version that kept one for all copies.
        """
        others = [each for each in reversed(file.places) if each != self.place]
        return {f"{file.folder_id} in {each}": each for each in others} | {file.folder_id: ""}


def _printable(place: str) -> str:
    return place.encode("utf-8", "backslashreplace").decode("utf-8")


def _lies(place: str, file: KeyFile) -> bool:
    try:
        found = read_key_file(Paths(Path(place))) if place else None
    except (StorageError, OSError):
        return False
    return found is not None and found.folder_id == file.folder_id
