"""Chat completions as OpenAI's API has them, whole or as a stream."""

import time
from collections.abc import Mapping
from typing import Any

from core.api.api_conversation import (
    ANY_OBJECT,
    ApiMessage,
    CalledTool,
    ToolSpec,
    ToolUse,
    choose_tools,
    named_tools,
    prompt_turns,
)
from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import (
    GenerationEvent,
    call_of_model,
    generate_answers,
    ignore_event,
    new_call_id,
)
from core.api.openai.chat_choices import FINISH_REASONS, chat_choice, score_fields, usage_of
from core.api.openai.chat_schema import (
    AllowedToolsChoice,
    ChatBody,
    TemplateFields,
    ToolChoice,
    encoded_schema,
    message_text,
)
from core.api.openai.folder_fields import annotations_of, folder_fields
from core.api.openai.sampling_fields import sampling_of
from core.base.tool_call_reader import CallArguments, CallPiece, CallStarted, ToolCallReader
from core.messages import (
    AnswerChunk,
    AnswerDone,
    ApiWaiting,
    AskFolders,
    GenerateText,
    ThinkingChunk,
)

_FIRST_DELTA = {"role": "assistant", "content": ""}


async def complete_chat(request: ApiRequest) -> None:
    """Answer POST /v1/chat/completions."""
    body = request.parse_body(ChatBody)
    request.model = body.model
    if body.top_logprobs is not None and not body.logprobs:
        raise ApiError(
            400,
            "“top_logprobs” needs “logprobs” to be true.",
            code="invalid_value",
            parameter="top_logprobs",
        )
    use = _tool_use(body)
    sampling = sampling_of(body, thinking=_thinking(body), schema=_schema(body), tools=use)
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=prompt_turns(_said(body)),
        sampling=sampling,
        max_tokens=max(body.max_completion_tokens or body.max_tokens or 0, 0),
        logprobs=(body.top_logprobs or 0) if body.logprobs else -1,
    )
    answer = _ChatAnswer(request, body, use)
    asked = call_of_model(request, call, body.folders or (), use)
    await (answer.stream(asked) if body.stream else answer.send_whole(asked))


class _ChatAnswer:
    """One completion on its way out."""

    def __init__(self, request: ApiRequest, body: ChatBody, use: ToolUse) -> None:
        self._request = request
        self._count = body.n or 1
        self._with_scores = bool(body.logprobs)
        self._with_usage = bool(body.stream_options and body.stream_options.include_usage)
        self._readers = [ToolCallReader(is_active=bool(use.tools)) for _n in range(self._count)]
        self._has_tools = bool(use.tools)
        self._with_text: set[int] = set()
        self._begun: set[int] = set()
        """The choices whose first chunk, the one that names the role, was sent."""
        self._frame = {
            "id": f"chatcmpl-{new_call_id()}",
            "created": int(time.time()),
            "model": body.model,
        }

    async def send_whole(self, call: GenerateText | AskFolders) -> None:
        """Answer when all is written."""
        done = await generate_answers(self._request, call, self._count, ignore_event)
        choices = [
            chat_choice(number, each, has_tools=self._has_tools, with_scores=self._with_scores)
            for number, each in enumerate(done)
        ]
        whole = {
            **self._frame,
            "object": "chat.completion",
            "choices": choices,
            "usage": usage_of(done),
        }
        for number, answered in sorted(self._request.folder_answers.items()):
            choices[number]["message"] |= {"annotations": annotations_of(answered)}
            whole.setdefault("inglenook", folder_fields(answered))
            if number:  # other passages may stand behind a further answer
                choices[number]["inglenook"] = folder_fields(answered)
        await self._request.send_json(whole)

    async def stream(self, call: GenerateText | AskFolders) -> None:
        """Send what is written as it comes; the head goes out with the first event."""
        done = await generate_answers(self._request, call, self._count, self._send_event)
        if self._with_usage:
            await self._send_chunk([], usage=usage_of(done))
        await self._request.end_stream(b"data: [DONE]\n\n")

    async def _send_event(self, number: int, event: GenerationEvent) -> None:
        if not self._request.status:
            await self._request.start_stream()
        if isinstance(event, ApiWaiting):
            # A comment, as SSE allows: who waits sees that there is life.
            note = b": waiting for %d\n\n" % event.ahead if event.ahead else b": loading\n\n"
            await self._request.send_bytes(note)
        elif isinstance(event, AnswerDone):
            await self._end_choice(number, event)
        elif isinstance(event, AnswerChunk):
            self._with_text.add(number)
            scores = score_fields(event.scores) if self._with_scores else None
            for piece in self._readers[number].read_piece(event.text):
                await self._send_delta(number, _delta(piece), scores=scores)
                scores = score_fields(()) if self._with_scores else None
        elif isinstance(event, ThinkingChunk):
            await self._send_delta(number, {"reasoning_content": event.text})
        else:
            await self._begin_choice(number)

    async def _begin_choice(self, number: int) -> None:
        """Send the first chunk of a choice, once."""
        if number not in self._begun:
            self._begun.add(number)
            choice = {"index": number, "delta": dict(_FIRST_DELTA), "logprobs": None}
            await self._send_chunk([{**choice, "finish_reason": None}])

    async def _end_choice(self, number: int, done: AnswerDone) -> None:
        reader = self._readers[number]
        for piece in reader.read_piece("", final=True):
            await self._send_delta(number, _delta(piece))
        if answered := self._request.folder_answers.get(number):
            delta = {
                "content": self._late_text(number, done),
                "annotations": annotations_of(answered),
            }
            await self._send_delta(number, delta, inglenook=folder_fields(answered))
        reason = FINISH_REASONS.get(done.stop, "stop")
        if reader.count and reason == "stop":
            reason = "tool_calls"
        await self._send_delta(number, {}, reason)

    async def _send_delta(
        self,
        number: int,
        delta: Mapping[str, object],
        reason: str | None = None,
        scores: dict[str, object] | None = None,
        **more: object,
    ) -> None:
        await self._begin_choice(number)  # answers from folders begin with their text
        choice = {"index": number, "delta": delta, "logprobs": scores, "finish_reason": reason}
        await self._send_chunk([choice], **more)

    def _late_text(self, number: int, done: AnswerDone) -> str:
        """Return an answer of which nothing was written, as the words of a refusal are."""
        return "" if number in self._with_text else done.text

    async def _send_chunk(self, choices: list[Any], **more: object) -> None:
        chunk = {**self._frame, "object": "chat.completion.chunk", "choices": choices}
        if self._with_usage:
            chunk["usage"] = None
        await self._request.send_data({**chunk, **more})


