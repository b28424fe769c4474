"""Spelled numbers: number words of English, German, French and Spanish up to 999, as figures.

Those of further languages, up to 99, count before a unit of measure: some are other words as well.
Also those that Chinese and Japanese write in signs, where a counter follows.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.folded_text import LETTER, fold_accents
from core.chat.intent.number_words import (
    CHINESE_DIGITS,
    CHINESE_LETTERS,
    TENS,
    UNITS,
    ordinal_values,
    read_chinese_number,
    spanish_twenties,
    ten_values,
    unit_values,
)

_LANGUAGES = ("en", "de", "fr", "es")
_FURTHER = ("it", "pt", "nl", "pl", "tr", "uk", "hi")
_DECLINED = frozenset(["einen", "einem", "eines", "einer"])
"""Forms of the German article, which only running text has."""
_LEFT_OUT = frozenset(["once", "on", "vingts"])
"""English words: eleven in Spanish, ten in Turkish; and what is 20 after "quatre" alone."""
_HUNDREDS = frozenset(["hundred", "hundreds", "hundert"])
_FRENCH_TWENTIES, _FRENCH_HUNDREDS = frozenset(["vingt", "vingts"]), frozenset(["cent", "cents"])
_FRENCH_UNITS = frozenset(["deux", "trois", "quatre", "cinq", "sept", "huit", "neuf"])
"""Those which are no English words: "six cents" is money."""
_MEASURE = lazy_pattern(
    r"(?:week|month|year|day|hour|minute|euro|dollar|pound|percent|woche|monat|jahr|tag|stunde"
    r"|prozent|semaine|mois|annee|jour|heure|semana|mes$|meses|ano$|anos|dia|hora)"
)
_FURTHER_MEASURE = lazy_pattern(
    r"(?:giorn|settiman|mes[ei]$|ann[oi]$|or[ae]$|minut[io]$|metr[io]$|euro$|meses$|dias$|semanas$"
    r"|horas$|anos$|minutos$|dag$|dagen|weken|maand|jaar|uur$|uren|minuten$|dni$|tygod|miesi|lat$"
    r"|lata$|godzin|minut$|minuty$|zł|gun$|hafta|ay$|yil$|saat|dakika|lira"
    r"|дн[іія]|дней|тиж|місяц|рок|год[аи]|годин|хвилин|гривень|недел|месяц|лет$|час|минут"
    r"|दिन|हफ|सप्ताह|महीन|साल|वर्ष|घंट|मिनट|रुपय)"
)
"""Of further languages alone: rent that is "due monthly" is not two."""
_WORD = lazy_pattern(rf"{LETTER}+")
_BETWEEN = lazy_pattern(r"[\s\u00ad\u2010\u2011-]*")
_MOST_WORDS = 8
"""A number below 1,000 has fewer ("quatre cents quatre-vingt-dix-neuf"), and a unit follows."""
_FIGURE = lazy_pattern(r"(?<![\w.,])\d{1,3}(?![\w]|[.,]\d)")


def _values() -> dict[str, int]:
    counted = {**unit_values(*_LANGUAGES), **ten_values(*_LANGUAGES), **spanish_twenties()}
    values = {fold_accents(word): n for word, n in counted.items() if n and word not in _LEFT_OUT}
    values |= dict.fromkeys(_DECLINED, 1)
    values |= _ORDINALS
    return {**_further_values(), **_joined_further(), **values, **_german_compounds()}


def _further_values() -> dict[str, int]:
    """Return the words from two on of further languages; what is one is an article in most."""
    counted = {**unit_values(*_FURTHER), **ten_values(*_FURTHER)}
    left_out = _LEFT_OUT.union(line.split()[1] for line in TENS["it"])  # parts of words: "vent"
    return {
        fold_accents(word).casefold(): n
        for word, n in counted.items()
        if n > 1 and word not in left_out
    }


def _joined_further() -> dict[str, int]:
    """Return the Italian and Dutch numbers of one word: trentacinque, vijfendertig."""
    found: dict[str, int] = {}
    for ten in range(20, 100, 10):
        (italian, elided), (dutch,) = (TENS[code][ten // 10 - 2].split() for code in ("it", "nl"))
        for digit in range(1, 10):
            one, een = (UNITS[code][digit].split()[0] for code in ("it", "nl"))
            stem = elided if digit in {1, 8} else italian
            found |= {f"{stem}{one}": ten + digit, f"{een}en{dutch}": ten + digit}
    return found


def _german_compounds() -> dict[str, int]:
    """Return the German numbers that are written as one word of several: einundzwanzig."""
    units = {fold_accents(line.split()[0]): n for n, line in enumerate(UNITS["de"]) if n}
    tens = {line.split()[0]: 10 * n for n, line in enumerate(TENS["de"], start=2)}
    tens = {fold_accents(word): n for word, n in tens.items()}
    digits = list(units.items())[:9]
    below = {f"{one}und{ten}": n + m for ten, m in tens.items() for one, n in digits}
    below |= {"eins": 1, **units, **tens}
    hundreds = {"hundert": 100, **{f"{one}hundert": 100 * n for one, n in digits}}
    whole = {f"{many}{few}": m + n for many, m in hundreds.items() for few, n in below.items()}
    del hundreds["hundert"]  # takes a number before it: "vier hundert"
    return {**below, **whole, **hundreds}


_ORDINALS = {fold_accents(word): n for word, n in ordinal_values().items()}
_VALUES = _values()
_OTHER_WORDS_TOO = frozenset(word for word, n in _VALUES.items() if n == 1) | {"seize", "quince"}
"""Articles and others; they count before a unit of measure only."""
_FURTHER_WORDS = frozenset(_further_values()) - frozenset(
    fold_accents(word) for word in unit_values(*_LANGUAGES)
)
_BEGINNINGS = frozenset(_VALUES) | _HUNDREDS


class SpelledNumber(NamedTuple):
    """A number in words, and how many words it takes."""

    value: int
    words: int


def read_spelled_number(
    text: str, tokens: Sequence[re.Match[str]], at: int
) -> SpelledNumber | None:
    """Read the longest number that begins with a token of a text; None if none does.

    Words that are something else as well ("one", "un", the fruit quince) count before a unit of
    measure only.
    """
    if fold_accents(tokens[at][0]).casefold() not in _BEGINNINGS:
        return None
    words = _joined_words(text, tokens, at)
    value, room, count = 0, 1000, 0
    while count < len(words):
        step = 1 + _joins(words, count, value)
        word = words[count + step - 1]
        if word in _HUNDREDS and value < 10:
            value, room = 100 * max(value, 1), 100
        elif word in _FRENCH_HUNDREDS and count == 1 and words[0] in _FRENCH_UNITS:
            value, room = 100 * value, 100
        elif word in _FRENCH_TWENTIES and count == 1 and words[0] == "quatre":
            value, room = 80, 20
        elif (number := _VALUES.get(word, 0)) and number < room:
            value += number
            room = _room_after(number, word)
        else:
            break
        count += step
    if not count or (count == 1 and not _counts(words[0], "".join(words[1:2]))):
        return None
    return SpelledNumber(value, count)


def _counts(word: str, following: str) -> bool:
    """Return whether a word that may be another, too, is a number before what follows it."""
    if word in _FURTHER_WORDS:
        return _FURTHER_MEASURE.match(following) is not None
    return word not in _OTHER_WORDS_TOO or _MEASURE.match(following) is not None


def _joined_words(text: str, tokens: Sequence[re.Match[str]], at: int) -> list[str]:
    """Return the folded words from a token on that only spaces and hyphens stand between."""
    words: list[str] = []
    end = tokens[at].start()
    for token in tokens[at : at + _MOST_WORDS]:
        if not _BETWEEN.fullmatch(text, end, token.start()):
            break
        words.append(fold_accents(token[0]).casefold())
        end = token.end()
    return words


def _joins(words: Sequence[str], at: int, value: int) -> int:
    """Return 1 if a word only joins two parts of a number: "hundred and five", "vingt et un"."""
    word = words[at]
    if not at or at + 1 >= len(words) or words[at + 1] not in _VALUES:
        return 0
    after_hundred = word in {"and", "und"} and value % 100 == 0
    after_tens = word in {"et", "y", "e"} and value % 100 >= 20 and value % 10 == 0
    return int(after_hundred or after_tens)


def _room_after(number: int, word: str) -> int:
    """Return below what the next part must be: "soixante" takes eleven, "dix" seven, six none."""
    if number >= 100:
        return 100
    if word == "soixante":
        return 20
    if number % 10 == 0 and number >= 20:
        return 10
    return 10 if word == "dix" else 1


def _cardinals(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and value of each number in words that says how many."""
    tokens = list(_WORD.finditer(text))
    at = 0
    while at < len(tokens):
        number = read_spelled_number(text, tokens, at)
        last = tokens[at + number.words - 1] if number else tokens[at]
        if number and fold_accents(last[0]).casefold() not in _ORDINALS:
            yield tokens[at].start(), last.end(), number.value
        at += number.words if number else 1


