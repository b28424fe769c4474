"""Text completions as OpenAI's API has them: a text goes on, or a gap in it is filled."""

import time
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import generate_answers, ignore_event, new_call_id
from core.api.openai.chat_choices import FINISH_REASONS, usage_of
from core.api.openai.chat_schema import SamplingFields
from core.api.openai.sampling_fields import sampling_of
from core.messages import AnswerChunk, AnswerDone, ApiWaiting, GenerateText, ScoredToken

USUAL_TOKENS = 16
"""OpenAI's own default."""


class CompletionBody(SamplingFields, kw_only=True, forbid_unknown_fields=True):
    """The body of a text completion."""

    prompt: str | Annotated[list[str], Meta(min_length=1, max_length=1)]
    suffix: str | None = None
    echo: bool | None = None
    logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    best_of: Annotated[int, Meta(ge=1, le=1)] | None = None


async def complete_text(request: ApiRequest) -> None:
    """Answer POST /v1/completions."""
    body = request.parse_body(CompletionBody)
    request.model = body.model
    prompt = body.prompt if isinstance(body.prompt, str) else body.prompt[0]
    if not prompt and not body.suffix:
        raise ApiError(400, "The prompt is empty.", code="invalid_value", parameter="prompt")
    call = GenerateText(
        call_id=new_call_id(),
        client=request.client,
        model=body.model,
        prompt=prompt,
        suffix=body.suffix or "",
        sampling=sampling_of(body),
        max_tokens=body.max_tokens or USUAL_TOKENS,
        logprobs=-1 if body.logprobs is None else body.logprobs,
    )
    answer = _TextAnswer(request, body, prompt if body.echo else "")
    await (answer.stream(call) if body.stream else answer.send_whole(call))


class _TextAnswer:
    """One completion on its way out."""

    def __init__(self, request: ApiRequest, body: CompletionBody, echoed: str) -> None:
        self._request = request
        self._count = body.n or 1
        self._echoed = echoed
        self._with_scores = body.logprobs is not None
        self._with_usage = bool(body.stream_options and body.stream_options.include_usage)
        self._frame = {
            "id": f"cmpl-{new_call_id()}",
            "object": "text_completion",
            "created": int(time.time()),
            "model": body.model,
        }

    async def send_whole(self, call: GenerateText) -> None:
        done = await generate_answers(self._request, call, self._count, ignore_event)
        choices = [
            self._choice(
                number,
                self._echoed + each.thinking + each.text,
                FINISH_REASONS.get(each.stop, "stop"),
                each.scores,
            )
            for number, each in enumerate(done)
        ]
        await self._request.send_json({**self._frame, "choices": choices, "usage": usage_of(done)})

    async def stream(self, call: GenerateText) -> None:
        done = await generate_answers(self._request, call, self._count, self._send_event)
        if self._with_usage:
            await self._request.send_data({**self._frame, "choices": [], "usage": usage_of(done)})
        await self._request.end_stream(b"data: [DONE]\n\n")

    async def _send_event(self, number: int, event: Any) -> None:  # noqa: ANN401
        if not self._request.status:
            await self._request.start_stream()
        if isinstance(event, ApiWaiting):
            await self._request.send_bytes(b": waiting\n\n")
        elif isinstance(event, AnswerDone):
            await self._send(self._choice(number, "", FINISH_REASONS.get(event.stop, "stop")))
        elif isinstance(event, AnswerChunk):
            await self._send(self._choice(number, event.text, None, event.scores))
        elif self._echoed and isinstance(event, msgspec.Struct):
            await self._send(self._choice(number, self._echoed, None))

    async def _send(self, choice: dict[str, object]) -> None:
        await self._request.send_data({**self._frame, "choices": [choice]})

    def _choice(
        self, number: int, text: str, reason: str | None, scores: tuple[ScoredToken, ...] = ()
    ) -> dict[str, object]:
        logprobs = _score_fields(scores) if self._with_scores else None
        return {"index": number, "text": text, "logprobs": logprobs, "finish_reason": reason}


def _score_fields(scores: tuple[ScoredToken, ...]) -> dict[str, object]:
    words = [each.raw.decode(errors="replace") for each in scores]
    offsets = [sum(map(len, words[:place])) for place in range(len(words))]
    return {
        "tokens": words,
        "token_logprobs": [each.logprob for each in scores],
        "top_logprobs": [
            {other.raw.decode(errors="replace"): other.logprob for other in each.likeliest}
            for each in scores
        ],
        "text_offset": offsets,
    }
