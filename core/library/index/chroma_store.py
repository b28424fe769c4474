"""Vector store on Chroma, in a folder or on a server; the only module that knows Chroma."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.ipc.network_lock import allow_server
from core.library.embedding.vector_types import Cosines, Ids, Vectors
from core.library.index.index_server import IndexServer, parse_index_server
from core.library.index.vector_store import (
    PAGE_VECTORS,
    VectorStore,
    translated_store_errors,
)

MAX_COLLECTION_VECTORS = 100_000
"""Vectors of a collection in a folder. What Chroma writes while one graph grows grows with its
square: one graph of a million, 2 GB, is written each time some thousand vectors came to it. In ten
of them a search takes longer than in one."""
# Measured on clustered vectors, the hardest: with Chroma's defaults (16, 100, 100) recall@50 fell
# to .72. What is looked through while searching restores it at a third of what a denser graph
# (32, 200) costs while building: `tests/benchmarks/scale.py`.
# Chroma writes a whole graph each time `sync_threshold` vectors came to it (by default 1,000), and
# adds again what came after the last time when it opens a folder. With 2,000 a collection of
# 100,000 writes 3 GB while it is built, and opens in half a second to two.
_HNSW = {
    "hnsw": {
        "space": "ip",
        "ef_construction": 100,
        "max_neighbors": 16,
        "ef_search": 800,
        "sync_threshold": 2_000,
    }
}


def open_chroma_store(folder: Path, server: str) -> VectorStore:
    """Open the Chroma folder, new or known; or reach a server, if an address is given.

    Raises as OpenVectorStore says; this process may reach the server from then on.
    """
    if server:
        client = _connect(parse_index_server(server))
        return ChromaStore(client, sys.maxsize)  # how a server divides is its own affair
    with translated_store_errors():
        client = _chromadb().PersistentClient(path=str(folder))
    return ChromaStore(client, MAX_COLLECTION_VECTORS)


class ChromaStore:
    """A Chroma client as a VectorStore."""

    def __init__(self, client: Any, max_collection_vectors: int) -> None:  # noqa: ANN401 - an untyped library
        self._client = client
        self.max_collection_vectors = max_collection_vectors

    def collection_names(self) -> Sequence[str]:
        """Return the names of all collections, ascending."""
        with translated_store_errors():
            return sorted(str(each.name) for each in self._client.list_collections())

    def create_collection(self, name: str) -> "ChromaCollection":
        """Add an empty collection whose distance is the inner product."""
        with translated_store_errors():
            return ChromaCollection(
                self._client.create_collection(name, embedding_function=None, configuration=_HNSW)
            )

    def open_collection(self, name: str) -> "ChromaCollection":
        """Return a collection that is there."""
        with translated_store_errors():
            return ChromaCollection(self._client.get_collection(name, embedding_function=None))

    def drop_collection(self, name: str) -> None:
        """Delete a collection that is there."""
        with translated_store_errors():
            self._client.delete_collection(name)

    def close(self) -> None:
        """Close the client; a server that is gone is no failure."""
        with contextlib.suppress(Exception):
            self._client.close()


class ChromaCollection:
    """A Chroma collection as a VectorCollection: its ids are texts, its distances 1 - cosine."""

    def __init__(self, collection: Any) -> None:  # noqa: ANN401 - an untyped library
        self._collection = collection

    @property
    def vector_count(self) -> int:
        """How many vectors it holds."""
        with translated_store_errors():
            return int(self._collection.count())

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors under ids that it doesn't hold."""
        with translated_store_errors():
            self._collection.add(ids=_texts(ids), embeddings=list(vectors))

    def remove_vectors(self, ids: Ids) -> None:
        """Remove vectors; Chroma passes over ids that it doesn't hold."""
        with translated_store_errors():
            self._collection.delete(ids=_texts(ids))

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        """Return ids and cosines, best first; Chroma lets go of the interpreter meanwhile."""
        with translated_store_errors():
            answer = self._collection.query(
                query_embeddings=[query.tolist()],
                n_results=count,
                ids=None if among is None else _texts(among),
                include=["distances"],
            )
            distances = np.asarray(answer["distances"][0], np.float32)
            return _numbers(answer["ids"][0]), np.asarray(1 - distances, np.float32)

    def read_ids(self) -> Iterator[Ids]:
        """Yield all ids in pages."""
        for page in self._pages(include=[]):
            yield _numbers(page["ids"])

    def read_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        """Yield all ids with their vectors in pages."""
        for page in self._pages(include=["embeddings"]):
            with translated_store_errors():
                vectors = np.asarray(page["embeddings"], np.float32)
            yield _numbers(page["ids"]), vectors

    def prepare_search(self) -> None:
        """Have Chroma load the graph, and add to it what it had only written down."""
        with translated_store_errors():
            some = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        if len(some):
            self.nearest_vectors(np.asarray(some[0], np.float32), 1)

    def _pages(self, include: list[str]) -> Iterator[Any]:
        for offset in range(0, self.vector_count, PAGE_VECTORS):
            with translated_store_errors():
                page = self._collection.get(limit=PAGE_VECTORS, offset=offset, include=include)
            yield page


def _texts(ids: Ids) -> list[str]:
    return [str(id_) for id_ in ids.tolist()]


def _numbers(ids: Sequence[str]) -> Ids:
    with translated_store_errors():
        return np.array([int(id_) for id_ in ids], np.int64)


def _connect(server: IndexServer) -> Any:  # noqa: ANN401 - an untyped library
    allow_server(server.host, server.port)
    chromadb = _chromadb()
    try:
        return chromadb.HttpClient(
            host=server.host,
            port=server.port,
            ssl=server.encrypted,
            settings=chromadb.Settings(anonymized_telemetry=False),
        )
    except Exception as error:  # Chroma raises ValueError for a server that is not there
        detail = _("it doesn't answer")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server.url, detail=detail) from error


def _chromadb() -> Any:  # noqa: ANN401 - an untyped library
    """Import Chroma, and take from it the power to build what a folder's settings name."""
    import chromadb  # noqa: PLC0415 - two seconds, and only large libraries need it
    from chromadb.utils import embedding_functions  # noqa: PLC0415

    # 1.5.9 builds the embedding function a folder's settings name, even with None given.
    embedding_functions.known_embedding_functions.clear()
    embedding_functions.sparse_known_embedding_functions.clear()
    return chromadb
