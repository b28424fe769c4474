"""Prompt fitting: turns and sources chosen to fit a token budget, with the counter passed in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.base.tool_call_reader import RESULT_START
from core.chat.answering.conversation_summary import (
    SHARE_AFTER_SUMMARY,
    SUMMARY_REQUEST,
    summary_token_limit,
)
from core.messages import (
    ASSISTANT_ROLE,
    SYSTEM_ROLE,
    USER_ROLE,
    FittedPrompt,
    Generate,
    PromptSource,
    PromptTurn,
)

SOURCE_SHARE = 1 / 3
"""Sources take at most this share of the context."""
SOURCE_SECONDS = 8.0
"""... and at most what the model reads in this time, so that first words come soon."""
WHOLE_SHARE = 0.6
"""... but a whole file that a person picked may take this much of it, however long it is read."""
ANSWER_TOKENS = 1024
"""Tokens reserved for an answer, but at most a quarter of the context."""

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

    Sources are limited first. Then, as long as the whole is too long, it leaves out sources of
    early turns, oldest first; then early exchanges; then sources of this question, the least
    relevant first. Raises ModelError(PROMPT_TOO_LONG) if the question alone does not fit, and
    CONTEXT_FULL if early turns would have to go and may not: with the number of turns to summarise
    (`early`).
    """
    limit = context - _answer_tokens(request.max_tokens, context)
    offered = _whole_files(request.sources, int(context * WHOLE_SHARE), count)
    if not offered:
        found = [source for source in request.sources if not source.whole]
        offered = _choose_sources(found, source_budget(context, tokens_per_second), count)
    draft = _Draft(
        question=request.turns[-1], earlier=list(request.turns[:-1]), sources=list(offered)
    )
    whole = draft.turns()
    _shorten_to(limit, draft, count)
    if draft.turns_left_out and not request.may_leave_out:
        early = count_early_turns(whole, context, count)
        raise ModelError(ErrorCode.CONTEXT_FULL, early=str(early), context=str(context))
    turns = draft.turns()
    return FittedPrompt(
        turns=turns,
        sent=turns[-1].text,
        sources_used=tuple(source.n for source in draft.sources),
        sources_widened=tuple(source.n for source in draft.sources if source.widened),
        sources_left_out=_count_candidates(request.sources, offered) - len(draft.sources),
        turns_left_out=draft.turns_left_out,
    )


def source_budget(context: int, tokens_per_second: float) -> int:
    """Return the most tokens that the sources of one question may have."""
    return int(min(context * SOURCE_SHARE, tokens_per_second * SOURCE_SECONDS))


