"""Number words of ten languages as whole numbers: "twenty-three", "dreiundzwanzig", "二十三"."""

from collections.abc import Collection, Mapping, Sequence

from core.base.lazy_regex import lazy_pattern

_UNITS = (  # by what they count, from nothing on; folded as `folded_message` does
    "zero null zéro cero ноль صفر",
    "one ein eins eine un une uno una um uma один одна واحد",
    "two zwei zwo deux dos dois duas due два две اثنان اثنين",
    "three drei trois tres três tre tré три ثلاث ثلاثة",
    "four vier quatre cuatro quatro quattro четыре أربع اربع أربعة اربعة",
    "five fünf fuenf cinq cinco cinque пять خمس خمسة",
    "six sechs seis sei шесть ست ستة",
    "seven sieben sept siete sete sette семь سبع سبعة",
    "eight acht huit ocho oito otto восемь ثماني ثمانية",
    "nine neun neuf nueve nove девять تسع تسعة",
    "ten zehn dix diez dez dieci десять عشر عشرة",
    "eleven elf onze once undici одиннадцать",
    "twelve zwölf zwoelf douze doce doze dodici двенадцать",
    "thirteen treize trece treze tredici тринадцать",
    "fourteen quatorze catorce quattordici четырнадцать",
    "fifteen quinze quince quindici пятнадцать",
    "sixteen seize dieciséis dieciseis dezesseis dezasseis sedici шестнадцать",
    "seventeen diecisiete dezessete dezassete diciassette семнадцать",
    "eighteen dieciocho dezoito diciotto восемнадцать",
    "nineteen diecinueve dezenove dezanove diciannove девятнадцать",
)
_TENS = (
    "twenty zwanzig vingt vingts veinte vinte venti vent двадцать عشرون عشرين",
    "thirty dreissig trente treinta trinta trenta trent тридцать ثلاثون ثلاثين",
    "forty vierzig quarante cuarenta quarenta quaranta quarant сорок أربعون أربعين اربعون اربعين",
    "fifty fünfzig fuenfzig cinquante cincuenta cinquenta cinquanta cinquant пятьдесят خمسون خمسين",
    "sixty sechzig soixante sesenta sessenta sessanta sessant шестьдесят ستون ستين",
    "seventy siebzig septante setenta settanta settant семьдесят سبعون سبعين",
    "eighty achtzig huitante ochenta oitenta ottanta ottant восемьдесят ثمانون ثمانين",
    "ninety neunzig nonante noventa novanta novant девяносто تسعون تسعين",
)
_HUNDREDS = (  # that are one word
    "cien ciento cem сто مئة مائة",
    "doscientos duzentos двести مئتان مئتين",
    "trescientos trezentos триста",
    "cuatrocientos quatrocentos четыреста",
    "quinientos quinhentos пятьсот",
    "seiscientos seiscentos шестьсот",
    "setecientos setecentos семьсот",
    "ochocientos oitocentos восемьсот",
    "novecientos novecentos девятьсот",
)
_HUNDRED = frozenset(["hundred", "hundert", "cent", "cents", "cento"])
_SCALES = {
    **dict.fromkeys(["thousand", "tausend", "mille", "mil", "mila", "ألف"], 1000),
    **dict.fromkeys(["тысяча", "тысячи", "тысяч"], 1000),
    "million": 1_000_000,
}
_REVERSING = frozenset(["und", "و"])
"""What joins a unit with the ten after it: "drei und zwanzig"."""
_JOINERS = _REVERSING | {"and", "et", "y", "e"}
_ARTICLES = frozenset(["a", "an"])
_TEEN_ENDINGS = frozenset(["zehn", "عشر", "عشرة"])
_FRENCH_TWENTIES = frozenset(["vingt", "vingts"])
_GERMAN = (
    "ein eins zwei zwo drei vier fünf fuenf sechs sech sieben sieb acht neun zehn elf zwölf zwoelf"
    " zwanzig dreissig vierzig fünfzig fuenfzig sechzig siebzig achtzig neunzig hundert tausend und"
)
_ITALIAN = (
    "uno un due tre tré quattro cinque sei sette otto nove dieci undici dodici tredici quattordici"
    " quindici sedici diciassette diciotto diciannove venti vent trenta trent quaranta quarant"
    " cinquanta cinquant sessanta sessant settanta settant ottanta ottant novanta novant"
    " cento mille mila"
)
_COMPOUNDS = (frozenset(_GERMAN.split()), frozenset(_ITALIAN.split()))
"""The parts of numbers that are written as one word."""
_CHINESE_DIGITS = {letter: n for n, letter in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
}
_CHINESE_PLACES = {"十": 10, "百": 100, "千": 1000}
_CHINESE_SCALES = {"万": 10**4, "億": 10**8, "亿": 10**8}
_CHINESE_LETTERS = frozenset([*_CHINESE_DIGITS, *_CHINESE_PLACES, *_CHINESE_SCALES])
_WORD = lazy_pattern(r"[^\W\d_]+")


