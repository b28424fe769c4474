"""Text batches: many texts embedded in passes that are as long as the machine takes at once."""

from collections.abc import Sequence

from core.library.embedding.embedder import Embedder


def embed_in_batches(
    embedder: Embedder, texts: Sequence[str], counts: Sequence[int]
) -> tuple[bytes, ...]:
    """Return the vectors of texts in their order; `counts` are their tokens.

    Texts of a length are embedded together: the shorter ones of a pass are padded.
    """
    vectors: dict[int, bytes] = {}
    batch: list[int] = []

    def embed_batch() -> None:
        made = embedder.embed([texts[place] for place in batch])
        vectors.update(zip(batch, (vector.tobytes() for vector in made), strict=True))
        batch.clear()

    for place in sorted(range(len(texts)), key=counts.__getitem__):
        length = min(counts[place], embedder.window_tokens)
        if batch and (len(batch) + 1) * length > embedder.batch_tokens:
            embed_batch()
        batch.append(place)
    if batch:
        embed_batch()
    return tuple(vectors[place] for place in range(len(texts)))
