"""Regular expression of a schema's `pattern` to GBNF for the inside of a JSON string."""

import json
import re
from collections.abc import Iterable, Sequence

from core.base.i18n import _

Range = tuple[int, int]
"""Code points from the first to the last."""

_LAST = 0x10FFFF
_DIGITS: tuple[Range, ...] = ((0x30, 0x39),)
_WORDS: tuple[Range, ...] = (*_DIGITS, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACES: tuple[Range, ...] = ((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x2028, 0x2029))
_NAMED = {"d": _DIGITS, "w": _WORDS, "s": _SPACES}
_CONTROL = {"n": 0x0A, "t": 0x09, "r": 0x0D, "f": 0x0C}
_PLAIN: tuple[Range, ...] = (
    (0x20, 0x21),
    (0x23, 0x5B),
    (0x5D, 0x7E),
    (0x80, 0xD7FF),
    (0xE000, _LAST),
)
"""Characters that are not escaped in a JSON string."""
_ESCAPED = (*_CONTROL.values(), 0x22, 0x5C)
_TIMES = re.compile(r"[*+?]|\{\d{1,4}(?:,\d{0,4})?\}")


class PatternError(ValueError):
    """A pattern can't be expressed as a grammar."""


def pattern_to_grammar(pattern: str) -> str:
    """Return the grammar of strings that contain `pattern`; its rule `char` is any character.

    Look-around and references to groups can't be expressed. Raises PatternError.
    """
    return _Reader(pattern).whole()


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._place = 0

    def whole(self) -> str:
        """Return the alternatives; one without anchors may match anywhere in the string."""
        ways = [self._anchored()]
        while self._take("|"):
            ways.append(self._anchored())
        if self._place < len(self._pattern):
            raise self._error()
        return " | ".join(ways)

    def _anchored(self) -> str:
        before = "" if self._take("^") else "char* "
        inside = self._sequence()
        after = "" if self._take("$") else " char*"
        return f"{before}{inside}{after}".strip() or '""'

    def _alternatives(self) -> str:
        ways = [self._sequence()]
        while self._take("|"):
            ways.append(self._sequence())
        return " | ".join(way or '""' for way in ways)

    def _sequence(self) -> str:
        items: list[str] = []
        while self._ahead() not in {"", "|", ")", "$"}:
            item = self._atom()
            times = _TIMES.match(self._pattern, self._place)
            if times:
                self._place = times.end()
                self._take("?")  # a lazy repetition allows the same texts
                item += times[0]
            items.append(item)
        return " ".join(items)

    def _atom(self) -> str:
        if self._take("("):
            if self._take("?") and not self._take(":"):
                raise self._error()
            inside = self._alternatives()
            if not self._take(")"):
                raise self._error()
            return f"({inside})"
        if self._take("["):
            return _one_of(self._class())
        if self._take("."):
            return "char"
        if self._ahead() in set("^*+?{"):
            raise self._error()
        return _one_of(self._letter())

    def _class(self) -> Sequence[Range]:
        negated = self._take("^")
        ranges: list[Range] = []
        while not ranges or self._ahead() != "]":
            first = self._letter()
            if len(first) == 1 and self._ahead() == "-" and self._ahead(1) != "]":
                self._place += 1
                last = self._letter()
                first = ((first[0][0], last[0][1]),)
                if first[0][0] > first[0][1]:
                    raise self._error()
            ranges += first
        self._place += 1
        return _others(ranges) if negated else ranges

    def _letter(self) -> Sequence[Range]:
        """Read one character, or an escape for several."""
        letter = self._ahead()
        if not letter:
            raise self._error()
        self._place += 1
        if letter != "\\":
            return ((ord(letter), ord(letter)),)
        name = self._ahead()
        self._place += 1
        if name.lower() in _NAMED:
            return _NAMED[name] if name.islower() else _others(_NAMED[name.lower()])
        if name in _CONTROL:
            return ((_CONTROL[name], _CONTROL[name]),)
        code = re.compile(r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}").match(self._pattern, self._place - 1)
        if code:
            self._place = code.end()
            return ((int(code[0][1:], 16), int(code[0][1:], 16)),)
        if not name or name.isalnum():
            raise self._error()
        return ((ord(name), ord(name)),)

    def _ahead(self, distance: int = 0) -> str:
        return self._pattern[self._place + distance : self._place + distance + 1]

    def _take(self, letter: str) -> bool:
        taken = self._ahead() == letter
        self._place += taken
        return taken

    def _error(self) -> PatternError:
        place = self._place + 1
        return PatternError(_("the pattern can't be held to from letter {n} on").format(n=place))


def _others(ranges: Iterable[Range]) -> Sequence[Range]:
    """Return the code points from the space on that are in none of `ranges`."""
    others: list[Range] = []
    start = 0x20
    for first, last in sorted(ranges):
        if first > start:
            others.append((start, first - 1))
        start = max(start, last + 1)
    return [*others, (start, _LAST)] if start <= _LAST else others


def _one_of(ranges: Sequence[Range]) -> str:
    """Return one character of `ranges` as it is written in a JSON string."""
    plain = [
        (max(first, low), min(last, high))
        for first, last in ranges
        for low, high in _PLAIN
        if max(first, low) <= min(last, high)
    ]
    ways = ["[" + "".join(map(_span, plain)) + "]"] if plain else []
    for code in _ESCAPED:
        if any(first <= code <= last for first, last in ranges):
            written = json.dumps(chr(code))[1:-1].replace("\\", "\\\\").replace('"', '\\"')
            ways.append(f'"{written}"')
    if not ways:
        raise PatternError(_("the pattern asks for a letter that no text has"))
    return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def _span(span: Range) -> str:
    first, last = (f"\\U{code:08X}" for code in span)
    return first if first == last else f"{first}-{last}"
