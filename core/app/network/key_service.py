"""API keys and access tokens, stored by the courier in the system's key store."""

from collections.abc import Callable

import uuid_utils

from core.app.events.app_events import AppEvent, RequestFailed
from core.app.events.network_events import KeyStored
from core.app.problems import problem_of_failure
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.messages import CourierEvent, Failed, KeySaved, SaveKey


class KeyService:
    """Keeps and forgets keys; nothing here remembers one."""

    def __init__(self, courier: CourierClient, emit: Callable[[AppEvent], None]) -> None:
        self._courier = courier
        self._emit = emit
        self._asked: set[str] = set()

    def store_key(self, name: str, key: str) -> str:
        """Keep a key, or forget it for "": KeyStored or RequestFailed carries the returned id."""
        request = SaveKey(request_id=uuid_utils.uuid7().hex, name=name, key=key.strip())
        self._asked.add(request.request_id)
        return self._courier.send(request)

    def store_hub_token(self, hub: str, token: str) -> str:
        """Store the access token of a hub. Raises NetworkError for an unusable address."""
        return self.store_key(f"token {parse_address(hub).origin}", token)

    def on_courier_event(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it was about a key."""
        if not isinstance(event, KeySaved | Failed) or event.request_id not in self._asked:
            return False
        self._asked.remove(event.request_id)
        if isinstance(event, Failed):
            problem = problem_of_failure(event)
            self._emit(RequestFailed(request_id=event.request_id, problem=problem))
        else:
            self._emit(KeyStored(request_id=event.request_id))
        return True
