"""Number words of ten languages: what each counts, and which of them one written word joins.

Words are as `str.casefold` leaves them; who compares them without accents folds them likewise.
"""

from collections.abc import Iterable, Mapping

UNITS: Mapping[str, tuple[str, ...]] = {  # by what they count, from nothing on
    "en": (
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        "nineteen",
    ),
    "de": (
        "null", "ein eins eine", "zwei zwo", "drei", "vier", "fünf fuenf", "sechs", "sieben",
        "acht", "neun", "zehn", "elf", "zwölf zwoelf", "dreizehn", "vierzehn",
        "fünfzehn fuenfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ),
    "fr": (
        "zéro", "un une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
        "onze", "douze", "treize", "quatorze", "quinze", "seize",
    ),
    "es": (
        "cero", "un uno una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
        "diez", "once", "doce", "trece", "catorce", "quince", "dieciséis dieciseis", "diecisiete",
        "dieciocho", "diecinueve",
    ),
    "pt": (
        "zero", "um uma", "dois duas", "três", "quatro", "cinco", "seis", "sete", "oito", "nove",
        "dez", "onze", "doze", "treze", "quatorze", "quinze", "dezesseis dezasseis",
        "dezessete dezassete", "dezoito", "dezenove dezanove",
    ),
    "it": (
        "zero", "uno un una", "due", "tre tré", "quattro", "cinque", "sei", "sette", "otto",
        "nove", "dieci", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici",
        "diciassette", "diciotto", "diciannove",
    ),
    "ru": (
        "ноль", "один одна", "два две", "три", "четыре", "пять", "шесть", "семь", "восемь",
        "девять", "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать",
        "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
    ),
    "ar": (
        "صفر", "واحد", "اثنان اثنين", "ثلاث ثلاثة", "أربع اربع أربعة اربعة", "خمس خمسة", "ست ستة",
        "سبع سبعة", "ثماني ثمانية", "تسع تسعة", "عشر عشرة",
    ),
}  # fmt: skip
TENS: Mapping[str, tuple[str, ...]] = {  # from twenty on
    "en": (
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ),
    "de": (
        "zwanzig", "dreissig", "vierzig", "fünfzig fuenfzig", "sechzig", "siebzig", "achtzig",
        "neunzig",
    ),
    "fr": (
        "vingt vingts", "trente", "quarante", "cinquante", "soixante", "septante", "huitante",
        "nonante",
    ),
    "es": (
        "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ),
    "pt": (
        "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa",
    ),
    "it": (
        "venti vent", "trenta trent", "quaranta quarant", "cinquanta cinquant",
        "sessanta sessant", "settanta settant", "ottanta ottant", "novanta novant",
    ),
    "ru": (
        "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят",
        "девяносто",
    ),
    "ar": (
        "عشرون عشرين", "ثلاثون ثلاثين", "أربعون أربعين اربعون اربعين", "خمسون خمسين", "ستون ستين",
        "سبعون سبعين", "ثمانون ثمانين", "تسعون تسعين",
    ),
}  # fmt: skip
HUNDREDS: Mapping[str, tuple[str, ...]] = {  # that are one word
    "es": (
        "cien ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos",
        "setecientos", "ochocientos", "novecientos",
    ),
    "pt": (
        "cem", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos",
        "oitocentos", "novecentos",
    ),
    "ru": (
        "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот",
        "девятьсот",
    ),
    "ar": ("مئة مائة", "مئتان مئتين"),
}  # fmt: skip
HUNDRED: Mapping[str, str] = {  # that multiplies what stands before it
    "en": "hundred", "de": "hundert", "fr": "cent cents", "it": "cento", "pt": "cento",
}  # fmt: skip
THOUSAND: Mapping[str, str] = {
    "en": "thousand", "de": "tausend", "fr": "mille", "es": "mil", "pt": "mil", "it": "mille mila",
    "ru": "тысяча тысячи тысяч", "ar": "ألف",
}  # fmt: skip
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
    """Return the words of languages, all if none is given, for 0 to 19."""
    return _values(UNITS, languages, first=0, step=1)


def ten_values(*languages: str) -> dict[str, int]:
    """Return the words of languages, all if none is given, for 20, 30 and so on to 90."""
    return _values(TENS, languages, first=20, step=10)


def hundred_values(*languages: str) -> dict[str, int]:
    """Return the words of languages, all if none is given, that are 100, 200 and so on."""
    return _values(HUNDREDS, languages, first=100, step=100)


def counting_values() -> dict[str, int]:
    """Return all words of all languages that count by themselves."""
    return {**unit_values(), **ten_values(), **hundred_values(), **spanish_twenties()}


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


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in line.split()]


def _values(
    table: Mapping[str, tuple[str, ...]], languages: tuple[str, ...], *, first: int, step: int
) -> dict[str, int]:
    return {
        word: first + step * place
        for language in languages or table
        for place, line in enumerate(table[language])
        for word in line.split()
    }
