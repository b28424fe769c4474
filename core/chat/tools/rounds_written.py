"""Tokens of all rounds of one answer, and how fast the model wrote them."""

from msgspec import structs

from core.messages import AnswerDone


class RoundsWritten:
    """Sums of rounds. The calls between them take no time of the model, and count to no speed."""

    def __init__(self) -> None:
        self._tokens = 0
        self._timed_tokens = 0
        self._seconds = 0.0

    def add_round(self, done: AnswerDone) -> AnswerDone:
        """Return the end of a round with what all rounds have written, and no text of its own."""
        self._tokens += done.completion_tokens
        if done.tokens_per_second > 0:  # from the first token on, which is none of these
            following = max(done.completion_tokens - 1, 0)
            self._timed_tokens += following
            self._seconds += following / done.tokens_per_second
        speed = self._timed_tokens / self._seconds if self._seconds else done.tokens_per_second
        return structs.replace(
            done, text="", token_ids=(), completion_tokens=self._tokens, tokens_per_second=speed
        )
