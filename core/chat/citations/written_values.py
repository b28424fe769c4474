"""Written values: times, dates, money and shares of a text in one spelling each.

"11:30 PM" is "23h30", "EUR 1,145.00" is "1.145 €", "Mar. 3rd, 2024" is "03.03.2024". The rules
read texts with their values in one spelling; a judge, which takes two spellings for two values,
reads a statement with those of its source.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.folded_text import LETTER, fold_accents
from core.chat.citations.measured_units import UNITS, is_money_or_share, unit_word
from core.chat.citations.number_normalization import (
    NUMBER_REGEX,
    is_number,
    month_number,
    normalize_number,
    number_readings,
)

_SPACES = {ord(each): " " for each in "\u00a0\u2007\u2009\u202f"}
_AFTER_NOON = (
    r"p\. ?m\b\.?|pm\b|(?:in the|of the) (?:afternoon|evening)\b|at night\b|abends\b|nachmittags\b"
    r"|du soir\b|de l['’]apr[eè]s-midi\b|de la (?:tarde|noche)\b|d[ia] (?:sera|tarde|noite)\b"
    r"|del pomeriggio\b|вечера\b|مساء[ًا]*"
)
_BEFORE_NOON = (
    r"a\. ?m\b\.?|am\b|(?:in the|of the) morning\b"
    r"|morgens\b|vormittags\b|du matin\b|de la ma[nñ]ana\b"
    r"|di mattina\b|da manh[aã]\b|утра\b|صباح[ًا]*"
)
_CLOCK = r"(?:uhr|h|o['’]clock|heures?|horas?|ore)"
_TIME = lazy_pattern(
    rf"(?<![\w.,:/-])(?:(?P<from>\d{{1,2}}(?:[:.][0-5]\d)?)(?P<to> ?(?:-|–|to|until|bis|and) ?))?"
    rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))? ?(?:{_CLOCK} )?"
    rf"(?:(?P<late>{_AFTER_NOON})|(?P<early>{_BEFORE_NOON}))"
    r"|(?<![\w.,:/-])(?P<h2>[01]?\d|2[0-4])(?:"
    rf"[:.](?P<m2>[0-5]\d) ?{_CLOCK}\b|(?: ?uhr | ?h ?| heures )(?P<m3>[0-5]\d)\b(?![.,:]\d)"
    r"|:(?P<m4>[0-5]\d)\b(?![.,:]\d))"
    r"|(?<![\w.,:/-])(?P<h5>[01]\d|2[0-3])(?P<m5>[0-5]\d) ?(?:hrs|hours)\b",
    re.IGNORECASE,
)
_NAMED_DATE = lazy_pattern(
    rf"\b(?P<m1>{LETTER}{{3,10}})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y1>\d{{4}}))?"
    r"(?![\w]|[.,:]\d)"
    r"|(?<![\w.,])(?P<d2>\d{1,2})(?:\.|st|nd|rd|th|er|º)? (?:of |de |do )?"
    rf"(?P<m2>{LETTER}{{3,10}})\b\.?(?:,? (?:de |do |del )?(?P<y2>\d{{4}})\b)?",
    re.IGNORECASE,
)
_FIGURE_DATE = lazy_pattern(
    r"\d{1,2}\. ?\d{1,2}\. ?\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}([/-])\d{1,2}\1\d{4}"
)
_NO_CENTS = r"(?:,[-–—]{1,2}|\.[-–—]{1,2})"


def _amount_pattern() -> str:
    """Return the pattern of a number with the word or sign of its money or share."""
    words = [word for word, unit in UNITS.items() if is_money_or_share(unit)]
    signs = "".join(re.escape(word) for word in words if len(word) == 1 and not word.isalpha())
    names = sorted((re.escape(each) for each in words if len(each) > 1), key=len, reverse=True)
    return (
        rf"(?:(?P<sign>[{signs}])|\b(?P<code>eur|usd|gbp|chf|pln|inr|rs)\.?) ?"
        rf"(?P<n1>{NUMBER_REGEX})(?:{_NO_CENTS})?(?![\w%]|[.,]\d)"
        rf"|(?P<n2>{NUMBER_REGEX.replace('between', 'between2')})(?:{_NO_CENTS})?[ -]?"
        rf"(?:(?P<sign2>[{signs}])|(?P<name>{'|'.join(names)})(?!{LETTER}))"
    )


_AMOUNT = lazy_pattern(_amount_pattern(), re.IGNORECASE)
_BARE = lazy_pattern(NUMBER_REGEX)


class WrittenValue(NamedTuple):
    """A value at characters `start` to `end` of a text.

    `plain` is its one spelling; two values are the same that have one of their `keys` in common.
    """

    start: int
    end: int
    plain: str
    keys: frozenset[str]


def plain_values(text: str, *, names_units: bool) -> str:
    """Return a text with its times as "23:30", its dates as "3 March 2024", units behind numbers.

    Names of units are in small letters of one language: "1145 euro"; with `names_units` their
    signs are, too. Dates in figures and numbers without a unit stay as they are.
    """
    if not any(map(str.isdigit, text)):
        return text
    amounts = _amounts(text, names_units=names_units)
    found = [*_times(text), *_named_dates(text), *amounts]
    return _replaced(text, [(each.start, each.end, each.plain) for each in _apart(found)])


def values_alike(statement: str, source: str) -> str:
    """Return a statement in which each value that the source has, too, is spelled as there."""
    said = _all_values(statement)
    if not said:
        return statement
    there = _all_values(source)
    changes = []
    for value in said:
        same = [each for each in there if value.keys & _vaguer(each.keys)]
        spellings = [source[each.start : each.end] for each in same]
        if spellings and statement[value.start : value.end] not in spellings:
            changes.append((value.start, value.end, spellings[0]))
    return _replaced(statement, changes)


def _vaguer(keys: frozenset[str]) -> frozenset[str]:
    """Return the keys of a source's value with those of its date without the year."""
    return keys | {f"{key.rpartition(' ')[0]} " for key in keys if key.startswith("date ")}


