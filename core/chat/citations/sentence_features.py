"""Sentence features that citations compare: content words, numbers, names and negations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.folded_text import LETTER, fold_accents
from core.chat.citations.number_normalization import (
    MONTHS,
    NUMBER_REGEX,
    ORDINALS,
    day_in_month,
    is_number,
    month_number,
    normalize_number,
    number_readings,
)
from core.chat.citations.spelled_numbers import kanji_as_figures, read_spelled_number
from core.chat.citations.written_values import plain_values

_TOKEN = lazy_pattern(
    rf"(?P<figure>{NUMBER_REGEX})(?P<ordinal>(?:st|nd|rd|th|er|ere|eme|e|º|ª)\b)?"
    rf"|(?P<word>[^\W\d_]+n['’]t\b|{LETTER}+)"
)
_BEFORE_MONTH = frozenset({"of", "de", "di", "do", "del"})
"""Words between a day and its month: “the 12th of March”, “12 de marzo”."""
_HAN = lazy_pattern(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Letters of scripts without spaces; Korean has some, and long words."""
_PAGE = lazy_pattern(r"(?:\b(?:pp?|S)\.|\b(?:page|pages|Seite|página))\s?\d+", re.IGNORECASE)
_START = lazy_pattern(r"\s*(?:[-*+•‣–>#]+\s+|\**\d{1,3}[.)]\s+)?\**")
_LABEL = lazy_pattern(r"[^:.\n]{1,40}:[*_]*\s")  # "Notice Period: three months" names nobody
_REPLY = lazy_pattern(r"(?:yes|no|ja|nein|oui|non|s[ií]),\s", re.IGNORECASE)
_NOT_NEGATING = lazy_pattern(
    r"\b(?:not only|nicht nur|non seulement|no s[oó]lo|not? (?:later|more|less|fewer) than"
    r"|No\.?\s?(?=\d)|No\.$(?<=\w\sNo\.))",
    re.IGNORECASE,
)
_FRENCH_NOT = lazy_pattern(r"\bn['’](?=\w)", re.IGNORECASE)


def _listed(text: str) -> frozenset[str]:
    return frozenset(fold_accents(text.casefold()).split())


_STOP_WORDS = _listed(  # English, German, French, Spanish: the words every sentence has
    """a an and are as at be been but by can could did do does for from had has have he her his i if
    in into is it its may me my of on or our s she should so than that the their them then
    there these they this those to was we were what when where which who will with would you your
    der die das und ist sind ein eine einen einem einer eines dem den des im in zu von mit auf für
    es sie er wir wird werden am zum zur als auch
    le la les l un une des et est sont de d du en que qu qui dans pour sur au aux il elle
    el los las lo y es son una del por para con se al su
    yes ja oui si
    il lo gli i di da dal dalla del della dei delle nel nella nei che è sono
    a al alla alle
    o as um uma do da dos das no na nos nas em ao aos e é são foi que com
    de het een op te is zijn dat die aan bij voor er wordt werd
    w we z ze na do od i oraz jest są to się że dla po za o przez
    ve bir bu da için ile olarak dır
    у в з із на до від і й та є що це за для по про
    и во со к ко от из с это как что на за по
    का की के में है हैं से को पर और यह वह था थे थी ने भी"""
)
_LEAD_IN = _listed(  # how answers begin; it says nothing about the documents
    """answer question context based according provided given following passage passages document
    documents text excerpt says states stated mentioned mr mrs ms here follows
    antwort frage kontext laut gemäß zufolge basierend bereitgestellten angegebenen dokument
    dokumente dokumenten textstelle abschnitt lautet folgt steht herr frau
    réponse question contexte selon après fourni document texte passage extrait voici
    respuesta pregunta contexto según basado proporcionado documento texto pasaje fragmento"""
)
_IGNORED = _STOP_WORDS | _LEAD_IN
_NEGATIONS = _listed(
    """not never no without neither nor none nobody nothing cannot
    nicht nie niemals ohne niemand nichts nirgends kein keine keinen keinem keiner keines
    ne sans nunca sin tampoco
    non senza nessuno nessuna nessun niente nulla não sem nenhum nenhuma ninguém
    niet geen nooit zonder niets nie bez nikt nigdy żaden żadna żadnych değil yok
    не немає нема без ніхто ніколи жоден жодна нет никто никогда нельзя नहीं मत बिना"""
)
_SECOND_HALVES = _listed("pas jamais rien aucun aucune personne plus nadie nada ningún ninguna")
"""Negate alone, but only complete a "ne" or "no" before them."""
_HALF_WITHIN = 6
_GERMAN = _listed(
    """der das des dem den und oder ist sind war eine ein einer mit von wird werden nicht beträgt
    für zum zur im bei auf nach sich wer wie wem welche welcher welches dieser dieses"""
)
WHETHER = lazy_pattern(
    r"\W*(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|am|ist|sind"
    r"|darf|kann|muss|hat|haben|wird|est-ce|es|hay)\b",
    re.IGNORECASE,
)
"""How a question begins that asks for yes or no."""


