"""Prompt fitting: turns and sources chosen to fit a token budget, with the counter passed in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.chat.answering.history_summary import (
    SHARE_AFTER_SUMMARY,
    SUMMARY_REQUEST,
    summary_token_limit,
)
from core.messages import FittedPrompt, Generate, PromptSource, PromptTurn

SOURCE_SHARE = 1 / 3
"""Sources take at most this share of the context."""
SOURCE_SECONDS = 8.0
"""... and at most what the model reads in this time, so that first words come soon."""
WHOLE_SHARE = 0.6
"""... but a whole file that a person picked may take this much of it, however long it is read."""
ANSWER_TOKENS = 1024
"""Room kept for an answer, where the context allows; at least a quarter of the context is kept."""

_ASK = "Answer this question with the text above: {question}"


class PromptTokenCounter(Protocol):
    """Counts as the model that will read the prompt does."""

    def count_turns(self, turns: Sequence[PromptTurn], /) -> int:
        """Return the tokens of the whole prompt."""

    def count_text(self, text: str, /) -> int:
        """Return the tokens of a piece of text."""


def fit_prompt(
    request: Generate, context: int, tokens_per_second: float, count: PromptTokenCounter
) -> FittedPrompt:
    """Choose what is sent of `request`; what is left out is counted in the result.

    Sources are bounded first. Then, as long as the whole is too long: sources of early turns go,
    oldest first; then early turns; then sources of this question, the least relevant first.
    Raises ModelError(PROMPT_TOO_LONG) when the bare question does not fit, and CONTEXT_FULL when
    early turns would go and may not: with how many to sum up, and the context that was counted for.
    """
    room = context - _answer_room(request.max_tokens, context)
    offered = _whole(request.sources, int(context * WHOLE_SHARE), count)
    if not offered:
        found = [source for source in request.sources if not source.whole]
        offered = _choose_sources(found, source_budget(context, tokens_per_second), count)
    draft = _Draft(
        question=request.turns[-1], history=list(request.turns[:-1]), sources=list(offered)
    )
    whole = draft.turns()
    _shorten_to(room, draft, count)
    if draft.turns_left_out and not request.may_leave_out:
        early = count_early_turns(whole, context, count)
        raise ModelError(ErrorCode.CONTEXT_FULL, early=str(early), context=str(context))
    turns = draft.turns()
    return FittedPrompt(
        turns=turns,
        sent=turns[-1].text,
        sources_used=tuple(source.n for source in draft.sources),
        sources_widened=tuple(source.n for source in draft.sources if source.widened),
        sources_left_out=_wanted(request.sources, offered) - len(draft.sources),
        turns_left_out=draft.turns_left_out,
    )


def source_budget(context: int, tokens_per_second: float) -> int:
    """Return how many tokens the sources of one question may have."""
    return int(min(context * SOURCE_SHARE, tokens_per_second * SOURCE_SECONDS))


def count_early_turns(turns: Sequence[PromptTurn], context: int, count: PromptTokenCounter) -> int:
    """Return how many of `turns`, from the first, a summary should stand for; the last never goes.

    So many whole exchanges that the rest takes KEPT_SHARE of the context, but no more than the
    model can read at once. By estimate: counting the whole for each exchange would take minutes.
    """
    costs = [count.count_text(turn.text) for turn in turns]
    whole = count.count_turns(turns)
    frame = (whole - sum(costs)) / len(turns)
    readable = (
        context - summary_token_limit(context) - count.count_text(SUMMARY_REQUEST) - 2 * frame
    )
    read, early = 0.0, 0
    for place, cost in enumerate(costs[:-1], start=1):
        read += cost + frame
        if turns[place].role != "user":
            continue
        if early and read > readable:
            break
        early = place
        if whole - read <= context * SHARE_AFTER_SUMMARY:
            break
    return early


def _shorten_to(room: int, draft: "_Draft", count: PromptTokenCounter) -> None:
    """Leave out until the draft has at most `room` tokens. Raises ModelError(PROMPT_TOO_LONG).

    What goes is subtracted by estimate and the whole counted again only when it should fit:
    counting it for each turn of a long chat would take minutes.
    """
    turns = draft.turns()
    tokens = count.count_turns(turns)
    frame = (tokens - sum(count.count_text(turn.text) for turn in turns)) / len(turns)
    while tokens > room:
        estimate = float(tokens)
        gone: _Gone | None = None
        while estimate > room and (gone := draft.shorten()):
            estimate -= sum(count.count_text(text) for text in gone.texts) + frame * gone.turns
        if gone is None and estimate > room and count.count_turns(draft.turns()) > room:
            raise ModelError(ErrorCode.PROMPT_TOO_LONG, tokens=str(tokens), context=str(room))
        tokens = count.count_turns(draft.turns())


@dataclass(frozen=True, slots=True)
class _Gone:
    """What one step left out: texts, and how many whole turns they were."""

    texts: tuple[str, ...]
    turns: int = 0


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A source as it will be sent: its passage, or the section around it."""

    n: int
    label: str
    text: str
    passage: str
    widened: bool = False