def _all_values(text: str) -> list[WrittenValue]:
    if not any(map(str.isdigit, text)):
        return []
    plain = text.translate(_SPACES)
    times, dates = _times(plain), [*_named_dates(plain), *_figure_dates(plain)]
    return _apart([*times, *dates, *_amounts(plain), *_bare_numbers(plain)])


def _apart(found: list[WrittenValue]) -> list[WrittenValue]:
    """Return the values in order of their places; of two that overlap the one first found."""
    taken: list[WrittenValue] = []
    for value in found:
        if all(value.end <= each.start or each.end <= value.start for each in taken):
            taken.append(value)
    return sorted(taken)


def _replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, instead in reversed(changes):
        text = f"{text[:start]}{instead}{text[end:]}"
    return text


# ---------------------------------------------------------------- times


def _times(text: str) -> Iterator[WrittenValue]:
    for match in _TIME.finditer(text):
        hour = int(match["hour"] or match["h2"] or match["h5"])
        minute = match["minute"] or match["m2"] or match["m3"] or match["m4"] or match["m5"] or "00"
        if (match["late"] or match["early"]) and hour > 12:
            continue
        half = (match["late"] or match["early"] or "").casefold()
        if match["from"]:
            first = match["from"].replace(".", ":")
            begun, _colon, rest = first.partition(":")
            is_same_half = int(begun) <= hour or int(begun) == 12
            begin = _in_day(int(begun), half if is_same_half else "", late=bool(match["late"]))
            yield _time(match.start("from"), match.end("from"), begin, rest or "00")
        hour = _in_day(hour, half, late=bool(match["late"])) if half else hour
        start = match.start("hour") if match["hour"] else match.start()
        yield _time(start, match.end(), hour, minute)


def _in_day(hour: int, half: str, *, late: bool) -> int:
    """Return an hour of half a day as one of 24; what is "at night" may be after midnight."""
    if not half or hour > 12:
        return hour
    if half == "at night" and hour < 6:
        late = False
    if half == "at night" and hour == 12:
        return 0
    return hour % 12 + 12 * late


def _time(start: int, end: int, hour: int, minute: str) -> WrittenValue:
    plain = f"{hour}:{minute}"
    return WrittenValue(start, end, plain, frozenset([f"time {plain}"]))


# ---------------------------------------------------------------- dates


def _named_dates(text: str) -> Iterator[WrittenValue]:
    for match in _NAMED_DATE.finditer(text):
        word = match["m1"] or match["m2"]
        month = month_number(
            fold_accents(word).casefold(), capital=word[0].isupper(), beside_figure=True
        )
        day, year = match["d1"] or match["d2"], match["y1"] or match["y2"]
        if month is None or not 1 <= int(day) <= 31:
            continue
        plain = " ".join(filter(None, (day, word, year)))
        yield WrittenValue(match.start(), match.end(), plain, _date_keys(day, month, year or ""))


def _figure_dates(text: str) -> Iterator[WrittenValue]:
    for match in _BARE.finditer(text):
        if not _FIGURE_DATE.fullmatch(match[0]):
            continue
        forms = list(number_readings(match[0]))
        years = [each for each in forms if each.isdigit() and len(each) == 4]
        days = [each.split("@") for each in forms if "@" in each[1:]]
        keys = frozenset[str]().union(
            *(_date_keys(day, f"@{month}", years[0] if years else "") for day, month in days)
        )
        yield WrittenValue(match.start(), match.end(), match[0], keys)


def _date_keys(day: str, month: str, year: str) -> frozenset[str]:
    return frozenset([f"date {int(day)}{month} {year}"])


# ---------------------------------------------------------------- amounts


def _amounts(text: str, *, names_units: bool = False) -> Iterator[WrittenValue]:
    """Yield the money and shares; a number that is a date or many figures is none."""
    for match in _AMOUNT.finditer(text):
        number = match["n1"] or match["n2"]
        unit = match["sign"] or match["code"] or match["sign2"] or match["name"]
        forms = list(normalize_number(number))
        sign = UNITS.get(fold_accents(unit).casefold(), "")
        if len(forms) == 1 and sign:
            is_named = match["name"] or names_units
            plain = f"{number} {(is_named and unit_word(sign)) or sign}"
            keys = frozenset([f"{forms[0]} {sign}"])
            yield WrittenValue(match.start(), match.end(), plain, keys)


def _bare_numbers(text: str) -> Iterator[WrittenValue]:
    """Yield the numbers whose spelling may vary: with a sign between or after their figures."""
    for match in _BARE.finditer(text):
        forms = list(normalize_number(match[0]))
        if len(forms) == 1 and is_number(forms[0]) and len(forms[0]) > 2:
            yield WrittenValue(match.start(), match.end(), match[0], frozenset(forms))
