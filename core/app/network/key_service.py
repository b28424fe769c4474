"""API keys and access tokens in the system's key store, which this process alone speaks to."""

from typing import Never

from core.courier.connection.host_address import parse_address
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.reply import Reply


class KeyService:
    """Stores and deletes keys; none is kept here."""

    def __init__(self, keys: KeyStoreThread) -> None:
        self._keys = keys

    def store_key(self, name: str, key: str) -> Reply[Never, None]:
        """Store a key under `name`; "" deletes the one that is there."""
        return self._keys.store_key(name, key.strip())

    def store_hub_token(self, hub: str, token: str) -> Reply[Never, None]:
        """Store the access token of a hub. Raises NetworkError for an unusable address."""
        return self.store_key(f"token {parse_address(hub).origin}", token)
