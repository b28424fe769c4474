"""Opens a retrieval set as a library, which is kept for the next time."""

from pathlib import Path

from core.library.embedder import Embedder
from core.library.evaluation import documents_of
from core.library.retrieval_set import RetrievalSet
from core.library.temporary import TemporaryLibrary
from core.paths import Paths, embedding_model


def open_set(source: Path, cache: Path) -> tuple[RetrievalSet, TemporaryLibrary]:
    """Read a set, embedding its documents the first time."""
    paths = Paths(cache / source.name)
    paths.create()
    asked, embedder = RetrievalSet(source), Embedder(embedding_model())
    embedder.load()
    library = TemporaryLibrary(paths, embedder, file=paths.library, root=str(source.absolute()))
    done = paths.root / "complete"
    if not done.exists():
        for _step in library.put(documents_of(asked)):
            pass
        done.touch()
    return asked, library
