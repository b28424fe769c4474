"""Fields of requests as Ollama names them."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from core.api.api_conversation import (
    ANY_OBJECT,
    ApiMessage,
    CalledTool,
    ToolSpec,
    ToolUse,
    choose_tools,
)
from core.messages import SamplingChoice


class OllamaOptions(Struct):
    """How words are chosen. What concerns loading a model is set in the application instead.

    As Ollama does, it passes over options that it doesn't know. `num_ctx` bounds prompt and answer
    where the model has more room; it never loads a model anew.
    """

    temperature: Annotated[float, Meta(ge=0, le=5)] | None = None
    top_k: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    min_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    typical_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    repeat_penalty: Annotated[float, Meta(ge=0.1, le=10)] | None = None
    repeat_last_n: Annotated[int, Meta(ge=-1, le=10_000_000)] | None = None
    presence_penalty: Annotated[float, Meta(ge=-10, le=10)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-10, le=10)] | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    num_predict: Annotated[int, Meta(ge=-(10**9), le=10**9)] | None = None
    num_ctx: Annotated[int, Meta(ge=0, le=10**9)] | None = None


class OllamaFunction(Struct):
    """A function that was called."""

    name: str
    arguments: dict[str, Any] = {}


class OllamaCall(Struct):
    """A call of an earlier answer."""

    function: OllamaFunction


class OllamaMessage(Struct):
    """One message."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[OllamaCall] | None = None
    tool_name: str | None = None
    images: Annotated[list[Any], Meta(max_length=0)] | None = None


class OllamaToolFunction(Struct):
    """A function that may be called."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None


class OllamaTool(Struct):
    """A tool that may be called."""

    function: OllamaToolFunction
    type: str | None = "function"


class _Common(Struct, kw_only=True):
    model: str
    stream: bool | None = None
    format: dict[str, Any] | Literal["json", ""] | None = None
    options: OllamaOptions | None = None
    keep_alive: str | float | None = None
    think: bool | Literal["low", "medium", "high"] | None = None
    logprobs: Literal[False] | None = None
    top_logprobs: Literal[0] | None = None
    truncate: bool | None = None
    """Whether early messages go where not all fit; without it, that is an error."""
    shift: bool | None = None
    """Here no answer goes on past the end of the context."""


class OllamaChatBody(_Common, kw_only=True):
    """The body of a chat."""

    messages: list[OllamaMessage] = []
    tools: list[OllamaTool] | None = None


class OllamaGenerateBody(_Common, kw_only=True):
    """The body of a generation; `raw` goes on with the prompt without a template."""

    prompt: str = ""
    suffix: str = ""
    system: str = ""
    raw: bool = False
    images: Annotated[list[Any], Meta(max_length=0)] | None = None
    context: list[int] | None = None
    template: str | None = None


class OllamaEmbedBody(Struct, kw_only=True):
    """The body of a request for embeddings."""

    model: str
    input: str | list[str] = ""
    prompt: str | None = None
    truncate: bool | None = None
    dimensions: Annotated[int, Meta(ge=1)] | None = None
    options: OllamaOptions | None = None
    keep_alive: str | float | None = None


class OllamaShowBody(Struct, kw_only=True):
    """The body of a question about a model."""

    model: str = ""
    name: str = ""
    verbose: bool = False


def said_in_chat(body: OllamaChatBody) -> list[ApiMessage]:
    """Return the conversation of a chat."""
    return [
        ApiMessage(
            role=each.role,
            text=each.content or "",
            thinking=each.thinking or "",
            calls=tuple(
                CalledTool(
                    name=call.function.name,
                    arguments=msgspec.json.encode(call.function.arguments).decode(),
                )
                for call in each.tool_calls or ()
            ),
        )
        for each in body.messages
    ]


def tools_of_chat(body: OllamaChatBody) -> ToolUse:
    """Return the tools that may be called."""
    tools = [
        ToolSpec(
            name=each.function.name,
            description=each.function.description or "",
            parameters=each.function.parameters or {},
        )
        for each in body.tools or ()
    ]
    return choose_tools(tools, "auto")


def sampling_of_options(body: OllamaChatBody | OllamaGenerateBody, use: ToolUse) -> SamplingChoice:
    """Return what a request says about the choice of tokens."""
    options = body.options or OllamaOptions()
    stop = [options.stop] if isinstance(options.stop, str) else options.stop
    schema = None
    if body.format:
        is_any = body.format == "json"
        schema = ANY_OBJECT if is_any else msgspec.json.encode(body.format).decode()
    return SamplingChoice(
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        min_p=options.min_p,
        typical_p=options.typical_p,
        repeat_penalty=options.repeat_penalty,
        repeat_last_n=options.repeat_last_n,
        presence_penalty=options.presence_penalty,
        frequency_penalty=options.frequency_penalty,
        seed=None if options.seed is None else options.seed % (2**32 - 1),
        stop=tuple(each for each in stop if each) if stop else None,
        json_schema=schema,
        thinking=None if body.think is None else bool(body.think),
        tools=use.schemas,
        tool_use=use.use if use.tools else None,
    )


def most_context(body: OllamaChatBody | OllamaGenerateBody) -> int:
    """Return how many tokens prompt and answer may have together, 0 for all there is room for."""
    return (body.options or OllamaOptions()).num_ctx or 0


def most_tokens(body: OllamaChatBody | OllamaGenerateBody) -> int:
    """Return the longest answer, 0 for as long as fits."""
    return max((body.options or OllamaOptions()).num_predict or 0, 0)
