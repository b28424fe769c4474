"""Responses as OpenAI's API has them, whole or as a stream of events."""

from collections.abc import Sequence

from core.api.api_conversation import ANY_OBJECT, ApiMessage, CalledTool, ToolUse, prompt_turns
from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import call_of_model, generate_answers, ignore_event, new_call_id
from core.api.openai.chat_schema import encoded_schema
from core.api.responses.response_items import Item, input_items, items_of, response_fields
from core.api.responses.response_schema import (
    InputItemsQuery,
    ResponseBody,
    response_tool_use,
    said_in_input,
)
from core.api.responses.response_stream import ResponseStream
from core.api.responses.stored_responses import StoredResponse, StoredResponses
from core.messages import GenerateText, SamplingChoice

_stored = StoredResponses()


async def create_response(request: ApiRequest) -> None:
    """Answer POST /v1/responses."""
    body = request.parse_body(ResponseBody)
    request.model = body.model
    use = response_tool_use(body)
    said, items_read = said_in_input(body), input_items(body)
    before = None
    if body.previous_response_id:
        before = _response_before(body.previous_response_id, request.client)
    whole = [*before.collect_messages(), *said] if before else said
    # Instructions are of one response alone: those of an earlier one don't stand any more.
    spoken = (
        [ApiMessage(role="system", text=body.instructions), *whole] if body.instructions else whole
    )
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=prompt_turns(spoken),
        sampling=_sampling(body, use),
        max_tokens=body.max_output_tokens or 0,
    )
    asked = call_of_model(request, call, body.folders, use)
    name = f"resp_{new_call_id()}"
    if body.stream:
        stream = ResponseStream(request, body, name, has_tools=bool(use.tools))
        (done,) = await generate_answers(request, asked, 1, stream.send_event)
        fields = await stream.end(done)
    else:
        (done,) = await generate_answers(request, asked, 1, ignore_event)
        answered = request.folders_answered
        items = items_of(done, answered, has_tools=bool(use.tools))
        fields = response_fields(name, body, items, done, answered)
        await request.send_json(fields)
    if body.store is not False:
        said = [*said, _answer_said(fields["output"])]
        kept = StoredResponse(request.client, fields, tuple(said), tuple(items_read), before)
        _stored.keep_response(name, kept)


async def refuse_compaction(request: ApiRequest) -> None:
    """Answer POST /v1/responses/compact: early turns are kept as they are here."""
    raise ApiError(404, f"Nothing is served at {request.path}.", code="unknown_url")


async def show_response(request: ApiRequest) -> None:
    """Answer GET /v1/responses/ID."""
    found = _stored.find_response(request.path_values["name"], request.client)
    await request.send_json(found.fields)


async def list_input_items(request: ApiRequest) -> None:
    """Answer GET /v1/responses/ID/input_items: the newest first, unless the order is “asc”."""
    found = _stored.find_response(request.path_values["name"], request.client)
    query = request.parse_query(InputItemsQuery)
    items = found.collect_items()
    if query.order != "asc":
        items.reverse()
    if query.after:
        places = [place for place, each in enumerate(items) if each["id"] == query.after]
        if not places:
            text = f"There is no item “{query.after:.80}”."
            raise ApiError(400, text, code="invalid_value", parameter="after")
        items = items[places[0] + 1 :]
    page = items[: query.limit]
    await request.send_json(
        {
            "object": "list",
            "data": page,
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
            "has_more": len(items) > len(page),
        }
    )


async def delete_response(request: ApiRequest) -> None:
    """Answer DELETE /v1/responses/ID."""
    name = request.path_values["name"]
    _stored.delete_response(name, request.client)
    await request.send_json({"id": name, "object": "response", "deleted": True})


def _response_before(name: str, client: str) -> StoredResponse:
    """Return an earlier response. Raises ApiError."""
    try:
        return _stored.find_response(name, client)
    except ApiError as error:
        raise ApiError(
            400,
            f"Previous response with id “{name:.80}” not found.",
            code="previous_response_not_found",
            parameter="previous_response_id",
        ) from error


def _answer_said(items: Sequence[Item]) -> ApiMessage:
    """Return an answer as the next request goes on from it; results name its calls by their ids."""
    messages = (item for item in items if item["type"] == "message")
    texts = [part["text"] for message in messages for part in message["content"]]
    called = tuple(
        CalledTool(name=item["name"], arguments=item["arguments"], call_id=item["call_id"])
        for item in items
        if item["type"] == "function_call"
    )
    return ApiMessage(role="assistant", text="".join(texts), calls=called)


def _sampling(body: ResponseBody, use: ToolUse) -> SamplingChoice:
    form = body.text.format
    schema = None
    if form.type == "json_object":
        schema = ANY_OBJECT
    elif form.type == "json_schema":
        schema = encoded_schema(form.schema)
    effort = body.reasoning.effort if body.reasoning else None
    return SamplingChoice(
        temperature=body.temperature,
        top_p=body.top_p,
        presence_penalty=body.presence_penalty,
        frequency_penalty=body.frequency_penalty,
        json_schema=schema,
        thinking=None if effort is None else effort not in {"none", "minimal"},
        tools=use.schemas,
        tool_use=use.use if use.tools else None,
    )
