"""Vector stores in memory, searched exactly: what the protocol says, without an index behind it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from core.library.embedding.vector_types import Cosines, Ids, Vectors
from core.library.index.vector_store import PAGE_VECTORS, VectorStoreError

Kept = dict[str, dict[int, Vectors]]
"""The vectors of one store by collection and id."""


MAX_COLLECTION_VECTORS = 100_000


class MemoryVectorStores:
    """All stores there are, by folder or server; what one holds is there when it opens again."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def open_store(self, folder: Path, server: str) -> "MemoryVectorStore":
        """Open a store as `OpenVectorStore` says; it goes when its folder is deleted."""
        place = server or str(folder)
        if not server and not folder.exists():
            folder.mkdir(parents=True)
            self.kept[place] = {}
        kept = self.kept.setdefault(place, {})
        return MemoryVectorStore(kept)


class MemoryVectorStore:
    """A dictionary as a VectorStore."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._is_open = True
        self.max_collection_vectors = MAX_COLLECTION_VECTORS

    def collection_names(self) -> Sequence[str]:
        self.check_open()
        return sorted(self._kept)

    def create_collection(self, name: str) -> "MemoryVectorCollection":
        self.check_open()
        if name in self._kept:
            raise VectorStoreError(f"{name} is there already")
        self._kept[name] = {}
        return self.open_collection(name)

    def open_collection(self, name: str) -> "MemoryVectorCollection":
        self.check_open()
        if name not in self._kept:
            raise VectorStoreError(f"there is no {name}")
        return MemoryVectorCollection(self, self._kept, name)

    def drop_collection(self, name: str) -> None:
        self.open_collection(name)
        del self._kept[name]

    def close(self) -> None:
        self._is_open = False

    def check_open(self) -> None:
        """Refuse everything once it is closed."""
        if not self._is_open:
            raise VectorStoreError("the store is closed")


class MemoryVectorCollection:
    """Vectors by id as a VectorCollection."""

    def __init__(self, store: MemoryVectorStore, kept: Kept, name: str) -> None:
        self._store = store
        self._kept = kept
        self._name = name

    @property
    def _vectors(self) -> dict[int, Vectors]:
        self._store.check_open()
        if self._name not in self._kept:
            raise VectorStoreError(f"there is no {self._name}")
        return self._kept[self._name]

    @property
    def vector_count(self) -> int:
        return len(self._vectors)

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        known = next(iter(self._vectors.values()), vectors[0])
        if vectors.shape != (len(ids), len(known)):
            raise VectorStoreError("vectors of another width, or not one for each id")
        self._vectors.update(zip(ids.tolist(), vectors, strict=True))

    def remove_vectors(self, ids: Ids) -> None:
        for id_ in ids.tolist():
            self._vectors.pop(id_, None)

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        kept = [id_ for id_ in self._vectors if among is None or id_ in among]
        if not kept:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        ids = np.array(kept, np.int64)
        cosines = np.stack([self._vectors[id_] for id_ in kept]) @ query
        best = np.argsort(-cosines, kind="stable")[:count]
        return ids[best], np.asarray(cosines[best], np.float32)

    def read_ids(self) -> Iterator[Ids]:
        for ids, _vectors in self.read_vectors():
            yield ids

    def read_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        ids = list(self._vectors)
        for start in range(0, len(ids), PAGE_VECTORS):
            page = ids[start : start + PAGE_VECTORS]
            yield np.array(page, np.int64), np.stack([self._vectors[id_] for id_ in page])

    def prepare_search(self) -> None:
        self._store.check_open()
