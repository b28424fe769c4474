"""Vector store protocol: named collections of vectors, as the index builds and searches them.

`chroma_store`, `qdrant_store` and `postgres_store` beside this module implement it. Another store
implements the two classes below, passes tests/library/index/test_vector_store.py, and is named with
its scheme of addresses in `index_server` and `index_stores`.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from core.library.embedding.vector_types import Cosines, Ids, Vectors

PAGE_VECTORS = 1_000
"""Most vectors that a collection reads at once, so that whoever reads can pause in between."""


class VectorStoreError(Exception):
    """A store can't be opened, read or written: damaged, closed, or a server that is away."""


@contextlib.contextmanager
def translated_store_errors() -> Iterator[None]:
    """Turn whatever a store's library raises, which may be anything, into a VectorStoreError."""
    try:
        yield
    except VectorStoreError:
        raise
    except Exception as error:
        raise VectorStoreError(f"{type(error).__name__}: {error}") from error


class VectorCollection(Protocol):
    """Ids with a vector each; one width for all, set by the first.

    One thread owns it; only `nearest_vectors` may be called from several at once. Every method
    raises VectorStoreError. What was added or removed is seen at once, and is on disk, at the
    latest, when the store was closed; after a kill some of it may be lost.
    """

    @property
    def vector_count(self) -> int:
        """How many vectors it holds, as the store counts them."""

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors, shape (n, width), under n ids that it doesn't hold; a hundred at once."""

    def remove_vectors(self, ids: Ids) -> None:
        """Remove vectors; ids that it doesn't hold are passed over."""

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        """Return ids and cosines of up to `count` of the nearest to `query`, best first.

        Only those `among` these ids are looked at, if they are given. `query` has the shape
        (width,). A few of the nearest may be missing (recall@50 .99 is expected of a graph), but
        there are `count` of them if it holds as many.
        """

    def read_ids(self) -> Iterator[Ids]:
        """Yield all ids in pages of at most PAGE_VECTORS, each id once, in any order."""

    def read_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        """Yield all ids with their vectors, in pages like those of `read_ids`."""

    def prepare_search(self) -> None:
        """Load now what the first search would wait for."""


class VectorStore(Protocol):
    """An open store: a folder of its own on this disk, or a server.

    Each method raises VectorStoreError.
    """

    @property
    def max_collection_vectors(self) -> int:
        """How many vectors a collection may hold before another one serves better."""

    def collection_names(self) -> Sequence[str]:
        """Return the names of all collections, ascending; a server may hold other programs' too."""

    def create_collection(self, name: str) -> VectorCollection:
        """Add an empty collection; the name is new, of letters, digits and "-"."""

    def open_collection(self, name: str) -> VectorCollection:
        """Return a collection that is there."""

    def drop_collection(self, name: str) -> None:
        """Delete a collection that is there, with all its vectors."""

    def close(self) -> None:
        """Close files and connections; the store and its collections are unusable then."""


OpenVectorStore: TypeAlias = Callable[[Path, str], VectorStore]
"""Opens the store in a folder, which is made if it isn't there, or the one of a server, if an
address is given ("" for none). A store is deleted by deleting its folder once it is closed.

Raises VectorStoreError, for a server that doesn't answer LibraryError(INDEX_SERVER_REFUSED)."""
