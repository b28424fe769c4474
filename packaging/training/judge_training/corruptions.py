"""Corruptions by rule: statements and questions changed in one fact, so that they hold no longer.

A number, name, unit, month, direction word or negation is changed within the sentence, to another
one of its document where it has one. So a judge learns to look at facts and not at how alike two
texts are (Slobodkin et al. 2023 and others train on such perturbations; the rules here are ours).
"""

import re
from collections.abc import Callable, Sequence
from random import Random

NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?(?!\w)|(?<![\w.,])\d+(?:[.,:]\d+)?(?!\w)"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
NAME = re.compile(
    rf"(?<![.!?:\"“„\n] )(?<!^)(?<![\w’'-])\b{_CAPITAL}[\w’'-]{{2,}}"
    rf"(?:(?: (?:of|de|van|von|the|der|la|du))? {_CAPITAL}[\w’'-]+){{0,3}}"
)
"""A name inside a sentence: its first word may be capital for another reason."""
_GROUPS = tuple(
    tuple(line.split())
    for line in """
January February March April May June July August September October November December
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty
first second third fourth fifth sixth seventh eighth ninth tenth
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag
eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
kilometres metres centimetres miles
kilograms grams tonnes
hours minutes seconds days weeks months years
hour minute second day week month year
million billion thousand hundred
north south east west
northern southern eastern western
morning afternoon evening night
red green blue yellow black white
spring summer autumn winter
daily weekly monthly yearly
father mother brother sister son daughter
""".strip().splitlines()
)
"""Words of which any takes the place of another."""
_OPPOSITES = tuple(
    (first, second)
    for pair in re.findall(
        r"\S+",
        """
first/last before/after more/less more/fewer higher/lower largest/smallest larger/smaller
earlier/later oldest/youngest older/younger highest/lowest most/least increase/decrease
increased/decreased rose/fell above/below always/never all/none all/some open/closed opened/closed
opens/closes allowed/forbidden permitted/prohibited won/lost win/lose best/worst good/bad left/right
inside/outside with/without male/female man/woman men/women his/her he/she begin/end began/ended
start/end started/ended early/late public/private rich/poor old/new minimum/maximum
included/excluded includes/excludes accept/reject accepted/rejected major/minor positive/negative
majority/minority can/cannot arrives/departs arrival/departure buy/sell bought/sold
possible/impossible legal/illegal required/optional same/different hot/cold few/many
agreed/refused success/failure enabled/disabled true/false up/down import/export
erste/letzte vor/nach mehr/weniger immer/nie größte/kleinste alle/keine mit/ohne älteste/jüngste
ein/kein eine/keine avant/après plus/moins toujours/jamais avec/sans premier/dernier
antes/después más/menos siempre/nunca con/sin primero/último
""",
    )
    for first, second in [tuple(pair.split("/")), tuple(pair.split("/"))[::-1]]
)
_FREQUENT = frozenset(
    re.findall(r"\w+", "his her he she ein eine with con mit vor plus all up more")
)
"""Words that would be changed in every other sentence."""
_RARELY = 0.3
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|must|may|does|do|did)\b"
    r"(?! not\b|n't)",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|must|may|does|do|did) not\b"
    r"|\b(\w+)n't\b",
    re.IGNORECASE,
)
_GERMAN_AUXILIARY = re.compile(
    r"\b(ist|sind|war|waren|hat|haben|hatte|kann|können|wird|werden|wurde|wurden|muss|darf|soll)\b"
)
_SUBJECT = re.compile(
    r"((?:[\w’'-]+ ){1,7}?[\w’'-]+|[A-Z][\w’'-]+) ("
    r"(?:is|are|was|were|has|have|had|can|could|will|would|must|should|may|became|began|made|won|took|ist|sind|war|waren|hat|haben|wird|wurde|kann|muss"
    r"|est|sont|était|a été|peut|doit|es|fue|era|puede|debe|tiene) .{12,})"
)
_POINTS_BACK = re.compile(
    r"(?:it|its|he|she|his|her|they|their|this|that|these|those|such|there|er|sie|es|dies\w*|ihr\w*"
    r"|sein\w*|il|elle|ils|elles|ce|cette|son|sa|este|esta|su|él|ella)\b",
    re.IGNORECASE,
)
"""Subjects of which the next sentence's predicate may well hold, so that nothing would be wrong."""
_KINDS = (("number", 3.0), ("name", 3.0), ("opposite", 2.0), ("negation", 1.3), ("group", 2.0))
_CALENDAR = frozenset((*_GROUPS[0], *_GROUPS[1]))


