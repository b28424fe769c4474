"""JSON elements: the entries of a long list one after the other, without the list in memory."""

import re
from collections.abc import Callable, Iterator

from core.base.i18n import _
from core.chat.history.foreign_chat import MalformedChatError

MAX_ELEMENT_BYTES = 64 << 20
"""The longest chat that is read."""
_CHUNK = 1 << 20
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|"', re.DOTALL)
_STEPS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def json_elements(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield each object of the list in a file, or the one object that it is.

    Raises MalformedChatError for what is no JSON, ends early, or is too long; what came before is
    whole.
    """
    scanner = _Scanner()
    while not scanner.is_done and (chunk := read(scanner.wanted)):
        yield from scanner.add_chunk(chunk)
    if not scanner.has_begun:
        raise MalformedChatError(_("it is no list of chats"))
    if not scanner.is_done:
        raise MalformedChatError(_("the file ends too early"))


class _Scanner:
    """Counts brackets outside of texts; keeps only the entry that isn't whole yet."""

    def __init__(self) -> None:
        self.is_done = False
        self.wanted = _CHUNK
        self._buffer = b""
        self._at = 0
        self._start = 0
        self._depth = 0
        self._outer = -1
        """Depth of the entries: 1 in a list, 0 of a single object, -1 until that is known."""

    @property
    def has_begun(self) -> bool:
        """Whether a list or an object has begun."""
        return self._outer >= 0

    def add_chunk(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the entries that are whole now. Raises MalformedChatError."""
        self._buffer += chunk
        self.wanted = _CHUNK
        while not self.is_done and (match := _TOKEN.search(self._buffer, self._at)):
            token = match[0]
            if token == b'"':  # its end is in the next chunk, at least as long as what there is
                self._at = match.start()
                self.wanted = max(_CHUNK, len(self._buffer) - self._at)
                break
            self._at = match.end()
            if (step := _STEPS.get(token)) is not None and self._count(match.start(), step):
                yield self._buffer[self._start : self._at]
        else:
            self._at = len(self._buffer)
        if self._outer < 0 and len(self._buffer) >= _CHUNK:
            raise MalformedChatError(_("it is no list of chats"))
        self._forget_past()

    def _count(self, place: int, step: int) -> bool:
        """Count a bracket; return whether an entry ends at it."""
        if self._outer < 0:
            self._outer = 1 if self._buffer[place : place + 1] == b"[" else 0
        if step > 0 and self._depth == self._outer:
            self._start = place
        self._depth += step
        ends = step < 0 and self._depth == self._outer
        self.is_done = self._depth < self._outer or (ends and self._outer == 0)
        return ends

    def _forget_past(self) -> None:
        is_within = self._outer >= 0 and self._depth > self._outer
        kept = self._start if is_within else self._at
        self._buffer, self._at, self._start = self._buffer[kept:], self._at - kept, 0
        if len(self._buffer) > MAX_ELEMENT_BYTES:
            raise MalformedChatError(_("a chat in it is too long"))
