"""The library child with a stand-in for the model: it starts at once and always says the same.

`--kill STAGE:NTH:SECONDS` before the role ends the process by SIGKILL so many seconds after the
stage began for the NTH time: `waiting` (files are listed), `reading`, `embedding`, `writing`
(a change of library.db), `indexing` (vectors go into the index).
"""

import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core import child_main
from core.library import library_child
from core.library.embedding.embedder import DEFAULT_BATCH_TOKENS
from core.library.embedding.vector_types import Vectors
from core.library.index.index_segment import IndexSegment
from core.library.index.vector_index import VectorIndex
from core.library.reading.file_reader import FileReader
from core.library.serving import open_library
from core.library.serving.library_backends import LibraryBackends
from core.library.store.file_records import FileRecords
from tests.library.conftest import DIMENSIONS, ScriptedEmbedder

_SECONDS_A_TEXT = 0.002
_KILL = 9


class StandIn(ScriptedEmbedder):
    """Embeds without a model; texts that share words are near each other."""

    batch_tokens = DEFAULT_BATCH_TOKENS
    is_loaded = False

    def load_model(self) -> None:
        """There is nothing to load."""
        self.is_loaded = True

    def embed(self, texts: list[str]) -> Vectors:
        """Take some time, and little of the processor's."""
        time.sleep(_SECONDS_A_TEXT * len(texts))
        return super().embed(texts)

    def _row(self, text: str) -> Vectors:
        row = np.zeros(DIMENSIONS, np.float32)
        for word in text.lower().split():
            row += _direction(int.from_bytes(word.encode()[:8], "big"))
        length = float(np.linalg.norm(row)) or 1.0
        return np.asarray(row / length, np.float32)


@functools.cache
def _direction(seed: int) -> Vectors:
    """Return what the word of this seed always points to."""
    return np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)


STAGES: dict[str, tuple[type, str]] = {
    "waiting": (FileRecords, "mark_waiting"),
    "reading": (FileReader, "submit_file"),
    "embedding": (StandIn, "embed"),
    "writing": (FileRecords, "_find_or_store_content"),
    "indexing": (IndexSegment, "add_vectors"),
}
"""Where each stage begins."""


def kill_in_stage(stage: str, nth: int, seconds: float) -> None:
    """End this process so long after the stage began for the nth time."""
    owner, name = STAGES[stage]
    real: Callable[..., Any] = getattr(owner, name)
    begun = 0

    @functools.wraps(real)
    def begin(*arguments: Any, **named: Any) -> Any:
        nonlocal begun
        begun += 1
        if begun == nth:
            threading.Timer(seconds, os.kill, (os.getpid(), _KILL)).start()
        return real(*arguments, **named)

    setattr(owner, name, begin)


def main(words: list[str]) -> int:
    """Be the child, and end as told."""
    if words[0] == "--kill":
        at, nth, seconds = words[1].split(":")
        kill_in_stage(at, int(nth), float(seconds))
        words = words[2:]
    # The index proper from the first vector on: a small library is searched without one.
    vars(open_library)["VectorIndex"] = functools.partial(VectorIndex, exact_below=1)
    backends = LibraryBackends(open_embedder=StandIn, open_judge=None)
    vars(library_child)["serve"] = functools.partial(library_child.serve, backends=backends)
    return child_main.main(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
