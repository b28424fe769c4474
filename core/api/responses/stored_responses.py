"""Stored responses: kept in memory for programs that go on from one, gone when the port closes."""

from collections import OrderedDict
from typing import Any

from msgspec import Struct

from core.api.api_conversation import ApiMessage
from core.api.api_errors import ApiError

MOST = 256
"""Responses that are kept; the oldest goes first."""


class StoredResponse(Struct, frozen=True):
    """A response, and the conversation with it."""

    client: str
    fields: dict[str, Any]
    said: tuple[ApiMessage, ...]
    read: tuple[dict[str, Any], ...] = ()
    """The items that it was made from, those of the responses before it among them."""


class StoredResponses:
    """By their ids; each is shown to the token that asked for it, and to no other."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, StoredResponse] = OrderedDict()

    def keep_response(self, name: str, response: StoredResponse) -> None:
        """Keep a response in memory, until MOST newer ones have come."""
        self._kept[name] = response
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def find_response(self, name: str, client: str) -> StoredResponse:
        """Return a response. Raises ApiError."""
        found = self._kept.get(name)
        if found is None or found.client != client:
            raise ApiError(404, f"There is no response “{name:.80}”.", code="not_found")
        return found

    def delete_response(self, name: str, client: str) -> None:
        """Forget a response. Raises ApiError."""
        self.find_response(name, client)
        del self._kept[name]
