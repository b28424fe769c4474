"""Search queue: searches, and texts to embed, that wait for their turn, and their answers."""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from core.base.errors import InglenookError
from core.ipc.channel import ParentGone
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.embedding.text_batches import embed_in_batches
from core.library.search.searcher import Searcher
from core.messages import (
    EmbedTexts,
    Failed,
    SearchDone,
    SearchFolders,
    SearchVerdict,
    TextsEmbedded,
)

_log = logging.getLogger(__name__)


class SearchQueue:
    """Every request ends with its result or with Failed; they are answered in their order."""

    def __init__(
        self,
        searcher: Searcher,
        embedder_loader: EmbedderLoader,
        send: Callable[[msgspec.Struct], None],
        convert_error: Callable[[Exception], InglenookError],
        count_unread_files: Callable[[Sequence[str]], int],
    ) -> None:
        """`count_unread_files` of folders are those that a search can't find yet."""
        self._count_unread_files = count_unread_files
        self._searcher = searcher
        self._embedder_loader = embedder_loader
        self._send = send
        self._convert_error = convert_error
        self._waiting: deque[SearchFolders | EmbedTexts] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add_search(self, request: SearchFolders | EmbedTexts) -> None:
        """Let a request wait for its turn."""
        if self._needs_model(request):
            self._embedder_loader.start_loading()
        self._waiting.append(request)

    def _needs_model(self, request: SearchFolders | EmbedTexts) -> bool:
        """Whether a request waits for the model to be loaded; questions alone rarely do."""
        reads_passages = isinstance(request, EmbedTexts) and request.as_passages
        return reads_passages or not self._embedder_loader.embedder.reads_questions

    def cancel(self, request_id: str) -> None:
        """Answer a request that still waits with nothing."""
        for request in [each for each in self._waiting if each.request_id == request_id]:
            self._waiting.remove(request)
            self._send(
                SearchDone(
                    request_id=request_id,
                    hits=(),
                    seconds=0.0,
                    verdict=SearchVerdict.NOTHING,
                    confidence=0.0,
                )
                if isinstance(request, SearchFolders)
                else TextsEmbedded(request_id=request_id, vectors=(), embedder="")
            )

    def fail_all_searches(self, error: InglenookError) -> None:
        """End every search with the same reason."""
        while self._waiting:
            self._fail(self._waiting.popleft(), error)

    def answer_next_search(self) -> bool:
        """Answer one request; False while the embedder is still being loaded."""
        request = self._waiting[0]
        needs_model = self._needs_model(request)
        if needs_model and not self._embedder_loader.is_finished:
            return False
        self._waiting.popleft()
        try:
            if needs_model and self._embedder_loader.error:
                raise self._embedder_loader.error
            if isinstance(request, SearchFolders):
                self._send(self._search(request))
            else:
                self._send(self._embed(request))
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a search never ends the child
            _log.exception("a search failed")
            self._fail(request, self._convert_error(error))
        return True

    def _search(self, search: SearchFolders) -> SearchDone:
        started = time.monotonic()
        found = self._searcher.search_passages(
            search.query, search.folder_ids, search.k, search.filters
        )
        return SearchDone(
            request_id=search.request_id,
            hits=found.hits,
            seconds=time.monotonic() - started,
            verdict=found.verdict,
            confidence=found.confidence,
            threshold=found.threshold,
            unread_files=self._count_unread_files(search.folder_ids),
            asked_subject=found.other.asked,
            found_subject=found.other.found,
            missing_value=found.missing_value,
            need=found.need,
        )

    def _embed(self, request: EmbedTexts) -> TextsEmbedded:
        embedder = self._embedder_loader.embedder
        if request.as_passages:
            counts = [embedder.token_counter.count_tokens(text) for text in request.texts]
            return TextsEmbedded(
                request_id=request.request_id,
                vectors=embed_in_batches(embedder, request.texts, counts),
                embedder=embedder.name,
                tokens=sum(counts),
            )
        return TextsEmbedded(
            request_id=request.request_id,
            vectors=tuple(
                embedder.query_embedder.embed([text])[0].tobytes() for text in request.texts
            ),
            embedder=embedder.name,
        )

    def _fail(self, request: SearchFolders | EmbedTexts, error: InglenookError) -> None:
        self._send(Failed.from_error(request.request_id, error))
