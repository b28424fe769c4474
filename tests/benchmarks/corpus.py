"""Opens a retrieval set as a library, which is kept for the next time."""

import random
from pathlib import Path

from core.base.paths import Paths, embedding_model
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.tasks.retrieval_evaluation import RetrievalSet, corpus_documents
from core.library.tasks.temporary_library import TemporaryLibrary

_SEED = 14


def open_set(
    source: Path, cache: Path, embedder_folder: Path | None = None
) -> tuple[RetrievalSet, TemporaryLibrary]:
    """Read a set, embedding its documents the first time."""
    folder = embedder_folder or embedding_model()
    paths = Paths(cache / f"{source.name}.{folder.name}")
    paths.create_folders()
    asked, embedder = RetrievalSet(source), SentenceTransformerEmbedder(folder)
    embedder.load_model()
    library = TemporaryLibrary(paths, embedder, file=paths.library, root=str(source.absolute()))
    done = paths.root / "complete"
    if not done.exists():
        for _step in library.add_documents(corpus_documents(asked)):
            pass
        done.touch()
    return asked, library


def sample_questions(asked: RetrievalSet, count: int) -> None:
    """Leave so many of a set's questions, always the same ones."""
    chance = random.Random(_SEED)
    kept = chance.sample(sorted(asked.queries), min(count, len(asked.queries)))
    asked.queries = {id_: asked.queries[id_] for id_ in kept}
