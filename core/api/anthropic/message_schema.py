"""Fields of a request for a message, as Anthropic names them."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from core.api.api_conversation import ApiMessage, CalledTool, ToolSpec, ToolUse, choose_tools
from core.api.api_errors import ApiError


class TextBlock(Struct, tag_field="type", tag="text"):
    """A piece of text; what it says of caching and citations is its service's."""

    text: str
    cache_control: Any = None
    citations: Any = None


class ToolUseBlock(Struct, tag_field="type", tag="tool_use"):
    """A call of a tool in an earlier answer."""

    id: str
    name: str
    input: dict[str, Any]
    caller: Any = None
    cache_control: Any = None


class ToolResultBlock(Struct, tag_field="type", tag="tool_result"):
    """What a tool returned."""

    tool_use_id: str
    content: str | list[TextBlock] = ""
    is_error: bool = False
    cache_control: Any = None


class ThinkingBlock(Struct, tag_field="type", tag="thinking"):
    """The thinking before an earlier answer."""

    thinking: str
    signature: str = ""


Block = TextBlock | ToolUseBlock | ToolResultBlock | ThinkingBlock


class MessageParam(Struct):
    """One message."""

    role: Literal["user", "assistant", "system"]
    content: str | list[Block]


class ToolParam(Struct):
    """A tool that may be called; those of another type are run by Anthropic, and passed over."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
    input_schema: dict[str, Any] = {}
    description: str = ""
    type: str | None = None
    cache_control: Any = None
    strict: bool | None = None


class ToolChoiceParam(Struct):
    """Whether tools are called."""

    type: Literal["auto", "any", "tool", "none"]
    name: str = ""
    disable_parallel_tool_use: bool = False


class ThinkingParam(Struct):
    """Whether the model thinks first; it takes as long as it wants."""

    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: int | None = None
    display: str | None = None


class OutputFormat(Struct):
    """The JSON schema that the answer follows."""

    type: Literal["json_schema"]
    schema: dict[str, Any]


class OutputConfig(Struct):
    """What is asked of the answer; how much effort is made has no meaning here."""

    format: OutputFormat | None = None
    effort: str | None = None


class CountBody(Struct, kw_only=True):
    """The body of a count of tokens."""

    model: str
    messages: Annotated[list[MessageParam], Meta(min_length=1, max_length=10_000)]
    system: str | list[TextBlock] = ""
    tools: Annotated[list[ToolParam], Meta(max_length=128)] = []
    tool_choice: ToolChoiceParam | None = None
    thinking: ThinkingParam | None = None
    output_config: OutputConfig | None = None
    output_format: OutputFormat | None = None
    cache_control: Any = None


class MessageBody(CountBody, kw_only=True):
    """The body of a request for a message."""

    max_tokens: Annotated[int, Meta(ge=1, le=10_000_000)]
    temperature: Annotated[float, Meta(ge=0, le=5)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_k: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    stop_sequences: Annotated[list[str], Meta(max_length=16)] = []
    stream: bool = False
    metadata: dict[str, Any] | None = None
    service_tier: str | None = None


def said_in(body: CountBody) -> list[ApiMessage]:
    """Return the conversation of a request."""
    said: list[ApiMessage] = []
    if system := _joined(body.system):
        said.append(ApiMessage(role="system", text=system))
    for message in body.messages:
        if isinstance(message.content, str):
            said.append(ApiMessage(role=message.role, text=message.content))
        else:
            said += _said_in_blocks(message.role, message.content)
    return said


def tool_use_of(body: CountBody) -> ToolUse:
    """Return the tools of a request. Raises ApiError."""
    tools = [
        ToolSpec(name=each.name, description=each.description, parameters=each.input_schema)
        for each in body.tools
        if each.type in {None, "custom"}
    ]
    choice = body.tool_choice or ToolChoiceParam(type="auto")
    if choice.type == "tool" and not choice.name:
        raise ApiError(400, "tool_choice.name is missing.", parameter="tool_choice.name")
    word = "required" if choice.type == "any" else choice.type
    name = choice.name if choice.type == "tool" else ""
    return choose_tools(tools, word, name, parallel=not choice.disable_parallel_tool_use)


def _said_in_blocks(role: str, blocks: list[Block]) -> list[ApiMessage]:
    results = [each for each in blocks if isinstance(each, ToolResultBlock)]
    calls = [each for each in blocks if isinstance(each, ToolUseBlock)]
    text = "\n".join(each.text for each in blocks if isinstance(each, TextBlock))
    thinking = "\n".join(each.thinking for each in blocks if isinstance(each, ThinkingBlock))
    said = [
        ApiMessage(role="tool", text=_joined(each.content), call_id=each.tool_use_id)
        for each in results
    ]
    if text or calls or not results:
        called = tuple(
            CalledTool(
                name=each.name,
                arguments=msgspec.json.encode(each.input).decode(),
                call_id=each.id,
            )
            for each in calls
        )
        said.append(ApiMessage(role=role, text=text, thinking=thinking, calls=called))
    return said


def _joined(content: str | list[TextBlock]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(block.text for block in content)