class PlacedWord(NamedTuple):
    """A content word at characters `start` to `end` of `SentenceFeatures.text`.

    `forms` are its normalized words: of a number all readings, of Han its pairs.
    """

    forms: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """A sentence as sets of normalized words; `words` includes the numbers and names.

    `negations` has for each negation the content word after it, or before it at a clause's end.
    `text` is the sentence as it was read (without accents), `places` its content words in order.
    """

    words: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    negations: tuple[str, ...]
    text: str
    places: tuple[PlacedWord, ...]


def answer_features(sentence: str) -> SentenceFeatures:
    """Read a sentence of an answer, without its list number, "Yes," and page references."""
    start = _START.match(sentence)
    content = sentence[start.end() if start else 0 :]
    return _read(_PAGE.sub(" ", _REPLY.sub("", content, count=1)), passage=False)


def question_features(question: str) -> SentenceFeatures:
    """Read a question, without "May" and the like at its beginning, which is no month then."""
    verb = WHETHER.match(question)
    return answer_features(question[verb.end() :] if verb else question)


def passage_features(sentence: str) -> SentenceFeatures:
    """Read a sentence of a passage, with all readings of its numbers."""
    return _read(sentence, passage=True)


def _stem(word: str) -> str:
    """Remove common endings, so that "renewed" equals "renews"."""
    if len(word) <= 4:
        return word[:-1] if len(word) == 4 and word[-1] == "s" and word[-2] != "s" else word
    for ending in ("ingly", "ings", "ing", "edly", "ies", "ied", "es", "ed", "en", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _read(text: str, *, passage: bool) -> SentenceFeatures:
    folded = _folded(text, passage=passage)
    tokens = list(_TOKEN.finditer(folded))
    found: list[str] = []
    places: list[PlacedWord] = []
    names: set[str] = set()
    negated: list[tuple[int, bool]] = []
    half_at, read_to = -_HALF_WITHIN - 1, 0  # past the words of a number
    label_end = label.end() if (label := _LABEL.match(folded)) else 0
    for place, token in enumerate(tokens):
        before = len(found)
        word = (token["word"] or "").casefold()
        if place < read_to:
            continue
        if token["figure"]:
            found += (number_readings if passage else normalize_number)(token["figure"])
            places.append(PlacedWord(tuple(found[before:]), *token.span("figure")))
        elif _negates(token, folded):
            negated.append((len(found), _closes(token, folded)))
            half_at = place
        elif word in _SECOND_HALVES:
            if place - half_at > _HALF_WITHIN and word not in {"plus", "personne"}:
                negated.append((len(found), _closes(token, folded)))
        else:
            added, count = _normalized(folded, tokens, place)
            read_to = place + count
            found += (*added, ORDINALS[word]) if passage and word in ORDINALS else added
            if not passage and token.start() > label_end and _is_name(token, folded):
                names.update(added)
            if len(found) > before:
                end = tokens[read_to - 1].end()
                places.append(PlacedWord(tuple(found[before:]), token.start(), end))
    return SentenceFeatures(
        words=frozenset(found),
        numbers=frozenset(filter(is_number, found)),
        names=frozenset() if _is_german(tokens) else frozenset(names),
        negations=_beside(found, negated),
        text=folded,
        places=tuple(places),
    )


def _folded(text: str, *, passage: bool) -> str:
    """Return a text without accents, its numbers in figures and its values in one spelling."""
    negated = _FRENCH_NOT.sub("ne ", _NOT_NEGATING.sub(" ", kanji_as_figures(text)))
    return plain_values(fold_accents(negated), names_units=passage)


def _negates(token: re.Match[str], text: str) -> bool:
    word = (token["word"] or "").casefold()
    if word == "non" and text[token.end() : token.end() + 1] == "-":
        return False  # a "non-smoking" room
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def _beside(found: Sequence[str], negated: Sequence[tuple[int, bool]]) -> tuple[str, ...]:
    """Return the word after each negation, or before it at a clause's end."""
    return tuple(
        found[at] if at < len(found) and not closed else found[at - 1] if at else ""
        for at, closed in negated
    )


def _normalized(text: str, tokens: list[re.Match[str]], place: int) -> tuple[tuple[str, ...], int]:
    """Return the normalized forms of a word, none for a stop word, and how many tokens it takes.

    Those of a number in words are its figure, those of a month itself and the days beside it.
    """
    if spelled := read_spelled_number(text, tokens, place):
        return (str(spelled.value),), spelled.words
    word = tokens[place][0].casefold()
    month = _month(tokens, place, word) if word in MONTHS else ()
    return month or _plain(word, capital=tokens[place][0][0].isupper()), 1


@lru_cache(maxsize=8192)
def _plain(word: str, *, capital: bool) -> tuple[str, ...]:
    """Return the stem; Han and kana, which have no spaces between words, in pairs."""
    if word in _IGNORED or (len(word) == 1 and word.isascii() and not capital):
        return ()
    if _HAN.search(word):
        return tuple(word[i : i + 2] for i in range(max(1, len(word) - 1)))
    return (_stem(word),)


def _month(tokens: list[re.Match[str]], place: int, word: str) -> tuple[str, ...]:
    """Return a month and the days beside it; nothing for "may" and the like as other words."""
    before = place - 1
    if before > 0 and tokens[before][0].casefold() in _BEFORE_MONTH:
        before -= 1
    beside = [tokens[at] for at in (before, place + 1) if 0 <= at < len(tokens)]
    month = month_number(
        word,
        capital=tokens[place][0][0].isupper(),
        beside_figure=any(token["figure"] for token in beside),
    )
    days = [token["figure"] for token in beside if token["figure"] and len(token["figure"]) <= 2]
    return (month, *(day_in_month(int(day), month) for day in days)) if month else ()


def _is_name(token: re.Match[str], text: str) -> bool:
    """Whether a word has a capital where no sentence, quotation or item begins."""
    before = text[: token.start()].rstrip()
    first: str = token[0][0]
    return (
        first.isupper()
        and bool(before)
        and not _HAN.search(token[0])
        and before[-1] not in ".!?¿¡:\"“”„'‘«*_|(-–"
    )


def _is_german(tokens: list[re.Match[str]]) -> bool:
    """Whether a text is German, where every noun has a capital, not only names."""
    return any(token[0].casefold() in _GERMAN for token in tokens)


def _closes(token: re.Match[str], text: str) -> bool:
    return text[token.end() : token.end() + 1] in {",", ";", ":", ".", "!", "?", ")", ""}


def omitted_share(said: SentenceFeatures, read: SentenceFeatures) -> float | None:
    """Return how many content words a quotation omits, as a share of its own.

    None unless all words of `said` stand in `read` in the same order.
    """
    found: list[int] = []
    at = 0
    for word in said.places:
        forms = set(word.forms)
        while at < len(read.places) and forms.isdisjoint(read.places[at].forms):
            at += 1
        if at == len(read.places):
            return None
        found.append(at)
        at += 1
    return (found[-1] - found[0] + 1 - len(found)) / len(found) if found else None
