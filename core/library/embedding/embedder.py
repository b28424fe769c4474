"""Embedder protocol: texts to vectors, as the library uses an embedding model.

`core.library.embedding.sentence_transformer_embedder` implements it. Another kind of model takes
its place by implementing `Embedder` and being named in
`core.library.serving.library_backends`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from core.library.embedding.vector_types import Vectors
from core.library.text.embedder_token_counter import TokenCounter

FEW_TOKENS = 6_000
"""Tokens that `embed_few` embeds sooner than a model is brought into memory. On one busy core that
took 17 seconds of processor time at first; NumPy embeds 1,200 tokens a second with the English
model that ships, 640 with the other, torch some four times as many."""
FEW_AT_ONCE = 256
"""Tokens of one step of `embed_few`: a fifth of a second."""
DEFAULT_BATCH_TOKENS = 1024
"""Most tokens of one forward pass until that was measured. On one core 4 texts of 164 tokens ran
as fast as 32 (5,900 to 6,200 tokens/s)."""


class QueryEmbedder(Protocol):
    """The side of an embedder that reads questions and single words of them."""

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text, in order; shape (len(texts), width), float32."""


class Embedder(Protocol):
    """One model in a folder; all but `embed` works without the model in memory.

    The library's main thread calls everything; `load_model`, which takes seconds, runs on a thread
    of its own, and nothing else calls `embed` until `is_loaded`, or asks `query_embedder` until
    `reads_questions`. All methods and properties raise
    LibraryError, EMBEDDER_MISSING or EMBEDDER_REFUSED, for a folder that can't be used.
    """

    @property
    def model_folder(self) -> Path:
        """Where its files lie, as Sentence Transformers lays them out."""

    @property
    def name(self) -> str:
        """Identity of the vectors: two embedders of one name give the same ones for any text."""

    @property
    def window_tokens(self) -> int:
        """Longest text that `embed` reads to its end, in tokens with the special ones."""

    @property
    def token_counter(self) -> TokenCounter:
        """The model's tokenizer; read once, which may take a second."""

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""

    @property
    def reads_questions(self) -> bool:
        """Whether `query_embedder` answers now; for some models it does before they are loaded."""

    @property
    def batch_tokens(self) -> int:
        """Most tokens of one `embed` with padding: as many as take a tenth of a second at most."""

    @property
    def number_format(self) -> str:
        """Format of the weights, such as "bfloat16"; "" until it is loaded."""

    @property
    def tuning_json(self) -> str:
        """Measurements of this machine that the next process is handed; "" until it is loaded."""

    @property
    def is_multilingual(self) -> bool:
        """Whether texts of one meaning in several languages are near each other."""

    @property
    def query_embedder(self) -> QueryEmbedder:
        """The side that reads questions; other models put another prompt before them."""

    def check_model(self) -> None:
        """Refuse a folder that can't be used, or that would run code, without loading it."""

    def load_model(self) -> None:
        """Bring the model into memory; once more does nothing."""

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per passage, in order; shape (len(texts), width), float32.

        One forward pass; loads the model first, unless it is loaded.
        """

    def embed_few(self, texts: list[str]) -> Vectors:
        """Do the same before the model is loaded, where `reads_questions`; slower, but at once."""

    def token_vectors(self, texts: list[str]) -> list[Vectors]:
        """Return for each text the unit vectors of its tokens, without the special ones.

        Shape (tokens, width), float32; no prompt is put before the texts.
        """

    def encode_reference(self, texts: Sequence[str]) -> None:
        """Embed by the model's own library alone: what the time of the rest is compared with."""


OpenEmbedder: TypeAlias = Callable[[Path, str], Embedder]
"""Makes an embedder of a model's folder and the `tuning_json` of an earlier process ("" for none).
Nothing is read or loaded yet."""
