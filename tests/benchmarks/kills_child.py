"""The library child with a stand-in for the model: it starts at once and always says the same."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core import worker_main
from core.library.embedding.sentence_transformer_embedder import BATCH_TOKENS, QueryEmbedder
from core.library.embedding.vector_types import Vectors
from core.library.serving import library_worker
from tests.library.conftest import ScriptedEmbedder

_SECONDS_A_TEXT = 0.002


class StandIn(ScriptedEmbedder):
    """What the library needs of an embedder; texts that share words are near each other."""

    batch_tokens = BATCH_TOKENS
    number_format = habit = ""
    is_loaded = False

    def __init__(self, folder: Path, remembered: str = "") -> None:
        self.folder = folder

    def load(self) -> None:
        """There is nothing to load."""
        self.is_loaded = True

    @property
    def questions(self) -> QueryEmbedder:
        """Questions are read as passages are."""
        return self

    def embed(self, texts: list[str]) -> Vectors:
        """Take about as long as the real one."""
        time.sleep(_SECONDS_A_TEXT * len(texts))
        return super().embed(texts)


if __name__ == "__main__":
    vars(library_worker)["Embedder"] = StandIn  # the seam of this benchmark
    sys.exit(worker_main.main(sys.argv[1:]))
