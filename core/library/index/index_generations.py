"""Index generations: builds of the index on disk or on a server, and the state of the open one."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core.base.data_files import open_data_file, read_data_file, write_data_file
from core.library.index.chroma_store import connect_to_server, open_folder_client
from core.library.index.exact_search import Ids
from core.library.index.index_segment import HNSW_CONFIGURATION, IndexSegment
from core.library.index.index_server import parse_index_server

_STATE = "current.json"
_IDS = "ids.npz"


class IndexGenerations:
    """The builds of one library's index, of which one is open; in a folder or on a server.

    Raises whatever Chroma raises over a damaged folder, LibraryError for a server that is away.
    """

    def __init__(self, folder: Path, server: str) -> None:
        self._folder = folder
        self._server = server
        self._client: Any = None
        self.name = ""
        """The name of the build that is open."""

    @property
    def is_open(self) -> bool:
        """Return whether a client is there to be asked."""
        return self._client is not None

    def last_generation(self) -> tuple[str, str]:
        """Return name and state of the last build; "" for the state if it lies elsewhere."""
        generation, state, server = self._read_state()
        return generation, state if server == self._server else ""

    def open_generation(self, name: str) -> list[IndexSegment]:
        """Open a build that was there; return its segments, oldest first."""
        self.name = name
        self.connect_client()
        names = (collection.name for collection in self._client.list_collections())
        return [
            IndexSegment(self._client.get_collection(known, embedding_function=None))
            for known in sorted(names)
            if known.startswith(f"{self._prefix}{name}-")
        ]

    def start_generation(self) -> None:
        """Start a build of its own, and drop all others."""
        self.close()
        names = [*(path.name for path in self._folder.glob("g*")), self._read_state()[0]]
        numbers = [int(name[1:]) for name in names if name[1:].isdigit()]
        self.name = f"g{max(numbers, default=0) + 1:04d}"
        for path in self._folder.glob("g*"):
            shutil.rmtree(path, ignore_errors=True)
        self.write_state("opening")
        self.connect_client()
        self._drop_others()

    def new_segment(self, number: int) -> IndexSegment:
        """Add an empty segment to the open build; numbers count from 1."""
        return IndexSegment(
            self._client.create_collection(
                f"{self._prefix}{self.name}-{number:04d}",
                embedding_function=None,
                configuration=HNSW_CONFIGURATION,
            )
        )

    def connect_client(self) -> None:
        """Get a client of the open build, or of the server."""
        if self._server:
            self._client = connect_to_server(parse_index_server(self._server))
        else:
            self._client = open_folder_client(self._folder / self.name)

    def close(self) -> None:
        """Let go of the client."""
        if self._client is not None:
            with contextlib.suppress(Exception):  # a server may be gone
                self._client.close()
        self._client = None

    def save_ids(self, segments: list[IndexSegment]) -> None:
        """Keep which ids the segments hold, for the next start: asking Chroma takes long."""
        content = io.BytesIO()
        np.savez(content, *(segment.ids for segment in segments))
        write_data_file(self._folder / _IDS, content.getvalue())

    def pop_saved_ids(self) -> list[Ids]:
        """Return the ids that were kept, once: they are true until something changes."""
        path = self._folder / _IDS
        try:
            # NumPy leaves a damaged file open that it opened itself.
            with open_data_file(path) as file, np.load(file, allow_pickle=False) as kept:
                return [np.asarray(kept[name], np.int64) for name in kept.files]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return []
        finally:
            with contextlib.suppress(OSError):  # what stays is read once more, and disagrees
                path.unlink(missing_ok=True)

    def write_state(self, state: str) -> None:
        """Keep which build is open and how: "opening", "open", or "clean" once it is closed."""
        content = {"generation": self.name, "state": state, "server": self._server}
        write_data_file(self._folder / _STATE, json.dumps(content).encode())

    def _read_state(self) -> tuple[str, str, str]:
        """Return generation, state and server as they were kept."""
        try:
            kept = json.loads(read_data_file(self._folder / _STATE))
            return str(kept["generation"]), str(kept["state"]), str(kept.get("server", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return "", "", ""

    @property
    def _prefix(self) -> str:
        """What the names of collections begin with: a server holds those of other libraries too."""
        if not self._server:
            return "vectors-"
        whose = hashlib.blake2b(os.fsencode(self._folder), digest_size=8).hexdigest()
        return f"inglenook-{whose}-"

    def _drop_others(self) -> None:
        """Drop the earlier builds that a server holds of this library."""
        if not self._server:
            return
        for collection in self._client.list_collections():
            if collection.name.startswith(self._prefix):
                self._client.delete_collection(collection.name)


def invalidate_index(folder: Path) -> None:
    """Make the next start build the index anew: ids of another library.db mean other vectors."""
    (folder / _STATE).unlink(missing_ok=True)
