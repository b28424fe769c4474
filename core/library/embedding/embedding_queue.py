"""Embedding queue: texts that wait for vectors, taken in batches of similar length."""

from collections.abc import Mapping

from core.library.embedding.embedder import DEFAULT_BATCH_TOKENS

FULL_QUEUE_TOKENS = 16 * DEFAULT_BATCH_TOKENS
"""Enough texts to sort by length: more gain little, and files wait longer to be complete."""


class EmbeddingQueue:
    """Texts by their `vector_key`, each once, however many passages have it."""

    def __init__(self) -> None:
        self._incoming: dict[bytes, tuple[int, str]] = {}
        self._draining: list[tuple[int, bytes, str]] = []  # longest last
        self._waiting: set[bytes] = set()
        self.last_batch_tokens = 0
        """Tokens of the last batch, without padding."""

    def add_text(self, key: bytes, text: str, tokens: int) -> None:
        """Queue a text of so many tokens; once more does nothing."""
        if key not in self._waiting:
            self._waiting.add(key)
            self._incoming[key] = (tokens, text)

    def __contains__(self, key: bytes) -> bool:
        return key in self._waiting

    @property
    def queued_tokens(self) -> int:
        """Tokens of the texts that came since the last sorting."""
        return sum(tokens for tokens, _ in self._incoming.values())

    @property
    def is_draining(self) -> bool:
        """Whether sorted texts are left to be taken."""
        return bool(self._draining)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def next_batch(self, batch_tokens: int) -> Mapping[bytes, str]:
        """Return the next texts to embed, of similar length.

        With padding they have `batch_tokens` at most, which are measured when a model is loaded.
        """
        if not self._draining:
            self._draining = sorted(
                (tokens, key, text) for key, (tokens, text) in self._incoming.items()
            )
            self._incoming = {}
        batch: dict[bytes, str] = {}
        self.last_batch_tokens = 0
        longest = self._draining[-1][0] if self._draining else 0
        while self._draining and (not batch or (len(batch) + 1) * longest <= batch_tokens):
            tokens, key, text = self._draining.pop()
            self.last_batch_tokens += tokens
            batch[key] = text
            self._waiting.discard(key)
        return batch
