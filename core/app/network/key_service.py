"""API keys and access tokens, stored by the courier in the system's key store."""

from typing import Never

from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import KeySaved, SaveKey


class KeyService:
    """Stores and deletes keys; the front end's process keeps none of them."""

    def __init__(self, courier: CourierClient) -> None:
        self._courier = courier

    def store_key(self, name: str, key: str) -> Reply[Never, KeySaved]:
        """Store a key under `name`; "" deletes the one that is there."""
        return self._courier.send(SaveKey(request_id=new_request_id(), name=name, key=key.strip()))

    def store_hub_token(self, hub: str, token: str) -> Reply[Never, KeySaved]:
        """Store the access token of a hub. Raises NetworkError for an unusable address."""
        return self.store_key(f"token {parse_address(hub).origin}", token)
