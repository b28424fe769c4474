"""Argument reading: the arguments of a call, as a model writes them, become a JSON object.

They come in pieces, and so does the object: of a text each letter as soon as it is certain.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from core.base.tool_call_reader import JsonEnd
from core.engine.chat_template.argument_form import (
    ArgumentForm,
    LiteralArguments,
    MarkedArguments,
)
from core.engine.chat_template.tool_form import PARTLY, match_loosely
from core.engine.grammar.argument_schema import is_text, properties_of


class ReadArguments(Struct, frozen=True):
    """What was made of a text: JSON, how many of its letters that took, and whether it ends."""

    json: str
    used: int
    is_end: bool = False


class ArgumentReader(Protocol):
    """Reads the arguments of one call; what it did not use comes again, with more behind it."""

    def read_arguments(self, text: str, *, final: bool) -> ReadArguments:
        """Return what is certain by now; `final`: nothing follows."""


class _Step(Protocol):
    def __call__(self, text: str, *, final: bool) -> ReadArguments: ...


def argument_reader(form: ArgumentForm | None, tool: Mapping[str, Any]) -> ArgumentReader:
    """Return the reader of a call of `tool`."""
    if form is None:
        return JsonArgumentReader()
    if isinstance(form, LiteralArguments):
        return LiteralReader(form)
    return MarkedReader(form, properties_of(tool))


class JsonArgumentReader:
    """Reads arguments that are JSON already."""

    def __init__(self) -> None:
        self._end = JsonEnd()
        self._is_begun = False  # whether a letter has come

    def read_arguments(self, text: str, *, final: bool) -> ReadArguments:  # noqa: ARG002 - of the protocol
        """Return them as they are, without white space before them."""
        start = 0 if self._is_begun else len(text) - len(text.lstrip())
        self._is_begun = self._is_begun or start < len(text)
        end = self._end.find_end(text[start:])
        stop = len(text) if end is None else start + end
        return ReadArguments(text[start:stop], stop, end is not None)


class MarkedReader:
    """Reads arguments of which each stands between marks of its own."""

    def __init__(self, form: MarkedArguments, properties: Mapping[str, Any]) -> None:
        """`properties` are the schemas of the arguments: they say which are texts."""
        self._form = form
        self._properties = properties
        self._between = _pattern(form.between)
        self._between_json = _pattern(form.between_json)
        after = f"{_optional(_head_space(form.after))}{_loose(form.after.strip())}"
        self._after = self._usual_after = re.compile(after)
        self._count = 0
        self._next_step: _Step = self._read_pair
        self._is_text = False

    def read_arguments(self, text: str, *, final: bool) -> ReadArguments:
        """Return the object up to where it is certain."""
        made, place = "", 0
        while True:
            step = self._next_step(text[place:], final=final)
            made, place = made + step.json, place + step.used
            if step.is_end or not step.used:
                return ReadArguments(made, place, step.is_end)

    def _read_pair(self, text: str, *, final: bool) -> ReadArguments:
        """Read what precedes a key; anything else ends the arguments."""
        match = match_loosely(text, self._form.before)
        if match == PARTLY and not final:
            return ReadArguments("", 0)
        if match is None or match == PARTLY:
            return ReadArguments("}" if self._count else "{}", 0, is_end=True)
        self._next_step = self._read_key
        return ReadArguments("", match)

    def _read_key(self, text: str, *, final: bool) -> ReadArguments:  # noqa: ARG002 - of its kind
        found = self._between.search(text)
        plain = self._between_json.search(text)
        if self._form.between != self._form.between_json:
            found, plain = (None, plain) if _is_first(plain, found) else (found, None)
        match = found or plain
        if match is None:
            return ReadArguments("", 0)
        key = text[: match.start()].strip()
        self._is_text = found is not None and (
            plain is None or is_text(self._properties.get(key, {}))
        )
        self._next_step = self._read_start
        start = ", " if self._count else "{"
        self._count += 1
        quote = '"' if self._is_text else ""
        return ReadArguments(f"{start}{json.dumps(key, ensure_ascii=False)}: {quote}", match.end())

    def _read_start(self, text: str, *, final: bool) -> ReadArguments:
        """Read the white space that the form has before a value, and no more."""
        space = _tail_space(self._form.between)
        used = len(space) if text.startswith(space) else 0
        short = space.startswith(text) and text != space
        if (short or _CDATA.startswith(text[used:])) and text[used:] != _CDATA and not final:
            return ReadArguments("", 0)
        self._after = self._usual_after
        if text.startswith(_CDATA, used):  # MiniCPM 5 puts texts with marks in it
            used += len(_CDATA)
            self._after = re.compile(rf"\]\]>\s*{self._usual_after.pattern}")
        self._next_step = self._read_text if self._is_text else self._read_value
        step = self._next_step(text[used:], final=final)
        return ReadArguments(step.json, used + step.used, step.is_end)

    def _read_text(self, text: str, *, final: bool) -> ReadArguments:
        found = self._after.search(text)
        if found is not None:
            self._next_step = self._read_pair
            return ReadArguments(_quoted(text[: found.start()]) + '"', found.end())
        keep = 0 if final else self._begun_length(text)
        return ReadArguments(_quoted(text[: len(text) - keep]), len(text) - keep)

    def _read_value(self, text: str, *, final: bool) -> ReadArguments:  # noqa: ARG002 - of its kind
        found = self._after.search(text)
        if found is None:
            return ReadArguments("", 0)
        self._next_step = self._read_pair
        return ReadArguments(_as_json(text[: found.start()]), found.end())

    def _begun_length(self, text: str) -> int:
        """Return how many letters at the end may begin what follows a value."""
        core = self._form.after.strip()
        if self._after is not self._usual_after:
            return len(text)
        for whole in (_head_space(self._form.after) + core, core):
            for length in range(min(len(whole) - 1, len(text)), 0, -1):
                if text.endswith(whole[:length]):
                    return length
        return 0


def _is_first(one: re.Match[str] | None, other: re.Match[str] | None) -> bool:
    return one is not None and (other is None or one.start() < other.start())


def _head_space(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _tail_space(text: str) -> str:
    return text[len(text.rstrip()) :]


def _optional(text: str) -> str:
    return f"(?:{re.escape(text)})?"


def _loose(text: str) -> str:
    return r"\s*".join(map(re.escape, text.split()))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_loose(text.strip()))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


_CDATA = "<![CDATA["
_OF_PYTHON = {"True": "true", "False": "false", "None": "null"}


def _as_json(text: str) -> str:
    """Return a value as JSON: some templates write those of Python; what is neither is a text."""
    value = _OF_PYTHON.get(text.strip(), text.strip())
    try:
        json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return _literal_as_json(value) or json.dumps(text, ensure_ascii=False)
    return value


def _literal_as_json(text: str) -> str:
    """Return a list or a dict of Python's as JSON; "" if it is none."""
    if text[:1] not in {"[", "{", "("} or not text:
        return ""
    reader = LiteralReader(LiteralArguments(assign="=", separator=",", quote="'"))
    read = reader.read_arguments(f"v={text})", final=True)
    try:
        value = json.loads(read.json)["v"] if read.is_end else None
    except (ValueError, RecursionError, KeyError):
        return ""
    return json.dumps(value, ensure_ascii=False) if value is not None else ""


