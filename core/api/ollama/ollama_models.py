"""Models and embeddings as Ollama's API has them."""

import datetime as dt
from typing import Any

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.ollama.ollama_schema import OllamaEmbedBody, OllamaShowBody
from core.api.openai.model_endpoint import find_model, list_known_models
from core.api.retrieval.text_vectors import embed_texts, vector_numbers
from core.messages import ApiModel

VERSION = "0.12.0"
"""The version of Ollama whose form this is; clients ask before they use what is newer."""
_NO_END = dt.timedelta(days=292 * 365)


async def show_version(request: ApiRequest) -> None:
    """Answer GET /api/version."""
    await request.send_json({"version": VERSION})


async def list_tags(request: ApiRequest) -> None:
    """Answer GET /api/tags."""
    listed = await list_known_models(request)
    await request.send_json({"models": [_fields(each) for each in listed.models]})


async def list_running(request: ApiRequest) -> None:
    """Answer GET /api/ps."""
    listed = await list_known_models(request)
    running = [
        {
            **_fields(each),
            "expires_at": _expiry(each.seconds_left),
            "size_vram": 0,
            "context_length": each.loaded_context or each.context,
        }
        for each in listed.models
        if each.is_loaded
    ]
    await request.send_json({"models": running})


async def show_details(request: ApiRequest) -> None:
    """Answer POST /api/show."""
    body = request.parse_body(OllamaShowBody)
    name = (body.model or body.name).removesuffix(":latest")
    model = find_model(await list_known_models(request), name)
    if model is None:
        raise ApiError(404, f"model '{name}' not found")
    fields = _fields(model)
    await request.send_json(
        {
            "modelfile": "",
            "parameters": "",
            "template": "",
            "license": "",
            "details": fields["details"],
            "model_info": {
                "general.architecture": model.architecture,
                "general.parameter_count": model.parameters,
                f"{model.architecture}.context_length": model.context,
            },
            "capabilities": ["completion", "tools"],
            "modified_at": fields["modified_at"],
        }
    )


async def embed_input(request: ApiRequest) -> None:
    """Answer POST /api/embed."""
    body = request.parse_body(OllamaEmbedBody)
    texts = [body.input] if isinstance(body.input, str) else body.input
    made = await embed_texts(request, texts, body.model)
    await request.send_json(
        {
            "model": body.model,
            "embeddings": [vector_numbers(each, body.dimensions) for each in made.vectors],
            "total_duration": 0,
            "load_duration": 0,
            "prompt_eval_count": made.tokens,
        }
    )


async def embed_prompt(request: ApiRequest) -> None:
    """Answer POST /api/embeddings, the older form for one text."""
    body = request.parse_body(OllamaEmbedBody)
    made = await embed_texts(request, [body.prompt or ""], body.model)
    await request.send_json({"embedding": vector_numbers(made.vectors[0])})


def _expiry(seconds: float | None) -> str:
    """Return when a model's memory is freed; without an end as Ollama writes it, in centuries."""
    left = _NO_END if seconds is None else dt.timedelta(seconds=seconds)
    return (dt.datetime.now(dt.UTC) + left).isoformat().replace("+00:00", "Z")


def _fields(model: ApiModel) -> dict[str, Any]:
    changed = dt.datetime.fromtimestamp(model.created, dt.UTC).isoformat()
    return {
        "name": model.name,
        "model": model.name,
        "modified_at": changed,
        "size": model.bytes_on_disk,
        "digest": model.sha256,
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": model.architecture,
            "families": [model.architecture],
            "parameter_size": f"{model.parameters / 1e9:.1f}B",
            "quantization_level": model.quantization,
        },
    }
