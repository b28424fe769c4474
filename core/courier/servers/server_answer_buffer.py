"""Buffer of a server's answer: collects pieces for a moment and sends them on."""

import time
from collections.abc import Callable

import msgspec

from core.courier.servers.server_stream import EchoFilter, StreamPiece, TokenUsage
from core.messages import AnswerChunk, AnswerDone, ThinkingChunk

CHUNK_SECONDS = 0.03
"""Shortest time between two chunks."""


class ServerAnswerBuffer:
    """Belongs to the thread of one answer. `begun` is the start of an answer that is continued."""

    def __init__(self, request_id: str, send: Callable[[msgspec.Struct], None], begun: str) -> None:
        self._request_id = request_id
        self._begun = begun
        self._send = send
        self._started_at = time.monotonic()
        self._reset()

    def _reset(self) -> None:
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._unsent: dict[type[AnswerChunk | ThinkingChunk], str] = {
            ThinkingChunk: "",
            AnswerChunk: "",
        }
        self._sent_at = 0.0
        self._first_at = self._last_at = 0.0
        self._events = 0
        self.letter_count = 0
        self._usage = TokenUsage()
        self._echo = EchoFilter(self._begun)

    @property
    def seconds_to_first(self) -> float:
        """Seconds until the first piece, 0 before it."""
        return self._first_at - self._started_at if self._first_at else 0.0

    def restart_answer(self) -> bool:
        """Forget all pieces; returns whether there were any."""
        had_pieces = bool(self._first_at)
        self._reset()
        self._started_at = time.monotonic()
        return had_pieces

    def add_piece(self, piece: StreamPiece) -> None:
        """Add a piece, and send what is due."""
        self._usage = piece.usage or self._usage
        if not (piece.text or piece.thought):
            return
        piece = msgspec.structs.replace(piece, text=self._echo.remove_echo(piece.text))
        now = self._last_at = time.monotonic()
        self._first_at = self._first_at or now
        self._events += 1
        self.letter_count += len(piece.text) + len(piece.thought)
        if piece.thought:
            self._thinking.append(piece.thought)
            self._unsent[ThinkingChunk] += piece.thought
        if piece.text:
            self._text.append(piece.text)
            self._unsent[AnswerChunk] += piece.text
        if now - self._sent_at >= CHUNK_SECONDS:
            self.flush()
            self._sent_at = now

    def finish_answer(self, stop: str) -> AnswerDone:
        """Return the last event of the answer, after sending the rest of the text."""
        if rest := self._echo.remaining_text():
            self._text.append(rest)
            self._unsent[AnswerChunk] += rest
        self.flush()
        seconds = self._last_at - self._first_at
        tokens = self._usage.completion_tokens or self._events
        return AnswerDone(
            request_id=self._request_id,
            stop=stop,
            text="".join(self._text),
            thinking="".join(self._thinking),
            prompt_tokens=self._usage.prompt_tokens,
            cached_tokens=self._usage.cached_tokens,
            completion_tokens=tokens,
            seconds_to_first_token=self.seconds_to_first,
            tokens_per_second=(tokens - 1) / seconds if tokens > 1 and seconds > 0 else 0.0,
        )

    def flush(self) -> None:
        """Send what has not been sent yet."""
        for kind, text in self._unsent.items():
            if text:
                self._send(kind(request_id=self._request_id, text=text))
                self._unsent[kind] = ""
