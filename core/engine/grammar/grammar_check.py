"""Check of a GBNF grammar before native code reads it: size, depth, endless recursion.

llama.cpp's parser recurses as deep as groups nest, counts {5,2} down from 2^64, and expands a rule
until each alternative begins with a character, which takes 2^30 steps for thirty rules with two
references to the next one.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from core.base.i18n import _

MAX_TEXT = 256 << 10
MAX_RULES = 2000
MAX_DEPTH = 100
MAX_REPETITIONS = 2000
"""llama.cpp's own limit; a higher number means "any number" there."""
MAX_ITEMS = 200_000
MAX_STACKS = 10_000
"""Most parser positions before the first character; a normal grammar has a few dozen."""

_WORD = re.compile(
    r"""(?P<space>(?:[ \t\r\n]|\#[^\n\r]*)+)
      | (?P<define>[A-Za-z0-9-]+[ \t]*::=)
      | (?P<name>[A-Za-z0-9-]+)
      | (?P<one>"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|\.|!?<[^>]*>)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<alt>\|)
      | (?P<times>[*+?]|\{\s*\d+\s*(?:,\s*\d*\s*)?\})""",
    re.VERBOSE | re.DOTALL,
)


class _Item(Struct):
    """An element of a sequence: characters (`name` ""), or a rule; repeated `least` to `most`."""

    name: str
    size: int
    least: int = 1
    most: int = 1


_Rule = list[list[_Item]]


class GrammarError(ValueError):
    """A grammar can't be used; the message is the reason, in words."""


def check_grammar(text: str) -> None:
    """Raise GrammarError for a grammar that can't be read, is too large or too ambiguous."""
    if len(text) > MAX_TEXT:
        raise GrammarError(_("it is too long"))
    rules = _read(text)
    if "root" not in rules:
        raise GrammarError(_("it has no rule named “root”"))
    _check_size(rules)
    _Widths(rules).check_widths()


def _words(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        found = _WORD.match(text, place)
        if not found or "\0" in found[0]:
            line = text.count("\n", 0, place) + 1
            raise GrammarError(_("line {line} can't be read").format(line=line))
        yield found.lastgroup or "", found[0]
        place = found.end()


def _read(text: str) -> dict[str, _Rule]:
    """Return the rules by name; a group becomes a rule of its own, named by a number."""
    rules: dict[str, _Rule] = {}
    open_groups: list[_Rule] = []
    for kind, word in _words(text):
        if kind == "define":
            if len(open_groups) > 1:
                raise GrammarError(_("a bracket is not closed"))
            open_groups = [rules.setdefault(word[:-3].rstrip(), [])]
            open_groups[0].append([])
        elif kind != "space":
            if not open_groups:
                raise GrammarError(_("it does not begin with a rule"))
            _take(kind, word, open_groups, rules)
        if len(rules) > MAX_RULES or len(open_groups) > MAX_DEPTH:
            raise GrammarError(_("it has too many rules or brackets"))
    if len(open_groups) > 1:
        raise GrammarError(_("a bracket is not closed"))
    return rules


def _take(kind: str, word: str, open_groups: list[_Rule], rules: dict[str, _Rule]) -> None:
    rule = open_groups[-1]
    if kind == "alt":
        rule.append([])
    elif kind == "name":
        rule[-1].append(_Item(word, 1))
    elif kind == "one":
        rule[-1].append(_Item("", 0 if word == '""' else len(word)))
    elif kind == "open":
        name = f"({len(rules)}"
        rule[-1].append(_Item(name, 1))
        rules[name] = [[]]
        open_groups.append(rules[name])
    elif kind == "close":
        open_groups.pop()
        if not open_groups:
            raise GrammarError(_("a bracket is not opened"))
    else:
        if not rule[-1]:
            raise GrammarError(_("a repetition has nothing to repeat"))
        _repeat(rule[-1][-1], word)


def _repeat(item: _Item, word: str) -> None:
    numbers = [int(number[:9]) for number in re.findall(r"\d+", word)]
    if not numbers:
        least, most = {"*": (0, MAX_REPETITIONS), "+": (1, MAX_REPETITIONS), "?": (0, 1)}[word]
    elif len(numbers) == 1:
        least, most = numbers[0], MAX_REPETITIONS if "," in word else numbers[0]
    else:
        least, most = numbers
    if not least <= most <= MAX_REPETITIONS:
        raise GrammarError(_("{word} is no repetition").format(word=word))
    copies = least if "," in word and len(numbers) == 1 else most
    item.size *= 1 if word in "*+?" else max(copies, 1)
    item.least, item.most = item.least * least, min(item.most * most, MAX_REPETITIONS)


def _check_size(rules: dict[str, _Rule]) -> None:
    for rule in rules.values():
        for item in (item for sequence in rule for item in sequence):
            if item.name and item.name not in rules:
                raise GrammarError(_("the rule “{name}” is missing").format(name=item.name))
    sizes = (item.size for rule in rules.values() for sequence in rule for item in sequence)
    if sum(sizes) > MAX_ITEMS:
        raise GrammarError(_("it repeats too much"))


class _Widths:
    """Numbers of parser positions of each rule when llama.cpp expands it to first characters."""

    def __init__(self, rules: dict[str, _Rule]) -> None:
        self._rules = rules
        self._empty: set[str] = set()
        self._find_empty()

    def check_widths(self) -> None:
        """Raise GrammarError for too many positions, or a rule that begins with itself."""
        widths: dict[str, int] = {}
        for root in self._rules:
            visiting: dict[str, None] = {}
            waiting = [root]
            while waiting:
                name = waiting[-1]
                missing = [first for first in self._firsts(name) if first not in widths]
                if name not in widths and missing:
                    visiting[name] = None
                    if not visiting.keys().isdisjoint(missing):
                        raise GrammarError(_("a rule begins with itself"))
                    waiting += missing
                    continue
                widths[name] = self._width(name, widths)
                visiting.pop(name, None)
                waiting.pop()
                if widths[name] > MAX_STACKS:
                    raise GrammarError(_("it has too many ways to begin"))

    def _nullable(self, item: _Item) -> bool:
        return item.least == 0 or (item.name in self._empty if item.name else item.size == 0)

    def _find_empty(self) -> None:
        grown = True
        while grown:
            grown = False
            for name, rule in self._rules.items():
                if name not in self._empty and any(
                    all(map(self._nullable, sequence)) for sequence in rule
                ):
                    self._empty.add(name)
                    grown = True

    def _leading(self, name: str) -> Iterator[tuple[_Item, int]]:
        """Yield the items a rule may begin with, and how often llama.cpp expands each."""
        for sequence in self._rules[name]:
            for item in sequence:
                yield item, item.most if item.name in self._empty else 1
                if not self._nullable(item):
                    break

    def _firsts(self, name: str) -> list[str]:
        return [item.name for item, _times in self._leading(name) if item.name]

    def _width(self, name: str, widths: dict[str, int]) -> int:
        width = 1
        for item, times in self._leading(name):
            width += times * (widths[item.name] if item.name else 1)
        return width
