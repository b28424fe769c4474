"""Number normalization: numbers, dates, months and phone numbers in one form each."""

import re
from collections.abc import Iterator

from core.base.lazy_regex import lazy_pattern

_MONTHS = (
    "january januar janvier enero jan",
    "february februar fevrier febrero feb",
    "march marz mars marzo",
    "april avril abril apr",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august aout agosto aug",
    "september septembre septiembre sept sep",
    "october oktober octobre octubre oct okt",
    "november novembre noviembre nov",
    "december dezember decembre diciembre dec dez",
)
_FIRST = (
    "first erste ersten erster erstes premier premiere primero primera",
    "second zweite zweiten zweiter zweites deuxieme segundo segunda",
)
ORDINALS = {word: str(n) for n, line in enumerate(_FIRST, start=1) for word in line.split()}
"""Numbers for an answer with "1st"; in answers such words often count nothing ("first of all")."""
_MONTH_WORDS = {word: f"@{n}" for n, line in enumerate(_MONTHS, start=1) for word in line.split()}
MONTHS = frozenset(_MONTH_WORDS)
"""Words without case and accents that may be months."""
_ALSO_OTHER_WORDS = frozenset(["may", "march", "mars", "sept", "dec", "jan"])
"""Months only with a capital or beside a number: "may" is a verb, "sept" is seven."""
_DATE = lazy_pattern(
    r"(?P<day>\d{1,2})\.[ ]?(?P<month>\d{1,2})\.[ ]?(?P<year>\d{4}|\d\d)"
    r"|(?P<y2>\d{4})-(?P<m2>\d\d)-(?P<d2>\d\d)"
    r"|(?P<d3>\d{1,2})[/-](?P<m3>\d{1,2})[/-](?P<y3>\d{4})"
)
NUMBER_REGEX = (
    r"(?<![\d.,])(?:\d{1,2}\.[ ]?(?:0?[1-9]|1[0-2])\.[ ]?(?:\d{4}|\d\d)(?!\d)"  # a date
    r"|\d{4}-\d\d-\d\d(?!\d)|\d{1,2}(?P<between>[/-])\d{1,2}(?P=between)\d{4}(?!\d)"
    r"|(?:\+\d{1,3}|\(?0\d{1,5}\)?|\(\d{2,5}\))(?:[ /-]{1,3}\(?\d{2,}\)?)+(?!\d)"  # a phone number
    r"|\d{3}[ .-]\d{3}[ .-]\d{4}(?!\d)"
    r"|\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?![\d]|[.,]\d)"  # thousands
    r"|\d+(?:[.,:]\d+)*)"
)
_GROUPED = lazy_pattern(r"(\d{1,3}(?:[.,'’ ]\d{3})+)(?:[.,](\d{1,2}))?")
_PHONE_DIGITS = 7


def is_number(word: str) -> bool:
    """Whether a normalized word is a number or the month of a date."""
    return word[0] == "@" or word[0].isdigit()


def normalize_number(text: str) -> Iterator[str]:
    """Yield the normalized numbers in `text`, which `NUMBER_REGEX` matched whole."""
    if date := _DATE.fullmatch(text):
        yield from _date(date)
        return
    digits = "".join(character for character in text if character.isdigit())
    if grouped := _GROUPED.fullmatch(text):
        whole = "".join(character for character in grouped[1] if character.isdigit())
        yield _plain(whole, grouped[2] or "")
        return
    if re.search(r"\d[ /()-]|\d\.\d+\.", text) and len(digits) >= _PHONE_DIGITS:
        yield digits
        return
    for part in re.findall(r"\d+(?:[.,:]\d+)*", text):
        pieces = re.split(r"[.,:]", part)
        if len(pieces) == 2:
            yield _plain(*pieces)
        else:
            yield from (_plain(piece, "") for piece in pieces)


def number_readings(text: str) -> Iterator[str]:
    """Yield also the other readings of a number in a passage: "1 250" may be two columns."""
    yield from normalize_number(text)
    if " " in text or "/" in text:
        pieces = re.findall(r"\d+", text)
        yield from (_plain(piece, "") for piece in pieces)
        if len(pieces) == 3 and text.count("/") == 2 and int(pieces[0]) <= 12:
            yield f"@{int(pieces[0])}"
            yield day_in_month(int(pieces[1]), f"@{int(pieces[0])}")


def day_in_month(day: int, month: str) -> str:
    """Return a day with its month: a passage with 14 June and 9 July has no 9 June."""
    return f"{day}{month}"


def month_number(word: str, *, capital: bool, beside_figure: bool) -> str | None:
    """Return the month of a word without case and accents, None if it is used as another word."""
    is_month = capital or beside_figure or word not in _ALSO_OTHER_WORDS
    return _MONTH_WORDS.get(word) if is_month else None


def _date(match: re.Match[str]) -> Iterator[str]:
    day = match["day"] or match["d2"] or match["d3"]
    month = match["month"] or match["m2"] or match["m3"]
    year = match["year"] or match["y2"] or match["y3"]
    if int(month) > 12:  # month before day, as in the United States
        day, month = month, day
    yield from (str(int(day)), f"@{int(month)}", day_in_month(int(day), f"@{int(month)}"))
    yield f"20{year}" if len(year) == 2 else year


def _plain(whole: str, decimals: str) -> str:
    """Return "09,50" as "9.5"; a long number that begins with 0 (a phone's) stays whole."""
    whole = whole if len(whole) >= _PHONE_DIGITS else str(int(whole))
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
