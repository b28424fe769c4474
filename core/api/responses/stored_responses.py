"""Stored responses: kept in memory for programs that go on from one, gone when the port closes."""

from collections import OrderedDict
from typing import Any

import msgspec
from msgspec import Struct

from core.api.api_conversation import ApiMessage
from core.api.api_errors import ApiError

MOST = 256
MOST_BYTES = 32 << 20
"""Responses that are kept, and bytes that all of them take as JSON; the oldest go first."""


class StoredResponse(Struct, frozen=True):
    """A response, and what it added to the conversation `before` it, which others share."""

    client: str
    fields: dict[str, Any]
    said: tuple[ApiMessage, ...]
    read: tuple[dict[str, Any], ...] = ()
    """The items that were sent with the request itself."""
    before: "StoredResponse | None" = None

    def collect_messages(self) -> list[ApiMessage]:
        """Return the conversation up to this response, its answer included."""
        return [message for each in self._chain() for message in each.said]

    def collect_items(self) -> list[dict[str, Any]]:
        """Return all items that it was made from, those of the responses before it among them."""
        found: list[dict[str, Any]] = []
        *earlier, last = self._chain()
        for each in earlier:
            found += [*each.read, *each.fields["output"]]
        return [*found, *last.read]

    def _chain(self) -> "list[StoredResponse]":
        """Return the responses that this one goes on from, the first one first, and this one."""
        found = [self]
        while (before := found[-1].before) is not None:
            found.append(before)
        return found[::-1]


class StoredResponses:
    """By their ids; each is shown to the token that asked for it, and to no other."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[str, StoredResponse] = OrderedDict()
        self._most_bytes = most_bytes
        self._sizes: dict[int, int] = {}
        self._users: dict[int, int] = {}
        """How many kept responses need each, by its identity; `_kept` keeps all of them alive."""
        self._bytes = 0

    @property
    def bytes_kept(self) -> int:
        """How many bytes are held, each response counted once however many go on from it."""
        return self._bytes

    def keep_response(self, name: str, response: StoredResponse) -> None:
        """Keep a response, until newer ones take its room; one that is too large isn't kept."""
        self._kept[name] = response
        self._hold(response)
        while self._kept and (len(self._kept) > MOST or self._bytes > self._most_bytes):
            self._forget(next(iter(self._kept)))

    def find_response(self, name: str, client: str) -> StoredResponse:
        """Return a response. Raises ApiError."""
        found = self._kept.get(name)
        if found is None or found.client != client:
            raise ApiError(404, f"There is no response “{name:.80}”.", code="not_found")
        return found

    def delete_response(self, name: str, client: str) -> None:
        """Forget a response. Raises ApiError."""
        self.find_response(name, client)
        self._forget(name)

    def _hold(self, response: StoredResponse) -> None:
        """Count a response and, where nothing held them any more, those before it."""
        held: StoredResponse | None = response
        while held is not None:
            key = id(held)
            self._users[key] = self._users.get(key, 0) + 1
            if self._users[key] > 1:
                return
            self._sizes[key] = _size_of(held)
            self._bytes += self._sizes[key]
            held = held.before

    def _forget(self, name: str) -> None:
        """Let a response go; it stays as long as a kept one goes on from it."""
        held: StoredResponse | None = self._kept.pop(name)
        while held is not None:
            key = id(held)
            self._users[key] -= 1
            if self._users[key]:
                return
            del self._users[key]
            self._bytes -= self._sizes.pop(key)
            held = held.before


def _size_of(response: StoredResponse) -> int:
    own = (response.fields, response.said, response.read)
    return len(msgspec.json.encode(own))