def _refuse(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(name)


_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\s,:=()\[\]{}'\"<]+|<")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_CODES = {"x": 2, "u": 4, "U": 8}
_CLOSING = {"[": "]", "{": "}"}


class LiteralReader:
    """Reads arguments that are written as literals of a programming language."""

    def __init__(self, form: LiteralArguments) -> None:
        self._quotes = form.quotes
        self._quote = ""  # that of the text which is being read
        self._open: list[str] = []
        self._is_begun = False
        self._comma = ""  # not told before something follows it

    def read_arguments(self, text: str, *, final: bool) -> ReadArguments:
        """Return the object up to where it is certain."""
        made, place = "" if self._is_begun else "{", 0
        self._is_begun = True
        while True:
            read = self._read_text if self._quote else self._read_outside
            step = read(text[place:], final=final)
            made, place = made + step.json, place + step.used
            if step.is_end or not step.used:
                return ReadArguments(made, place, step.is_end)

    def _read_outside(self, text: str, *, final: bool) -> ReadArguments:
        if space := _SPACE.match(text):
            return ReadArguments("", space.end())
        for quote in self._quotes:
            if text.startswith(quote):
                self._quote = quote
                return ReadArguments(self._told('"'), len(quote))
            if text and quote.startswith(text) and not final:
                return ReadArguments("", 0)
        if text[:1] and text[0] in ")]}":
            return self._close()
        if text[:1] and text[0] in "([{,:=":
            return ReadArguments(self._read_sign(text[0]), 1)
        return self._read_word(text, final=final)

    def _read_sign(self, letter: str) -> str:
        if letter == ",":
            self._comma = ", "
            return ""
        if letter in ":=":
            return ": "
        self._open.append("]" if letter == "(" else _CLOSING[letter])
        return self._told("[" if letter == "(" else letter)

    def _close(self) -> ReadArguments:
        self._comma = ""
        if not self._open:
            return ReadArguments("}", 0, is_end=True)
        return ReadArguments(self._open.pop(), 1)

    def _read_word(self, text: str, *, final: bool) -> ReadArguments:
        """Read a key without quotes, a number, or a word such as True."""
        word = _WORD.match(text)
        if word is None:
            return ReadArguments("}" if final and text else "", 0, is_end=final and text != "")
        rest = text[word.end() :].lstrip()
        if not rest and not final:
            return ReadArguments("", 0)
        is_key = rest[:1] in {":", "="} and rest != ""
        shown = json.dumps(word[0], ensure_ascii=False) if is_key else _as_json(word[0])
        return ReadArguments(self._told(shown), word.end())

    def _told(self, text: str) -> str:
        comma, self._comma = self._comma, ""
        return comma + text

    def _read_text(self, text: str, *, final: bool) -> ReadArguments:
        end = text.find(self._quote)
        escape = text.find("\\") if len(self._quote) == 1 else -1
        if escape >= 0 and (end < 0 or escape < end):
            return self._read_escape(text, escape)
        if end >= 0:
            step = ReadArguments(_quoted(text[:end]) + '"', end + len(self._quote))
            self._quote = ""
            return step
        keep = 0
        if not final:
            lengths = range(min(len(self._quote) - 1, len(text)), 0, -1)
            keep = next((n for n in lengths if text.endswith(self._quote[:n])), 0)
        return ReadArguments(_quoted(text[: len(text) - keep]), len(text) - keep)

    def _read_escape(self, text: str, place: int) -> ReadArguments:
        """Read up to an escape, and that if it is whole."""
        before, letter = text[:place], text[place + 1 : place + 2]
        length = _CODES.get(letter, 0)
        code = text[place + 2 : place + 2 + length]
        if not letter or len(code) < length:
            return ReadArguments(_quoted(before), place)
        shown = _ESCAPES.get(letter, letter)
        if length:
            try:
                shown = chr(int(code, 16))
            except (ValueError, OverflowError):
                shown = f"\\{letter}{code}"
        return ReadArguments(_quoted(before + shown), place + 2 + length)
