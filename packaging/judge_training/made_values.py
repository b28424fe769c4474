"""Values of made papers: sums, dates, names and the like, each with other ways to write it."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple


def _listed(text: str, between: str = " ") -> list[str]:
    return [" ".join(name.split()) for name in text.replace("\n", " ").strip().split(between)]


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
}
_FIRST = _listed("""
Anna Ben Clara David Elif Farid Greta Hugo Ines Jonas Katja Leon Mira Noah Olga Paul Rosa
Sami Tara Umut Vera Wim Yara Zoe Nadia Tom Lucía Mateo Chloé Léa Amira Kofi Ravi Mei Ivan
Priya
""")
_LAST = _listed("""
Albers Brandt Costa Dubois Evans Fischer García Hansen Ito Jansen Keller Lopez Moreau Novak
Okafor Petit Quinn Romano Schmidt Torres Ueda Vogel Weber Yilmaz Zimmer Baker Carter Lang
""")
_PLACES = _listed("""
Lindow Marbach Ostrava Brest Toledo Leeds Graz Porto Lugano Ghent Bergen Cádiz Nantes Trier
Whitby Arles Segovia Bremen Linz Utrecht
""")
_STREETS = _listed(
    """
Elm Road; Mill Lane; Lindenweg; Bahnhofstraße; rue du Port; rue Pasteur; calle Mayor; calle
del Sol; Harbour Street; Gartenstraße; avenue Foch; paseo del Río; Church Row; Am Anger
""",
    ";",
)
_FIRMS = _listed(
    """
Nordlicht; Brightwell; Solara; Kestrel & Sons; Atelier Marin; Talbach; Ferrán; Greenfield;
Ostwind; Lumen; Castell; Rivage; Hartmann; Blue Heron; Meridian; Alba
""",
    ";",
)
_FIRM_ENDS = ("GmbH", "Ltd", "SARL", "S.L.", "Energy", "Insurance", "Bank", "Travel")
_UNITS = {
    "days": {"en": "days", "de": "Tage", "fr": "jours", "es": "días"},
    "weeks": {"en": "weeks", "de": "Wochen", "fr": "semaines", "es": "semanas"},
    "months": {"en": "months", "de": "Monate", "fr": "mois", "es": "meses"},
    "hours": {"en": "hours", "de": "Stunden", "fr": "heures", "es": "horas"},
    "minutes": {"en": "minutes", "de": "Minuten", "fr": "minutes", "es": "minutos"},
}
_TRIES = 30


class Value(NamedTuple):
    """What stands in the paper, and another way to say the same (often equal)."""

    written: str
    said: str


def money(language: str, rng: Random) -> Value:
    """Return a sum in a currency."""
    whole = rng.choice(
        (rng.randrange(5, 100), rng.randrange(100, 1000), rng.randrange(1000, 40000))
    )
    cents = rng.choice((0, 0, rng.randrange(1, 100)))
    thousands, point = (",", ".") if language == "en" else (".", ",")
    if language == "fr":
        thousands = " "
    text = f"{whole:,}".replace(",", thousands if rng.random() < 0.7 else "")
    exact = f"{text}{point}{cents:02d}" if cents or rng.random() < 0.3 else text
    plain = f"{whole}{point}{cents:02d}" if cents else str(whole)
    if language == "en" and rng.random() < 0.4:
        sign, words = rng.choice((("£", "pounds"), ("$", "dollars")))
        return Value(f"{sign}{exact}", rng.choice((f"{plain} {words}", f"{sign}{plain}")))
    euros = {"en": "euros", "de": "Euro", "fr": "euros", "es": "euros"}[language]
    forms = (f"{exact} {euros}", f"{exact} €", f"{exact} EUR")
    return Value(rng.choice(forms), rng.choice((f"{plain} {euros}", f"{plain} €", f"{exact} EUR")))


def date(language: str, rng: Random) -> Value:
    """Return a date, written as in letters or in tables."""
    year, month, day = rng.randrange(2016, 2031), rng.randrange(1, 13), rng.randrange(1, 29)
    name = _MONTHS[language].split()[month - 1]
    words = {
        "en": (f"{day} {name} {year}", f"{name} {day}, {year}"),
        "de": (f"{day}. {name} {year}", f"{day:02d}.{month:02d}.{year}"),
        "fr": (f"{day} {name} {year}", f"{day:02d}/{month:02d}/{year}"),
        "es": (f"{day} de {name} de {year}", f"{day:02d}/{month:02d}/{year}"),
    }[language]
    forms = (*words, f"{year}-{month:02d}-{day:02d}")
    return Value(rng.choice(forms), rng.choice(forms[:2]))


def clock(language: str, rng: Random) -> Value:
    """Return a time of day."""
    hour, minute = rng.randrange(6, 23), rng.choice((0, 0, 5, 10, 15, 20, 30, 40, 45, 50))
    text = f"{hour}:{minute:02d}"
    if language == "en":
        minutes = f":{minute:02d}" if minute else ""
        half = f"{(hour - 1) % 12 + 1}{minutes} {'pm' if hour > 11 else 'am'}"
        return Value(text, rng.choice((text, half)))
    if language == "de":
        return Value(f"{text} Uhr", f"{hour} Uhr {minute}" if minute else f"{hour} Uhr")
    return Value(text, f"{hour} h {minute:02d}" if language == "fr" else f"{text} h")


def person(language: str, rng: Random) -> Value:
    """Return a name, said with or without the first part."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    titles = {
        "en": ("Dr", "Ms", "Mr"),
        "de": ("Dr.", "Frau", "Herr"),
        "fr": ("Dr", "Mme", "M."),
        "es": ("Dra.", "Sra.", "Sr."),
    }[language]
    if rng.random() < 0.25:
        title = rng.choice(titles)
        return Value(f"{title} {last}", f"{title} {last}")
    return Value(f"{first} {last}", rng.choice((f"{first} {last}", f"{first} {last}", last)))


