"""Messages as Anthropic's API has them, whole or as a stream."""

from collections.abc import Mapping

import msgspec

from core.api.anthropic.message_schema import CountBody, MessageBody, said_in, tool_use_of
from core.api.api_conversation import ToolUse, decoded_arguments, prompt_turns
from core.api.api_request import ApiRequest
from core.api.generation import (
    GenerationEvent,
    call_of_model,
    generate_answers,
    ignore_event,
    new_call_id,
    with_begun_answer,
)
from core.api.openai.folder_fields import folder_fields
from core.base.tool_call_reader import (
    CallArguments,
    CallPiece,
    CallStarted,
    ToolCallReader,
    read_tool_calls,
)
from core.messages import (
    AnswerChunk,
    AnswerDone,
    ApiWaiting,
    AskFolders,
    GenerateText,
    PromptFitted,
    SamplingChoice,
    ThinkingChunk,
)

_CALLER = {"caller": {"type": "direct"}}


async def write_message(request: ApiRequest) -> None:
    """Answer POST /v1/messages."""
    body = request.parse_body(MessageBody)
    request.model = body.model
    use = tool_use_of(body)
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=prompt_turns(said_in(body)),
        sampling=_sampling(body, use),
        max_tokens=body.max_tokens,
    )
    asked = call_of_model(request, call, use=use)
    answer = _MessageAnswer(request, body, use)
    await (answer.stream(asked) if body.stream else answer.send_whole(asked))


async def count_tokens(request: ApiRequest) -> None:
    """Answer POST /v1/messages/count_tokens: by reading the prompt and writing one token."""
    body = request.parse_body(CountBody)
    request.model = body.model
    use = tool_use_of(body)
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=prompt_turns(said_in(body)),
        sampling=SamplingChoice(tools=use.schemas),
        max_tokens=1,
    )
    async with request.calls.open_call(with_begun_answer(call)) as events:
        while True:
            event = await events.next_event()
            if isinstance(event, PromptFitted | AnswerDone):
                await request.send_json({"input_tokens": event.prompt_tokens})
                return


