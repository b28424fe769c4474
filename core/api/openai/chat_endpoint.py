"""Chat completions as OpenAI's API has them, whole or as a stream."""

import time
from typing import Any

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import generate_answers, new_call_id
from core.api.openai.chat_schema import ChatBody, encoded_schema, message_text
from core.api.openai.sampling_fields import sampling_of
from core.messages import (
    AnswerChunk,
    AnswerDone,
    ApiWaiting,
    GenerateText,
    PromptTurn,
    ThinkingChunk,
)

FINISH_REASONS = {"eos": "stop", "stop": "stop", "length": "length"}
_ANY_OBJECT = '{"type":"object"}'


async def complete_chat(request: ApiRequest) -> None:
    """Answer POST /v1/chat/completions."""
    body = request.parse_body(ChatBody)
    request.model = body.model
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=_turns(body),
        sampling=sampling_of(body, thinking=_thinking(body), schema=_schema(body)),
        max_tokens=body.max_completion_tokens or body.max_tokens or 0,
    )
    answer = _ChatAnswer(request, body)
    await (answer.stream(call) if body.stream else answer.send_whole(call))


class _ChatAnswer:
    """One completion on its way out."""

    def __init__(self, request: ApiRequest, body: ChatBody) -> None:
        self._request = request
        self._count = body.n or 1
        self._with_usage = bool(body.stream_options and body.stream_options.include_usage)
        self._frame = {
            "id": f"chatcmpl-{new_call_id()}",
            "created": int(time.time()),
            "model": body.model,
        }

    async def send_whole(self, call: GenerateText) -> None:
        """Answer when all is written."""

        async def ignore(_number: int, _event: Any) -> None:  # noqa: ANN401
            """Wait for the end."""

        done = await generate_answers(self._request, call, self._count, ignore)
        await self._request.send_json(
            {
                **self._frame,
                "object": "chat.completion",
                "choices": [_choice(number, each) for number, each in enumerate(done)],
                "usage": usage_of(done),
            }
        )

    async def stream(self, call: GenerateText) -> None:
        """Send what is written as it comes; the head goes out with the first event."""
        done = await generate_answers(self._request, call, self._count, self._send_event)
        if self._with_usage:
            await self._send_chunk([], usage=usage_of(done))
        await self._request.end_stream(b"data: [DONE]\n\n")

    async def _send_event(self, number: int, event: Any) -> None:  # noqa: ANN401
        if not self._request.status:
            await self._request.start_stream()
        if isinstance(event, ApiWaiting):
            # A comment, as SSE allows: who waits sees that there is life.
            note = b": waiting for %d\n\n" % event.ahead if event.ahead else b": loading\n\n"
            await self._request.send_bytes(note)
        elif isinstance(event, AnswerDone):
            await self._send_delta(number, {}, FINISH_REASONS.get(event.stop, "stop"))
        elif isinstance(event, AnswerChunk):
            await self._send_delta(number, {"content": event.text})
        elif isinstance(event, ThinkingChunk):
            await self._send_delta(number, {"reasoning_content": event.text})
        else:
            await self._send_delta(number, {"role": "assistant", "content": ""})

    async def _send_delta(
        self, number: int, delta: dict[str, object], reason: str | None = None
    ) -> None:
        choice = {"index": number, "delta": delta, "logprobs": None, "finish_reason": reason}
        await self._send_chunk([choice])

    async def _send_chunk(self, choices: list[Any], **more: object) -> None:
        chunk = {**self._frame, "object": "chat.completion.chunk", "choices": choices}
        if self._with_usage:
            chunk["usage"] = None
        await self._request.send_data({**chunk, **more})


def usage_of(done: list[AnswerDone]) -> dict[str, object]:
    """Return the tokens of answers to one prompt; those that were cached count as read."""
    read = max((each.prompt_tokens for each in done), default=0)
    written = sum(each.completion_tokens for each in done)
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {
            "cached_tokens": min((each.cached_tokens for each in done), default=0),
            "audio_tokens": 0,
        },
    }


def _choice(number: int, done: AnswerDone) -> dict[str, object]:
    message: dict[str, object] = {
        "role": "assistant",
        "content": done.text,
        "refusal": None,
        "annotations": [],
    }
    if done.thinking:
        message["reasoning_content"] = done.thinking
    return {
        "index": number,
        "message": message,
        "logprobs": None,
        "finish_reason": FINISH_REASONS.get(done.stop, "stop"),
    }


def _turns(body: ChatBody) -> tuple[PromptTurn, ...]:
    roles = {"developer": "system"}
    return tuple(
        PromptTurn(
            role=roles.get(message.role, message.role),
            text=message_text(message),
            thinking=message.reasoning_content or "",
        )
        for message in body.messages
    )


def _thinking(body: ChatBody) -> bool | None:
    chosen = (body.chat_template_kwargs or {}).get("enable_thinking")
    if chosen is not None:
        return chosen
    return body.reasoning_effort not in {"none", "minimal"} if body.reasoning_effort else None


def _schema(body: ChatBody) -> str:
    """Return the schema that the answer follows, "" for none. Raises ApiError."""
    form = body.response_format
    if form is None or form.type == "text":
        return ""
    if form.type == "json_object":
        return encoded_schema(form.schema) if form.schema else _ANY_OBJECT
    if form.json_schema is None:
        raise ApiError(
            400,
            "A json_schema is missing.",
            code="missing_required_parameter",
            parameter="response_format.json_schema",
        )
    return encoded_schema(form.json_schema.schema)
