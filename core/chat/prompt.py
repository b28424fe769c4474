"""Turns, sources and a token budget to the prompt that fits: pure, with the counter handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from msgspec import structs

from core.errors import Code, ModelError
from core.messages import FittedPrompt, Generate, PromptSource, PromptTurn

SOURCE_SHARE = 1 / 3
"""Sources take at most this share of the context."""
SOURCE_SECONDS = 8.0
"""... and at most what the model reads in this time, so that first words come soon."""
ANSWER_TOKENS = 1024
"""Room kept for an answer, where the context allows; at least a quarter of the context is kept."""

_BEFORE = "Context:"
_AFTER = "Using the context, answer this question: {question}"


class TokenCounter(Protocol):
    """Counts as the model that will read the prompt does."""

    def turns(self, turns: Sequence[PromptTurn], /) -> int:
        """Return the tokens of the whole prompt."""

    def text(self, text: str, /) -> int:
        """Return the tokens of a piece of text."""


def fit(
    request: Generate, context: int, tokens_per_second: float, count: TokenCounter
) -> FittedPrompt:
    """Choose what is sent of `request`; what is left out is counted in the result.

    Sources are bounded first. Then, as long as the whole is too long: sources of early turns go,
    oldest first; then early turns; then sources of this question, the least relevant first.
    Raises ModelError(PROMPT_TOO_LONG) when the bare question does not fit.
    """
    room = context - _answer_room(request.max_tokens, context)
    budget = min(context * SOURCE_SHARE, tokens_per_second * SOURCE_SECONDS)
    draft = _Draft(
        question=request.turns[-1],
        history=list(request.turns[:-1]),
        sources=_choose_sources(request.sources, int(budget), count),
    )
    while (tokens := count.turns(draft.turns())) > room:
        if not draft.shorten():
            raise ModelError(Code.PROMPT_TOO_LONG, tokens=str(tokens), context=str(context))
    turns = draft.turns()
    return FittedPrompt(
        turns=turns,
        sent=turns[-1].text,
        sources_used=tuple(source.n for source in draft.sources),
        sources_left_out=len(request.sources) - len(draft.sources),
        turns_left_out=draft.turns_left_out,
    )


@dataclass(slots=True)
class _Draft:
    """A prompt on its way to fitting; `history` and `sources` shrink step by step."""

    question: PromptTurn
    history: list[PromptTurn]
    sources: list[PromptSource]
    turns_left_out: int = 0

    def turns(self) -> tuple[PromptTurn, ...]:
        """Return the whole; a passage that an earlier turn still shows is not sent again."""
        fresh = [
            source
            for source in self.sources
            if not any(source.passage in turn.text for turn in self.history)
        ]
        sent = with_sources(self.question.plain or self.question.text, fresh)
        return (*self.history, structs.replace(self.question, text=sent))

    def shorten(self) -> bool:
        """Leave out what is missed least; False when only the bare question is left."""
        if self._bare_an_early_turn():
            return True
        system = 1 if self.history and self.history[0].role == "system" else 0
        if len(self.history) > system:
            gone = self.history[system : system + 2]
            del self.history[system : system + 2]
            self.turns_left_out += len(gone)
            return True
        if self.sources:
            self.sources.pop()
            return True
        return False

    def _bare_an_early_turn(self) -> bool:
        """Take the sources off the oldest question that has them."""
        for place, turn in enumerate(self.history):
            if turn.role == "user" and turn.plain and turn.plain != turn.text:
                self.history[place] = structs.replace(turn, text=turn.plain)
                return True
        return False


def with_sources(question: str, sources: Sequence[PromptSource]) -> str:
    """Return the question as the model reads it, with the passages before it.

    The best passage stands last, next to the question: small models read best what is near (with
    SmolLM2-135M 9 of 22 answers held the fact instead of 7). Numbers and rules about citing are
    left out on purpose: citations are the app's work, and every rule costs a small model answers.
    """
    if not sources:
        return question
    blocks = [f"{source.label}:\n{source.passage}" for source in reversed(sources)]
    return "\n\n".join([_BEFORE, *blocks, _AFTER.format(question=question)])


def _answer_room(max_tokens: int, context: int) -> int:
    wanted = max_tokens or ANSWER_TOKENS
    return max(1, min(wanted, context // 4))


def _choose_sources(
    sources: Sequence[PromptSource], budget: int, count: TokenCounter
) -> list[PromptSource]:
    """Take passages in rank order while they fit, then widen the best ones to their sections.

    The first is always taken: one passage of at most 256 embedder tokens is never too much.
    """
    chosen: list[PromptSource] = []
    left = budget
    for source in sources:
        cost = count.text(f"{source.label}:\n{source.passage}\n\n")
        if chosen and cost > left:
            break
        chosen.append(source)
        left -= cost
    sections: set[str] = set()
    for place, source in enumerate(chosen):
        if source.section in sections or not source.section:
            continue
        extra = count.text(source.section) - count.text(source.passage)
        if 0 < extra <= left and _is_alone(source, chosen):
            chosen[place] = structs.replace(source, passage=source.section)
            sections.add(source.section)
            left -= extra
    return chosen


def _is_alone(source: PromptSource, chosen: Sequence[PromptSource]) -> bool:
    """Whether no other chosen passage lies in the same section, so that nothing is sent twice."""
    return sum(other.section == source.section for other in chosen) == 1
