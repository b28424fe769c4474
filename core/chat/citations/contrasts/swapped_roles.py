"""Swapped roles: "from berth 17 to berth 41" holds the words of "from berth 41 to berth 17".

Two words of a statement have the small words before them ("from", "in", "until", or none) that the
other one has in the source's sentence. And of two names, the one that does something in the source
is the one to which it is done in the statement; that holds in languages whose verbs stand behind
who does it, and where names can be told.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, has_clause_end
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

_MARKERS = frozenset(
    """from to into onto until till in on at by of for off against towards through under before
    after above below behind than instead
    von vom aus nach zu zum zur bis im ins am an auf bei fur durch gegen uber unter vor hinter statt
    de des du del della dei dal dalla da do dos depuis vers jusqu dans pour par a au aux al alla
    desde hacia hasta en por para nel nella su per
    van uit naar tot op voor door bij
    fran till i pa av genom fra til
    z ze od na w we przez dla po
    из от до в во на к ко за для с со від у з""".split()  # noqa: SIM905 - worse one by one
)
"""Small words, without accents, that say what part the next word plays."""
_BY = frozenset(
    """by of von vom durch par de du des por del da dal dalla do door van av af przez
    від от""".split()  # noqa: SIM905 - worse one by one
)
"""Before who does it, where the verb is a passive."""
_MUTUAL = lazy_pattern(
    r"\b(?:and|or|with|between|both|each other|together|married|equals?|same|similar\w*|next"
    r"|beside|opposite|neighbou?rs?|brothers?|sisters?|cousins?|friends?|colleagues?|meets?"
    r"|und|oder|sowie|mit|zwischen|beide\w*|gleich\w*|neben|gegenuber|treffen|trifft|einander"
    r"|et|ou|avec|entre|con|com|met|tussen|och|eller|med|mellan|og|mellem|oraz|lub"
    r"|или|между|та|або)\b",
    re.IGNORECASE,
)
"""Where two may change places."""
_FIXED_ORDER = lazy_pattern(
    r"\b(?:the|is|was|and|for|as|of|at|by|with|his|her|their|after|from|les?|une?|est|dans|los?|las|una|gli|della|het|een|och|att|og|til|pour"
    r"|para|por|com|che|sono|som|ikke|inte|niet)\b",
    re.IGNORECASE,
)
"""Words of languages in which who does it stands before the verb."""
_TOKEN = lazy_pattern(r"[^\W\d_]+|\d+|[^\w\s]")
_ARTICLES = frozenset(
    """the a an this that his her their its our der die das den dem ein eine einen einem le la les l
    un une el los las una il lo gli i o os as um uma het een mr mrs ms dr herr herrn frau mme
    m""".split()  # noqa: SIM905 - worse one by one
)
_MIN_HELD = 0.75
"""Share of a statement's content words that the source's sentence must hold."""


def check_swapped_roles(said: SentenceFeatures, read: SentenceFeatures) -> RuleFinding:
    """Return REFUTED where two words of a statement have each other's part in its source."""
    held = [place for place in said.places if not read.words.isdisjoint(place.forms)]
    if len(held) < max(2, _MIN_HELD * len(said.places)):
        return RuleFinding.HOLDS
    is_swapped = _have_changed_markers(said, read, held) or _have_changed_sides(said, read)
    return RuleFinding.REFUTED if is_swapped else RuleFinding.HOLDS


# ---------------------------------------------------------------- small words


def _have_changed_markers(
    said: SentenceFeatures, read: SentenceFeatures, held: list[PlacedWord]
) -> bool:
    theirs = _markers_by_form(read)
    ours = _markers_by_form(said)
    facts = [place for place in held if len(_of(ours, place)) == 1]
    for one, other in combinations(facts, 2):
        between = said.text[min(one.end, other.end) : max(one.start, other.start)]
        if not between.strip() or _MUTUAL.search(between):
            continue
        (mine,), (its) = _of(ours, one), _of(ours, other)
        if {mine} == its:
            continue
        if _of(theirs, one) == its and _of(theirs, other) == {mine}:
            return True
    return False


