"""Library backends: the implementations that the library child works with, chosen in one place."""

from dataclasses import dataclass

from core.library.embedding.embedder import OpenEmbedder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.index.index_stores import open_index_store
from core.library.index.vector_store import OpenVectorStore
from core.library.judging.judge import OpenJudge
from core.library.judging.learned_judge import LearnedJudge
from core.library.search.cross_encoder_reranker import CrossEncoderReranker
from core.library.search.reranker import OpenReranker


@dataclass(frozen=True, slots=True)
class LibraryBackends:
    """What embeds texts, holds the index, reranks and judges; each behind a protocol.

    Without a judge, evidence of words and cosines decides alone.
    """

    open_embedder: OpenEmbedder = SentenceTransformerEmbedder
    open_vector_store: OpenVectorStore = open_index_store
    open_reranker: OpenReranker = CrossEncoderReranker
    open_judge: OpenJudge | None = LearnedJudge
