"""Word list numbering: the numbers before list items and headings, which files don't hold."""

import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from core.library.extractors.office.office_xml import (
    attribute,
    find_child,
    iter_elements,
    parse_optional_member,
)

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
_LEVELS = 9
_BULLET = "-"
_LONGEST_CHAIN = 50
"""Of styles that are based on others; a file may say that two are based on each other."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is written: its number format, its text with %1 to %9, its first number.

    Paragraphs in `style` stand on this level.
    """

    format: str = "bullet"
    text: str = ""
    start: int = 1
    style: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """A list's form, and the levels on which it begins at a number of its own."""

    form: str
    levels: list[_Level]
    restarts: dict[int, int]


@dataclass(slots=True)
class WordNumbering:
    """Counts the paragraphs of each list as Word does; ask in the document's order."""

    lists: dict[str, _List]
    of_styles: dict[str, str]
    """By the id of a style, the list in which its paragraphs stand."""
    counts: dict[str, list[int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def label(self, properties: ET.Element | None) -> str:
        """Return what stands before a paragraph, "" if it is in no list, neither is its style."""
        if properties is None:
            return ""
        style = _value(properties, "pStyle")
        numbers = find_child(properties, "numPr")
        own_list = _value(numbers, "numId") if numbers is not None else ""
        number_id = own_list or self.of_styles.get(style, "")
        if number_id in {"", "0"}:  # 0 takes a paragraph out of the list of its style
            return ""
        place = _value(numbers, "ilvl") if numbers is not None else ""
        level = int(place) if place.isdecimal() else self._level_of_style(number_id, style)
        return self.next_label(number_id, level)

    def _level_of_style(self, number_id: str, style: str) -> int:
        levels = self.lists[number_id].levels if number_id in self.lists else []
        return next((n for n, level in enumerate(levels) if style and level.style == style), 0)

    def next_label(self, number_id: str, level: int) -> str:
        """Return what stands before the next paragraph of a list, such as "2.1." or "-"."""
        if number_id not in self.lists or not 0 <= level < _LEVELS:
            return _BULLET
        levels, restarts = self.lists[number_id].levels, self.lists[number_id].restarts
        counts = self.counts.setdefault(
            self.lists[number_id].form, [each.start - 1 for each in levels]
        )
        if number_id not in self.begun:
            self.begun.add(number_id)
            for place, start in restarts.items():
                counts[place] = start - 1
        counts[level] += 1
        for deeper in range(level + 1, _LEVELS):
            counts[deeper] = levels[deeper].start - 1
        if levels[level].format in {"bullet", "none"}:
            return _BULLET if levels[level].format == "bullet" else ""
        text = levels[level].text
        for place in range(level + 1):
            shown = max(counts[place], levels[place].start)
            text = text.replace(f"%{place + 1}", _written(shown, levels[place].format))
        return text


def read_numbering(archive: zipfile.ZipFile, styles: ET.Element | None) -> WordNumbering:
    """Return the lists of a Word file, and in which of them the paragraphs of a style stand."""
    root = parse_optional_member(archive, "word/numbering.xml")
    forms = {
        attribute(element, "abstractNumId"): _levels(element)
        for element in iter_elements(root, "abstractNum")
    }
    lists: dict[str, _List] = {}
    for number in iter_elements(root, "num"):
        form = _value(number, "abstractNumId")
        if form in forms:
            lists[attribute(number, "numId")] = _List(form, forms[form], _restarts(number))
    return WordNumbering(lists, _lists_of_styles(styles))


def _restarts(number: ET.Element) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in iter_elements(number, "lvlOverride"):
        place, start = attribute(each, "ilvl"), _value(each, "startOverride")
        if place.isdecimal() and int(place) < _LEVELS and start.isdecimal():
            found[int(place)] = int(start)
    return found


def _lists_of_styles(styles: ET.Element | None) -> dict[str, str]:
    own: dict[str, str] = {}
    bases: dict[str, str] = {}
    for style in iter_elements(styles, "style"):
        name = attribute(style, "styleId")
        number = find_child(style, "pPr", "numPr", "numId")
        if number is not None:
            own[name] = attribute(number, "val")
        else:
            bases[name] = _value(style, "basedOn")
    found = dict(own)
    for name, first in bases.items():
        base, steps = first, 0
        while base in bases and steps < _LONGEST_CHAIN:
            base, steps = bases[base], steps + 1
        if base in own:
            found[name] = own[base]
    return found


def _levels(element: ET.Element) -> list[_Level]:
    levels = [_Level() for _ in range(_LEVELS)]
    for each in iter_elements(element, "lvl"):
        place = attribute(each, "ilvl")
        if place.isdecimal() and int(place) < _LEVELS:
            start = _value(each, "start")
            levels[int(place)] = _Level(
                _value(each, "numFmt") or "decimal",
                _value(each, "lvlText"),
                int(start) if start.isdecimal() else 1,
                _value(each, "pStyle"),
            )
    return levels


def _value(element: ET.Element, name: str) -> str:
    found = find_child(element, name)
    return attribute(found, "val") if found is not None else ""


def _written(number: int, style: str) -> str:
    if "Letter" in style:
        letters = chr(ord("a") + (number - 1) % 26) * min(8, 1 + (number - 1) // 26)
        return letters.upper() if style.startswith("upper") else letters
    if "Roman" in style:
        roman = _roman(number)
        return roman.upper() if style.startswith("upper") else roman
    return f"{number:02}" if style == "decimalZero" else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 400:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text + "i" * number
