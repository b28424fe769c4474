"""System key store: the key that opens a data folder without a question, kept by the system."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Protocol

from core.base.errors import NetworkError

_log = logging.getLogger(__name__)


class DataKeyStore(Protocol):
    """Keys by names that say whose data folder they open."""

    def read_keys(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield those of these that are there, in this order; nothing more once the store fails."""

    def keep_key(self, name: str, key: bytes) -> bool:
        """Keep a key; False if there is no store that keeps it."""

    def forget_key(self, name: str) -> bool:
        """Delete the key, if it is there; False if the store fails."""


class SystemKeyStore:
    """Keyring of the system: Secret Service, macOS' Keychain, Windows' Credential Manager."""

    def read_keys(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield those of these that are there, in this order; nothing more once the store fails.

        One that is locked asks the person, who is not asked for each name again, and may take any
        time for it.
        """
        from core.courier.connection.key_store import read_key  # noqa: PLC0415 - slow to load

        for name in names:
            try:
                found = read_key(_account(name), patience=None)
            except NetworkError as error:
                _log.info("the key store has no key: %s", type(error).__name__)
                return
            with contextlib.suppress(ValueError):
                if key := bytes.fromhex(found):
                    yield name, key

    def keep_key(self, name: str, key: bytes) -> bool:
        """Keep a key and read it again; False if there is no store that keeps it."""
        from core.courier.connection.key_store import store_key  # noqa: PLC0415 - slow to load

        try:
            store_key(_account(name), key.hex())
        except NetworkError:
            return False
        return list(self.read_keys([name])) == [(name, key)]

    def forget_key(self, name: str) -> bool:
        """Delete the key, if it is there; False if the store fails."""
        from core.courier.connection.key_store import store_key  # noqa: PLC0415 - slow to load

        try:
            store_key(_account(name), "")
        except NetworkError as error:
            _log.info("the key store forgets no key: %s", type(error).__name__)
            return False
        return True


def _account(name: str) -> str:
    return f"data key {name}"
