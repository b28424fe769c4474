"""One answer of the engine as whoever asked sees it, with the times on their clock."""

from dataclasses import dataclass, field

from core.messages import AnswerDone, PromptFitted, PromptTurn


@dataclass(slots=True)
class Answer:
    """One answer as its reader saw it; times are in seconds of one clock."""

    request_id: str
    turns: tuple[PromptTurn, ...]
    asked: float
    fitted: PromptFitted | None = None
    chunks: list[float] = field(default_factory=list)
    done: AnswerDone | None = None
    ended: float = 0.0

    @property
    def told(self) -> AnswerDone:
        """The last event. Only of an answer that has ended."""
        assert self.done is not None
        return self.done

    @property
    def first(self) -> float:
        """When its first words came, or its end if it has none."""
        return self.chunks[0] if self.chunks else self.ended

    @property
    def waited(self) -> float:
        """Seconds from the question to the first words."""
        return self.first - self.asked

    @property
    def wrote(self) -> float:
        """Seconds from the first words to the end."""
        return max(self.ended - self.first, 1e-9)

    @property
    def read(self) -> int:
        """Tokens of the prompt that were evaluated."""
        return self.told.prompt_tokens - self.told.cached_tokens

    @property
    def speed(self) -> float:
        """Tokens written a second, from the first to the last."""
        return max(self.told.completion_tokens - 1, 0) / self.wrote
