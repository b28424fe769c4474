"""Index generations: builds of the index on disk or on a server, and the state of the open one.

A generation is a set of collections in a vector store: in a folder it has a store of its own, on a
server its collections bear its name.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np

from core.base.data_files import open_data_file, read_data_file, write_data_file
from core.library.embedding.vector_types import Ids
from core.library.index.index_segment import IndexSegment
from core.library.index.vector_store import OpenVectorStore, VectorStore, VectorStoreError

_STATE = "current.json"
_IDS = "ids.npz"


class IndexGenerations:
    """Generations of one library's index, of which one is open; in a folder or on a server.

    Raises VectorStoreError for a damaged folder, LibraryError for a server that is away.
    """

    def __init__(self, folder: Path, open_store: OpenVectorStore, server: str) -> None:
        self._folder = folder
        self._open_store = open_store
        self._server = server
        self._store: VectorStore | None = None
        self.name = ""
        """Name of the open generation, "g0001" for the first; "" before that."""

    @property
    def is_open(self) -> bool:
        """Whether the store is open."""
        return self._store is not None

    @property
    def max_segment_vectors(self) -> int:
        """How many vectors a segment may hold; the store is open."""
        return self._opened_store.max_collection_vectors

    def last_generation(self) -> tuple[str, str]:
        """Return name and state of the last generation; state "" if it is on another server."""
        generation, state, server = self._read_state()
        return generation, state if server == self._server else ""

    def open_generation(self, name: str) -> list[IndexSegment]:
        """Open a generation that is there; return its segments, oldest first."""
        self.name = name
        self.open_store()
        store = self._opened_store
        return [
            IndexSegment(store.open_collection(known))
            for known in store.collection_names()
            if known.startswith(f"{self._prefix}{name}-")
        ]

    def start_generation(self) -> None:
        """Start a new generation, and delete all others."""
        self.close()
        names = [*(path.name for path in self._folder.glob("g*")), self._read_state()[0]]
        numbers = [int(name[1:]) for name in names if name[1:].isdigit()]
        self.name = f"g{max(numbers, default=0) + 1:04d}"
        for path in self._folder.glob("g*"):
            shutil.rmtree(path, ignore_errors=True)
        self.write_state("opening")
        self.open_store()
        self._drop_others()

    def new_segment(self, number: int) -> IndexSegment:
        """Add an empty segment to the open generation; numbers count from 1."""
        name = f"{self._prefix}{self.name}-{number:04d}"
        return IndexSegment(self._opened_store.create_collection(name))

    def open_store(self) -> None:
        """Open the store of this generation, or that of the server."""
        self._store = self._open_store(self._folder / self.name, self._server)

    def close(self) -> None:
        """Close the store, if it is open."""
        if self._store is not None:
            with contextlib.suppress(VectorStoreError):  # a server may be gone
                self._store.close()
        self._store = None

    def save_ids(self, segments: list[IndexSegment]) -> None:
        """Store the ids of the segments for the next start: asking the store takes long."""
        content = io.BytesIO()
        np.savez(content, *(segment.ids for segment in segments))
        write_data_file(self._folder / _IDS, content.getvalue())

    def pop_saved_ids(self) -> list[Ids]:
        """Return the saved ids and delete their file: they are valid until something changes."""
        path = self._folder / _IDS
        try:
            # NumPy leaves a damaged file open that it opened itself.
            with open_data_file(path) as file, np.load(file, allow_pickle=False) as stored:
                return [np.asarray(stored[name], np.int64) for name in stored.files]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return []
        finally:
            with contextlib.suppress(
                OSError
            ):  # a file that stays is read again, and doesn't fit then
                path.unlink(missing_ok=True)

    def write_state(self, state: str) -> None:
        """Store the generation's name and state: "opening", "open", or "clean" once closed."""
        content = {"generation": self.name, "state": state, "server": self._server}
        write_data_file(self._folder / _STATE, json.dumps(content).encode())

    def _read_state(self) -> tuple[str, str, str]:
        """Return generation, state and server as they were stored, "" if that is unreadable."""
        try:
            stored = json.loads(read_data_file(self._folder / _STATE))
            return str(stored["generation"]), str(stored["state"]), str(stored.get("server", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return "", "", ""

    @property
    def _opened_store(self) -> VectorStore:
        assert self._store is not None  # `open_store` comes first
        return self._store

    @property
    def _prefix(self) -> str:
        """Beginning of the names of collections; a server has those of other libraries, too."""
        if not self._server:
            return "vectors-"
        library = hashlib.blake2b(os.fsencode(self._folder), digest_size=8).hexdigest()
        return f"inglenook-{library}-"

    def _drop_others(self) -> None:
        """Delete the earlier generations of this library from a server."""
        if not self._server:
            return
        store = self._opened_store
        for name in store.collection_names():
            if name.startswith(self._prefix):
                store.drop_collection(name)


def invalidate_index(folder: Path) -> None:
    """Have the next start build a new index: ids of another library.db mean other vectors."""
    (folder / _STATE).unlink(missing_ok=True)