@dataclass(slots=True)
class _Draft:
    """A prompt on its way to fitting; `history` and `sources` shrink step by step."""

    question: PromptTurn
    history: list[PromptTurn]
    sources: list[_Chosen]
    turns_left_out: int = 0
    _bared: int = 0

    def turns(self) -> tuple[PromptTurn, ...]:
        """Return the whole; a passage that an earlier turn still shows is not sent again."""
        fresh = [
            source
            for source in self.sources
            if not any(source.passage in turn.text for turn in self.history)
        ]
        sent = question_with_sources(
            self.question.plain or self.question.text,
            [(source.label, source.text) for source in fresh],
        )
        return (*self.history, structs.replace(self.question, text=sent))

    def shorten(self) -> _Gone | None:
        """Leave out what is missed least; None when nothing is left to go.

        What goes may come back: a passage of an early turn is sent again if it was found anew.
        """
        while self._bared < len(self.history):
            turn = self.history[self._bared]
            self._bared += 1
            if turn.role == "user" and turn.plain and turn.plain != turn.text:
                self.history[self._bared - 1] = structs.replace(turn, text=turn.plain)
                return _Gone((turn.text.removesuffix(turn.plain),))
        system = 1 if self.history and self.history[0].role == "system" else 0
        if len(self.history) > system:
            gone = self.history[system : system + 2]
            del self.history[system : system + 2]
            self.turns_left_out += len(gone)
            return _Gone(tuple(turn.text for turn in gone), turns=len(gone))
        if self.sources:
            return _Gone((self.sources.pop().text,))
        return None


def question_with_sources(question: str, sources: Sequence[tuple[str, str]]) -> str:
    """Return the question as the model reads it, with (label, text) of its sources before it.

    The best passage stands last, next to the question: small models read best what is near. There
    are no numbers and no rules about citing, which is the app's work: each rule costs a small model
    answers, and so does a word for the text itself ("context", "documents"), which it then talks
    about (SmolLM2-135M gave the fact in 10 of 22 answers, and in 6 with "Context:" before them).
    """
    if not sources:
        return question
    blocks = [f"{label}:\n{text}" for label, text in reversed(sources)]
    return "\n\n".join([*blocks, _ASK.format(question=question)])


def _answer_room(max_tokens: int, context: int) -> int:
    wanted = max_tokens or ANSWER_TOKENS
    return max(1, min(wanted, context // 4))


def _whole(
    sources: Sequence[PromptSource], budget: int, count: PromptTokenCounter
) -> list[_Chosen]:
    """Return all passages of the files that were picked if they fit, the last one first."""
    chosen = [
        _Chosen(source.n, source.label, source.passage, source.passage)
        for source in sources
        if source.whole
    ]
    cost = sum(count.count_text(f"{each.label}:\n{each.text}\n\n") for each in chosen)
    return chosen[::-1] if cost <= budget else []


def _wanted(sources: Sequence[PromptSource], offered: Sequence[_Chosen]) -> int:
    """Return how many sources there were of the kind that is sent."""
    numbers = {each.n for each in offered}
    whole = any(source.whole and source.n in numbers for source in sources)
    return sum(source.whole == whole for source in sources)


def _choose_sources(
    sources: Sequence[PromptSource], budget: int, count: PromptTokenCounter
) -> list[_Chosen]:
    """Take passages in rank order while they fit, then widen the best ones to their sections.

    The first is always taken: one passage of at most 256 embedder tokens is never too much. Where
    two passages of one section were found, the section is not sent twice: they stay passages.
    """
    chosen: list[_Chosen] = []
    left = budget
    for source in sources:
        cost = count.count_text(f"{source.label}:\n{source.passage}\n\n")
        if chosen and cost > left:
            break
        chosen.append(_Chosen(source.n, source.label, source.passage, source.passage))
        left -= cost
    found_in = Counter(source.section for source in sources[: len(chosen)])
    for place, source in enumerate(sources[: len(chosen)]):
        extra = count.count_text(source.section) - count.count_text(source.passage)
        if 0 < extra <= left and found_in[source.section] == 1:
            chosen[place] = replace(chosen[place], text=source.section, widened=True)
            left -= extra
    return chosen
