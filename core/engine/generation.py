"""One answer in the engine child: read the prompt, write tokens, gather them into chunks."""

import time
from collections.abc import Callable, Sequence

import msgspec

from core.engine.model import Aborted, Vocabulary
from core.engine.sampler import Sampler
from core.engine.scheduler import Scheduler
from core.engine.stops import OutgoingText
from core.messages import AnswerDone, Chunk, FittedPrompt, Generate, PromptFitted

CHUNK_SECONDS = 0.03
"""Tokens are gathered for this long before they cross the pipe; the first one goes at once."""


class Generation:
    """The course of one Generate request; `run` sends every event it has."""

    def __init__(
        self,
        request: Generate,
        vocabulary: Vocabulary,
        scheduler: Scheduler,
        send: Callable[[msgspec.Struct], None],
        stops: Sequence[str] = (),
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._request = request
        self._vocabulary = vocabulary
        self._scheduler = scheduler
        self._send = send
        self._clock = clock
        self._outgoing = OutgoingText(stops)
        self._text: list[str] = []
        self._waiting = ""
        self._sent_at = float("-inf")
        self._tokens: list[int] = []
        self._started = clock()
        self._first_at = self._last_at = 0.0

    def run(self, fitted: FittedPrompt, prompt: Sequence[int]) -> None:
        """Answer; being cancelled is a way to end, with what was written until then."""
        cached = self._scheduler.reuse(prompt)
        self._send(
            PromptFitted(
                request_id=self._request.request_id,
                sent=fitted.sent,
                sources_used=fitted.sources_used,
                sources_widened=fitted.sources_widened,
                turns_left_out=fitted.turns_left_out,
                sources_left_out=fitted.sources_left_out,
                prompt_tokens=len(prompt),
                cached_tokens=cached,
            )
        )
        sampler = Sampler(self._request.sampling, self._vocabulary)
        try:
            self._scheduler.read(prompt)
            stop = self._write(sampler)
        except Aborted:
            stop = "cancelled"
        finally:
            sampler.close()
        self._show(self._outgoing.push(b"", final=True))
        self._flush()
        self._send(self._done(stop, len(prompt), cached))

    def _write(self, sampler: Sampler) -> str:
        limit = self._scheduler.room
        if self._request.max_tokens > 0:
            limit = min(limit, self._request.max_tokens)
        for token in self._scheduler.write(sampler, limit):
            self._last_at = self._clock()
            self._first_at = self._first_at or self._last_at
            if self._vocabulary.ends(token):
                return "eos"
            self._tokens.append(token)
            self._show(self._outgoing.push(self._vocabulary.piece(token)))
            if self._outgoing.stopped:
                return "stop"
        return "length"

    def _show(self, text: str) -> None:
        self._text.append(text)
        self._waiting += text
        if self._waiting and self._clock() - self._sent_at >= CHUNK_SECONDS:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._send(Chunk(request_id=self._request.request_id, text=self._waiting))
            self._waiting = ""
            self._sent_at = self._clock()

    def _done(self, stop: str, prompt_tokens: int, cached_tokens: int) -> AnswerDone:
        span = self._last_at - self._first_at
        return AnswerDone(
            request_id=self._request.request_id,
            text="".join(self._text),
            # Tokens of a stop string were not shown and are not part of the transcript.
            token_ids=() if self._outgoing.stopped else tuple(self._tokens),
            stop=stop,
            prompt_tokens=prompt_tokens,
            cached_tokens=cached_tokens,
            completion_tokens=len(self._tokens),
            seconds_to_first_token=max(self._first_at - self._started, 0.0),
            tokens_per_second=(len(self._tokens) - 1) / span if span > 0 else 0.0,
        )
