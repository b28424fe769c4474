"""Folder keys: the keys in the system's key store that are those of one data folder.

The key store is one for all data folders of a person, and it can't be asked what it holds. So the
name of a key says whose it is, and a file in the data folder which keys that has: what is erased
with it is what is its own. An earlier version kept the keys of servers and the tokens of hubs for
all data folders alike; these are copied when they are first needed, and left where they are.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from core.base.data_files import write_data_file
from core.base.errors import InglenookError, NetworkError, StorageError
from core.base.paths import Paths
from core.base.state_files import read_state_file
from core.courier.connection import key_store
from core.courier.connection.host_address import HostAddress
from core.ipc.key_variables import TOKEN_VARIABLE, key_variable


class _KeptKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says: where the data folder was, the newest last, and names of its keys.

    Those that are `shared` were copied from what an earlier version kept for all data folders.
    """

    folders: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


class FolderKeys:
    """Reads and changes the keys of a data folder; each call may wait for the key store.

    One thread at a time.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._folder = os.path.realpath(paths.root)

    def store_key(self, name: str, key: str) -> None:
        """Store `key` under `name`; "" deletes the stored one. Raises NetworkError, StorageError.

        A key of all data folders goes too if it is the one that this data folder has.
        """
        kept = self._read_file()
        if key:  # named first: a key that is in no list would outlive the data folder
            self._write_file(_with_name(kept, name, self._folder))
            key_store.store_key(_account(name, self._folder), key)
            return
        had_own = name in kept.names and name not in kept.shared
        for account in self._own_accounts(kept, name):
            key_store.store_key(account, "")
        if not had_own:
            key_store.store_key(name, "")

    def read_key(self, name: str) -> str:
        """Return the key under `name`, "" where there is none. Raises NetworkError.

        One that was kept where the data folder was before, or for all of them, is copied.
        """
        if found := key_store.read_key(_account(name, self._folder)):
            return found
        kept = self._read_file()
        for folder in reversed(kept.folders):
            if folder != self._folder and (found := key_store.read_key(_account(name, folder))):
                self._copy_key(_with_name(kept, name, self._folder), name, found)
                return found
        if name not in kept.names and (found := key_store.read_key(name)):
            known = _with_name(kept, name, self._folder)
            shared = (*known.shared, name)
            self._copy_key(msgspec.structs.replace(known, shared=shared), name, found)
        return found

    def find_access_token(self, endpoint: HostAddress) -> str:
        """Return the access token for a hub: from the key store, else from TOKEN_VARIABLE."""
        try:
            stored = self.read_key(key_store.access_token_name(endpoint))
        except NetworkError:
            stored = ""  # without a key store there may still be the variable
        if stored or (endpoint.scheme != "https" and not endpoint.is_this_machine):
            return stored  # the variable names no hub: it is never sent unencrypted
        return os.environ.get(TOKEN_VARIABLE, "").strip()

    def find_server_key(self, name: str) -> str:
        """Return the key of a server: from the key store, else from its variable.

        Raises NetworkError where there is neither a store nor the variable.
        """
        fallback = os.environ.get(key_variable(name), "").strip()
        try:
            return self.read_key(name) or fallback
        except NetworkError:
            if fallback:
                return fallback
            raise

    def list_accounts(self) -> tuple[str, ...]:
        """Return the names in the key store under which it has what is this data folder's alone."""
        kept = self._read_file()
        own = [account for name in kept.names for account in self._own_accounts(kept, name)]
        return (*own, api_tokens_account(self._paths))

    def _own_accounts(self, kept: _KeptKeys, name: str) -> list[str]:
        """List where a key may be: under the present path, and those where nothing is any more."""
        left = [each for each in kept.folders if not Path(each).exists()]
        return [_account(name, folder) for folder in dict.fromkeys((*left, self._folder))]

    def _copy_key(self, kept: _KeptKeys, name: str, key: str) -> None:
        with contextlib.suppress(InglenookError):  # it is found where it was the next time too
            self._write_file(kept)
            key_store.store_key(_account(name, self._folder), key)

    def _read_file(self) -> _KeptKeys:
        with contextlib.suppress(StorageError):
            return read_state_file(self._paths.kept_keys, _KeptKeys) or _KeptKeys()
        return _KeptKeys()

    def _write_file(self, kept: _KeptKeys) -> None:
        write_data_file(self._paths.kept_keys, msgspec.json.encode(kept))


def api_tokens_account(paths: Paths) -> str:
    """Return the name under which the key store has the tokens of other programs."""
    return f"api {paths.api_tokens}"


def forget_keys(accounts: Iterable[str]) -> tuple[str, ...]:
    """Delete keys; return those that could not be. Where there is no key store, there are none."""
    left = []
    for account in accounts:
        try:
            key_store.store_key(account, "")
        except NetworkError:
            left.append(account)
    return tuple(left)


def list_shared_keys(names: Iterable[str]) -> tuple[str, ...]:
    """Return which of these keys an earlier version kept for all data folders of the person."""
    found = []
    for name in names:
        with contextlib.suppress(NetworkError):
            if key_store.read_key(name):
                found.append(name)
    return tuple(found)


def _account(name: str, folder: str) -> str:
    return f"{name} in {folder}"


def _with_name(kept: _KeptKeys, name: str, folder: str) -> _KeptKeys:
    folders = (*(each for each in kept.folders if each != folder), folder)
    names = tuple(dict.fromkeys((*kept.names, name)))
    return _KeptKeys(folders=folders, names=names, shared=kept.shared)
