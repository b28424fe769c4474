"""Fields of a request for a response, as OpenAI names them."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from core.api.api_conversation import (
    ApiMessage,
    CalledTool,
    ToolSpec,
    ToolUse,
    choose_tools,
    named_tools,
)
from core.api.api_errors import ApiError

FUNCTION = "function"
"""The type of tools that a program runs itself."""


class ContentItem(Struct):
    """A piece of a message's content; only text is understood."""

    type: Literal["input_text", "output_text", "text", "refusal", "reasoning_text"]
    text: str = ""
    refusal: str = ""


class InputItem(Struct):
    """One item: a message, a call of a tool, what it returned, or reasoning."""

    type: Literal["message", "function_call", "function_call_output", "reasoning"] = "message"
    role: Literal["system", "developer", "user", "assistant"] = "user"
    content: str | list[ContentItem] | None = None
    id: str | None = None
    status: str | None = None
    phase: str | None = None
    call_id: str = ""
    name: str = ""
    arguments: str = ""
    output: str | list[ContentItem] = ""
    summary: Any = None
    encrypted_content: Any = None


class ResponseTool(Struct):
    """A function that may be called; tools of another type are OpenAI's, and passed over."""

    type: str
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,128}$")] = ""
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ResponseToolChoice(Struct, tag_field="type", tag="function"):
    """The function that must be called."""

    name: str


class ResponseToolName(Struct):
    """One of the functions that may be called."""

    type: Literal["function"]
    name: str


class ResponseAllowedTools(Struct, tag_field="type", tag="allowed_tools"):
    """The functions of the request that may be called, or of which one must be."""

    mode: Literal["auto", "required"]
    tools: list[ResponseToolName]


class TextFormat(Struct, frozen=True):
    """The form of the text."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: str = ""
    schema: dict[str, Any] = {}
    strict: bool | None = None
    description: str | None = None


class TextParam(Struct, frozen=True):
    """What is asked of the text."""

    format: TextFormat = TextFormat()
    verbosity: str | None = None


class ReasoningParam(Struct):
    """What is asked of the thinking."""

    effort: str | None = None
    summary: str | None = None
    generate_summary: str | None = None


class ResponseBody(Struct, kw_only=True):
    """The body of a request for a response."""

    model: str
    input: str | list[InputItem]
    instructions: str | None = None
    previous_response_id: str | None = None
    max_output_tokens: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=5)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    presence_penalty: Annotated[float, Meta(ge=-10, le=10)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-10, le=10)] | None = None
    tools: Annotated[list[ResponseTool], Meta(max_length=128)] = []
    tool_choice: Literal["none", "auto", "required"] | ResponseToolChoice | ResponseAllowedTools = (
        "auto"
    )
    parallel_tool_calls: bool | None = None
    text: TextParam = TextParam()
    reasoning: ReasoningParam | None = None
    stream: bool | None = None
    store: bool | None = None
    folders: list[str] = []
    background: Literal[False] | None = None
    truncation: Literal["disabled"] | None = None
    include: list[str] | None = None
    top_logprobs: Literal[0] | None = None
    max_tool_calls: int | None = None
    stream_options: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    user: str | None = None


class InputItemsQuery(Struct, kw_only=True):
    """What is asked of the items that a response was made from."""

    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    order: Literal["asc", "desc"] = "desc"


def said_in_input(body: ResponseBody) -> list[ApiMessage]:
    """Return what the request itself says, without instructions and earlier responses."""
    if isinstance(body.input, str):
        return [ApiMessage(role="user", text=body.input)]
    said: list[ApiMessage] = []
    for item in body.input:
        if item.type == "message":
            role = "system" if item.role == "developer" else item.role
            said.append(ApiMessage(role=role, text=_text(item.content)))
        elif item.type == "function_call":
            call = CalledTool(name=item.name, arguments=item.arguments, call_id=item.call_id)
            said.append(ApiMessage(role="assistant", calls=(call,)))
        elif item.type == "function_call_output":
            said.append(ApiMessage(role="tool", text=_text(item.output), call_id=item.call_id))
    if not said:
        raise ApiError(400, "There is no message.", code="invalid_value", parameter="input")
    return said


def response_tool_use(body: ResponseBody) -> ToolUse:
    """Return the tools of a request. Raises ApiError."""
    tools = [
        ToolSpec(
            name=each.name,
            description=each.description or "",
            parameters=each.parameters or {},
        )
        for each in body.tools
        if each.type == FUNCTION
    ]
    if not all(each.name for each in tools):
        raise ApiError(400, "A function has no name.", parameter="tools")
    choice, is_parallel = body.tool_choice, body.parallel_tool_calls is not False
    if isinstance(choice, ResponseAllowedTools):
        allowed = named_tools(tools, [each.name for each in choice.tools])
        return choose_tools(allowed, choice.mode, parallel=is_parallel)
    name = choice.name if isinstance(choice, ResponseToolChoice) else ""
    word = choice if isinstance(choice, str) else ""
    return choose_tools(tools, word, name, parallel=is_parallel)


def _text(content: str | list[ContentItem] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "\n".join(each.text or each.refusal for each in content)
