"""Measured units: currencies, lengths, weights and times in one form, in a dozen languages."""

# ruff: noqa: E501 - a unit is a line

import re

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.folded_text import LETTER, fold_accents

_UNIT_BEHIND = lazy_pattern(
    r"[\s-]{0,2}(%|[€$£¥₴₺₹₽円元]|°[cf]?|パーセント|グラム|per cent[oe]?\b|p(?:or|our) cent[oi]?\b"
    rf"|{LETTER}+)",
    re.IGNORECASE,
)
_UNIT_BEFORE = lazy_pattern(r"(?:([€$£¥₴₺₹₽])|\b(eur|usd|chf|rs))\.?\s?$")
UNITS = {
    fold_accents(word.replace("_", " ")): line.split()[0]
    for line in (
        "€ euro euros eur avro євро евро यूरो ユーロ",
        "$ dollar dollars usd",
        "£ pound pounds gbp",
        "zł zloty zlotych złotych złote pln",
        "₴ hryvnia hryvnias uah грн гривень гривні",
        "₺ lira liras lirası tl",
        "¥ yen jpy 円",
        "₽ rouble roubles rub руб рубль рубля рублей",
        "chf franken sfr",
        "₹ rupee rupees inr rs रुपये रुपया रुपए rupie",
        "% percent percentage pct prozent pourcent per_cent per_cento por_cento por_ciento pour_cent procent procenta відсотка відсотків процент процентов प्रतिशत パーセント",
        "mm millimetre millimetres millimeter millimeters",
        "cm centimetre centimetres centimeter centimeters zentimeter",
        "m metre metres meter meters",
        "km kilometre kilometres kilometer kilometers",
        "mile miles",
        "inch inches",
        "foot feet ft",
        "mg milligram milligrams",
        "g gram grams gramm grammi gramas gramów грам грамів граммов ग्राम グラム",
        "kg kilogram kilograms kilo kilos kilogramm chilogrammi chili quilos kilogramów кг кілограмів किलो",
        "ton tons tonne tonnes",
        "ml millilitre millilitres milliliter milliliters",
        "l litre litres liter liters",
        "second seconds sec secs sekunde sekunden seconde secondi segundos seconden sekund saniye",
        "minute minutes min mins minuten minuti minutos minut minuty dakika хвилин хвилини минут मिनट",
        "hour hours h stunde stunden heure heures hora horas ore uur uren godzin godziny saat годин години часов часа घंटे घंटा",
        "day days tag tage tagen jour jours dia dias giorno giorni dag dagen dzień dni gün днів дні день дней दिन",
        "week weeks woche wochen semaine semaines semana semanas settimana settimane week weken tydzień tygodnie tygodni hafta тиждень тижні тижнів недель हफ़्ते सप्ताह",
        "month months monat monate monaten mois mes meses mese mesi mês maand maanden miesiąc miesiące miesięcy ay місяць місяці місяців месяцев महीने",
        "year years jahr jahre jahren ans annees ano anos anno anni jaar lata yıl рік роки років лет года साल वर्ष",
        "kb kilobyte kilobytes",
        "mb megabyte megabytes",
        "gb gigabyte gigabytes",
        "bit bits",
        "byte bytes",
        "watt watts w",
        "kw kilowatt kilowatts",
        "kwh",
        "volt volts v",
        "bar",
        "°c",
        "°f",
    )
    for word in line.split()
}
_FIRST_WORDS = {
    unit: next(
        (
            word
            for word, each in UNITS.items()
            if each == unit and len(word) >= 3 and word.isascii()
        ),
        "",
    )
    for unit in UNITS.values()
}
_QUANTITIES = (
    "€ $ £ zł ₴ ₺ ¥ ₹ ₽ chf",
    "mm cm m km mile inch foot",
    "mg g kg ton",
    "ml l",
    "second minute hour day week month year",
    "kb mb gb bit byte",
    "watt kw kwh",
    "°c °f",
)
QUANTITY = {unit: number for number, line in enumerate(_QUANTITIES) for unit in line.split()}
"""Which units measure the same: only these stand for each other."""
MEASURES = frozenset(word for word in UNITS if len(word) > 3 or word in {"day", "jour", "jahr"})
"""Units that are no other word too."""


CURRENCIES = frozenset(_QUANTITIES[0].split())
_NAMED = lazy_pattern(
    rf"[€$£¥₴₺₹₽]|[(\[](?P<short>{LETTER}+|%|°[cf])[)\]]|{LETTER}+", re.IGNORECASE
)


def units_named(text: str) -> frozenset[str]:
    """Return the units that a column's head or a document names; short ones in brackets alone."""
    found = set()
    for match in _NAMED.finditer(fold_accents(text)):
        word = (match["short"] or match[0]).casefold()
        if word in UNITS and (match["short"] or word in MEASURES or not word.isalpha()):
            found.add(UNITS[word])
    return frozenset(found & (QUANTITY.keys() | {"%"}))


def unit_of(text: str, start: int, end: int) -> str:
    """Return the unit of the number at these characters in one form, "" for none."""
    behind = _UNIT_BEHIND.match(text, end)
    found = UNITS.get(behind[1].casefold(), "") if behind else ""
    if found:
        return found
    before = _UNIT_BEFORE.search(text[:start].casefold())
    return UNITS.get(before[1] or before[2], "") if before else ""


def is_money_or_share(unit: str) -> bool:
    """Whether a unit, in its one form, is a currency or percent."""
    return unit in CURRENCIES or unit == "%"


def unit_word(unit: str) -> str:
    """Return the word by which a unit in its one form is said, "" for one of letters alone."""
    return _FIRST_WORDS.get(unit, "")
