"""Opens a retrieval set as a library, which is kept for the next time."""

from pathlib import Path

from core.base.paths import Paths, embedding_model
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.tasks.retrieval_evaluation import RetrievalSet, corpus_documents
from core.library.tasks.temporary_library import TemporaryLibrary


def open_set(source: Path, cache: Path) -> tuple[RetrievalSet, TemporaryLibrary]:
    """Read a set, embedding its documents the first time."""
    paths = Paths(cache / source.name)
    paths.create_folders()
    asked, embedder = RetrievalSet(source), SentenceTransformerEmbedder(embedding_model())
    embedder.load_model()
    library = TemporaryLibrary(paths, embedder, file=paths.library, root=str(source.absolute()))
    done = paths.root / "complete"
    if not done.exists():
        for _step in library.add_documents(corpus_documents(asked)):
            pass
        done.touch()
    return asked, library
