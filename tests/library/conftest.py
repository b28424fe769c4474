"""A scripted embedder and records over a fresh root."""

from collections.abc import Iterator

import numpy as np
import pytest

from core.base.paths import Paths
from core.library.embedding.vector_types import Vectors
from core.library.store.library_records import LibraryRecords

DIMENSIONS = 32


class ScriptedEmbedder:
    """Stands in for the model: texts that share words are near each other."""

    name = "scripted"
    window_tokens = 256
    batch_tokens = 512
    is_loaded = True

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text: a sum of one fixed direction per word."""
        rows = [self._row(text) for text in texts]
        return np.array(rows, np.float32)

    def _row(self, text: str) -> Vectors:
        row = np.zeros(DIMENSIONS, np.float32)
        for word in text.lower().split():
            seed = int.from_bytes(word.encode()[:8], "big")
            row += np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
        length = float(np.linalg.norm(row)) or 1.0
        return np.asarray(row / length, np.float32)


@pytest.fixture
def embedder() -> ScriptedEmbedder:
    return ScriptedEmbedder()


@pytest.fixture
def records(root: Paths) -> Iterator[LibraryRecords]:
    records = LibraryRecords(root)
    yield records
    records.close()
