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


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is written: its number format, its text with %1 to %9, its first number."""

    format: str = "bullet"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class WordNumbering:
    """Counts the paragraphs of each list as Word does; ask in the document's order."""

    lists: dict[str, tuple[str, list[_Level]]]
    counts: dict[str, list[int]] = field(default_factory=dict)

    def next_label(self, number_id: str, level: int) -> str:
        """Return what stands before the next paragraph of a list, such as "2.1." or "-"."""
        if number_id not in self.lists or not 0 <= level < _LEVELS:
            return _BULLET
        abstract, levels = self.lists[number_id]
        counts = self.counts.setdefault(abstract, [each.start - 1 for each in levels])
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


def read_numbering(archive: zipfile.ZipFile) -> WordNumbering:
    """Return the lists of a Word file."""
    root = parse_optional_member(archive, "word/numbering.xml")
    abstract = {
        attribute(element, "abstractNumId"): _levels(element)
        for element in iter_elements(root, "abstractNum")
    }
    lists: dict[str, tuple[str, list[_Level]]] = {}
    for number in iter_elements(root, "num"):
        refers = find_child(number, "abstractNumId")
        name = attribute(refers, "val") if refers is not None else ""
        if name in abstract:
            lists[attribute(number, "numId")] = (name, abstract[name])
    return WordNumbering(lists)


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
