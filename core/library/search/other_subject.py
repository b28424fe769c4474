"""Other subject: a question names a number, year or person of which its files have another one.

"What is the rent for Kastanienweg 18?" finds the lease of Kastanienweg 17, which answers another
question. Words, cosines and a learned judge hardly see the difference of one figure or name.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import apsw

from core.library.search.east_asian_numbers import other_numbers, whole_names
from core.library.search.relevance_judge import FoundPassage
from core.library.search.search_scope import SearchScope
from core.library.text.script_tokens import needs_tokenizing, tokenize_for_index
from core.library.text.stop_words import STOP_WORDS

_NUMBER_SIGN = r"(?:(?:nr|no|nº|n°|num|number|nummer|num[eé]ro|numero)\.?|#|№)?"
_NAMED = re.compile(
    rf"(?P<name>[^\W\d_]{{2,}})\.?[ \u00a0]{_NUMBER_SIGN}[ \u00a0]?(?P<number>\d{{1,6}}[a-z]?)"
    r"(?![\w%€$£]|[.,:/-]\d|[ \u00a0](?:%|€|\$|£))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[ \u00a0-]?(?:euros?|dollars?|pounds?|percent|prozent|eur|usd|chf|days?|weeks?|months?|years?"
    r"|hours?|minutes?|tage?n?|wochen?|monate?n?|jahre?n?|stunden?|minuten?|uhr|jours?|semaines?|mois|ans?"
    r"|heures?|d[ií]as?|semanas?|mes(?:es)?|años?|horas?|people|persons?|personen|times|mal|fois"
    r"|[ap]\.?m\b|km|m|cm|kg|g|gb|mb)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w.,/-])(?=[\w/-]*\d)(?:[A-Z]{1,5}[-/]?)?\d+(?:[-/][A-Z]{0,4}\d+)*\b(?![.,]\d)"
)
_SHORT_CODE = re.compile(r"(?<![\w.,/'’-])[A-Z]{1,3}\d{1,2}(?![\w%°/-]|[.,]\d)")
"""As of an error, a plot, a seat: "E4", "B12"."""
_COUNTING_LETTERS = frozenset({"H", "Q", "S", "T"})
"""Halves, quarters, semesters and trimesters, which are said in words as often."""
_DATE = re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?|\d\d?[-/]\d\d?[-/]\d{2,4}")
_YEAR = re.compile(r"(?<![\w.,/-])(?:19|20)\d\d(?![\w/-]|[.,]\d)")
_YEAR_OF = re.compile(
    r"\b(?=(?P<name>[^\W\d_]{3,}) (?:(?:of|for|from|von|vom|aus|für|de|du|del|di|do|van|из|за) )?"
    r"(?:the year |dem jahr |l['’]ann[eé]e )?(?P<year>(?:19|20)\d\d)\b"
    r"|(?P<year2>(?:19|20)\d\d) (?P<name2>[^\W\d_]{3,}))",
    re.IGNORECASE,
)
_CAPITAL = "[A-ZÀ-ÞΑ-ΩА-ЯЁІЇЄ]"
_CASED = r"[^\W\d_\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
"""A letter, but none of Chinese, Japanese and Korean: these follow a Latin name without a space."""
_PAIR = re.compile(
    rf"(?<![\w'’-])(?=(?P<one>{_CAPITAL}{_CASED}+) (?P<other>{_CAPITAL}{_CASED}+)"
    rf"(?!{_CASED}|[\d_-]))"
)
_BEFORE = re.compile(rf"(?:{_CAPITAL}[^\W\d_]+ )+$")
"""Words of a name before its last one: "Elm " of "Elm Road"."""
_COMMON_NOUN = re.compile(
    r"\b(?:der|die|das|den|dem|(?:ein|kein|mein|dein|sein|ihr|unser|euer|eur)(?:e[mnrs]?)?)"
    r"[ \u00a0]$",
    re.IGNORECASE,
)
"""What in German stands before a noun, and seldom before a name: nouns have capitals there, too."""
_BEFORE_NAMES = frozenset({"familie", "firma", "frau", "herr", "herrn", "herren"})
"""German nouns that a name follows."""
_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember
    janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero
    marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_OTHER_WORDS = frozenset(
    """
    within until till least only exactly almost nearly over past ago every per about around bis
    seit etwa rund circa ca genau mindestens höchstens innerhalb vers environ jusqu dès since last
    next than pro je ab plus moins más menos hasta desde
    """.split()  # noqa: SIM905 - see above
)
_TITLES = frozenset(
    """mr mrs ms miss sir madam dr doctor prof professor herr herrn frau doktor monsieur madame mme
    mlle docteur señor señora sr sra doctora signor signore signora sig dottor senhor senhora pan
    pani meneer mevrouw господин госпожа пан пані bay bayan
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
"""What stands before a name and is none: "Mrs Berger" may be the "Anna Berger" of a document."""
_NO_NAMES = STOP_WORDS | _MONTHS | _OTHER_WORDS | _TITLES
_COUNTING_WORDS = (
    "one first eins erste ersten erster un premier première uno primera primero i",
    "two second zwei zweite zweiten zweiter deux deuxième dos segundo segunda ii",
    "three third drei dritte dritten dritter trois troisième tres tercero tercera iii",
    "four fourth vier vierte vierten vierter quatre quatrième cuatro cuarto cuarta iv",
    "five fifth fünf fünfte fünften fünfter cinq cinquième cinco quinto quinta v",
    "six sixth sechs sechste sechsten sechster sixième seis sexto sexta vi",
    "seven seventh sieben siebte siebten siebter sept septième siete séptimo séptima vii",
    "eight eighth acht achte achten achter huit huitième ocho octavo octava viii",
    "nine ninth neun neunte neunten neunter neuf neuvième nueve noveno novena ix",
    "ten tenth zehn zehnte zehnten zehnter dix dixième diez décimo décima x",
    "eleven eleventh elf elfte elften elfter onze onzième once xi",
    "twelve twelfth zwölf zwölfte zwölften zwölfter douze douzième doce xii",
)
_MOST_APART = 3
"""Words between a name and its number at most, for both to stand together."""
_SHORTEST_NAME = 3
"""Letters; shorter ones in capitals stand for longer names."""
_TYPING_ERROR = 0.75
"""Likeness from which two names are taken for one that is misspelt."""