def _read_tables() -> Mapping[str, int]:
    values = {word: n for n, line in enumerate(_UNITS) for word in line.split()}
    values |= {word: 10 * n for n, line in enumerate(_TENS, start=2) for word in line.split()}
    values |= {word: 100 * n for n, line in enumerate(_HUNDREDS, start=1) for word in line.split()}
    veinti = {"ún": 1, "dós": 2, "trés": 3, "séis": 6}
    veinti |= {word: n for word, n in values.items() if n in range(1, 10)}
    values |= {f"veinti{word}": 20 + n for word, n in veinti.items()}
    return values | {"sech": 6, "sieb": 7}


_VALUES = _read_tables()


def read_number_words(text: str) -> int | None:
    """Return the whole number that a folded text is, None if it is anything else."""
    if text and all(letter in _CHINESE_LETTERS for letter in text):
        return _read_chinese(text)
    pieces: list[str] = []
    for word in _WORD.findall(text):
        parts = _split_word(word)
        if parts is None:
            return None
        pieces += parts
    if pieces[-1:] == ["dozen"]:
        dozens = _read_pieces([word for word in pieces[:-1] if word not in _ARTICLES] or ["one"])
        return None if dozens is None else 12 * dozens
    return _read_pieces(pieces)


def _split_word(word: str) -> Sequence[str] | None:
    """Return the parts of a number that is one word; None for what is no number."""
    known = word in _VALUES or word in _HUNDRED or word in _SCALES or word == "dozen"
    if known or word in _JOINERS or word in _ARTICLES:
        return [word]
    if word.startswith("و"):
        return ["و", word[1:]] if word[1:] in _VALUES or word[1:] in _SCALES else None
    found = (_split_compound(word, parts) for parts in _COMPOUNDS)
    return next((each for each in found if each), None)


def _split_compound(word: str, parts: Collection[str]) -> Sequence[str] | None:
    if not word:
        return []
    for size in range(min(len(word), 12), 1, -1):
        if word[:size] in parts and (rest := _split_compound(word[size:], parts)) is not None:
            return [word[:size], *rest]
    return None


def _read_pieces(pieces: Sequence[str]) -> int | None:
    """Add and multiply the pieces of a number; None if they don't go together."""
    if not pieces or pieces[0] in _JOINERS or pieces[-1] in _JOINERS | _ARTICLES:
        return None
    total, current, scale, before = 0, 0, 10**9, ""
    for piece in pieces:
        if piece in _JOINERS | _ARTICLES:
            is_first = piece in _ARTICLES and not before
            if not is_first and (piece in _ARTICLES or before in _JOINERS):
                return None
        elif piece in _SCALES:
            if _SCALES[piece] >= scale:
                return None
            scale = _SCALES[piece]
            total, current = total + max(current, 1) * scale, 0
        elif piece in _HUNDRED:
            if current >= 100:
                return None
            current = max(current, 1) * 100
        else:
            added = _added(current, piece, before)
            if added is None:
                return None
            current = added
        before = piece
    is_article_alone = pieces[0] in _ARTICLES and pieces[1] not in _HUNDRED | _SCALES.keys()
    return None if is_article_alone else total + current


def _added(current: int, piece: str, before: str) -> int | None:
    """Return what a piece below 1,000 makes of the number before it, None if it doesn't fit."""
    value, low = _VALUES[piece], current % 100
    if _VALUES.get(before) == 0:  # nothing follows a nought
        return None
    if piece in _FRENCH_TWENTIES and low == 4:
        return current + 76  # quatre-vingts
    if 0 < low < 10 and piece in _TEEN_ENDINGS:
        return current + 10  # siebzehn
    if 0 < low < 10 and before in _REVERSING and value in range(20, 100, 10):
        return current + value
    if value >= 100 or not value:
        is_alone = not current and (value or not before)
        return value if is_alone else None
    is_free = not low
    is_unit = value < 10 and low >= 20 and low % 10 == 0
    is_french_teen = 10 <= value < 17 and low in {60, 80}  # soixante-quinze
    is_french_unit = 7 <= value < 10 and before == "dix"
    return current + value if is_free or is_unit or is_french_teen or is_french_unit else None


def _read_chinese(text: str) -> int | None:
    if len(text) > 1 and all(letter in _CHINESE_DIGITS for letter in text):
        return int("".join(str(_CHINESE_DIGITS[letter]) for letter in text))  # read digit by digit
    total = section = digit = 0
    for letter in text:
        if letter in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[letter]
        elif letter in _CHINESE_PLACES:
            section += max(digit, 1) * _CHINESE_PLACES[letter]
            digit = 0
        else:
            total += max(section + digit, 1) * _CHINESE_SCALES[letter]
            section = digit = 0
    return total + section + digit