def count_early_turns(turns: Sequence[PromptTurn], context: int, count: PromptTokenCounter) -> int:
    """Return how many of the first `turns` a summary should replace; never the last turn.

    So many whole exchanges that the rest takes SHARE_AFTER_SUMMARY of the context, but no more than
    the model can read at once. It is estimated: counting again for each exchange takes minutes.
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
        if not _is_question(turns[place]):
            continue
        if early and read > readable:
            break
        early = place
        if whole - read <= context * SHARE_AFTER_SUMMARY:
            break
    return early


def _shorten_to(limit: int, draft: "_Draft", count: PromptTokenCounter) -> None:
    """Leave out until the draft has at most `limit` tokens. Raises ModelError(PROMPT_TOO_LONG).

    What is left out is subtracted by estimate, and the whole is counted again only when it should
    fit: counting it for each turn of a long chat would take minutes.
    """
    turns = draft.turns()
    tokens = count.count_turns(turns)
    frame = (tokens - sum(count.count_text(turn.text) for turn in turns)) / len(turns)
    while tokens > limit:
        estimate = float(tokens)
        left_out: _LeftOut | None = None
        while estimate > limit and (left_out := draft.shorten()):
            estimate -= sum(count.count_text(text) for text in left_out.texts)
            estimate -= frame * left_out.turns
        if left_out is None and estimate > limit and count.count_turns(draft.turns()) > limit:
            raise ModelError(ErrorCode.PROMPT_TOO_LONG, tokens=str(tokens), context=str(limit))
        tokens = count.count_turns(draft.turns())


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """What one step left out: texts, and the number of whole turns among them."""

    texts: tuple[str, ...]
    turns: int = 0


@dataclass(frozen=True, slots=True)
class _SourceText:
    """A source as it will be sent: `text` is its passage, or the section around it."""

    n: int
    label: str
    text: str
    passage: str
    widened: bool = False


@dataclass(slots=True)
class _Draft:
    """A prompt on its way to fitting; `earlier` turns and `sources` shrink step by step."""

    question: PromptTurn
    earlier: list[PromptTurn]
    sources: list[_SourceText]
    turns_left_out: int = 0
    _stripped: int = 0

    def turns(self) -> tuple[PromptTurn, ...]:
        """Return all turns; a passage that an earlier turn still contains is not sent again."""
        fresh = [
            source
            for source in self.sources
            if not any(source.passage in turn.text for turn in self.earlier)
        ]
        sent = question_with_sources(
            self.question.plain or self.question.text,
            [(source.label, source.text) for source in fresh],
        )
        return (*self.earlier, structs.replace(self.question, text=sent))

    def shorten(self) -> _LeftOut | None:
        """Leave out the least important part; None when nothing is left.

        It may come back: a passage of an early turn is sent again if it was found again.
        """
        while self._stripped < len(self.earlier):
            turn = self.earlier[self._stripped]
            self._stripped += 1
            if turn.role == "user" and turn.plain and turn.plain != turn.text:
                self.earlier[self._stripped - 1] = structs.replace(turn, text=turn.plain)
                return _LeftOut((turn.text.removesuffix(turn.plain),))
        start, end = self._oldest_part()
        if gone := self.earlier[start:end]:
            del self.earlier[start:end]
            self.turns_left_out += len(gone)
            return _LeftOut(tuple(turn.text for turn in gone), turns=len(gone))
        if self.sources:
            return _LeftOut((self.sources.pop().text,))
        return None

    def _oldest_part(self) -> tuple[int, int]:
        """Return the places of the oldest exchange, of which calls and results are a part.

        If the last turn is no question, the question before it stays: of its own exchange,
        the oldest calls go with their results, but not the last ones.
        """
        start = 1 if self.earlier and self.earlier[0].role == SYSTEM_ROLE else 0
        later = range(start + 1, len(self.earlier))
        if end := next((n for n in later if _is_question(self.earlier[n])), 0):
            return start, end
        if _is_question(self.question):
            return start, len(self.earlier)
        calls = [n for n, turn in enumerate(self.earlier) if turn.role == ASSISTANT_ROLE]
        return (calls[0], calls[1]) if len(calls) > 1 else (start, start)


def _is_question(turn: PromptTurn) -> bool:
    """Return whether a turn begins an exchange; what tools returned may be a turn of the user's."""
    return turn.role == USER_ROLE and not turn.text.startswith(RESULT_START)


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


def _answer_tokens(max_tokens: int, context: int) -> int:
    wanted = max_tokens if max_tokens > 0 else ANSWER_TOKENS
    return max(1, min(wanted, context // 4))


def _whole_files(
    sources: Sequence[PromptSource], budget: int, count: PromptTokenCounter
) -> list[_SourceText]:
    """Return all passages of the picked files if they fit, the last one first."""
    chosen = [
        _SourceText(source.n, source.label, source.passage, source.passage)
        for source in sources
        if source.whole
    ]
    cost = sum(count.count_text(f"{each.label}:\n{each.text}\n\n") for each in chosen)
    return chosen[::-1] if cost <= budget else []


def _count_candidates(sources: Sequence[PromptSource], offered: Sequence[_SourceText]) -> int:
    """Return the number of sources of the kind that is sent: whole files, or passages."""
    numbers = {each.n for each in offered}
    whole = any(source.whole and source.n in numbers for source in sources)
    return sum(source.whole == whole for source in sources)


def _choose_sources(
    sources: Sequence[PromptSource], budget: int, count: PromptTokenCounter
) -> list[_SourceText]:
    """Choose passages in rank order while they fit, then widen the best ones to their sections.

    The first is always chosen: one passage of at most 256 embedder tokens is never too long. If two
    passages of one section were found, they stay passages, so that the section is not sent twice.
    """
    chosen: list[_SourceText] = []
    left = budget
    for source in sources:
        cost = count.count_text(f"{source.label}:\n{source.passage}\n\n")
        if chosen and cost > left:
            break
        chosen.append(_SourceText(source.n, source.label, source.passage, source.passage))
        left -= cost
    found_in = Counter(source.section for source in sources[: len(chosen)])
    for place, source in enumerate(sources[: len(chosen)]):
        extra = count.count_text(source.section) - count.count_text(source.passage)
        if 0 < extra <= left and found_in[source.section] == 1:
            chosen[place] = replace(chosen[place], text=source.section, widened=True)
            left -= extra
    return chosen
