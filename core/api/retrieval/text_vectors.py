"""Text vectors: many texts are embedded in parts, so that searches come between."""

import base64
import struct
from collections.abc import Sequence

from msgspec import Struct

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import new_call_id
from core.messages import EmbedForProgram, TextsEmbedded

MAX_TEXTS = 2048
TEXTS_PER_REQUEST = 32
"""Texts that the library is sent at a time, so that searches come between."""
_KNOWN = frozenset({"", "default", "inglenook-embedder"})


class TextVectors(Struct, frozen=True):
    """Unit vectors in the order of their texts, as float32."""

    vectors: tuple[bytes, ...]
    embedder: str
    tokens: int


async def embed_texts(request: ApiRequest, texts: Sequence[str], model: str) -> TextVectors:
    """Return the vectors of texts. Raises ApiError for none, too many, or another model's name."""
    if not texts or not all(texts):
        raise ApiError(400, "There is no text, or an empty one.", parameter="input")
    if len(texts) > MAX_TEXTS:
        raise ApiError(400, f"There are more than {MAX_TEXTS} texts.", parameter="input")
    vectors: list[bytes] = []
    tokens = 0
    embedder = ""
    for start in range(0, len(texts), TEXTS_PER_REQUEST):
        call = EmbedForProgram(
            call_id=new_call_id(),
            client=request.client,
            texts=tuple(texts[start : start + TEXTS_PER_REQUEST]),
        )
        embedded = await request.calls.call_for(call, TextsEmbedded)
        embedder = embedded.embedder
        short = embedder.replace("\\", "/").rstrip("/").rpartition("/")[2]
        if model.removesuffix(":latest") not in _KNOWN | {embedder, short}:
            raise ApiError(
                404,
                f"“{model}” makes no vectors here; “inglenook-embedder” does.",
                code="model_not_found",
                parameter="model",
            )
        vectors += embedded.vectors
        tokens += embedded.tokens
    request.model = embedder
    request.tokens_read = tokens
    return TextVectors(tuple(vectors), embedder, tokens)


def vector_numbers(vector: bytes, width: int | None = None) -> list[float]:
    """Return a vector as numbers; cut to `width`, it is of unit length again."""
    numbers = list(struct.unpack(f"<{len(vector) // 4}f", vector))
    if width is None or width >= len(numbers):
        return numbers
    kept = numbers[:width]
    length = sum(each * each for each in kept) ** 0.5 or 1.0
    return [each / length for each in kept]


def encoded_vector(vector: bytes, width: int | None = None) -> str:
    """Return a vector as OpenAI's base64: float32, the lowest byte first."""
    if width is None:
        return base64.b64encode(vector).decode()
    numbers = vector_numbers(vector, width)
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
