"""Index stores: opens the store that an address names, and logs the contact with its server."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.base.errors import ErrorCode, LibraryError
from core.courier.connection.contact_log import DONE, FAILED, ContactLog, OpenContact
from core.library.embedding.vector_types import Cosines, Ids, Vectors
from core.library.index.chroma_store import open_chroma_store
from core.library.index.index_server import ServerKind, parse_index_server
from core.library.index.postgres_store import open_postgres_store
from core.library.index.qdrant_store import open_qdrant_store
from core.library.index.vector_store import OpenVectorStore, VectorCollection, VectorStore

_OPENERS: dict[ServerKind, OpenVectorStore] = {
    ServerKind.CHROMA: open_chroma_store,
    ServerKind.QDRANT: open_qdrant_store,
    ServerKind.POSTGRES: open_postgres_store,
}


def open_index_store(folder: Path, server: str) -> VectorStore:
    """Open the store in a folder, or that of a server by its address, as OpenVectorStore says."""
    kind = parse_index_server(server).kind if server else ServerKind.CHROMA
    return _OPENERS[kind](folder, server)


class LoggedStores:
    """Opens stores; each contact with a server stands in the log before it is reached."""

    def __init__(self, open_store: OpenVectorStore, contacts: Path) -> None:
        self._open_store = open_store
        self._contacts = contacts

    def open_store(self, folder: Path, server: str) -> VectorStore:
        """Open a store as OpenVectorStore says; a contact that can't be logged is not made."""
        if not server:
            return self._open_store(folder, server)
        address = parse_index_server(server)
        try:
            log = ContactLog(self._contacts)
            contact = log.open_contact(address.host, address.port, "index", address.kind.value)
        except OSError as error:
            raise LibraryError(
                ErrorCode.INDEX_SERVER_REFUSED, url=server, detail=str(error)
            ) from error
        try:
            return _LoggedStore(self._open_store(folder, server), contact)
        except Exception:
            contact.finish_contact(FAILED)
            raise


class _LoggedStore:
    """A store on a server, whose contact ends when it is closed."""

    def __init__(self, store: VectorStore, contact: OpenContact) -> None:
        self._store = store
        self._contact = contact

    @property
    def max_collection_vectors(self) -> int:
        return self._store.max_collection_vectors

    def collection_names(self) -> Sequence[str]:
        return self._store.collection_names()

    def create_collection(self, name: str) -> VectorCollection:
        return _LoggedCollection(self._store.create_collection(name), self._contact)

    def open_collection(self, name: str) -> VectorCollection:
        return _LoggedCollection(self._store.open_collection(name), self._contact)

    def drop_collection(self, name: str) -> None:
        self._store.drop_collection(name)

    def close(self) -> None:
        self._store.close()
        self._contact.finish_contact(DONE)


class _LoggedCollection:
    """A collection on a server; counts the numbers that go there and come from there.

    How a store's client packs them is its own affair: JSON takes two to three times as much.
    """

    def __init__(self, collection: VectorCollection, contact: OpenContact) -> None:
        self._collection = collection
        self._contact = contact

    @property
    def vector_count(self) -> int:
        return self._collection.vector_count

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        self._contact.add_traffic(requests=1, sent=ids.nbytes + vectors.nbytes)
        self._collection.add_vectors(ids, vectors)

    def remove_vectors(self, ids: Ids) -> None:
        self._contact.add_traffic(requests=1, sent=ids.nbytes)
        self._collection.remove_vectors(ids)

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        sent = query.nbytes + (0 if among is None else among.nbytes)
        self._contact.add_traffic(requests=1, sent=sent)
        found, cosines = self._collection.nearest_vectors(query, count, among)
        self._contact.add_traffic(received=found.nbytes + cosines.nbytes)
        return found, cosines

    def read_ids(self) -> Iterator[Ids]:
        for page in self._collection.read_ids():
            self._contact.add_traffic(requests=1, received=page.nbytes)
            yield page

    def read_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        for ids, vectors in self._collection.read_vectors():
            self._contact.add_traffic(requests=1, received=ids.nbytes + vectors.nbytes)
            yield ids, vectors

    def prepare_search(self) -> None:
        self._collection.prepare_search()
