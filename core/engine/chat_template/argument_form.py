"""Argument form: how one model writes the arguments of a call where they are no JSON object.

marked     <parameter=city>⏎Oslo⏎</parameter>           Qwen 3 Coder, GLM, MiniMax, DeepSeek 3.2
literal    city='Oslo', days=3                           LFM 2.5, Llama's calls as of Python
           city:<|"|>Oslo<|"|>,days:3                    Gemma 4

It is found, like the form of the call itself, in what a template made of a probe (`tool_form`).
"""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

NUMBER = 7310589
"""The value of a probe's argument that is no text."""


class MarkedArguments(Struct, frozen=True, kw_only=True):
    """Each argument is `before` key `between` value `after`; texts are as they are, others JSON."""

    before: str
    between: str
    between_json: str
    """The same before a value that is no text."""
    after: str

    @property
    def fixed_texts(self) -> tuple[str, ...]:
        """All that is the same in every call."""
        return self.before, self.between, self.between_json, self.after


class LiteralArguments(Struct, frozen=True, kw_only=True):
    """Arguments are key `assign` value, with `separator` between them; texts stand in quotes."""

    assign: str
    separator: str
    quote: str

    @property
    def quotes(self) -> tuple[str, ...]:
        """What a text may stand between; a backslash escapes only in those of one letter."""
        return ("'", '"') if len(self.quote) == 1 else (self.quote, '"')

    @property
    def fixed_texts(self) -> tuple[str, ...]:
        """All that is the same in every call."""
        return self.assign, self.separator, self.quote


ArgumentForm: TypeAlias = MarkedArguments | LiteralArguments


class SplitArguments(Struct, frozen=True):
    """A call from behind its name: what precedes the arguments, their form, what follows them."""

    middle: str
    form: ArgumentForm
    rest: str


def split_arguments(
    texts: str, numbers: str, keys: Sequence[str], values: Sequence[str]
) -> SplitArguments | None:
    """Return the parts of a call with two texts, given also with NUMBER and [NUMBER] in it.

    Both begin behind the name of the tool. None if the arguments have no form that is known.
    """
    head, between, gap, tail = _parts(texts, (keys[0], values[0], keys[1], values[1]))
    number = str(NUMBER)
    _head, plain, _gap, listed = _parts(numbers, (keys[0], number, keys[1], number))
    if not (between and gap and plain and listed) or f"{keys[1]}{between}{values[1]}" not in texts:
        return None
    if f"{keys[1]}{plain}[" not in numbers:
        return None
    quote = between.removeprefix(plain)
    if between.startswith(plain) and quote and gap.startswith(quote) and tail.startswith(quote):
        separator, rest = gap.removeprefix(quote), tail.removeprefix(quote)
        literal = LiteralArguments(assign=plain, separator=separator, quote=quote)
        return SplitArguments(head, literal, rest) if separator.strip() else None
    before = _common_end(head, gap)
    before = before[max(before.rfind("<"), 0) :]
    after = gap.removesuffix(before)
    if not before.strip() or not after.strip() or not tail.startswith(after):
        return None
    marked = MarkedArguments(before=before, between=between, between_json=plain, after=after)
    return SplitArguments(head.removesuffix(before), marked, tail.removeprefix(after))


def _parts(text: str, words: Sequence[str]) -> tuple[str, str, str, str]:
    """Return what precedes each of the first three words, and what follows the last."""
    before: list[str] = []
    for word in words:
        piece, found, text = text.partition(word)
        if not found:
            return "", "", "", ""
        before.append(piece)
    return before[0], before[1], before[2], text


def _common_end(text: str, other: str) -> str:
    length = 0
    while length < min(len(text), len(other)) and text[-1 - length] == other[-1 - length]:
        length += 1
    return text[len(text) - length :]
