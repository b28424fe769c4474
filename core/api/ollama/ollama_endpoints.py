"""Chat and generate as Ollama's API has them: lines of JSON, unless all is to come at once."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from core.api.api_conversation import ToolUse, decoded_arguments, prompt_turns
from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import (
    NO_TOOLS,
    GenerationEvent,
    call_of_model,
    folder_and_model,
    generate_answers,
    ignore_event,
    new_call_id,
)
from core.api.ollama.durations import keep_seconds
from core.api.ollama.ollama_schema import (
    OllamaChatBody,
    OllamaGenerateBody,
    most_context,
    most_tokens,
    said_in_chat,
    sampling_of_options,
    tools_of_chat,
)
from core.api.openai.folder_fields import folder_fields
from core.base.tool_call_reader import read_tool_calls
from core.messages import (
    AnswerChunk,
    AnswerDone,
    AskFolders,
    GenerateText,
    PromptTurn,
    ThinkingChunk,
    UnloadForProgram,
)

Fields = dict[str, Any]
Shape = Callable[[str, str, list[Fields]], Fields]
"""Makes the fields of a line from text, thinking and calls."""


async def chat(request: ApiRequest) -> None:
    """Answer POST /api/chat."""
    body = request.parse_body(OllamaChatBody)
    request.model = body.model
    answer = OllamaAnswer(request, body, _chat_fields)
    if not body.messages:
        await answer.only_load()
        return
    use = tools_of_chat(body)
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=prompt_turns(said_in_chat(body)),
        sampling=sampling_of_options(body, use),
        max_tokens=most_tokens(body),
        most_context=most_context(body),
        may_leave_out=body.truncate is not False,
        keep_seconds=answer.keep_seconds,
    )
    asked = call_of_model(request, call, use=use)
    await answer.send(asked, use)


async def generate(request: ApiRequest) -> None:
    """Answer POST /api/generate."""
    body = request.parse_body(OllamaGenerateBody)
    request.model = body.model
    answer = OllamaAnswer(request, body, _generate_fields)
    if not body.prompt and not body.suffix:
        await answer.only_load()
        return
    if body.template:
        text = "A model has its own template here; send the finished prompt with “raw” instead."
        raise ApiError(400, text, code="invalid_value", parameter="template")
    is_plain = body.raw or bool(body.suffix)
    turns = [PromptTurn(role="system", text=body.system)] if body.system else []
    turns.append(PromptTurn(role="user", text=body.prompt))
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        turns=() if is_plain else tuple(turns),
        prompt=body.prompt if is_plain else "",
        suffix=body.suffix,
        sampling=sampling_of_options(body, NO_TOOLS),
        max_tokens=most_tokens(body),
        most_context=most_context(body),
        keep_seconds=answer.keep_seconds,
    )
    asked = call if is_plain else call_of_model(request, call)
    await answer.send(asked, NO_TOOLS)


class OllamaAnswer:
    """One answer on its way out."""

    def __init__(
        self, request: ApiRequest, body: OllamaChatBody | OllamaGenerateBody, shape: Shape
    ) -> None:
        self._request = request
        self._model = body.model
        _folder, self._file_name = folder_and_model(body.model)
        self._is_streamed = body.stream is not False
        self.keep_seconds = keep_seconds(body.keep_alive)
        """How long the model stays without use, None as set; 0: its memory is wanted back."""
        self._shape = shape
        self._began = time.monotonic_ns()
        self._has_tools = False
        self._has_text = False

    async def only_load(self) -> None:
        """Load the model, or free its memory: nothing is asked of it."""
        if self.keep_seconds == 0:
            done = await self._unload()
        else:
            call = GenerateText(
                call_id=new_call_id(),
                client=self._request.client,
                model=self._file_name,
                keep_seconds=self.keep_seconds,
            )
            (done,) = await generate_answers(self._request, call, 1, ignore_event)
        await self._request.send_json(self.last_line(done, "", []))

    async def send(self, call: GenerateText | AskFolders, use: ToolUse) -> None:
        """Answer line by line, or with one object. Calls of tools come as a whole."""
        self._has_tools = bool(use.tools)
        on_event = self._send_event if self._is_streamed else ignore_event
        (done,) = await generate_answers(self._request, call, 1, on_event)
        text, calls = read_tool_calls(done.text) if self._has_tools else (done.text, [])
        fields = [
            {"function": {"name": name, "arguments": decoded_arguments(json)}}
            for name, json in calls
        ]
        if self.keep_seconds == 0:
            await self._unload()
        if not self._is_streamed:
            await self._request.send_json(self.last_line(done, text, fields, done.thinking))
            return
        if not self._request.status:
            await self._start()
        late = "" if self._has_text else text
        await self._request.send_line(self.last_line(done, late, fields))
        await self._request.end_stream()

    def last_line(
        self, done: AnswerDone, text: str, calls: list[Fields], thinking: str = ""
    ) -> Fields:
        """Return the line that ends an answer, with its counts; times in nanoseconds."""
        total = time.monotonic_ns() - self._began
        reading = int(done.seconds_to_first_token * 1e9)
        reasons = {each: each for each in ("length", "load", "unload")}
        answered = self._request.folders_answered
        return {
            **({} if answered is None else {"inglenook": folder_fields(answered)}),
            **self._line(text, thinking, calls),
            "done": True,
            "done_reason": reasons.get(done.stop, "stop"),
            "total_duration": total,
            "load_duration": 0,
            "prompt_eval_count": done.prompt_tokens,
            "prompt_eval_duration": reading,
            "eval_count": done.completion_tokens,
            "eval_duration": max(total - reading, 0),
        }

    async def _send_event(self, _number: int, event: GenerationEvent) -> None:
        if isinstance(event, ThinkingChunk):
            await self._send_line("", event.text)
        elif isinstance(event, AnswerChunk) and not self._has_tools:
            self._has_text = True
            await self._send_line(event.text, "")

    async def _send_line(self, text: str, thinking: str) -> None:
        if not self._request.status:
            await self._start()
        await self._request.send_line({**self._line(text, thinking, []), "done": False})

    async def _unload(self) -> AnswerDone:
        call = UnloadForProgram(
            call_id=new_call_id(), client=self._request.client, model=self._file_name
        )
        return await self._request.calls.call_for(call, AnswerDone)

    async def _start(self) -> None:
        await self._request.start_stream("application/x-ndjson")

    def _line(self, text: str, thinking: str, calls: list[Fields]) -> Fields:
        now = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
        return {"model": self._model, "created_at": now, **self._shape(text, thinking, calls)}


def _chat_fields(text: str, thinking: str, calls: list[Fields]) -> Fields:
    message: Fields = {"role": "assistant", "content": text}
    if thinking:
        message["thinking"] = thinking
    if calls:
        message["tool_calls"] = calls
    return {"message": message}


def _generate_fields(text: str, thinking: str, _calls: list[Fields]) -> Fields:
    return {"response": text, **({"thinking": thinking} if thinking else {})}
