"""Number normalization: numbers, dates, months and phone numbers in one form each."""

# ruff: noqa: E501 - a month is a line

import re
from collections.abc import Iterable, Iterator

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.folded_text import fold_accents

_MONTHS = (  # of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish,
    # Ukrainian, Russian, Hindi and Arabic, in this order
    "january januar janvier janv enero jan gennaio janeiro januari styczeń stycznia ocak січень січня январь января जनवरी يناير",
    "february februar février feb febr fevr febrero feb febbraio fevereiro februari luty lutego şubat лютий лютого февраль февраля फ़रवरी फरवरी فبراير",
    "march märz mars mar mrz marzo março maart marzec marca mart березень березня март марта मार्च مارس",
    "april avril abril avr abr apr aprile kwiecień kwietnia nisan квітень квітня апрель апреля अप्रैल أبريل",
    "may mai mayo maggio maio mei maj maja mayıs травень травня май мая मई مايو",
    "june juni juin jun junio giugno junho czerwiec czerwca haziran червень червня июнь июня जून يونيو",
    "july juli juillet jul juil julio luglio julho lipiec lipca temmuz липень липня июль июля जुलाई يوليو",
    "august août agosto aug aug augustus sierpień sierpnia ağustos серпень серпня август августа अगस्त أغسطس",
    "september septembre septiembre sept sep settembre setembro wrzesień września eylül вересень вересня сентябрь сентября सितंबर सितम्बर سبتمبر",
    "october oktober octobre octubre oct okt ottobre outubro październik października ekim жовтень жовтня октябрь октября अक्टूबर अक्तूबर أكتوبر",
    "november novembre noviembre nov novembro listopad listopada kasım листопад листопада ноябрь ноября नवंबर नवम्बर نوفمبر",
    "december dezember décembre diciembre dec dez dicembre dezembro grudzień grudnia aralık грудень грудня декабрь декабря दिसंबर दिसम्बर ديسمبر",
)
_FIRST = (
    "first erste ersten erster erstes premier premiere primero primera",
    "second zweite zweiten zweiter zweites deuxieme segundo segunda",
)
ORDINALS = {word: str(n) for n, line in enumerate(_FIRST, start=1) for word in line.split()}
"""Numbers for an answer with "1st"; in answers such words often count nothing ("first of all")."""
_MONTH_WORDS = {
    fold_accents(word): f"@{n}" for n, line in enumerate(_MONTHS, start=1) for word in line.split()
}
MONTHS = frozenset(_MONTH_WORDS)
"""Words without case and accents that may be months."""
_ALSO_OTHER_WORDS = frozenset(["may", "march", "mars", "sept", "dec", "jan"])
"""Months only with a capital or beside a number: "may" is a verb, "sept" is seven."""
_ALSO_NAMES = frozenset(
    [
        "feb",
        "mar",
        "jun",
        "jul",
        "aug",
        "maja",
        "marca",
        "mart",
        "mei",
        "maj",
        "ocak",
        "ekim",
        "nisan",
        "марта",
        "мая",
    ]
)
"""Months only beside a number: "Maja" and "Марта" are names, "marca" is a brand, "mart" a shop."""
_DATE = lazy_pattern(
    r"(?P<day>\d{1,2})\.[ ]?(?P<month>\d{1,2})\.[ ]?(?P<year>\d{4}|\d\d)"
    r"|(?P<y2>\d{4})-(?P<m2>\d\d)-(?P<d2>\d\d)"
    r"|(?P<d3>\d{1,2})[/-](?P<m3>\d{1,2})[/-](?P<y3>\d{4})"
    r"|(?:(?P<y4>\d{4})[年년] ?)?(?P<m4>\d{1,2})[月월] ?(?P<d4>\d{1,2})[日일]"
)
NUMBER_REGEX = (
    r"(?<![\d.,])(?:\d{1,2}\.[ ]?(?:0?[1-9]|1[0-2])\.[ ]?(?:\d{4}|\d\d)(?!\d)"  # a date
    r"|(?:\d{4}[年년] ?)?\d{1,2}[月월] ?\d{1,2}[日일]|\d{4}-\d\d-\d\d(?!\d)|\d{1,2}(?P<between>[/-])\d{1,2}(?P=between)\d{4}(?!\d)"
    r"|(?:\+\d{1,3}|\(?0\d{1,5}\)?|\(\d{2,5}\))(?:[ /-]{1,3}\(?\d{2,}\)?)+(?!\d)"  # a phone number
    r"|\d{3}[ .-]\d{3}[ .-]\d{4}(?!\d)"
    r"|\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?![\d]|[.,]\d)"  # thousands
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d{1,2})?(?![\d]|[.,]\d)"  # lakhs: 1,45,000
    r"|\d+(?:[.,:]\d+)*)"
)
_GROUPED = lazy_pattern(r"(\d{1,3}(?:[.,'’ ]\d{3})+|\d{1,2}(?:,\d\d)+,\d{3})(?:[.,](\d{1,2}))?")
_PHONE_DIGITS = 7
_IS_PLAIN = lazy_pattern(r"\d{1,9}(?:\.\d+)?")


def is_number(word: str) -> bool:
    """Whether a normalized word is a number or the month of a date."""
    return word[0] == "@" or word[0].isdigit()


def is_computed_from(number: str, others: Iterable[str]) -> bool:
    """Whether a normalized number is the sum or difference of two others, or one of them twice."""
    values = sorted({float(each) for each in others if _IS_PLAIN.fullmatch(each)})
    if not _IS_PLAIN.fullmatch(number):
        return False
    wanted = {round(one + other, 2) for one in values for other in values}
    wanted |= {round(one - other, 2) for one in values for other in values if one > other}
    return float(number) in wanted


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
    if word in _ALSO_NAMES and not beside_figure:
        return None
    is_month = capital or beside_figure or word not in _ALSO_OTHER_WORDS
    return _MONTH_WORDS.get(word) if is_month else None


def _date(match: re.Match[str]) -> Iterator[str]:
    day = match["day"] or match["d2"] or match["d3"] or match["d4"]
    month = match["month"] or match["m2"] or match["m3"] or match["m4"]
    year = match["year"] or match["y2"] or match["y3"] or match["y4"] or ""
    if int(month) > 12:  # month before day, as in the United States
        day, month = month, day
    yield from (str(int(day)), f"@{int(month)}", day_in_month(int(day), f"@{int(month)}"))
    if year:
        yield f"20{year}" if len(year) == 2 else year


def _plain(whole: str, decimals: str) -> str:
    """Return "09,50" as "9.5"; a long number that begins with 0 (a phone's) stays whole."""
    whole = whole if len(whole) >= _PHONE_DIGITS else str(int(whole))
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
