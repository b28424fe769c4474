"""Question features: what must be the same in two questions for one answer to serve both."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.sentence_features import answer_features

_WORD = lazy_pattern(r"[^\W_]+(?:['’][^\W\d_]+)?")
_QUOTED = lazy_pattern(r"[\"“”„«»「」『』]([^\"“”„«»「」『』]+)[\"“”„«»「」『』]")
_STEM = 5
"""Characters of a word that are compared, so that "renewed" equals "renews"."""

_ASKING = {
    "who": "who whom wer wem wen qui quién quien",
    "whose": "whose wessen",
    "when": "when wann quand cuándo cuando",
    "where": "where wo woher wohin où dónde donde adónde",
    "why": "why warum weshalb wieso pourquoi",
    "how": "how wie comment cómo",
    "count": "many wieviel wieviele viele combien cuántos cuántas",
    "amount": "much viel cuánto cuánta",
}
_CLASS_OF = {word: kind for kind, words in _ASKING.items() for word in words.split()}
_CONTRASTS = frozenset(
    """first last next previous former latter before after since until during earliest latest
    earlier later oldest newest old new more less most least fewer minimum maximum min max highest
    lowest high low biggest smallest large small big long longest short shortest best worst better
    worse above below over under up down left right north south east west inside outside in out off
    start end begin begins beginning finish open opens close closes closed opened buy sell bought
    sold pay paid receive received give given get arrive arrives depart departs leave leaves enter
    win won lose lost increase decrease rise fall add remove allow allowed forbid forbidden accept
    refuse reject rejected approve approved enable disable include including exclude excluding with
    only except always never all some any both either other day night morning evening noon midnight
    monday tuesday wednesday thursday friday saturday sunday weekday weekdays weekend weekends
    summer winter spring autumn daily weekly monthly yearly annual male female man woman father
    mother son daughter brother sister husband wife husbands wives upper lower front back
    internal external gross net import export import imports exports input output
    erste ersten erster erstes letzte letzten letzter letztes nächste nächsten vorige vor nach seit
    bis während früheste späteste früher später älteste neueste alt neu alte neue mehr weniger
    meisten wenigsten mindestens höchstens minimum maximum höchste niedrigste größte kleinste groß
    klein lang kurz längste kürzeste beste schlechteste über unter oben unten links rechts innen
    außen beginn beginnt ende endet öffnet schließt kauf verkauf kaufen verkaufen zahlt bekommt
    kommt fährt ankunft abfahrt ohne mit nur außer immer nie alle einige beide tag nacht morgens
    abends montag dienstag mittwoch donnerstag freitag samstag sonntag werktags wochenende sommer
    winter frühling herbst täglich wöchentlich monatlich jährlich vater mutter sohn tochter bruder
    schwester mann frau brutto netto
    premier première dernier dernière avant après depuis jusque plus moins minimum maximum début
    fin ouvre ferme achat vente avec sans seulement toujours jamais tous jour nuit père mère
    primero primera último última antes después desde hasta más menos mínimo máximo abre cierra
    compra venta con sin solo siempre nunca todos día noche padre madre""".split()  # noqa: SIM905 - 300 quoted words read worse
)
"""Words that turn an answer around, or choose another one; both questions must have the same."""
_NEGATIONS = frozenset(
    """not no never none nobody nothing nor neither without cannot can't don't doesn't didn't isn't
    aren't wasn't weren't won't wouldn't shouldn't couldn't hasn't haven't hadn't mustn't
    nicht nie niemals kein keine keinen keinem keiner keines niemand nichts ohne
    ne n pas jamais rien aucun aucune sans no nunca nadie nada ningún ninguna sin
    不 没 没有 لا ليس لم не нет без""".split()  # noqa: SIM905 - see above
)
_FILLING = frozenset(
    """a an the of to for by from at on and or is are was were be been being do does did has have
    had can could will would shall should may might must what that this these those it its there
    their they he she his her please tell me my i you your we our us know find say says said state
    states stated mean means according document documents text file files folder give show explain
    want need exactly actually just also then so if about as than into question answer let
    der die das den dem des ein eine einen einem einer eines und oder ist sind war waren wird werden
    hat haben hatte kann können könnte soll sollte darf muss was dass es sie er ich du ihr wir uns
    mir mich bitte sag sagen sagt steht nenne nennen zu zum zur von vom für auf in im an am bei aus
    um denn genau eigentlich auch man laut dokument dokumente text datei ordner frage antwort
    gib zeig erkläre möchte wissen
    le la les l un une des de du d et ou est sont était a ont que quoi qu il elle ce cette ces
    au aux à en dans sur pour par s te plaît vous nous je me dis dites dit selon document texte
    el los las uno una unos unas y o es son era fue ha han qué lo su sus del al a en por para favor
    dime dice según documento texto""".split()  # noqa: SIM905 - see above
)
"""Words that every question may have; one that only one of two questions has changes nothing."""
_LANGUAGES = {
    "en": "the is are was were what who when where why how does did of to many much which and for",
    "de": "der die das ist sind war wer was wann wo warum wie viel viele welche und für im zu hat",
    "fr": "le la les est sont était qui quand où pourquoi comment combien quel quelle pour du des",
    "es": "el la los las es son era fue quién cuándo dónde cómo cuánto cuál y para del qué",
}
_COMMON = {language: frozenset(words.split()) for language, words in _LANGUAGES.items()}


_WAYS_OF_ASKING = [
    (lazy_pattern(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"^(?:please |can you |could you )*(?:tell|show) me,? (?=wh|how)", ""),
        (r"^bitte sag(?:e|en sie)? mir,? ", ""),
        (r"\b(?:(?:in|of) )?(?:what|which) year\b", "when year"),
        (r"\bat (?:what|which) time\b", "when"),
        (r"\b(?:on )?(?:what|which) date\b", "when"),
        (r"\bby when\b", "when"),
        (r"\bby whom\b|\bto whom\b", "who"),
        (r"\bwhat(?: is|'s| was) the reason\b(?: (?:that|why|for))?", "why"),
        (r"\bwhat number of\b", "how many"),
        (r"\bwhat(?: is|'s) the way to\b", "how"),
        (
            r"\b(?:what(?: is|'s| was) the (?:total )?(?:amount|price|cost) of|what amount of)\b",
            "how much",
        ),
        (r"\bhow high (?=is|was|are|were)\b", "what "),
        (r"\bwhat(?: is|'s| was) the name of\b", "who"),
        (r"\b(?:am I|are we|is one) (?:allowed|permitted) to\b", "can I"),
        (r"\bis it (?:allowed|permitted|possible) to\b|\bmay I\b|\bmay we\b|\bcan we\b", "can I"),
        (r"\bwhat does (.{2,40}) mean\b", r"what is the meaning of \1"),
        (r"\bwhat (.{2,40}) (?:costs?)\b", r"how much \1"),
        (r"\b(?:do|can|should|must) (?:i|we) (?:find|get)\b|\bcan be found\b", "is"),
        (r"\bwie lange\b", "wie lang"),
        (r"\bwie ?viele?\b", "wie viel"),
        (r"\bum wieviel uhr\b|\bum wie viel uhr\b|\bab wann\b|\bbis wann\b", "wann"),
        (r"\bwelche höhe hat\b", "wie hoch ist"),
        (
            r"\bist es (?:erlaubt|möglich|gestattet),?\b|\bdarf man\b|\bkann ich\b|\bkann man\b",
            "darf ich",
        ),
        (r"\b(?:finde|bekomme) ich\b|\bfindet sich\b|\bfindet man\b", "ist"),
        (r"\bà quelle heure\b", "quand"),
        (r"\bse trouve\b|\bse encuentra\b", "est"),
        (r"\ba qué hora\b", "cuándo"),
    )
]
"""Different words for the same way of asking, replaced by one of them."""


@dataclass(frozen=True, slots=True)
class QuestionFeatures:
    """A question without the words that any question may have.

    `fixed` is what can turn an answer around, `stems` are its content words in order, each cut to
    its beginning. Two questions that differ in either never share an answer.
    """

    fixed: tuple[object, ...]
    stems: tuple[str, ...]


@lru_cache(maxsize=1024)
def question_features(question: str) -> QuestionFeatures:
    """Read a question."""
    question = _reworded(" ".join(question.replace("’", "'").split()))
    words = [match[0].casefold() for match in _WORD.finditer(question)]
    read = answer_features(question)
    digits = sorted(word for word in words if any(map(str.isdigit, word)))
    fixed = (
        _language(words, question),
        tuple(digits),
        tuple(sorted(read.numbers)),
        tuple(sorted(_fold(name)[:_STEM] for name in read.names)),
        tuple(sorted(word for word in words if word in _NEGATIONS or word.endswith("n't"))),
        len(read.negations),
        tuple(sorted({_CLASS_OF[word] for word in words if word in _CLASS_OF})),
        tuple(sorted({word[:_STEM] for word in words if word in _CONTRASTS})),
        tuple(sorted(match.casefold().strip() for match in _QUOTED.findall(question))),
    )
    content = [word for word in words if word not in _FILLING and word not in _CLASS_OF]
    stems = tuple(_fold(word.partition("'")[0])[:_STEM] for word in content)
    return QuestionFeatures(fixed=fixed, stems=stems)


def _reworded(question: str) -> str:
    """Return a question with the usual ways of asking in one wording each."""
    for pattern, words in _WAYS_OF_ASKING:
        question = pattern.sub(words, question)
    return question


def _fold(word: str) -> str:
    """Remove accents from Latin letters, which many leave out."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", word)
        if not "\u0300" <= letter <= "\u036f"
    )


def _language(words: list[str], question: str) -> str:
    """Return the language whose common words a question has most of, else its script."""
    counts = {
        language: sum(map(common.__contains__, words)) for language, common in _COMMON.items()
    }
    best = max(counts, key=lambda language: counts[language])
    if counts[best]:
        return best
    letter = next((letter for letter in question if letter.isalpha()), "a")
    return "latin" if letter < "\u0250" else f"{ord(letter) // 0x100:x}"
