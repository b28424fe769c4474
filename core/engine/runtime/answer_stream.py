"""Answer stream: the tokens of one answer become text, sent in chunks."""

import codecs
import time
from collections.abc import Sequence

from core.base.clock import Clock
from core.engine.chat_template.thinking_marks import (
    TextKind,
    TextPiece,
    ThinkingMarks,
    ThinkingSplitter,
)
from core.engine.llama.model_vocabulary import Vocabulary
from core.engine.runtime.answer_job import AnswerJob
from core.engine.runtime.call_translation import CallTranslation
from core.engine.runtime.text_pacing import TextLine
from core.messages import (
    AnswerChunk,
    AnswerDone,
    FittedPrompt,
    Generate,
    PromptFitted,
    ScoredToken,
    ThinkingChunk,
)


class StopStrings:
    """Ends a text before the first of some strings; a possible start of one is held back."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False
        self.withheld_text = ""
        """The stop string, and the text after it."""

    def filter_text(self, text: str, *, final: bool = False) -> str:
        """Return the text that may be sent now; nothing after a stop string."""
        if self.stopped:
            return ""
        text = self._held + text
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            self.stopped = True
            self.withheld_text = text[min(found) :]
            self._held = ""
            return text[: min(found)]
        hold = 0 if final else self._longest_start(text)
        self._held = text[len(text) - hold :]
        return text[: len(text) - hold]

    def _longest_start(self, text: str) -> int:
        longest = 0
        for stop in self._stops:
            for length in range(min(len(stop) - 1, len(text)), longest, -1):
                if text.endswith(stop[:length]):
                    longest = length
                    break
        return longest


class OutgoingText:
    """Turns token bytes into thinking and text; stop strings end the text, not the thinking."""

    def __init__(self, stops: Sequence[str], marks: ThinkingMarks | None, *, opened: bool) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._splitter = ThinkingSplitter(marks, opened=opened)
        self._strings = StopStrings(stops)
        self._is_plain = marks is None and not any(stops)

    def tell_calls(self, names: Sequence[str]) -> None:
        """Tell calls of these tools as text where they stand in a channel of their own."""
        self._splitter.callable = frozenset(names)

    @property
    def stopped(self) -> bool:
        """Whether a stop string has come."""
        return self._strings.stopped

    @property
    def withheld_text(self) -> str:
        """The stop string, and the text after it."""
        return self._strings.withheld_text

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of a character whose last bytes have not come; never sent."""
        return len(self._decoder.getstate()[0])

    def push_bytes(self, data: bytes, *, final: bool = False) -> list[TextPiece]:
        """Return the pieces that may be sent now, none of them empty."""
        # Not told what is final: an answer that is cut within a character ends before it.
        decoded = self._decoder.decode(data)
        if self._is_plain:
            return [("text", decoded)] if decoded else []
        pieces: list[TextPiece] = []
        for kind, text in self._splitter.split_text(decoded, final=final):
            shown = text if kind == "thinking" else self._strings.filter_text(text)
            if shown:
                pieces.append((kind, shown))
        if final and (rest := self._strings.filter_text("", final=True)):
            pieces.append(("text", rest))
        return pieces


CHUNK_SECONDS = 0.03
"""Text is gathered for this long before it is sent; the first piece is sent at once."""


