"""System key store: the key that opens a data folder without a question, kept by the system."""

import logging
from typing import Protocol

from core.base.errors import NetworkError

_log = logging.getLogger(__name__)


class DataKeyStore(Protocol):
    """Keys by the id of their data folder."""

    def read_key(self, folder_id: str) -> bytes | None:
        """Return the key, None if there is none or no store."""

    def keep_key(self, folder_id: str, key: bytes) -> bool:
        """Keep a key; False if there is no store that keeps it."""

    def forget_key(self, folder_id: str) -> None:
        """Delete the key, if it is there."""


class SystemKeyStore:
    """Keyring of the system: Secret Service, macOS' Keychain, Windows' Credential Manager."""

    def read_key(self, folder_id: str) -> bytes | None:
        """Return the key, None if there is none or no store."""
        from core.courier.connection.key_store import read_key  # noqa: PLC0415 - slow to load

        try:
            return bytes.fromhex(read_key(_name(folder_id))) or None
        except (NetworkError, ValueError) as error:
            _log.info("the key store has no key: %s", type(error).__name__)
            return None

    def keep_key(self, folder_id: str, key: bytes) -> bool:
        """Keep a key and read it again; False if there is no store that keeps it."""
        from core.courier.connection.key_store import store_key  # noqa: PLC0415 - slow to load

        try:
            store_key(_name(folder_id), key.hex())
        except NetworkError:
            return False
        return self.read_key(folder_id) == key

    def forget_key(self, folder_id: str) -> None:
        """Delete the key, if it is there."""
        from core.courier.connection.key_store import store_key  # noqa: PLC0415 - slow to load

        try:
            store_key(_name(folder_id), "")
        except NetworkError as error:
            _log.info("the key store forgets no key: %s", type(error).__name__)


def _name(folder_id: str) -> str:
    return f"data key {folder_id}"
