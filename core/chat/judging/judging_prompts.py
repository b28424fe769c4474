"""Judging prompts: what a chat model is asked about a passage or a statement, and how much of it.

Both are answered with Yes or No, so that the likelihood of one token is the judgement. Evidence
stands before the claim: it is read once for several claims. A question stands after the passage,
though it is what several prompts have in common: it is short, and small models read what is near.
"""

from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.base.sentences import sentence_spans
from core.messages import PromptTurn

_ANSWERED = (
    "Passage:\n{passage}\n\nQuestion: {question}\n\n"
    "Does the passage contain the answer to the question? Reply with Yes or No only."
)
_SUPPORTED = (
    "Evidence:\n{evidence}\n\nClaim: {statement}\n\n"
    "Is every part of the claim supported by the evidence? Reply with Yes or No only."
)
_WORD = lazy_pattern(r"\w+")

BYTES_PER_TOKEN = 3.5
"""Of UTF-8; English has 4.5, others less: rather too little is taken than too much."""
FRAME_TOKENS = 40
"""Tokens of a prompt besides the texts that are put in."""


def answer_prompt(question: str, passage: str) -> tuple[PromptTurn, ...]:
    """Return the turns that ask whether a passage answers a question."""
    return _asked(_ANSWERED.format(question=question, passage=passage))


def support_prompt(statement: str, evidence: str) -> tuple[PromptTurn, ...]:
    """Return the turns that ask whether evidence supports a statement."""
    return _asked(_SUPPORTED.format(statement=statement, evidence=evidence))


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has, rather too many."""
    return int(len(text.encode()) / BYTES_PER_TOKEN) + 1


def relevant_excerpt(text: str, about: str, tokens: int) -> str:
    """Return the sentences in a row, of about `tokens` at most, that share most with `about`.

    One sentence is always returned, cut off where it is longer.
    """
    if estimated_tokens(text) <= tokens:
        return text
    spans = sentence_spans(text) or [(0, len(text))]
    wanted = _units(about)
    shared = [len(wanted & _units(text[start:end])) for start, end in spans]
    first = last = max(range(len(spans)), key=shared.__getitem__)
    while True:
        before, after = first - 1, last + 1
        grown = [
            (shared[place], place)
            for place in (after, before)
            if 0 <= place < len(spans) and _fits(text, spans, first, last, place, tokens)
        ]
        if not grown:
            break
        place = max(grown, key=lambda each: each[0])[1]
        first, last = min(first, place), max(last, place)
    start, end = spans[first][0], spans[last][1]
    room = int(tokens * BYTES_PER_TOKEN)
    return text[start:end].encode()[:room].decode(errors="ignore")


def _fits(
    text: str, spans: Sequence[tuple[int, int]], first: int, last: int, place: int, tokens: int
) -> bool:
    start, end = spans[min(first, place)][0], spans[max(last, place)][1]
    return estimated_tokens(text[start:end]) <= tokens


def _units(text: str) -> set[str]:
    """Return what texts are compared by: words, and pairs of letters for scripts without spaces."""
    units: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        units.add(word)
        if not word.isascii():
            units.update(word[n : n + 2] for n in range(len(word) - 1))
    return units


def _asked(text: str) -> tuple[PromptTurn, ...]:
    return (PromptTurn(role="user", text=text, plain=text),)
