"""Vector store on a PostgreSQL server with pgvector; the only module that knows either."""

import contextlib
import sys
import threading
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

_SECONDS = 10
_SCHEMA = "inglenook"
_SEARCHED = 400
"""Candidates of the graph per search; pgvector allows 1,000."""


def open_postgres_store(_folder: Path, server: str) -> VectorStore:
    """Reach a PostgreSQL server with pgvector. Raises as OpenVectorStore says.

    Its password is where libpq looks for it: in .pgpass.
    """
    address = parse_index_server(server)
    allow_server(address.host, address.port)
    try:
        import psycopg  # noqa: PLC0415 - an extra that only this server needs
    except ImportError as error:
        detail = _("“pip install inglenook[postgres]” brings what it needs")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server, detail=detail) from error
    try:
        connection = psycopg.connect(
            hostaddr=address.host,
            port=address.port,
            user=address.user or None,
            dbname=address.database or None,
            connect_timeout=_SECONDS,
            autocommit=True,
        )
        return PostgresStore(connection, _SCHEMA)
    except (psycopg.Error, VectorStoreError) as error:
        detail = " ".join(str(error).split())
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server, detail=detail) from error


class PostgresStore:
    """A schema of a database as a VectorStore: each collection is a table."""

    max_collection_vectors = sys.maxsize

    def __init__(self, connection: Any, schema: str) -> None:  # noqa: ANN401 - an optional library
        """`connection` commits each statement by itself."""
        self._connection = connection
        self._schema = schema
        self._lock = threading.Lock()  # settings of a search belong to the connection
        self.run("CREATE EXTENSION IF NOT EXISTS vector")
        self.run(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')

    def run(self, statement: str, *values: object, **settings: int | str) -> list[tuple[Any, ...]]:
        """Run one statement, under these settings alone; return its rows. Any thread."""
        with self._lock, translated_store_errors(), self._connection.transaction():
            for name, value in settings.items():
                self._connection.execute(
                    "SELECT set_config(%s, %s, true)", (name.replace("__", "."), str(value))
                )
            cursor = self._connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def run_many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run one statement for each row, all or none of them."""
        with self._lock, translated_store_errors(), self._connection.transaction():
            self._connection.cursor().executemany(statement, rows)

    def collection_names(self) -> Sequence[str]:
        """Return the names of all collections, ascending."""
        rows = self.run("SELECT tablename FROM pg_tables WHERE schemaname = %s", self._schema)
        return sorted(str(row[0]) for row in rows)

    def create_collection(self, name: str) -> "PostgresCollection":
        """Add an empty table; its width is set by the first vectors."""
        table = self._table(name)
        self.run(f"CREATE TABLE {table} (id bigint PRIMARY KEY, vector vector NOT NULL)")
        return PostgresCollection(self, table)

    def open_collection(self, name: str) -> "PostgresCollection":
        """Return a collection that is there."""
        collection = PostgresCollection(self, self._table(name))
        collection.read_width()
        return collection

    def drop_collection(self, name: str) -> None:
        """Delete a collection that is there."""
        self.run(f"DROP TABLE {self._table(name)}")

    def close(self) -> None:
        """Close the connection; a server that is gone is no failure."""
        with contextlib.suppress(Exception):
            self._connection.close()

    def _table(self, name: str) -> str:
        if not name.replace("-", "").isalnum():
            raise VectorStoreError(f"{name!r} is no name of a collection")
        return f'"{self._schema}"."{name}"'


class PostgresCollection:
    """A table of ids and vectors as a VectorCollection; unit vectors, so <#> is -cosine."""

    def __init__(self, store: PostgresStore, table: str) -> None:
        self._store = store
        self._table = table
        self._width = 0

    def read_width(self) -> None:
        """Learn the width of the vectors of a table that is there; 0 while it is empty."""
        query = "SELECT atttypmod FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
        ((width,),) = self._store.run(query, self._table, "vector")
        self._width = max(0, int(width))

    @property
    def vector_count(self) -> int:
        """How many vectors it holds."""
        ((count,),) = self._store.run(f"SELECT count(*) FROM {self._table}")  # noqa: S608 - checked
        return int(count)

    def add_vectors(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors under ids that it doesn't hold."""
        if not self._width:
            self._set_width(vectors.shape[1])
        rows = [(id_, _text(row)) for id_, row in zip(ids.tolist(), vectors, strict=True)]
        self._store.run_many(f"INSERT INTO {self._table} VALUES (%s, %s::vector)", rows)  # noqa: S608

    def _set_width(self, width: int) -> None:
        self._store.run(f"ALTER TABLE {self._table} ALTER vector TYPE vector({width})")
        self._store.run(
            f"CREATE INDEX ON {self._table} USING hnsw (vector vector_ip_ops)"
            " WITH (m = 16, ef_construction = 100)"
        )
        self._width = width

    def remove_vectors(self, ids: Ids) -> None:
        """Remove vectors; ids that it doesn't hold are passed over."""
        self._store.run(f"DELETE FROM {self._table} WHERE id = ANY(%s)", ids.tolist())  # noqa: S608

    def nearest_vectors(
        self, query: Vectors, count: int, among: Ids | None = None
    ) -> tuple[Ids, Cosines]:
        """Return ids and cosines, best first; the server looks only `among` these ids."""
        searched = min(1000, max(_SEARCHED, count))
        rows = self._search(query, count, among, hnsw__ef_search=searched)
        if len(rows) < count:  # the graph ended before, at what was removed or isn't asked for
            rows = self._search(query, count, among, enable_indexscan="off")
        ids = np.array([row[0] for row in rows], np.int64)
        return ids, np.array([row[1] for row in rows], np.float32)

    def _search(
        self, query: Vectors, count: int, among: Ids | None, **settings: int | str
    ) -> list[tuple[Any, ...]]:
        text = _text(query)
        chosen = "" if among is None else "WHERE id = ANY(%s)"
        statement = (
            f"SELECT id, -(vector <#> %s::vector) FROM {self._table} {chosen}"  # noqa: S608 - checked
            " ORDER BY vector <#> %s::vector LIMIT %s"
        )
        values = [text, *([] if among is None else [among.tolist()]), text, count]
        return self._store.run(statement, *values, **settings)

    def read_ids(self) -> Iterator[Ids]:
        """Yield all ids in pages."""
        for page in self._pages("id"):
            yield np.array([row[0] for row in page], np.int64)

    def read_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        """Yield all ids with their vectors in pages."""
        for page in self._pages("id, vector::real[]"):
            ids = np.array([row[0] for row in page], np.int64)
            yield ids, np.array([row[1] for row in page], np.float32)

    def prepare_search(self) -> None:
        """Nothing: a server has what it needs."""

    def _pages(self, columns: str) -> Iterator[list[tuple[Any, ...]]]:
        statement = f"SELECT {columns} FROM {self._table} WHERE id > %s ORDER BY id LIMIT %s"  # noqa: S608
        last = -1
        while page := self._store.run(statement, last, PAGE_VECTORS):
            last = page[-1][0]
            yield page


def _text(vector: Vectors) -> str:
    return f"[{','.join(map(repr, vector.tolist()))}]"
