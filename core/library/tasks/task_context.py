"""Task context: the embedder, searcher and readers that every task works with."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from core.base.paths import Paths
from core.library.embedding.embedder import Embedder
from core.library.judging.judge import Judge
from core.library.reading.file_reader import FileReader
from core.library.search.reranker import OpenReranker
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords


@dataclass(frozen=True, slots=True)
class TaskContext:
    """`searcher` is the library's own; temporary libraries are searched with its reranker.

    `judge` is the learned judge, None without one.
    """

    paths: Paths
    records: LibraryRecords
    embedder: Embedder
    searcher: Searcher
    new_reader: Callable[[], FileReader]
    open_reranker: OpenReranker
    send: Callable[[msgspec.Struct], None]
    judge: Judge | None
    load_embedder: Callable[[], bool] = lambda: True
    """Returns whether the embedder is in memory, else begins to load it."""