def corrupt(text: str, others: str, rng: Random) -> tuple[str, str] | None:
    """Return `text` with one fact changed and the kind of change; None if no rule finds a place.

    `others` is text of the same document: names and numbers that take a place come from it.
    """
    changes: dict[str, Callable[[], str | None]] = {
        "number": lambda: change_number(text, others, rng),
        "name": lambda: change_name(text, others, rng),
        "opposite": lambda: change_to_opposite(text, rng),
        "negation": lambda: negate(text, rng),
        "group": lambda: change_in_group(text, rng),
    }
    left = list(_KINDS)
    while left:
        kind = rng.choices([name for name, _w in left], [weight for _n, weight in left])[0]
        left = [(name, weight) for name, weight in left if name != kind]
        changed = changes[kind]()
        if changed and changed != text:
            return changed, kind
    return None


def names(text: str) -> list[str]:
    """Return the names inside the sentences of a text."""
    return [match.group() for match in NAME.finditer(text)]


def change_number(text: str, others: str, rng: Random) -> str | None:
    """Return the text with one number changed, to one of `others` or in its digits."""
    match = _any_match(NUMBER, text, rng)
    if match is None:
        return None
    value = match.group()
    alike = [
        other
        for other in (found.group() for found in NUMBER.finditer(others))
        if other != value and len(other) == len(value) and other not in text
    ]
    new = rng.choice(alike) if alike and rng.random() < 0.6 else _other_digits(value, rng)
    return _replaced(text, match, new)


def _other_digits(value: str, rng: Random) -> str:
    digits = list(value)
    places = [place for place, digit in enumerate(digits) if digit.isdigit()]
    if len(value) == 4 and value.isdigit() and rng.random() < 0.9:
        places = places[1:]  # a year stays in its millennium
    for place in rng.sample(places, 1 if rng.random() < 0.8 else min(2, len(places))):
        allowed = "123456789" if place == 0 else "0123456789"
        digits[place] = rng.choice([each for each in allowed if each != digits[place]])
    return "".join(digits)


def change_name(text: str, others: str, rng: Random) -> str | None:
    """Return the text with one name changed to one of `others`, of as many words if possible."""
    match = _any_match(NAME, text, rng)
    if match is None:
        return None
    parts = set(match.group().split())
    pool = [
        name
        for name in names(others)
        if name not in text and not parts & set(name.split()) and name not in _CALENDAR
    ]
    alike = [name for name in pool if len(name.split()) == len(match.group().split())] or pool
    return _replaced(text, match, rng.choice(alike)) if alike else None


def change_in_group(text: str, rng: Random) -> str | None:
    """Return the text with a month, day, numeral, unit or colour changed to another of its kind."""
    places = [
        (match, group)
        for group in _GROUPS
        for word in group
        for match in re.finditer(rf"\b{re.escape(word)}\b", text)
    ]
    if not places:
        return None
    match, group = rng.choice(places)
    return _replaced(text, match, rng.choice([word for word in group if word != match.group()]))


def change_to_opposite(text: str, rng: Random) -> str | None:
    """Return the text with one word changed to its opposite."""
    places = [
        (match, opposite)
        for word, opposite in _OPPOSITES
        if word not in _FREQUENT or rng.random() < _RARELY
        for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    ]
    if not places:
        return None
    match, opposite = rng.choice(places)
    if match.group()[:1].isupper():
        opposite = opposite[:1].upper() + opposite[1:]
    return _replaced(text, match, opposite)


def negate(text: str, rng: Random) -> str | None:
    """Return the text with a negation taken out or put in; English and German."""
    found = list(_NEGATED.finditer(text))
    if found:
        match = rng.choice(found)
        word = match.group(1) or {"ca": "can", "wo": "will"}.get(
            match.group(2).lower(), match.group(2)
        )
        return _replaced(text, match, word)
    if text.rstrip().endswith("?"):
        auxiliary = re.search(
            r"\b(is|are|was|were|has|have|had|could|would|should|does|do|did)\b", text
        )
        return _replaced(text, auxiliary, f"{auxiliary.group()}n't") if auxiliary else None
    for pattern, word in ((_AUXILIARY, "not"), (_GERMAN_AUXILIARY, "nicht")):
        places = list(pattern.finditer(text))[:2]
        if places:
            match = rng.choice(places)
            return _replaced(text, match, f"{match.group()} {word}")
    return None


def mix_predicates(sentence: str, beside: Sequence[str], rng: Random) -> str | None:
    """Return the subject of a sentence with what one beside it says of another subject."""
    subject = _SUBJECT.match(sentence)
    if subject is None or _POINTS_BACK.match(subject[1]):
        return None
    others = [match for text in beside if (match := _SUBJECT.match(text))]
    others = [
        match
        for match in others
        if not _POINTS_BACK.match(match[1])
        and not set(match[1].lower().split()) >= set(subject[1].lower().split())
        and match[2] not in sentence
        and match[2].split()[0] == subject[2].split()[0]
    ]
    return f"{subject[1]} {rng.choice(others)[2]}" if others else None


def _any_match(pattern: re.Pattern[str], text: str, rng: Random) -> re.Match[str] | None:
    found: Sequence[re.Match[str]] = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]
