"""Stored responses: kept in memory for programs that go on from one, gone when the port closes."""

from collections import OrderedDict
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from core.api.api_conversation import ApiMessage
from core.api.api_errors import ApiError

MOST_RESPONSES = 256
MOST_BYTES = 32 << 20
"""Responses that are kept, and bytes that all of them take as JSON; the oldest go first."""


class StoredResponse(Struct, frozen=True, dict=True):
    """A response, and what it added to the conversation `before` it, which others share."""

    client: str
    fields: dict[str, Any]
    said: tuple[ApiMessage, ...]
    read: tuple[dict[str, Any], ...] = ()
    """The items that were sent with the request itself."""
    before: "StoredResponse | None" = None

    @cached_property
    def size(self) -> int:
        """Bytes as JSON, without what stands before it."""
        return len(msgspec.json.encode((self.fields, self.said, self.read)))

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

    @property
    def bytes_kept(self) -> int:
        """How many bytes are held, each response counted once however many go on from it."""
        held: dict[int, int] = {}
        for kept in self._kept.values():
            each: StoredResponse | None = kept
            while each is not None and id(each) not in held:
                held[id(each)] = each.size
                each = each.before
        return sum(held.values())

    def keep_response(self, name: str, response: StoredResponse) -> None:
        """Keep a response, until newer ones take its room; one that is too large isn't kept."""
        self._kept[name] = response
        while len(self._kept) > MOST_RESPONSES or self.bytes_kept > self._most_bytes:
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
