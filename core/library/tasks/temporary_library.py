"""Temporary library: documents that belong to no folder, searched like all others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

from core.base.database import IN_MEMORY
from core.base.paths import Paths
from core.library.embedding.embedder import FEW_AT_ONCE, FEW_TOKENS, Embedder
from core.library.embedding.embedding_queue import FULL_QUEUE_TOKENS, EmbeddingQueue
from core.library.embedding.vector_types import Vectors
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.filesystem.path_encoding import display_name
from core.library.judging.judge import Judge
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.foreign_questions import foreign_question_reranker
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.searcher import Searcher
from core.library.search.sentence_reranker import sentence_reranker
from core.library.store.content_records import NewContent, vector_key
from core.library.store.library_records import LibraryRecords
from core.library.text.passage_splitter import SplitText, split_in_steps, text_to_embed
from core.messages import DocumentPage


@dataclass(slots=True)
class _Waiting:
    """A document that waits for its vectors."""

    relative: str
    pages: tuple[DocumentPage, ...]
    text: SplitText
    keys: list[bytes] = field(default_factory=list)


class TemporaryLibrary:
    """One folder, `root`, of documents that are handed in; gone with `close`.

    `file` is where it is kept meanwhile. The embedder is that of the library it stands beside.
    """

    def __init__(
        self,
        paths: Paths,
        embedder: Embedder,
        *,
        file: Path = IN_MEMORY,
        root: str = "/",
    ) -> None:
        self.records = LibraryRecords(paths, file=file)
        # Nothing of it is to outlive a crash, so the disk is not waited for.
        self.records.connection.execute("PRAGMA synchronous = OFF")
        self._embedder = embedder
        self._counter = embedder.token_counter
        self._window = embedder.window_tokens
        self._folder = self.records.add_folder(root)
        self._count = 0
        self.awaits_model = False
        """Whether nothing can be done before the embedder is in memory."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exit: object) -> None:
        self.records.close()

    @property
    def total_tokens(self) -> int:
        """How long all documents are together, in the embedder's tokens."""
        rows = self.records.connection.execute("SELECT coalesce(sum(tokens), 0) FROM passage")
        return cast("tuple[int]", rows.fetchone())[0]

    def new_searcher(self, judge: Judge | None = None) -> Searcher:
        """Return what searches it; `judge` is the learned one, None for none."""
        connection, questions = self.records.connection, self._embedder.query_embedder
        multilingual = self._embedder.is_multilingual
        return Searcher(
            connection,
            CandidateRankings(connection, questions, multilingual=multilingual),
            EvidenceJudge(connection, self._embedder.model_folder.name, judge),
            default_reranker=sentence_reranker(judge),
            foreign_question_reranker=foreign_question_reranker(judge, multilingual=multilingual),
            embedder_name=self._embedder.model_folder.name,
        )

    def add_documents(
        self,
        documents: Iterable[tuple[str, tuple[DocumentPage, ...]]],
        load_embedder: Callable[[], bool] = lambda: True,
    ) -> Iterator[int]:
        """Take documents (relative path, pages) in; yield how many are, after each short step.

        No more than a lot of them is in memory at once. `load_embedder` returns whether the
        embedder is in memory, and begins to load it; it is called where there are more than few.
        """
        pool, waiting = EmbeddingQueue(), list[_Waiting]()
        for relative, pages in documents:
            text: SplitText | None = None
            name = display_name(relative.rpartition("/")[2])
            for step in split_in_steps(pages, name, self._counter, self._window):
                text = step
                yield self._count
            assert text is not None  # the last step gives it
            waiting.append(self._cut(relative, pages, text, pool))
            if pool.queued_tokens > FULL_QUEUE_TOKENS:
                yield from self._keep(pool, waiting, load_embedder)
        yield from self._keep(pool, waiting, load_embedder)

    def _cut(
        self, relative: str, pages: tuple[DocumentPage, ...], text: SplitText, pool: EmbeddingQueue
    ) -> _Waiting:
        document = _Waiting(relative, pages, text)
        for passage in text.passages:
            embedded = text_to_embed(text.text[passage.start : passage.end], passage.title)
            key = vector_key(self._embedder.name, embedded)
            document.keys.append(key)
            pool.add_text(key, embedded, passage.tokens)
        return document

    def _keep(
        self, pool: EmbeddingQueue, waiting: list[_Waiting], load_embedder: Callable[[], bool]
    ) -> Iterator[int]:
        vectors: dict[bytes, Vectors] = {}
        embedder = self._embedder
        is_little = embedder.reads_questions and pool.queued_tokens <= FEW_TOKENS
        while not (is_little or load_embedder()):
            self.awaits_model = True
            yield self._count
        self.awaits_model = False
        while pool:
            is_loaded = embedder.is_loaded
            batch = pool.next_batch(embedder.batch_tokens if is_loaded else FEW_AT_ONCE)
            embed = embedder.embed if is_loaded else embedder.embed_few
            vectors.update(zip(batch, embed(list(batch.values())), strict=True))
            yield self._count
        while waiting:
            document = waiting.pop(0)
            self._count += 1
            found = ScannedEntry(document.relative, 0, 0)
            new = NewContent(
                str(self._count),  # no two are the same file
                found.shown_name,
                document.pages,
                document.text,
                document.keys,
                vectors,
            )
            self.records.store_file(self._folder.id, found, new)
            yield self._count