def _delta(piece: CallPiece) -> dict[str, object]:
    if isinstance(piece, CallStarted):
        call = {
            "index": piece.number,
            "id": f"call_{new_call_id()}",
            "type": "function",
            "function": {"name": piece.name, "arguments": ""},
        }
        return {"tool_calls": [call]}
    if isinstance(piece, CallArguments):
        part = {"index": piece.number, "function": {"arguments": piece.json}}
        return {"tool_calls": [part]}
    return {"content": piece.text}


def _said(body: ChatBody) -> list[ApiMessage]:
    roles = {"developer": "system", "function": "tool"}
    return [
        ApiMessage(
            role=roles.get(message.role, message.role),
            text=message_text(message),
            thinking=message.reasoning_content or "",
            calls=tuple(
                CalledTool(
                    name=each.function.name, arguments=each.function.arguments, call_id=each.id
                )
                for each in message.tool_calls or ()
            ),
            call_id=message.tool_call_id or "",
        )
        for message in body.messages
    ]


def _tool_use(body: ChatBody) -> ToolUse:
    tools = [
        ToolSpec(
            name=each.function.name,
            description=each.function.description or "",
            parameters=each.function.parameters or {},
        )
        for each in body.tools or ()
    ]
    choice = body.tool_choice or "auto"
    is_parallel = body.parallel_tool_calls is not False
    if isinstance(choice, AllowedToolsChoice):
        allowed = choice.allowed_tools
        names = [each.function.name for each in allowed.tools]
        return choose_tools(named_tools(tools, names), allowed.mode, parallel=is_parallel)
    name = choice.function.name if isinstance(choice, ToolChoice) else ""
    word = choice if isinstance(choice, str) else ""
    return choose_tools(tools, word, name, parallel=is_parallel)


def _thinking(body: ChatBody) -> bool | None:
    chosen = (body.chat_template_kwargs or TemplateFields()).enable_thinking
    chosen = body.enable_thinking if chosen is None else chosen
    if chosen is not None or body.reasoning_effort in {None, "auto", "default"}:
        return chosen
    return body.reasoning_effort not in {"none", "minimal"}


def _schema(body: ChatBody) -> str:
    """Return the schema that the answer follows, "" for none. Raises ApiError."""
    form = body.response_format
    if form is None or form.type == "text":
        return ""
    schema = form.json_schema.schema if form.json_schema else form.schema
    if form.type == "json_schema" and schema is None and form.json_schema is None:
        raise ApiError(
            400,
            "A json_schema is missing.",
            code="missing_required_parameter",
            parameter="response_format.json_schema",
        )
    return encoded_schema(schema) if schema else ANY_OBJECT
