"""Opposite verdicts: "forbidden" is "not allowed", and "not forbidden" is "allowed".

Of a sentence's clauses the one that speaks of the same thing counts: "Grilling with charcoal is
forbidden; electric grills are allowed" says two things.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.sentence_features import SentenceFeatures, passage_features


class Comparison(Enum):
    """Whether two sentences say the same of something, its opposite, or nothing comparable."""

    SAME = "same"
    OPPOSITE = "opposite"
    NOTHING = "nothing"


class _Pair(NamedTuple):
    """Words without accents for a verdict, for its opposite, and for it only beside other words."""

    yes: re.Pattern[str]
    no: re.Pattern[str]
    maybe_yes: re.Pattern[str]


def _pair(yes: str, no: str, maybe_yes: str = "(?!)") -> _Pair:
    return _Pair(*(lazy_pattern(each, re.IGNORECASE) for each in (yes, no, maybe_yes)))


_PAIRS = (
    _pair(
        r"\b(?:allow(?:s|ed)?|permit(?:s|ted)?|permissible|erlaubt\w*|gestattet\w*|zulassig\w*"
        r"|autoris[ea]\w*|permis(?:es?|e)?|permitid[oa]s?|permiten?|autorizad[oa]s?|permess[oaie]"
        r"|consentit[oaie]|toegestaan|toegelaten|dozwolon\w+|wolno|tillat\w*|tilladt|izin veril\w+"
        r"|serbest\w*|разреш\w+|допуска\w+|дозволен\w+|можно|можна)\b"
        r"|مسموح|(?<!لا )يسمح|(?<!لا )يجوز|अनुमति|(?<!不)允许|(?<!不)准许|(?<!不)可以|許可|허용",
        r"\b(?:forbid(?:s|den)?|prohibit(?:s|ed)?|disallowed|banned|verboten\w*|untersagt\w*"
        r"|unzulassig\w*|interdit\w*|defendue?s?|prohibid[oa]s?|prohib[eo]n?|proibid[oa]s?"
        r"|vietat[oaie]|proibit[oaie]|verboden|zabronion\w+|zakazan\w+|forbud\w*|yasak\w*"
        r"|запрещ\w+|заборон\w+|нельзя)\b"
        r"|ممنوع|يحظر|محظور|لا يسمح|لا يجوز|मना|वर्जित|禁止|严禁|不得|不准|不允许|不可以|금지",
        r"\b(?:may|darf|durfen|peut|peuvent|puede[n]?|puo|possono|pode[m]?|mag|mogen)\b",
    ),
    _pair(
        r"\b(?:includ(?:es?|ed|ing)|inbegriffen|enthalten|inklusive|inklusiv|compris(?:es?|e)?"
        r"|inclus(?:es?|e)?|incluid[oa]s?|compres[oaie]|inbegrepen|wliczon\w+|dahil)\b",
        r"\b(?:exclud(?:es?|ed|ing)|exklusive|ausgenommen|ausgeschlossen|exclus?|excluid[oa]s?"
        r"|esclus[oaie]|uitgesloten|hors|haric)\b",
    ),
    _pair(
        r"\b(?:accept(?:s|ed)?|approved?|angenommen\w*|bewilligt\w*|genehmigt\w*|accepte\w*"
        r"|adopte\w*|aprobad[oa]s?|aceptad[oa]s?|approvat[oaie]|accettat[oaie]|aprovad[oa]s?"
        r"|goedgekeurd|aangenomen|przyjet\w+|zatwierdzon\w+|kabul|onaylan\w+|принят\w*|одобрен\w*"
        r"|прийнят\w*|схвален\w*)\b",
        r"\b(?:reject(?:s|ed)?|refused?|declined|turned down|abgelehnt\w*|rejete\w*|refuse\w*"
        r"|rechazad[oa]s?|respint[oaie]|rifiutat[oaie]|rejeitad[oa]s?|afgewezen|verworpen"
        r"|odrzucon\w+|reddedil\w+|отклонен\w*|отвергнут\w*|відхилен\w*)\b",
    ),
    _pair(
        r"\b(?:required|mandatory|compulsory|obligatory|verpflichtend|erforderlich|pflicht"
        r"|obligatoires?|requis\w*|obligatori[oaie]s?|verplicht|obowiazkow\w+|zorunlu"
        r"|обязательн\w+|обовязков\w+)\b",
        r"\b(?:optional|voluntary|freiwillig\w*|facultati\w+|volontaires?|opcional\w*"
        r"|voluntari[oa]s?|facoltativ[oaie]|vrijwillig|dobrowoln\w+|istege bagli|добровольн\w+"
        r"|добровільн\w+)\b",
    ),
)
_CLAUSE_END = lazy_pattern(
    r"[;.,:!?()|\n؛،。；，、：]|\b(?:but|while|whereas|aber|wahrend|jedoch|mais|pero|ma|mas|maar|ale"
    r"|ama|но|а|але)\b",
    re.IGNORECASE,
)


_VERDICT = lazy_pattern("|".join(each.pattern for pair in _PAIRS for each in pair), re.IGNORECASE)
_ELLIPTIC_WORDS = 2
"""Content words of a clause whose "not" stands for a verdict of the clause before."""


def compare_verdicts(said: SentenceFeatures, read: SentenceFeatures) -> Comparison:
    """Return whether a statement and a sentence of its source agree on what is so."""
    found = {_compare(pair, said, read) for pair in _PAIRS} - {Comparison.NOTHING}
    if Comparison.OPPOSITE in found:
        return Comparison.OPPOSITE
    is_same = found and _negations_beside(said) == _negations_beside(read)
    return Comparison.SAME if is_same else Comparison.NOTHING


def _negations_beside(features: SentenceFeatures) -> int:
    """Return whether the clauses that hold no verdict are negated, as 1 or 0."""
    count, is_told = 0, False
    for clause in filter(str.strip, _CLAUSE_END.split(features.text)):
        beside = passage_features(clause)
        is_elliptic = is_told and len(beside.words) <= _ELLIPTIC_WORDS
        is_told = _VERDICT.search(clause) is not None
        if not is_told and not is_elliptic:
            count += len(beside.negations)
    return count % 2


def verdict_words(features: SentenceFeatures) -> frozenset[str]:
    """Return the normalized words by which a sentence says what is so."""
    return frozenset(
        form
        for place in features.places
        if any(
            pattern.fullmatch(features.text[place.start : place.end])
            for pair in _PAIRS
            for pattern in (pair.yes, pair.no)
        )
        for form in place.forms
    )


def _compare(pair: _Pair, said: SentenceFeatures, read: SentenceFeatures) -> Comparison:
    """Compare by one pair of words; "may" counts only beside a word that says it plainly."""
    is_plain = any(each.search(text.text) for each in pair[:2] for text in (said, read))
    if not is_plain:
        return Comparison.NOTHING
    mine = {value for _words, value in _verdicts(pair, said.text)}
    theirs = [(words & said.words, value) for words, value in _verdicts(pair, read.text)]
    most = max((shared for shared, _value in theirs), key=len, default=frozenset[str]())
    meant = {value for shared, value in theirs if len(shared) == len(most) or shared - most}
    if len(mine) != 1 or len(meant) != 1:
        return Comparison.NOTHING
    return Comparison.SAME if mine == meant else Comparison.OPPOSITE


def _verdicts(pair: _Pair, text: str) -> Iterator[tuple[frozenset[str], bool]]:
    """Yield the words of each clause that says what is so, and whether it is.

    "Hens are allowed, roosters are not" says it of both.
    """
    before: bool | None = None
    for clause in _CLAUSE_END.split(text):
        is_no = pair.no.search(clause) is not None
        is_yes = pair.yes.search(clause) is not None
        is_yes = is_yes or (not is_no and pair.maybe_yes.search(clause) is not None)
        if is_yes == is_no and (is_yes or before is None or not clause.strip()):
            continue
        features = passage_features(clause)
        is_negated = bool(len(features.negations) % 2)
        if is_yes != is_no:
            before = is_yes != is_negated
            yield features.words, before
        elif is_negated and len(features.words) <= _ELLIPTIC_WORDS:
            yield features.words, not before
