"""Shared search: the samples of one question search once for each of its queries."""

from typing import Any

from core.chat.answering.answer_protocols import SourceSearch
from core.ipc.reply import Reply
from core.messages import SearchDone


class SharedSearch:
    """A SourceSearch that hands a query's reply to all who ask for it."""

    def __init__(self, search: SourceSearch) -> None:
        self._search = search
        self._replies: dict[tuple[str, int, int], Reply[Any, SearchDone]] = {}

    def __call__(self, query: str, passages: int, tokens: int) -> Reply[Any, SearchDone]:
        """Return a reply of the caller's own."""
        key = (query, passages, tokens)
        if key not in self._replies:
            self._replies[key] = self._search(query, passages, tokens)
        return self._replies[key].share()
