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
QUESTION_SHARE = 1 / 16
"""Share of the context that the next question is expected to take at least."""
SHARE_AFTER_SHORTENING = 1 / 2
"""What remains of a past that is shortened ahead, so that not every turn needs it."""

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
    relevant first. A past that is shortened ahead comes before that. Raises
    ModelError(PROMPT_TOO_LONG) if the question alone does not fit, and CONTEXT_FULL if early turns
    would have to go and may not: with the number of turns to summarise (`early`).
    """
    limit = context - _answer_tokens(request.max_tokens, context)
    offered = _whole_files(request.sources, int(context * WHOLE_SHARE), count)
    if not offered:
        found = [source for source in request.sources if not source.whole]
        offered = _choose_sources(found, source_budget(context, tokens_per_second), count)
    draft = _Draft(
        question=request.turns[-1], earlier=list(request.turns[:-1]), sources=list(offered)
    )
    whole, room = draft.turns(), 0
    if request.shortens_ahead:
        room = _question_room(draft.earlier, context, count)
        _shorten_ahead(draft, limit, room, count)
        if draft.turns_left_out and not request.may_leave_out:
            whole = (*request.turns[:-1], structs.replace(request.turns[-1], text="?"))
            raise _context_full(whole, context, room, count)
    _shorten_to(limit, draft, count)
    if draft.turns_left_out and not request.may_leave_out:
        raise _context_full(whole, context, 0, count)
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


def _context_full(
    turns: Sequence[PromptTurn], context: int, room: int, count: PromptTokenCounter
) -> ModelError:
    early = count_early_turns(turns, context, count, room)
    return ModelError(ErrorCode.CONTEXT_FULL, early=str(early), context=str(context))


def count_early_turns(
    turns: Sequence[PromptTurn], context: int, count: PromptTokenCounter, room: int = 0
) -> int:
    """Return how many of the first `turns` a summary should replace; never the last turn.

    `room` is what the last turn takes besides its text.

    So many whole exchanges that the rest takes SHARE_AFTER_SUMMARY of the context, but no more than
    the model can read at once. It is estimated: counting again for each exchange takes minutes.
    """
    costs = [count.count_text(turn.text) for turn in turns]
    whole = count.count_turns(turns)
    frame = (whole - sum(costs)) / len(turns)
    whole += room
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


def _question_room(earlier: Sequence[PromptTurn], context: int, count: PromptTokenCounter) -> int:
    """Return the tokens that the next question may take: as many as the longest so far."""
    asked = [count.count_text(turn.text) for turn in earlier if turn.role == USER_ROLE]
    least, most = int(context * QUESTION_SHARE), int(context * SOURCE_SHARE)
    return max(least, min(most, max(asked, default=0)))


def _shorten_ahead(draft: "_Draft", limit: int, room: int, count: PromptTokenCounter) -> None:
    """Shorten the past of a draft as it was shortened before each of its questions.

    Whenever an exchange was added and a question of `room` tokens no longer fitted behind it, the
    past went down to half of that: sources of early exchanges first, then exchanges. It depends on
    the past alone, so that it can be read before the question is known.
    """
    starts = [n for n, turn in enumerate(draft.earlier) if _is_question(turn)]
    if not starts:
        return
    past = _Past.measure(draft.earlier, starts, count)
    for start, end in zip(starts, [*starts[1:], len(draft.earlier)], strict=True):
        past.add_exchange(start, end)
        if past.tokens + room > limit:
            past.shorten(limit - room, (limit - room) * SHARE_AFTER_SHORTENING)
    draft.cut_past(past.bare, past.first)


@dataclass(slots=True)
class _Past:
    """What earlier turns cost in tokens, with and without their sources; it grows and shrinks.

    Of the turns before `end`, those before `bare` are without sources, and those of the exchanges
    before `first` are left out.
    """

    starts: list[int]
    costs: list[float]
    plain_costs: list[float]
    tokens: float
    first: int
    bare: int = 0
    last: int = 0
    end: int = 0

    @classmethod
    def measure(
        cls, earlier: Sequence[PromptTurn], starts: list[int], count: PromptTokenCounter
    ) -> "_Past":
        """Count each turn; the frame that a template gives it is that of the first exchange.

        That stays the same however long a chat becomes, unlike a mean over all turns.
        """
        costs = [count.count_text(turn.text) for turn in earlier]
        begin = starts[0] + 1
        head = count.count_turns(earlier[:begin])
        frame = 0.0
        if len(starts) > 1:
            until = starts[1] + 1
            more = count.count_turns(earlier[:until]) - head
            frame = (more - sum(costs[begin:until])) / (until - begin)
        return cls(
            starts,
            [cost + frame for cost in costs],
            [count.count_text(turn.plain or turn.text) + frame for turn in earlier],
            head - costs[starts[0]] - frame,
            starts[0],
        )

    def add_exchange(self, start: int, end: int) -> None:
        """Add the turns from `start` to `end` as they were sent."""
        self.last, self.end = start, end
        self.tokens += sum(self.costs[start:end])

    def shorten(self, most: float, wanted: float) -> None:
        """Go down to `wanted` tokens; the newest exchange only if it is more than `most`."""
        self._strip_sources(self.last, wanted)
        self._strip_sources(self.end, most)
        if self.tokens <= most:
            return
        for start in self.starts:
            if self.first < start <= self.last and self.tokens > wanted:
                self.tokens -= sum(self.plain_costs[self.first : start])
                self.first = start

    def _strip_sources(self, end: int, wanted: float) -> None:
        while self.bare < end and self.tokens > wanted:
            self.tokens -= self.costs[self.bare] - self.plain_costs[self.bare]
            self.bare += 1


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

    def cut_past(self, bare: int, first: int) -> None:
        """Leave out sources of turns before `bare`, and exchanges before the turn `first`."""
        for place, turn in enumerate(self.earlier[:bare]):
            if turn.role == USER_ROLE and turn.plain:
                self.earlier[place] = structs.replace(turn, text=turn.plain)
        start = next((n for n, turn in enumerate(self.earlier) if _is_question(turn)), 0)
        self.turns_left_out += max(first - start, 0)
        del self.earlier[start:first]
        self._stripped = max(bare - max(first - start, 0), 0)

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
