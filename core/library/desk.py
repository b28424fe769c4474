"""What every errand works with."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from core.library.embedder import Embedder
from core.library.reading import Reader
from core.library.search import Searcher
from core.paths import Paths


@dataclass(frozen=True, slots=True)
class Desk:
    """`searcher` is the library's own; its reranker serves other libraries, too."""

    paths: Paths
    embedder: Embedder
    searcher: Searcher
    new_reader: Callable[[], Reader]
    send: Callable[[msgspec.Struct], None]