StandTogether = Callable[[Sequence[str]], bool]
"""Whether a passage in the scope of a search, or its title, has these words near each other."""


class OtherSubject(NamedTuple):
    """What a question asks about, and what the documents speak of instead."""

    asked: str
    found: str


SAME_SUBJECT = OtherSubject("", "")


def words_stand_together(connection: apsw.Connection, scope: SearchScope) -> StandTogether:
    """Return what looks in the word index of a library, in the files of a search alone."""
    contents, values = scope.content_query
    statement = (
        "SELECT 1 FROM passage_words CROSS JOIN passage ON passage.id = passage_words.rowid"  # noqa: S608 - marks only
        f" WHERE passage_words MATCH ? AND content_id IN ({contents}) LIMIT 1"
    )

    def stand_together(words: Sequence[str]) -> bool:
        quoted = " ".join(map(_phrase, words))
        near = f"NEAR({quoted}, {_MOST_APART})" if len(words) > 1 else quoted
        return connection.execute(statement, (near, *values)).fetchone() is not None

    return stand_together


def _phrase(word: str) -> str:
    """Return a word as FTS5 is asked for it; in the index, other signs may follow its last one."""
    return f'"{tokenize_for_index(word).strip()}"*' if needs_tokenizing(word) else f'"{word}"'


def other_subject(
    question: str, passages: Sequence[FoundPassage], stand_together: StandTogether
) -> OtherSubject:
    """Return what the passages speak of instead of what the question names, maybe SAME_SUBJECT.

    Only where nothing in the scope of the search has what is named, and the passages have another
    one in its place: another number behind the same word, another year of the same thing, another
    first or last name.
    """
    texts = [f"{each.title}\n{each.text}" for each in passages]
    finders = (
        _other_number, _other_east_asian, _other_code, _other_short_code,
        _other_year, _other_person,
    )  # fmt: skip
    for find in finders:
        if found := next(find(question, texts, stand_together), None):
            return found
    return SAME_SUBJECT


# ---------------------------------------------------------------- numbers


def _other_number(
    question: str, texts: Sequence[str], stand_together: StandTogether
) -> Iterator[OtherSubject]:
    for match in _NAMED.finditer(question):
        name, number = match["name"], match["number"].casefold()
        if name.casefold() in _NO_NAMES or _COUNTED.match(question, match.end()):
            continue
        if _YEAR.fullmatch(number):
            continue
        others = [
            each
            for text in texts
            for each in _NAMED.finditer(text)
            if each["name"].casefold() == name.casefold()
        ]
        if not others or any(_is_same_number(number, each["number"]) for each in others):
            continue
        padded = [number, *(number.zfill(width) for width in range(len(number) + 1, 5))]
        if any(stand_together([name, each]) for each in padded) or _is_said(name, number, texts):
            continue
        before = _shared_before(match, others[0])
        yield OtherSubject(f"{before}{match[0]}", " ".join(f"{before}{others[0][0]}".split()))


def _shared_before(one: re.Match[str], other: re.Match[str]) -> str:
    """Return the capitalised words that stand before both matches."""
    first, second = (_BEFORE.search(each.string[: each.start()]) for each in (one, other))
    return first[0] if first and second and first[0] == second[0] else ""


def _is_same_number(one: str, other: str) -> bool:
    """Whether two numbers are one without their letters and leading zeros."""
    first, second = (re.sub(r"\D+$", "", each).lstrip("0") for each in (one, other))
    return first == second