class AnswerStream:
    """The events of one Generate request, sent as its tokens come."""

    def __init__(
        self,
        request: Generate,
        vocabulary: Vocabulary,
        line: TextLine,
        *,
        stops: Sequence[str],
        marks: ThinkingMarks | None,
        opened: bool,
        clock: Clock = time.perf_counter,
    ) -> None:
        self._request = request
        self._vocabulary = vocabulary
        self._line = line
        self._clock = clock
        self._outgoing = OutgoingText((*stops, *request.sampling.stop), marks, opened=opened)
        self._marks = marks
        self._calls: CallTranslation | None = None
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._waiting = ""
        self._waiting_kind: TextKind = "text"
        self._sent_at = float("-inf")
        self._tokens: list[int] = []
        self._thinking_tokens = 0
        self._started = self._begun_at = clock()
        self._first_at = self._last_at = 0.0
        self._cached = 0
        self._scores: list[ScoredToken] = []
        self._unsent_scores: list[ScoredToken] = []

    def translate_calls(self, calls: CallTranslation) -> None:
        """Translate calls of tools, which the model writes in a form of its own."""
        self._calls = calls
        self._outgoing.tell_calls(calls.names)

    def send_prompt_fitted(self, fitted: FittedPrompt, prompt: Sequence[int], cached: int) -> None:
        """Send what the prompt contains, and how much of it was cached."""
        self._cached = cached
        self._begun_at = self._clock()
        self._line.send_event(
            PromptFitted(
                request_id=self._request.request_id,
                sent=fitted.sent,
                sources_used=fitted.sources_used,
                sources_widened=fitted.sources_widened,
                turns_left_out=fitted.turns_left_out,
                sources_left_out=fitted.sources_left_out,
                prompt_tokens=len(prompt),
                cached_tokens=cached,
                prompt=self._vocabulary.detokenize(prompt),
            )
        )

    def add_token(self, token: int, score: ScoredToken | None = None) -> str:
        """Add the next token; return why the answer ends with it, "" to continue."""
        now = self._last_at = self._clock()
        self._first_at = self._first_at or now
        if self._vocabulary.ends_answer(token):
            return "eos"
        self._tokens.append(token)
        if score is not None:
            self._unsent_scores.append(score)
        is_mark = self._marks is not None and self._marks.is_mark_token(token)
        spelled = is_mark or (self._calls is not None and token in self._calls.spelled)
        raw = self._vocabulary.token_bytes(token, control=spelled)
        self._show(self._outgoing.push_bytes(raw), now)
        if self._thinking and not self._text:
            self._thinking_tokens = len(self._tokens)
        return "stop" if self._outgoing.stopped else ""

    def send_done(self, stop: str, job: AnswerJob) -> None:
        """Send the rest of the text, and the last event."""
        now = self._clock()
        self._show(self._outgoing.push_bytes(b"", final=True), now)
        if self._calls is not None and (rest := self._calls.translate("", final=True)):
            self._add_piece("text", rest, now)
        self._flush(now)
        self._line.send_event(
            AnswerDone(
                request_id=self._request.request_id,
                text="".join(self._text),
                thinking="".join(self._thinking),
                token_ids=self._kept_tokens(),
                stop=stop,
                stop_string=self._stop_string(),
                prompt_tokens=job.prompt_length,
                cached_tokens=self._cached,
                completion_tokens=len(self._tokens),
                thinking_tokens=self._thinking_tokens,
                seconds_to_first_token=max(self._first_at - self._started, 0.0),
                tokens_per_second=self._tokens_per_second(job),
                checks=job.checks,
                drafted_tokens=job.drafted,
                accepted_tokens=job.accepted,
                scores=tuple(self._scores),
            )
        )

    def _tokens_per_second(self, job: AnswerJob) -> float:
        """Return the speed from the first token on; nothing of the first batch counts to it.

        Where that only checked a guess, as all before was cached, its tokens count, and its time.
        """
        written, since = len(self._tokens) - 1, self._first_at
        if job.accepted and self._cached >= job.prompt_length - 1:
            written, since = len(self._tokens), self._begun_at
        span = self._last_at - since
        return written / span if span > 0 else 0.0

    def _stop_string(self) -> str:
        """Return the string of the request that ended the answer, "" for what the model ends by."""
        withheld = self._outgoing.withheld_text
        stops = (each for each in self._request.sampling.stop if each)
        return next((each for each in stops if withheld.startswith(each)), "")

    def _kept_tokens(self) -> tuple[int, ...]:
        """Return the tokens of the text that was sent, without those of a stop string.

        A token with white space before the stop string is dropped too, and those of a character
        that was not finished; if a token also contains the last letters of the answer, no tokens
        are returned.
        """
        if not self._outgoing.stopped:
            return self._tokens_of_whole_characters()
        withheld = self._outgoing.withheld_text
        for count in range(1, len(self._tokens) + 1):
            tail = self._vocabulary.detokenize(self._tokens[-count:])
            if len(tail) >= len(withheld):
                whole = tail.endswith(withheld) and not tail.removesuffix(withheld).strip()
                return tuple(self._tokens[:-count]) if whole else ()
        return ()

    def _tokens_of_whole_characters(self) -> tuple[int, ...]:
        kept, unfinished = list(self._tokens), self._outgoing.unfinished_bytes
        while unfinished > 0 and kept:
            unfinished -= len(self._vocabulary.token_bytes(kept.pop()))
        return () if unfinished else tuple(kept)

    def _show(self, pieces: Sequence[TextPiece], now: float) -> None:
        for kind, piece in pieces:
            text = piece
            if kind == "text" and self._calls is not None:
                text = self._calls.translate(piece)
            if text:
                self._add_piece(kind, text, now)
        # What is held back is shown token by token: it must last.
        if self._waiting and (self._line.is_paced or now - self._sent_at >= CHUNK_SECONDS):
            self._flush(now)

    def _add_piece(self, kind: TextKind, text: str, now: float) -> None:
        if kind != self._waiting_kind:
            self._flush(now)
        self._waiting_kind = kind
        self._waiting += text
        (self._text if kind == "text" else self._thinking).append(text)

    def _flush(self, now: float) -> None:
        if self._waiting:
            request_id, text = self._request.request_id, self._waiting
            if self._waiting_kind == "text":
                scores, self._unsent_scores = tuple(self._unsent_scores), []
                self._scores += scores
                self._line.send_text(AnswerChunk(request_id=request_id, text=text, scores=scores))
            else:
                self._unsent_scores.clear()  # those of thinking are not told
                self._line.send_text(ThinkingChunk(request_id=request_id, text=text))
            self._waiting = ""
            self._sent_at = now
