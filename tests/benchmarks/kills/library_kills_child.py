"""The library child with a stand-in for the model: it starts at once and always says the same."""

import functools
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core import worker_main
from core.library import child
from core.library.embedding.embedder import DEFAULT_BATCH_TOKENS
from core.library.embedding.vector_types import Vectors
from core.library.serving.library_backends import LibraryBackends
from tests.library.conftest import ScriptedEmbedder

_SECONDS_A_TEXT = 0.002


class StandIn(ScriptedEmbedder):
    """Takes about as long as the real one; texts that share words are near each other."""

    batch_tokens = DEFAULT_BATCH_TOKENS
    is_loaded = False

    def load_model(self) -> None:
        """There is nothing to load."""
        self.is_loaded = True

    def embed(self, texts: list[str]) -> Vectors:
        """Take about as long as the real one."""
        time.sleep(_SECONDS_A_TEXT * len(texts))
        return super().embed(texts)


if __name__ == "__main__":
    backends = LibraryBackends(open_embedder=StandIn, open_judge=None)
    vars(child)["serve"] = functools.partial(child.serve, backends=backends)
    sys.exit(worker_main.main(sys.argv[1:]))
