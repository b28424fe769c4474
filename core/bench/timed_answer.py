"""Timed answer: one answer of the engine with the times at which its text arrived."""

from dataclasses import dataclass, field

from core.messages import AnswerChunk, AnswerDone, PromptFitted, PromptTurn, ThinkingChunk


@dataclass(slots=True)
class TimedAnswer:
    """One answer as its reader saw it; times are in seconds of one clock."""

    request_id: str
    turns: tuple[PromptTurn, ...]
    asked: float
    fitted: PromptFitted | None = None
    chunks: list[float] = field(default_factory=list)
    done: AnswerDone | None = None
    ended: float = 0.0

    def record_progress(self, event: PromptFitted | AnswerChunk | ThinkingChunk, at: float) -> None:
        """Record what arrived before the end."""
        if isinstance(event, PromptFitted):
            self.fitted = event
        else:
            self.chunks.append(at)

    def record_end(self, done: AnswerDone, at: float) -> None:
        """Record the last event."""
        self.done, self.ended = done, at

    @property
    def done_event(self) -> AnswerDone:
        """The last event. Only of an answer that has ended."""
        assert self.done is not None
        return self.done

    @property
    def first_text_at(self) -> float:
        """When its first words came, or its end if it has none."""
        return self.chunks[0] if self.chunks else self.ended

    @property
    def seconds_to_first_text(self) -> float:
        """Seconds from the question to the first words."""
        return self.first_text_at - self.asked

    @property
    def seconds_writing(self) -> float:
        """Seconds from the first words to the end."""
        return max(self.ended - self.first_text_at, 1e-9)

    @property
    def tokens_read(self) -> int:
        """Tokens of the prompt that were evaluated."""
        return self.done_event.prompt_tokens - self.done_event.cached_tokens

    @property
    def tokens_per_second(self) -> float:
        """Tokens written a second, from the first to the last."""
        return max(self.done_event.completion_tokens - 1, 0) / self.seconds_writing
