"""Embedder speed: the way a sync embeds, and a bare `encode`, by turns over passages."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

import apsw

from core.library.embedding.embedder import Embedder
from core.library.embedding.embedding_queue import EmbeddingQueue
from core.library.text.embedder_token_counter import TokenCounter
from core.library.text.passage_splitter import TITLE_TOKENS, text_to_embed, title_path
from core.messages import EmbedderMeasured

_SAMPLE_PASSAGES = 384
_AT_ONCE = 128


class EmbedderSpeed:
    """Measures one embedder that is loaded.

    Both ways embed the same passages, a few at a time by turns, and are compared by the processor
    time of this thread: what else the machine does meanwhile touches both alike.
    """

    def __init__(self, connection: apsw.Connection, embedder: Embedder) -> None:
        self._embedder = embedder
        self._passages = sample_passages(connection, embedder.token_counter)
        self._bare_seconds = 0.0
        self._bare_processor = 0.0
        self._own_processor = 0.0

    def measure_in_steps(self) -> Iterator[None]:
        """Embed all passages both ways; yields after each few."""
        for start in range(0, len(self._passages), _AT_ONCE):
            some = self._passages[start : start + _AT_ONCE]
            texts = [text for _tokens, text in some]
            wall, processor = _timed(partial(self._embedder.encode_reference, texts))
            self._bare_seconds += wall
            self._bare_processor += processor
            yield
            yield from self._embed_as_a_sync_does(some)

    def _embed_as_a_sync_does(self, passages: list[tuple[int, str]]) -> Iterator[None]:
        queue = EmbeddingQueue()
        for number, (tokens, text) in enumerate(passages):
            queue.add_text(number.to_bytes(4, "big"), text, tokens)
        while queue:
            batch = list(queue.next_batch(self._embedder.batch_tokens).values())
            _wall, processor = _timed(partial(self._embedder.embed, batch))
            self._own_processor += processor
            yield

    def result(self, request_id: str) -> EmbedderMeasured:
        """Return what was measured."""
        tokens = sum(tokens for tokens, _text in self._passages)
        return EmbedderMeasured(
            request_id=request_id,
            tokens=tokens,
            tokens_per_second=tokens / self._bare_seconds if self._bare_seconds else 0.0,
            against_bare=self._bare_processor / self._own_processor if self._own_processor else 0.0,
            number_format=self._embedder.number_format,
            batch_tokens=self._embedder.batch_tokens,
        )


def sample_passages(connection: apsw.Connection, counter: TokenCounter) -> list[tuple[int, str]]:
    """Return some random passages as they are embedded, each after its tokens, longest first."""
    rows = connection.execute(
        "SELECT tokens, substr(text, start + 1, length), name, heading FROM passage"
        " JOIN section ON section.id = section_id JOIN content ON content.id = passage.content_id"
        " WHERE passage.id IN (SELECT id FROM passage ORDER BY random() LIMIT ?)"
        " ORDER BY tokens DESC",
        (_SAMPLE_PASSAGES,),
    ).fetchall()
    passages = []
    for tokens, text, name, heading in rows:
        title = counter.truncate_text(title_path(str(name), str(heading)), TITLE_TOKENS)
        passages.append((cast("int", tokens), text_to_embed(str(text), title)))
    return passages


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the wall clock and of this thread's processor time that a run takes."""
    wall, processor = time.perf_counter(), time.thread_time()
    run()
    return time.perf_counter() - wall, time.thread_time() - processor
