"""A scripted embedder and records over a fresh root."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.base.paths import Paths, embedding_model
from core.library.embedding.embedder import QueryEmbedder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.embedding.vector_types import Vectors
from core.library.store.library_records import LibraryRecords
from core.library.text.embedder_token_counter import EmbedderTokenCounter, TokenCounter

DIMENSIONS = 32


@cache
def shipped_token_counter() -> TokenCounter:
    return EmbedderTokenCounter(embedding_model())


class ScriptedEmbedder:
    """An Embedder without a model: texts that share words are near each other."""

    name = "scripted"
    window_tokens = 256
    batch_tokens = 512
    is_loaded = True
    is_multilingual = False
    number_format = ""
    tuning_json = ""

    def __init__(self, folder: Path | None = None, remembered: str = "") -> None:
        self.model_folder = folder or embedding_model()

    @property
    def token_counter(self) -> TokenCounter:
        return shipped_token_counter()

    @property
    def query_embedder(self) -> QueryEmbedder:
        return self

    @property
    def reads_questions(self) -> bool:
        return self.is_loaded

    def check_model(self) -> None:
        """Refuse what the real one refuses."""
        SentenceTransformerEmbedder(self.model_folder).check_model()

    def load_model(self) -> None:
        """There is nothing to load."""

    def token_vectors(self, texts: list[str]) -> list[Vectors]:
        """Return a vector for each word."""
        return [self.embed(text.split()).reshape(-1, DIMENSIONS) for text in texts]

    def encode_reference(self, texts: Sequence[str]) -> None:
        """Embed without a word."""
        self.embed(list(texts))

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text: a sum of one fixed direction per word."""
        rows = [self._row(text) for text in texts]
        return np.array(rows, np.float32)

    embed_few = embed

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