class _MessageAnswer:
    """One message on its way out."""

    def __init__(self, request: ApiRequest, body: MessageBody, use: ToolUse) -> None:
        self._request = request
        self._reader = ToolCallReader(is_active=bool(use.tools))
        self._has_tools = bool(use.tools)
        self._block = -1
        self._kind = ""
        self._frame: dict[str, object] = {
            "id": f"msg_{new_call_id()}",
            "type": "message",
            "role": "assistant",
            "model": body.model,
        }

    async def send_whole(self, call: GenerateText | AskFolders) -> None:
        """Answer when all is written."""
        (done,) = await generate_answers(self._request, call, 1, ignore_event)
        text, calls = read_tool_calls(done.text) if self._has_tools else (done.text, [])
        content: list[dict[str, object]] = []
        if done.thinking:
            content.append({"type": "thinking", "thinking": done.thinking, "signature": ""})
        if text or not calls:
            content.append({"type": "text", "text": text, "citations": None})
        content += [
            {
                "type": "tool_use",
                "id": f"toolu_{new_call_id()}",
                "name": name,
                "input": decoded_arguments(arguments),
                **_CALLER,
            }
            for name, arguments in calls
        ]
        await self._request.send_json(
            {
                **self._frame,
                "content": content,
                **_stop_fields(done, has_called=bool(calls)),
                "usage": _usage(done),
                **self._folder_fields(),
            }
        )

    async def stream(self, call: GenerateText | AskFolders) -> None:
        """Send what is written as it comes."""
        (done,) = await generate_answers(self._request, call, 1, self._send_event)
        for piece in self._reader.read_piece("", final=True):
            await self._send_piece(piece)
        if self._block < 0:
            await self._send_text(done.text)
        await self._end_block()
        delta = _stop_fields(done, has_called=self._reader.count > 0)
        await self._send("message_delta", delta=delta, usage=_usage(done), **self._folder_fields())
        await self._send("message_stop")
        await self._request.end_stream()

    def _folder_fields(self) -> dict[str, object]:
        """Return what stands behind an answer from folders, for which Anthropic has no form."""
        answered = self._request.folders_answered
        return {} if answered is None else {"inglenook": folder_fields(answered)}

    async def _send_event(self, _number: int, event: GenerationEvent) -> None:
        if not self._request.status:
            await self._request.start_stream()
            start = {**self._frame, "content": [], "stop_reason": None, "stop_sequence": None}
            usage = _usage(AnswerDone(request_id="", stop=""))
            await self._send("message_start", message={**start, "usage": usage})
        if isinstance(event, ApiWaiting):
            await self._send("ping")
        elif isinstance(event, ThinkingChunk):
            await self._begin_block("thinking", {"thinking": "", "signature": ""})
            await self._send_delta({"type": "thinking_delta", "thinking": event.text})
        elif isinstance(event, AnswerChunk):
            for piece in self._reader.read_piece(event.text):
                await self._send_piece(piece)

    async def _send_piece(self, piece: CallPiece) -> None:
        if isinstance(piece, CallStarted):
            await self._end_block()
            tool = {"id": f"toolu_{new_call_id()}", "name": piece.name, "input": {}, **_CALLER}
            await self._begin_block("tool_use", tool)
        elif isinstance(piece, CallArguments):
            await self._send_delta({"type": "input_json_delta", "partial_json": piece.json})
        else:
            await self._send_text(piece.text)

    async def _send_text(self, text: str) -> None:
        await self._begin_block("text", {"text": ""})
        await self._send_delta({"type": "text_delta", "text": text})

    async def _begin_block(self, kind: str, fields: Mapping[str, object]) -> None:
        if self._kind == kind:
            return
        await self._end_block()
        self._kind = kind
        self._block += 1
        content = {"type": kind, **fields}
        await self._send("content_block_start", index=self._block, content_block=content)

    async def _end_block(self) -> None:
        if self._kind:
            self._kind = ""
            await self._send("content_block_stop", index=self._block)

    async def _send_delta(self, delta: dict[str, object]) -> None:
        await self._send("content_block_delta", index=self._block, delta=delta)

    async def _send(self, kind: str, **fields: object) -> None:
        await self._request.send_data({"type": kind, **fields}, event=kind)


def _sampling(body: MessageBody, use: ToolUse) -> SamplingChoice:
    return SamplingChoice(
        temperature=body.temperature,
        top_p=body.top_p,
        top_k=body.top_k,
        stop=tuple(each for each in body.stop_sequences if each) or None,
        json_schema=_schema(body),
        thinking=None if body.thinking is None else body.thinking.type != "disabled",
        tools=use.schemas,
        tool_use=use.use if use.tools else None,
    )


def _schema(body: MessageBody) -> str | None:
    """Return the schema that the answer follows, None for none."""
    form = body.output_config.format if body.output_config else body.output_format
    return None if form is None else msgspec.json.encode(form.schema).decode()


def _stop_fields(done: AnswerDone, *, has_called: bool) -> dict[str, object]:
    reason = "max_tokens" if done.stop == "length" else "end_turn"
    if done.stop_string:
        reason = "stop_sequence"
    elif has_called and reason == "end_turn":
        reason = "tool_use"
    return {
        "stop_reason": reason,
        "stop_sequence": done.stop_string or None,
        "stop_details": None,
        "container": None,
    }


def _usage(done: AnswerDone) -> dict[str, object]:
    """Return the tokens; those that were cached are counted apart, as Anthropic does.

    What its own services count besides is there as null, as its schema wants it.
    """
    return {
        "cache_creation": None,
        "inference_geo": None,
        "output_tokens_details": None,
        "server_tool_use": None,
        "service_tier": "standard",
        "input_tokens": done.prompt_tokens - done.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": done.cached_tokens,
        "output_tokens": done.completion_tokens,
    }
