"""Embeddings as OpenAI's API has them, and the order of texts by a query (rerank)."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import new_call_id
from core.api.retrieval.text_vectors import (
    TEXTS_PER_REQUEST,
    TextVectors,
    embed_texts,
    encoded_vector,
    vector_numbers,
)
from core.messages import JudgeForProgram, PassagesJudged


class EmbeddingBody(Struct, kw_only=True):
    """The body of a request for embeddings."""

    model: str
    input: str | list[str | int | list[int]]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    user: str | None = None


class RerankBody(Struct, kw_only=True):
    """The body of a request to put texts into order."""

    query: str
    documents: list[str | dict[str, Any]]
    model: str = ""
    top_n: Annotated[int, Meta(ge=1)] | None = None
    return_documents: bool = False


async def embed_input(request: ApiRequest) -> None:
    """Answer POST /v1/embeddings."""
    body = request.parse_body(EmbeddingBody)
    made = await embed_texts(request, _texts_of(body), body.model)
    width = len(made.vectors[0]) // 4
    if body.dimensions is not None and body.dimensions > width:
        raise ApiError(400, f"The vectors have {width} dimensions.", parameter="dimensions")
    encode = encoded_vector if body.encoding_format == "base64" else vector_numbers
    data = [
        {"object": "embedding", "index": place, "embedding": encode(vector, body.dimensions)}
        for place, vector in enumerate(made.vectors)
    ]
    usage = {"prompt_tokens": made.tokens, "total_tokens": made.tokens}
    await request.send_json({"object": "list", "data": data, "model": body.model, "usage": usage})


def _texts_of(body: EmbeddingBody) -> list[str]:
    """Return the texts. Raises ApiError for tokens, which LangChain makes unless told not to."""
    if isinstance(body.input, str):
        return [body.input]
    texts = [each for each in body.input if isinstance(each, str)]
    if len(texts) != len(body.input):
        raise ApiError(
            400,
            "Tokens are of another model's vocabulary: send the texts themselves"
            " (LangChain: check_embedding_ctx_length=False).",
            code="invalid_value",
            parameter="input",
        )
    return texts


async def rerank_texts(request: ApiRequest) -> None:
    """Answer POST /v1/rerank: the texts by how likely the judge thinks that they answer the query.

    Where no judge is installed, by the cosine of their vectors to that of the query.
    """
    body = request.parse_body(RerankBody)
    texts = [
        each if isinstance(each, str) else str(each.get("text", "")) for each in body.documents
    ]
    for parameter, empty in (("query", not body.query), ("documents", not texts or not all(texts))):
        if empty:
            raise ApiError(400, "There is no text, or an empty one.", parameter=parameter)
    made = await embed_texts(request, [body.query, *texts], body.model)
    scores = await _likely_answers(request, body.query, texts) or _cosines(made)
    order = sorted(range(len(texts)), key=lambda place: -scores[place])[: body.top_n]
    results: list[dict[str, object]] = []
    for place in order:
        result: dict[str, object] = {"index": place, "relevance_score": scores[place]}
        if body.return_documents:
            result["document"] = {"text": texts[place]}
        results.append(result)
    usage = {"prompt_tokens": made.tokens, "total_tokens": made.tokens}
    await request.send_json(
        {"object": "list", "model": body.model, "results": results, "usage": usage}
    )


async def _likely_answers(request: ApiRequest, query: str, texts: Sequence[str]) -> list[float]:
    """Return the probability that each text answers the query, none without a judge."""
    found: list[float] = []
    for start in range(0, len(texts), TEXTS_PER_REQUEST):
        part = tuple(texts[start : start + TEXTS_PER_REQUEST])
        call = JudgeForProgram(
            call_id=new_call_id(), client=request.client, query=query, texts=part
        )
        judged = await request.calls.call_for(call, PassagesJudged)
        if not judged.probabilities:
            return []
        found += judged.probabilities
    return found


def _cosines(made: TextVectors) -> list[float]:
    query, *others = [vector_numbers(vector) for vector in made.vectors]
    return [sum(a * b for a, b in zip(query, other, strict=True)) for other in others]