def plain_figures(text: str) -> AbstractSet[int]:
    """Return the whole numbers up to 999 that a text has in figures."""
    return {int(match[0]) for match in _FIGURE.finditer(text)}


def with_figures(text: str, wanted: AbstractSet[int]) -> str:
    """Return a text with those of its numbers in words that are `wanted` as figures."""
    if not wanted:
        return text
    for start, end, value in reversed(list(_cardinals(text))):
        if value in wanted:
            text = f"{text[:start]}{value}{text[end:]}"
    return text


_SIGNS = "".join(sorted(CHINESE_LETTERS))
_COUNTED = lazy_pattern(
    rf"(?<![{_SIGNS}])[{_SIGNS}]{{1,12}}"
    r"(?=(?:年|月|日|時|时|点|點|分|秒|円|元|块|人|名|個|个|件|枚|本|冊|册|台|回|次|歳|岁|度|倍|週|周|階|层|号|便|か月|ヶ月|カ月"
    r"|グラム|キロ|メートル|リットル|パーセント|公斤|公里|米))"
)
"""Signs that are parts of other words too, as in names, count before a counter only."""


def kanji_as_figures(text: str) -> str:
    """Return a text with 四百円 as 400円 and 八月二十二日 as 8月22日."""
    return text if text.isascii() else _COUNTED.sub(lambda match: _figure(match[0]), text)


def _figure(letters: str) -> str:
    if all(letter in CHINESE_DIGITS for letter in letters):
        return "".join(str(CHINESE_DIGITS[letter]) for letter in letters)  # a year: 二〇二六
    return str(read_chinese_number(letters))
