"""Vector store on a Qdrant server; the only module that knows Qdrant."""

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
from core.library.index.index_server import parse_index_server
from core.library.index.vector_store import (
    PAGE_VECTORS,
    VectorStore,
    VectorStoreError,
    translated_store_errors,
)

_SECONDS = 30
_SEARCHED = 512
"""Candidates of the graph per search (ef): recall@50 of the defaults (16, 100) needs them."""
_UNKNOWN_WIDTH = 1
"""Of a collection that is still empty: Qdrant wants a width when it is created."""


def open_qdrant_store(_folder: Path, server: str) -> VectorStore:
    """Reach a Qdrant server. Raises as OpenVectorStore says."""
    address = parse_index_server(server)
    allow_server(address.host, address.port)
    try:
        import qdrant_client  # noqa: PLC0415 - an extra that only this server needs
    except ImportError as error:
        detail = _("“pip install inglenook[qdrant]” brings what it needs")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server, detail=detail) from error
    scheme = "https" if address.encrypted else "http"
    host = f"[{address.host}]" if ":" in address.host else address.host
    try:
        client = qdrant_client.QdrantClient(
            url=f"{scheme}://{host}:{address.port}",
            timeout=_SECONDS,
            check_compatibility=False,
            trust_env=False,
        )
        client.get_collections()
    except Exception as error:  # its client raises what its transport does
        detail = _("it doesn't answer")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server, detail=detail) from error
    return QdrantStore(client)


class QdrantStore:
    """A Qdrant client as a VectorStore; how a server divides a collection is its own affair."""

    max_collection_vectors = sys.maxsize

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - an optional library
        self._client = client

    def collection_names(self) -> Sequence[str]:
        """Return the names of all collections, ascending."""
        with translated_store_errors():
            return sorted(str(each.name) for each in self._client.get_collections().collections)

    def create_collection(self, name: str) -> "QdrantCollection":
        """Add an empty collection; its width is set by the first vectors."""
        with translated_store_errors():
            _create(self._client, name, _UNKNOWN_WIDTH)
            return QdrantCollection(self._client, name)

    def open_collection(self, name: str) -> "QdrantCollection":
        """Return a collection that is there."""
        with translated_store_errors():
            return QdrantCollection(self._client, name)

    def drop_collection(self, name: str) -> None:
        """Delete a collection that is there."""
        with translated_store_errors():
            self._client.get_collection(name)
            self._client.delete_collection(name)

    def close(self) -> None:
        """Close the client; a server that is gone is no failure."""
        with contextlib.suppress(Exception):
            self._client.close()


class QdrantCollection:
    """A Qdrant collection as a VectorCollection: its scores are inner products of unit vectors."""

    def __init__(self, client: Any, name: str) -> None:  # noqa: ANN401 - an optional library
        self._client = client
        self._name = name
        self._width = int(client.get_collection(name).config.params.vectors.size)

    @property
    def vector_count(self) -> int:
        """How many vectors it holds."""
        with translated_store_errors():
            return int(self._client.count(self._name, exact=True).count)

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors under ids that it doesn't hold."""
        width = vectors.shape[1]
        if width != self._width and not self.vector_count:
            with translated_store_errors():
                self._client.delete_collection(self._name)
                _create(self._client, self._name, width)
            self._width = width
        if width != self._width:
            raise VectorStoreError(f"vectors of {width} numbers among those of {self._width}")
        with translated_store_errors():
            batch = _models().Batch(ids=ids.tolist(), vectors=vectors.tolist())
            self._client.upsert(self._name, points=batch, wait=True)

    def remove_vectors(self, ids: Ids) -> None:
        """Remove vectors; Qdrant passes over ids that it doesn't hold."""
        with translated_store_errors():
            chosen = _models().PointIdsList(points=ids.tolist())
            self._client.delete(self._name, points_selector=chosen, wait=True)

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        """Return ids and cosines, best first; the server looks only `among` these ids."""
        if len(query) != self._width and not self.vector_count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        models = _models()
        chosen = None
        if among is not None:
            chosen = models.Filter(must=[models.HasIdCondition(has_id=among.tolist())])
        with translated_store_errors():
            points = self._client.query_points(
                self._name,
                query=query.tolist(),
                query_filter=chosen,
                search_params=models.SearchParams(hnsw_ef=max(_SEARCHED, count)),
                limit=count,
                with_payload=False,
            ).points
        ids = np.array([point.id for point in points], np.int64)
        return ids, np.array([point.score for point in points], np.float32)

    def read_ids(self) -> Iterator[Ids]:
        """Yield all ids in pages."""
        for page in self._pages(with_vectors=False):
            yield np.array([point.id for point in page], np.int64)

    def read_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        """Yield all ids with their vectors in pages."""
        for page in self._pages(with_vectors=True):
            ids = np.array([point.id for point in page], np.int64)
            yield ids, np.array([point.vector for point in page], np.float32)

    def prepare_search(self) -> None:
        """Nothing: a server has what it needs."""

    def _pages(self, *, with_vectors: bool) -> Iterator[list[Any]]:
        following = None
        while True:
            with translated_store_errors():
                page, following = self._client.scroll(
                    self._name,
                    limit=PAGE_VECTORS,
                    offset=following,
                    with_payload=False,
                    with_vectors=with_vectors,
                )
            if page:
                yield page
            if following is None:
                return


def _create(client: Any, name: str, width: int) -> None:  # noqa: ANN401 - an optional library
    models = _models()
    client.create_collection(
        name,
        vectors_config=models.VectorParams(size=width, distance=models.Distance.DOT, on_disk=True),
        hnsw_config=models.HnswConfigDiff(m=16, ef_construct=100),
    )


def _models() -> Any:  # noqa: ANN401 - an optional library
    from qdrant_client import models  # noqa: PLC0415 - an extra that only this server needs

    return models