def _markers_by_form(features: SentenceFeatures) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for place in features.places:
        for form in place.forms:
            found[form].add(_marker(features, place))
    return {form: frozenset(markers) for form, markers in found.items()}


def _of(markers: Mapping[str, frozenset[str]], place: PlacedWord) -> frozenset[str]:
    return frozenset[str]().union(*(markers.get(form, frozenset()) for form in place.forms))


def _marker(features: SentenceFeatures, place: PlacedWord) -> str:
    """Return the small word before a word, past an article and what a number counts; "" for none.

    A name's further words have that of its first.
    """
    before = features.text[: place.start]
    is_figure, is_name = any(map(is_number, place.forms)), _is_capital(features, place)
    skipped = 0
    for token in reversed(list(_TOKEN.finditer(before))):
        word = token[0].casefold()
        if word in _MARKERS:
            return word
        if word in _ARTICLES or word == ":":  # of a cell, whose column may be called "From"
            continue
        is_of_name = is_name and token[0][0].isupper()
        if not is_of_name and not (is_figure and not skipped and word.isalpha()):
            return ""
        skipped += 1
    return ""


def _is_capital(features: SentenceFeatures, place: PlacedWord) -> bool:
    return features.text[place.start : place.start + 1].isupper()


# ---------------------------------------------------------------- who does it


def _have_changed_sides(said: SentenceFeatures, read: SentenceFeatures) -> bool:
    """Whether who stands before a verb in a statement stands behind it in its source.

    Or the source has another one there, of whom the statement says that it is done to.
    """
    if not (_FIXED_ORDER.search(said.text) or _FIXED_ORDER.search(read.text)):
        return False
    return any(
        _does(read, verb, done_to) and not _does(read, verb, doing)
        for doing, verb, done_to in _deeds(said, _names(said) | _names(read))
    )


def _names(features: SentenceFeatures) -> frozenset[str]:
    """Return the names, that at a sentence's beginning included."""
    first = features.places[0] if features.places else None
    is_name = first and _is_capital(features, first) and features.names
    return features.names | frozenset(first.forms if first and is_name else ())


def _deeds(
    said: SentenceFeatures, names: frozenset[str]
) -> Iterator[tuple[frozenset[str], PlacedWord, frozenset[str]]]:
    """Yield who does it, the verb, and to whom, where a verb alone stands between two names."""
    for at, verb in enumerate(said.places[1:-1], start=1):
        before, behind = said.places[at - 1], said.places[at + 1]
        is_word = said.text[verb.start : verb.end].islower()
        if not is_word or any(map(is_number, verb.forms)):
            continue
        if not (names & set(before.forms) and names & set(behind.forms)):
            continue
        between = said.text[before.end : behind.start]
        is_apart = has_clause_end(between) or _MUTUAL.search(between)
        small = {word.casefold() for word in _TOKEN.findall(said.text[verb.end : behind.start])}
        if not is_apart and not small & _BY:
            yield _whole_name(said, at - 1, -1), verb, _whole_name(said, at + 1, 1)


def _whole_name(said: SentenceFeatures, at: int, step: int) -> frozenset[str]:
    """Return the forms of the name that begins or ends with a word."""
    forms = set(said.places[at].forms)
    while 0 <= at + step < len(said.places):
        one, other = sorted(
            (said.places[at], said.places[at + step]), key=lambda place: place.start
        )
        is_one = not said.text[one.end : other.start].strip(" .")
        if not is_one or not _is_capital(said, said.places[at + step]):
            break
        at += step
        forms.update(said.places[at].forms)
    return frozenset(forms)


def _does(read: SentenceFeatures, verb: PlacedWord, who: frozenset[str]) -> bool:
    """Whether a name stands right before a verb in its clause."""
    for at, place in enumerate(read.places):
        if at and not set(place.forms).isdisjoint(verb.forms):
            before = read.places[at - 1]
            between = read.text[before.end : place.start]
            if not who.isdisjoint(before.forms) and not has_clause_end(between):
                return True
    return False
