"""List of models as OpenAI's API has it."""

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import new_call_id
from core.messages import DEFAULT_MODEL_NAMES, ApiModel, ApiModelsListed, ListApiModels
from core.messages.model_names import find_by_model_name

EMBEDDER = "inglenook-embedder"
"""Stands for the model that makes the vectors of folders, whichever it is."""


async def list_models(request: ApiRequest) -> None:
    """Answer GET /v1/models."""
    listed = await list_known_models(request)
    models = (*listed.models, ApiModel(name=EMBEDDER))
    await request.send_json({"object": "list", "data": [_fields(each) for each in models]})


async def show_model(request: ApiRequest) -> None:
    """Answer GET /v1/models/NAME."""
    name = request.path_values["name"]
    found = find_model(await list_known_models(request), name)
    if found is None:
        text = f"There is no model “{name}”."
        raise ApiError(404, text, code="model_not_found", parameter="model")
    await request.send_json(_fields(found))


def find_model(listed: ApiModelsListed, name: str) -> ApiModel | None:
    """Return the model of a name, or the one that answers where none is named."""
    if name in DEFAULT_MODEL_NAMES:
        return next((each for each in listed.models if each.is_chosen), None)
    return find_by_model_name(name, listed.models, lambda each: (each.name, each.file_name))


async def list_known_models(request: ApiRequest) -> ApiModelsListed:
    """Return the models that may be named."""
    call = ListApiModels(call_id=new_call_id(), client=request.client)
    return await request.calls.call_for(call, ApiModelsListed)


def _fields(model: ApiModel) -> dict[str, object]:
    """Return a model as OpenAI's API has it, with its room as OpenRouter's and vLLM's tell it."""
    context = model.loaded_context or model.context
    return {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": "inglenook",
        **({"context_length": context, "max_model_len": context} if context else {}),
        "meta": {
            "n_ctx_train": model.context,
            "n_params": model.parameters,
            "size": model.bytes_on_disk,
            "quantization": model.quantization,
            "loaded": model.is_loaded,
        },
    }
