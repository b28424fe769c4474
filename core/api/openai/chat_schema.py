"""Fields of a chat completion's request, as OpenAI names them."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Temperature = Annotated[float, Meta(ge=0, le=5)]
Share = Annotated[float, Meta(ge=0, le=1)]
Penalty = Annotated[float, Meta(ge=-10, le=10)]
Count = Annotated[int, Meta(ge=-1, le=10_000_000)]
"""Tokens of an answer; -1 and 0 stand for as many as fit, as on other servers of one's own."""


class TextPart(Struct, tag_field="type", tag="text"):
    """A piece of text of a message."""

    text: str


class RefusalPart(Struct, tag_field="type", tag="refusal"):
    """A refusal of an earlier answer."""

    refusal: str


class FunctionCall(Struct):
    """A function that an earlier answer called; `arguments` is JSON."""

    name: str
    arguments: str = ""


class ToolCall(Struct):
    """A tool that an earlier answer called."""

    id: str
    function: FunctionCall
    type: Literal["function"] = "function"
    index: int | None = None


class ChatMessage(Struct):
    """One message; what an answer of ours had besides is taken back and left out."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart | RefusalPart] | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    annotations: list[Any] | None = None
    audio: None = None
    function_call: None = None
    inglenook: Any = None


class FunctionTool(Struct):
    """A function that may be called; `parameters` is a JSON schema."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Struct):
    """A tool that may be called."""

    function: FunctionTool
    type: Literal["function"] = "function"


class ToolName(Struct):
    """The name of a tool."""

    name: str


class ToolChoice(Struct, tag_field="type", tag="function"):
    """The tool that must be called."""

    function: ToolName


class NamedTool(Struct):
    """One of the tools that may be called."""

    function: ToolName
    type: Literal["function"] = "function"


class AllowedTools(Struct):
    """The tools of the request that may be called, or of which one must be."""

    mode: Literal["auto", "required"]
    tools: list[NamedTool]


class AllowedToolsChoice(Struct, tag_field="type", tag="allowed_tools"):
    """A choice among the tools of the request."""

    allowed_tools: AllowedTools


class JsonSchema(Struct):
    """A schema that the answer follows."""

    name: str = ""
    schema: dict[str, Any] | None = None
    description: str | None = None
    strict: bool | None = None


class ResponseFormat(Struct):
    """The form of the answer; llama-server takes the schema beside its kind as well."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None
    schema: dict[str, Any] | None = None


Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", "auto", "default"]
"""Of thinking; what is more than minimal thinks as long as it wants."""


class TemplateFields(Struct):
    """What a program sets in the model's template; others than thinking are passed over."""

    enable_thinking: bool | None = None


class StreamOptions(Struct):
    """What a stream contains besides the answer."""

    include_usage: bool = False
    include_obfuscation: bool = False


class SamplingFields(Struct, kw_only=True):
    """Fields that chat and text completions have in common.

    The last group is read by OpenAI's own services and means nothing on this computer.
    """

    model: str
    temperature: Temperature | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Meta(ge=-1, le=1_000_000)] | None = None
    min_p: Share | None = None
    typical_p: Share | None = None
    repeat_penalty: Annotated[float, Meta(ge=0.1, le=10)] | None = None
    repetition_penalty: Annotated[float, Meta(ge=0.1, le=10)] | None = None
    """The same as `repeat_penalty`, by the name that vLLM gives it."""
    repeat_last_n: Annotated[int, Meta(ge=-1, le=10_000_000)] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    seed: int | None = None
    stop: str | Annotated[list[str], Meta(max_length=16)] | None = None
    max_tokens: Count | None = None
    n: Annotated[int, Meta(ge=1, le=16)] | None = None
    logit_bias: dict[str, Annotated[float, Meta(ge=-100, le=100)]] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    grammar: str | None = None

    user: str | None = None
    metadata: dict[str, Any] | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None


class ChatBody(SamplingFields, kw_only=True):
    """The body of a chat completion."""

    messages: Annotated[list[ChatMessage], Meta(min_length=1, max_length=10_000)]
    max_completion_tokens: Count | None = None
    response_format: ResponseFormat | None = None
    tools: Annotated[list[Tool], Meta(max_length=128)] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | AllowedToolsChoice | None = None
    parallel_tool_calls: bool | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    reasoning_effort: Effort | None = None
    enable_thinking: bool | None = None
    chat_template_kwargs: TemplateFields | None = None
    folders: list[str] | None = None
    modalities: list[Literal["text"]] | None = None
    store: bool | None = None
    verbosity: str | None = None


def message_text(message: ChatMessage) -> str:
    """Return the parts of a message as one text, refusals among them."""
    if message.content is None:
        return ""
    if isinstance(message.content, str):
        return message.content
    return "\n".join(
        part.text if isinstance(part, TextPart) else part.refusal for part in message.content
    )


def encoded_schema(schema: object) -> str:
    """Return a schema as JSON."""
    return msgspec.json.encode(schema).decode()
