"""Task context: the embedder, searcher and readers that every task works with."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from core.base.paths import Paths
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.reading.file_reader import FileReader
from core.library.search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class TaskContext:
    """`searcher` is the library's own; its reranker serves other libraries, too."""

    paths: Paths
    embedder: SentenceTransformerEmbedder
    searcher: Searcher
    new_reader: Callable[[], FileReader]
    send: Callable[[msgspec.Struct], None]
