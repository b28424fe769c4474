"""Key erasure: all data of a folder is erased, and what the system's key store has for it too."""

import contextlib
import threading
from pathlib import Path
from typing import NamedTuple

from core.app.encryption.key_file import KeyFile, read_key_file
from core.app.encryption.place_key import PlaceKey
from core.app.encryption.system_key_store import DataKeyStore, SystemKeyStore
from core.app.privacy import stored_data
from core.base.errors import InglenookError, StorageError
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.base.settings.network_settings import HUB
from core.courier.connection.folder_keys import FolderKeys, forget_keys, list_shared_keys
from core.courier.connection.host_address import parse_address
from core.courier.connection.key_store import access_token_name
from core.courier.downloads.part_file import remove_part_files
from core.models.downloads.download_plan import DownloadPlan
from core.models.downloads.download_store import DownloadStore
from core.models.server_registry import ServerRegistry

_PATIENCE = 60.0
"""Seconds for which the key store may ask the person for what unlocks it."""


class Erasure(NamedTuple):
    """What is left: files, and names in the system's key store.

    `shared_keys` were kept by an earlier version for all data folders of the person, who may need
    them for another one; `copy_keys` open copies of this one, if there are any; `refused_keys`
    could not be deleted.
    """

    files: tuple[Path, ...] = ()
    shared_keys: tuple[str, ...] = ()
    refused_keys: tuple[str, ...] = ()
    copy_keys: tuple[str, ...] = ()


class Traces(NamedTuple):
    """What a data folder has elsewhere: names in the key store, and unfinished downloads.

    `accounts` are its own, `used_keys` those that it may have from an earlier version.
    """

    accounts: tuple[str, ...] = ()
    used_keys: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def find_traces(paths: Paths) -> Traces:
    """Find what goes with a data folder, while it is open: encrypted, it can't be read later."""
    targets = tuple(file.target for plan in _list_downloads(paths) for file in plan.files)
    return Traces(FolderKeys(paths).list_accounts(), _list_used_keys(paths), targets)


def erase_with_keys(
    paths: Paths, traces: Traces, *, models: bool, keys: DataKeyStore | None = None
) -> Erasure:
    """Erase like `erase_stored_data`, and the keys of this data folder; return what is left.

    The key of encrypted data is kept while there is a file left. Waits a minute for a key store
    that asks the person, and never for one that doesn't answer.
    """
    found = None
    with contextlib.suppress(StorageError):  # a damaged one names no key
        found = read_key_file(paths)
    place_key = PlaceKey(paths, keys or SystemKeyStore())  # before the place is gone
    files = tuple(stored_data.erase_stored_data(paths, models=models))
    for target in traces.targets:  # a folder of models that is a link was not looked through
        remove_part_files(Path(target))
    asked = _KeysAsked(traces, place_key, found if not files else None)
    thread = threading.Thread(target=asked.forget_all, name="key store", daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return Erasure(files, tuple(asked.shared), tuple(asked.refused), tuple(asked.copied))


class _KeysAsked:
    """Takes keys out of the key store, on a thread of its own; it may be looked at meanwhile."""

    def __init__(self, traces: Traces, place_key: PlaceKey, key_file: KeyFile | None) -> None:
        self._traces = traces
        self._place_key = place_key
        self._key_file = key_file
        self.refused = list(traces.accounts)
        """Names of keys that are not deleted yet."""
        if key_file is not None:
            self.refused.append(f"data key {place_key.name_for(key_file.folder_id)}")
        self.shared: list[str] = []
        self.copied: list[str] = []

    def forget_all(self) -> None:
        """Delete what is this data folder's alone, and find what others may need."""
        if self._key_file is not None and self._place_key.forget_entry(self._key_file.folder_id):
            self.refused.pop()
        for account in self._traces.accounts:
            if not forget_keys([account]):
                self.refused.remove(account)
        self.shared.extend(list_shared_keys(self._traces.used_keys))
        if self._key_file is not None:
            left = self._place_key.list_left(self._key_file)
            self.copied.extend(f"data key {name}" for name in left)


def _list_downloads(paths: Paths) -> tuple[DownloadPlan, ...]:
    with contextlib.suppress(InglenookError):
        return DownloadStore(paths.downloads).list_downloads()
    return ()


def _list_used_keys(paths: Paths) -> tuple[str, ...]:
    """Name the keys that servers and hub of this data folder may have had from all of them."""
    names: list[str] = []
    with contextlib.suppress(InglenookError):
        names += [each.key_name for each in ServerRegistry(paths.servers).list_servers()]
    with contextlib.suppress(InglenookError):
        hub = parse_address(Settings(paths.settings).get_value(HUB))
        names.append(access_token_name(hub))
    return tuple(dict.fromkeys(filter(None, names)))
