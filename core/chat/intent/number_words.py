"""Number words of all languages: what each counts, and which of them one written word joins.

Words are as `str.casefold` leaves them; who compares them without accents folds them likewise.
"""

from collections.abc import Iterable, Mapping

from core.chat.intent.all_languages import LANGUAGES, Choice


def _line(choose: Choice) -> Mapping[str, str]:
    return {each.code: choose(each) for each in LANGUAGES if choose(each)}


def _lines(choose: Choice) -> Mapping[str, tuple[str, ...]]:
    return {code: tuple(line.split("|")) for code, line in _line(choose).items()}


UNITS: Mapping[str, tuple[str, ...]] = _lines(lambda each: each.numbers.units)
"""By what they count, from nothing on; each line has the words of one number."""
TENS: Mapping[str, tuple[str, ...]] = _lines(lambda each: each.numbers.tens)
"""From twenty on."""
HUNDREDS: Mapping[str, tuple[str, ...]] = _lines(lambda each: each.numbers.hundreds)
"""From a hundred on, where they are one word."""
HUNDRED: Mapping[str, str] = _line(lambda each: each.numbers.hundred)
"""What multiplies the word before it."""
THOUSAND: Mapping[str, str] = _line(lambda each: each.numbers.thousand)
ORDINALS: Mapping[str, tuple[str, ...]] = _lines(lambda each: each.numbers.ordinals)
"""From the third on."""
READ_WHOLE = tuple(THOUSAND)
"""Languages of which numbers of any size are read; of others those below a hundred are known."""
MILLION, DOZEN = "million", "dozen"
REVERSING_JOINERS = frozenset(["und", "و"])
"""What joins a unit with the ten after it: "drei und zwanzig"."""
JOINERS = REVERSING_JOINERS | {"and", "et", "y", "e"}
ARTICLES = frozenset(["a", "an"])
CHINESE_DIGITS: Mapping[str, int] = {
    **{letter: n for n, letter in enumerate("〇一二三四五六七八九")},
    "零": 0,
    "两": 2,
}
CHINESE_PLACES: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
CHINESE_SCALES: Mapping[str, int] = {"万": 10**4, "億": 10**8, "亿": 10**8}
CHINESE_LETTERS = frozenset([*CHINESE_DIGITS, *CHINESE_PLACES, *CHINESE_SCALES])


def unit_values(*languages: str) -> dict[str, int]:
    """Return the words of languages for 0 to 19."""
    return _values(UNITS, languages, first=0, step=1)


def ten_values(*languages: str) -> dict[str, int]:
    """Return the words of languages for 20, 30 and so on to 90."""
    return _values(TENS, languages, first=20, step=10)


def hundred_values(*languages: str) -> dict[str, int]:
    """Return the words of languages that are 100, 200 and so on."""
    return _values(HUNDREDS, languages, first=100, step=100)


def ordinal_values() -> dict[str, int]:
    """Return the words of all languages for the third, the fourth and so on."""
    return _values(ORDINALS, tuple(ORDINALS), first=3, step=1)


def counting_values() -> dict[str, int]:
    """Return the words that count by themselves, of the languages that are read whole."""
    words = (values(*READ_WHOLE) for values in (unit_values, ten_values, hundred_values))
    return {word: n for each in words for word, n in each.items()} | spanish_twenties()


def spanish_twenties() -> dict[str, int]:
    """Return "veintiuno" to "veintinueve", with and without their accents."""
    digits = {word: n for word, n in unit_values("es").items() if 0 < n < 10}
    digits |= {"ún": 1, "dós": 2, "trés": 3, "séis": 6}
    return {f"veinti{word}": 20 + n for word, n in digits.items()}


def compound_parts() -> tuple[frozenset[str], ...]:
    """Return the parts of numbers that are one word: of the German ones, of the Italian ones."""
    german = [*_words(UNITS["de"][1:13]), *_words(TENS["de"]), "sech", "sieb"]
    italian = [*_words(UNITS["it"][1:]), *_words(TENS["it"])]
    return (
        frozenset([*german, HUNDRED["de"], THOUSAND["de"], "und"]) - {"eine"},
        frozenset([*italian, HUNDRED["it"], *_words([THOUSAND["it"]])]) - {"una"},
    )


def read_chinese_number(text: str) -> int:
    """Return the value of CHINESE_LETTERS; several digits alone are read one by one."""
    if len(text) > 1 and all(letter in CHINESE_DIGITS for letter in text):
        return int("".join(str(CHINESE_DIGITS[letter]) for letter in text))
    total = section = digit = 0
    for letter in text:
        if letter in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[letter]
        elif letter in CHINESE_PLACES:
            section += max(digit, 1) * CHINESE_PLACES[letter]
            digit = 0
        else:
            total += max(section + digit, 1) * CHINESE_SCALES[letter]
            section = digit = 0
    return total + section + digit


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in line.split()]


def _values(
    table: Mapping[str, tuple[str, ...]], languages: tuple[str, ...], *, first: int, step: int
) -> dict[str, int]:
    return {
        word: first + step * place
        for language in languages
        for place, line in enumerate(table.get(language, ()))
        for word in line.split()
    }
