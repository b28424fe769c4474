"""Search queue: searches that wait for their turn, and their answers."""

import logging
import time
from collections import deque
from collections.abc import Callable

import msgspec

from core.base.errors import InglenookError
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.search.searcher import Searcher
from core.messages import Failed, SearchDone, SearchFolders, SearchVerdict

_log = logging.getLogger(__name__)


class SearchQueue:
    """Every search ends with SearchDone or Failed."""

    def __init__(
        self,
        searcher: Searcher,
        embedder_loader: EmbedderLoader,
        send: Callable[[msgspec.Struct], None],
        convert_error: Callable[[Exception], InglenookError],
    ) -> None:
        self._searcher = searcher
        self._embedder_loader = embedder_loader
        self._send = send
        self._convert_error = convert_error
        self._waiting: deque[SearchFolders] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add_search(self, search: SearchFolders) -> None:
        """Let a search wait for its turn."""
        self._embedder_loader.start_loading()
        self._waiting.append(search)

    def cancel(self, request_id: str) -> None:
        """Answer a search that still waits with nothing."""
        for search in [each for each in self._waiting if each.request_id == request_id]:
            self._waiting.remove(search)
            self._send(
                SearchDone(
                    request_id=request_id,
                    hits=(),
                    seconds=0.0,
                    verdict=SearchVerdict.NOTHING,
                    confidence=0.0,
                )
            )

    def fail_all_searches(self, error: InglenookError) -> None:
        """End every search with the same reason."""
        while self._waiting:
            self._fail(self._waiting.popleft(), error)

    def answer_next_search(self) -> bool:
        """Answer one search; False while the embedder is still being loaded."""
        if not self._embedder_loader.is_finished:
            return False
        search = self._waiting.popleft()
        started = time.monotonic()
        try:
            if self._embedder_loader.error:
                raise self._embedder_loader.error
            found = self._searcher.search_passages(
                search.query, search.folder_ids, search.k, search.filters
            )
        except Exception as error:  # noqa: BLE001 - the border: a search never ends the child
            _log.exception("a search failed")
            self._fail(search, self._convert_error(error))
        else:
            seconds = time.monotonic() - started
            self._send(
                SearchDone(
                    request_id=search.request_id,
                    hits=found.hits,
                    seconds=seconds,
                    verdict=found.verdict,
                    confidence=found.confidence,
                    threshold=found.threshold,
                )
            )
        return True

    def _fail(self, search: SearchFolders, error: InglenookError) -> None:
        self._send(Failed(request_id=search.request_id, code=error.code, facts=error.facts))