def firm(_language: str, rng: Random) -> Value:
    """Return a company."""
    name = rng.choice(_FIRMS)
    full = f"{name} {rng.choice(_FIRM_ENDS)}"
    return Value(full, rng.choice((full, name)))


def place(_language: str, rng: Random) -> Value:
    """Return a town or an address."""
    town = rng.choice(_PLACES)
    if rng.random() < 0.5:
        return Value(town, town)
    address = f"{rng.choice(_STREETS)} {rng.randrange(1, 140)}"
    return Value(f"{address}, {town}", rng.choice((address, f"{address}, {town}")))


def code(_language: str, rng: Random) -> Value:
    """Return a number of a contract, a batch or a customer."""
    letters = "".join(rng.choices("ABCDEFGHKLMNPRSTUVWXYZ", k=rng.randrange(1, 4)))
    digits = "".join(rng.choices("0123456789", k=rng.randrange(3, 7)))
    text = rng.choice((f"{letters}-{digits}", f"{letters}{digits}", f"{digits}-{letters}", digits))
    return Value(text, text)


def span(language: str, rng: Random) -> Value:
    """Return a length of time."""
    unit = rng.choice(tuple(_UNITS))
    text = f"{rng.randrange(2, 31)} {_UNITS[unit][language]}"
    return Value(text, text)


def share(language: str, rng: Random) -> Value:
    """Return a part of a hundred."""
    number = rng.choice(
        (str(rng.randrange(1, 60)), f"{rng.randrange(1, 20)}.{rng.randrange(1, 10)}")
    )
    if language != "en":
        number = number.replace(".", ",")
    words = {"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento"}[language]
    return Value(f"{number} %", f"{number} {words}")


def count(_language: str, rng: Random) -> Value:
    """Return a whole number."""
    number = str(
        rng.choice((rng.randrange(2, 20), rng.randrange(20, 900), rng.randrange(900, 60000)))
    )
    return Value(number, number)


def measure(language: str, rng: Random) -> Value:
    """Return a size with its unit."""
    number = rng.choice(
        (str(rng.randrange(2, 400)), f"{rng.randrange(1, 90)}.{rng.randrange(1, 10)}")
    )
    if language != "en":
        number = number.replace(".", ",")
    unit = rng.choice(("kg", "km", "m²", "kWh", "bar", "cm", "°C", "ml", "mg", "GB", "W", "rpm"))
    return Value(f"{number} {unit}", f"{number} {unit}")


MAKERS: dict[str, Callable[[str, Random], Value]] = {
    "money": money,
    "date": date,
    "clock": clock,
    "person": person,
    "firm": firm,
    "place": place,
    "code": code,
    "span": span,
    "share": share,
    "count": count,
    "measure": measure,
}
"""A maker of values for each type, given the language."""


def other_value(kind: str, language: str, known: Sequence[str], rng: Random) -> Value:
    """Return a value of the type that is none of those `known`, nor ends or begins one."""
    value = MAKERS[kind](language, rng)
    for _again in range(_TRIES):
        if not any(f" {value.said} " in f" {each} " for each in known):
            break
        value = MAKERS[kind](language, rng)
    return value