def _is_said(name: str, number: str, texts: Sequence[str]) -> bool:
    """Whether a number stands in a range or at the end of a longer one, or in words."""
    value = int(re.sub(r"\D", "", number))
    words = _COUNTING_WORDS[value - 1].split() if 0 < value <= len(_COUNTING_WORDS) else []
    for text in texts:
        ranges = re.finditer(
            rf"\b{re.escape(name)}\W{{1,3}}(\d+) ?[-–—/] ?(\d+)", text, re.IGNORECASE
        )
        if any(int(each[1]) <= value <= int(each[2]) for each in ranges):
            return True
        if re.search(rf"\d[-/]0*{value}\b", text):
            return True
        if words and re.search(rf"\b(?:{'|'.join(words)})\b", text, re.IGNORECASE):
            return True
    return False


def _other_east_asian(
    question: str, texts: Sequence[str], stand_together: StandTogether
) -> Iterator[OtherSubject]:
    """Yield "第18条" where the passages have a "第17条"."""
    for asked, found in other_numbers(question, texts):
        if not any(stand_together([each]) for each in asked.spellings):
            yield OtherSubject(*whole_names(asked, found))


def _other_code(
    question: str, texts: Sequence[str], stand_together: StandTogether
) -> Iterator[OtherSubject]:
    """Yield codes of the same form: "2024-0118" for "2024-0117", "NJ422" for "NJ421"."""
    for code in _codes(question):
        form = _form(code)
        others = [each for text in texts for each in _codes(text) if _form(each) == form]
        if others and code not in others and not stand_together(re.findall(r"\w+", code)):
            yield OtherSubject(code, others[0])


def _other_short_code(
    question: str, texts: Sequence[str], stand_together: StandTogether
) -> Iterator[OtherSubject]:
    """Yield "E7" where the passages have an "E4"."""
    for code in _SHORT_CODE.findall(question.upper()):  # as people type it in a hurry
        letters = code.rstrip("0123456789")
        if letters in _COUNTING_LETTERS:
            continue
        others = [
            each
            for text in texts
            for each in _SHORT_CODE.findall(text)
            if each.rstrip("0123456789") == letters
        ]
        spellings = ([code], [letters, code.removeprefix(letters)])
        if others and code not in others and not any(map(stand_together, spellings)):
            yield OtherSubject(code, others[0])


def _codes(text: str) -> list[str]:
    """Return the codes of a text: figures with letters or signs between, no dates."""
    found = [match[0] for match in _CODE.finditer(text) if not _DATE.fullmatch(match[0])]
    return [each for each in found if sum(map(str.isdigit, each)) >= 3 and not each.isdigit()]


def _form(code: str) -> str:
    return re.sub(r"\d", "9", code)


# ---------------------------------------------------------------- years


def _other_year(
    question: str, texts: Sequence[str], stand_together: StandTogether
) -> Iterator[OtherSubject]:
    for match in _YEAR_OF.finditer(question):
        year = match["year"] or match["year2"]
        name = match["name"] or match["name2"]
        if name.casefold() in _NO_NAMES or stand_together([year]):
            continue
        about = [text for text in texts if re.search(rf"\b{re.escape(name)}", text, re.IGNORECASE)]
        years = [int(each) for text in about for each in _YEAR.findall(text)]
        is_short = any(re.search(rf"[./-]{year[2:]}\b", text) for text in texts)
        if not years or is_short or min(years) < int(year) < max(years):
            continue
        nearest = min(years, key=lambda each: abs(each - int(year)))
        yield OtherSubject(year, str(nearest))


# ---------------------------------------------------------------- names


def _other_person(
    question: str, texts: Sequence[str], stand_together: StandTogether
) -> Iterator[OtherSubject]:
    pairs = [pair for text in texts for pair in _name_pairs(text)]
    for one, other in _name_pairs(question):
        if {one.casefold(), other.casefold()} & _NO_NAMES or stand_together([f"{one}{other}"]):
            continue
        last = [pair for pair in pairs if pair[0] == one and pair[1].casefold() not in _NO_NAMES]
        first = [pair for pair in pairs if pair[1] == other and pair[0].casefold() not in _NO_NAMES]
        if last and _is_missing(other, [pair[1] for pair in last], stand_together):
            yield OtherSubject(f"{one} {other}", " ".join(last[0]))
        elif first and _is_missing(one, [pair[0] for pair in first], stand_together):
            yield OtherSubject(f"{one} {other}", " ".join(first[0]))


def _name_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield neighbouring capitalised words, but not "Kinder Sport" of "haben die Kinder Sport"."""
    for match in _PAIR.finditer(text):
        is_noun = _COMMON_NOUN.search(text[max(0, match.start() - 12) : match.start()])
        if not is_noun or match["one"].casefold() in _BEFORE_NAMES:
            yield match["one"], match["other"]


def _is_missing(name: str, others: Sequence[str], stand_together: StandTogether) -> bool:
    """Whether the library has a name nowhere, and the others are no other spelling of it."""
    if stand_together([name]) or (name.isupper() and len(name) <= _SHORTEST_NAME):
        return False
    return all(
        SequenceMatcher(None, name.casefold(), each.casefold()).ratio() < _TYPING_ERROR
        for each in others
    )
