"""Text completions as OpenAI's API has them: a text goes on, or a gap in it is filled."""

import time
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import (
    GenerationEvent,
    OnEvent,
    generate_answers,
    ignore_event,
    new_call_id,
)
from core.api.openai.chat_choices import FINISH_REASONS, usage_of
from core.api.openai.chat_schema import SamplingFields
from core.api.openai.sampling_fields import sampling_of
from core.messages import (
    AnswerChunk,
    AnswerDone,
    ApiWaiting,
    GenerateText,
    PromptFitted,
    ScoredToken,
    ThinkingChunk,
)

USUAL_TOKENS = 16
"""OpenAI's own default."""
MOST_PROMPTS = 128
TokenId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Prompt = str | tuple[int, ...]
"""A text to go on with, or tokens of the model."""


class CompletionBody(SamplingFields, kw_only=True):
    """The body of a text completion."""

    prompt: str | Annotated[list[str | TokenId | list[TokenId]], Meta(min_length=1)]
    suffix: str | None = None
    echo: bool | None = None
    logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    best_of: Annotated[int, Meta(ge=1, le=1)] | None = None


async def complete_text(request: ApiRequest) -> None:
    """Answer POST /v1/completions."""
    body = request.parse_body(CompletionBody)
    request.model = body.model
    if body.max_tokens == 0:
        raise ApiError(
            400, "A completion has one token or more.", code="invalid_value", parameter="max_tokens"
        )
    prompts = _prompts_of(body)
    calls = [
        GenerateText(
            call_id=new_call_id(),
            client=request.client,
            model=body.model,
            prompt=prompt if isinstance(prompt, str) else "",
            prompt_ids=() if isinstance(prompt, str) else prompt,
            suffix=body.suffix or "",
            sampling=sampling_of(body),
            max_tokens=USUAL_TOKENS if body.max_tokens is None else max(body.max_tokens, 0),
            logprobs=-1 if body.logprobs is None else body.logprobs,
        )
        for prompt in prompts
    ]
    answer = _TextAnswer(request, body, len(prompts))
    await (answer.stream(calls) if body.stream else answer.send_whole(calls))


def _prompts_of(body: CompletionBody) -> list[Prompt]:
    """Return the prompts: one or several texts, or one or several lists of tokens.

    Raises ApiError for a mixture, an empty one, and for too many.
    """
    given = body.prompt
    prompts: list[Prompt]
    if isinstance(given, str):
        prompts = [given]
    elif all(isinstance(each, int) for each in given):
        prompts = [tuple(each for each in given if isinstance(each, int))]
    else:
        texts: list[Prompt] = [each for each in given if isinstance(each, str)]
        tokens: list[Prompt] = [tuple(each) for each in given if isinstance(each, list)]
        prompts = texts or tokens
        if len(prompts) != len(given):
            raise _refused_prompt("The prompts are neither all texts nor all lists of tokens.")
    if len(prompts) > MOST_PROMPTS:
        raise _refused_prompt(f"There are more than {MOST_PROMPTS} prompts.")
    if body.suffix and not isinstance(prompts[0], str):
        raise ApiError(400, "A gap (“suffix”) needs its prompt as text.", parameter="suffix")
    if not all(prompts) and not body.suffix:
        raise _refused_prompt("The prompt is empty.")
    return prompts


def _refused_prompt(message: str) -> ApiError:
    return ApiError(400, message, code="invalid_value", parameter="prompt")


class _TextAnswer:
    """The completions of one or several prompts on their way out."""

    def __init__(self, request: ApiRequest, body: CompletionBody, prompts: int) -> None:
        self._request = request
        self._count = body.n or 1
        self._is_echoed = bool(body.echo)
        self._sent = [""] * prompts
        """The prompts as texts, once the model has them."""
        self._first = 0
        """The number of the first choice of the prompt that is being answered."""
        self._with_scores = body.logprobs is not None
        self._with_usage = bool(body.stream_options and body.stream_options.include_usage)
        self._frame = {
            "id": f"cmpl-{new_call_id()}",
            "object": "text_completion",
            "created": int(time.time()),
            "model": body.model,
        }

    async def send_whole(self, calls: Sequence[GenerateText]) -> None:
        done = await self._generate(calls, self._note_prompt if self._is_echoed else ignore_event)
        choices = [
            self._choice(
                number,
                self._echo(number) + each.thinking + each.text,
                FINISH_REASONS.get(each.stop, "stop"),
                each.scores,
            )
            for number, each in enumerate(done)
        ]
        usage = self._usage(done)
        await self._request.send_json({**self._frame, "choices": choices, "usage": usage})

    async def stream(self, calls: Sequence[GenerateText]) -> None:
        done = await self._generate(calls, self._send_event)
        if self._with_usage:
            usage = self._usage(done)
            await self._request.send_data({**self._frame, "choices": [], "usage": usage})
        await self._request.end_stream(b"data: [DONE]\n\n")

    async def _generate(self, calls: Sequence[GenerateText], on_event: OnEvent) -> list[AnswerDone]:
        """Answer one prompt after the other, each so often as was asked for."""
        done: list[AnswerDone] = []
        for call in calls:
            self._first = len(done)
            done += await generate_answers(self._request, call, self._count, on_event)
        return done

    async def _note_prompt(self, place: int, event: GenerationEvent) -> None:
        if isinstance(event, PromptFitted):
            self._sent[(self._first + place) // self._count] = event.sent

    def _echo(self, number: int) -> str:
        return self._sent[number // self._count] if self._is_echoed else ""

    def _usage(self, done: Sequence[AnswerDone]) -> dict[str, object]:
        """Return the tokens of all prompts; each was read once."""
        firsts = range(0, len(done), self._count)
        read = sum(max(e.prompt_tokens for e in done[n : n + self._count]) for n in firsts)
        usage = usage_of(list(done))
        self._request.tokens_read = read
        written = self._request.tokens_written
        return {**usage, "prompt_tokens": read, "total_tokens": read + written}

    async def _send_event(self, place: int, event: GenerationEvent) -> None:
        number = self._first + place
        await self._note_prompt(place, event)
        if not self._request.status:
            await self._request.start_stream()
        if isinstance(event, ApiWaiting):
            await self._request.send_bytes(b": waiting\n\n")
        elif isinstance(event, AnswerDone):
            await self._send(self._choice(number, "", FINISH_REASONS.get(event.stop, "stop")))
        elif isinstance(event, AnswerChunk):
            await self._send(self._choice(number, event.text, None, event.scores))
        elif isinstance(event, ThinkingChunk):
            await self._send(self._choice(number, event.text, None))
        elif echo := self._echo(number):
            await self._send(self._choice(number, echo, None))

    async def _send(self, choice: dict[str, object]) -> None:
        await self._request.send_data({**self._frame, "choices": [choice]})

    def _choice(
        self, number: int, text: str, reason: str | None, scores: tuple[ScoredToken, ...] = ()
    ) -> dict[str, object]:
        start = len(self._echo(number))
        logprobs = _score_fields(scores, start) if self._with_scores else None
        return {"index": number, "text": text, "logprobs": logprobs, "finish_reason": reason}


def _score_fields(scores: tuple[ScoredToken, ...], start: int) -> dict[str, object]:
    words = [each.raw.decode(errors="replace") for each in scores]
    offsets = [start + sum(map(len, words[:place])) for place in range(len(words))]
    return {
        "tokens": words,
        "token_logprobs": [each.logprob for each in scores],
        "top_logprobs": [
            {other.raw.decode(errors="replace"): other.logprob for other in each.likeliest}
            for each in scores
        ],
        "text_offset": offsets,
    }
