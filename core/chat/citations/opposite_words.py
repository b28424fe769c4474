"""Opposite words: pairs of directions that a sentence must share with what supports it."""

import re

from core.base.lazy_regex import lazy_pattern

_PAIRS = (
    # English
    ("first earliest", "last latest final"),
    ("before", "after"),
    ("earlier", "later"),
    ("more", "less fewer"),
    ("most", "least fewest"),
    ("maximum max highest largest", "minimum min lowest smallest"),
    ("higher", "lower"),
    ("larger bigger greater", "smaller"),
    ("longer", "shorter"),
    ("above over exceeds", "below under"),
    ("open opens opened opening", "close closes closed closing"),
    ("begin begins began beginning start starts started", "end ends ended ending"),
    ("increase increases increased", "decrease decreases decreased"),
    ("rise rises rose", "fall falls fell"),
    ("raise raises raised", "reduce reduces reduced lower lowers lowered"),
    ("always", "never"),
    ("all every everybody", "none nobody"),
    ("with", "without"),
    ("morning", "evening afternoon night"),
    ("today", "yesterday tomorrow"),
    ("left", "right"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("arrive arrives arrived arrival", "depart departs departed departure"),
    ("buy buys bought buyer", "sell sells sold seller"),
    ("enable enables enabled", "disable disables disabled"),
    ("true", "false"),
    ("positive", "negative"),
    ("internal", "external"),
    ("minimum", "maximum"),
    ("upper", "lower"),
    ("inside within", "outside"),
    ("win wins won", "lose loses lost"),
    ("public", "private"),
    ("ascending", "descending"),
    ("hot warm", "cold"),
    ("lend lends lent", "borrow borrows borrowed"),
    ("tenant", "landlord landlady"),
    # German
    ("erste ersten erster erstes fruheste", "letzte letzten letzter letztes spateste"),
    ("vor vorher", "nach danach nachher"),
    ("mehr", "weniger"),
    ("mindestens", "hochstens"),
    ("hoher", "niedriger"),
    ("offnet geoffnet offen", "schliesst schließt geschlossen"),
    ("beginnt begann beginn", "endet endete ende"),
    ("steigt stieg", "sinkt sank"),
    ("immer", "nie niemals"),
    ("mit", "ohne"),
    ("morgens vormittags", "abends nachmittags nachts"),
    ("mieter", "vermieter"),
    # French and Spanish
    ("premier premiere", "dernier derniere"),
    ("avant", "apres"),
    ("ouvre ouvert", "ferme"),
    ("matin", "soir"),
    ("avec", "sans"),
    ("primero primera", "ultimo ultima"),
    ("antes", "despues"),
    ("abre abierto", "cierra cerrado"),
    ("con", "sin"),
)


def _opposites() -> dict[str, tuple[tuple[frozenset[str], frozenset[str]], ...]]:
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for one, other in _PAIRS:
        sides = frozenset(one.split()), frozenset(other.split())
        for same, opposite in (sides, sides[::-1]):
            for word in same:
                found.setdefault(word, []).append((same, opposite))
    return {word: tuple(sides) for word, sides in found.items()}


OPPOSITES = _opposites()
"""For each word, without case and accents, the pairs (its own side, the opposite side)."""
STRICT = frozenset(
    """first earliest last latest morning evening afternoon night morgens abends nachts matin soir
    maximum minimum highest lowest""".split()  # noqa: SIM905 - quoted one by one it reads worse
)
"""Words that must stand in what supports a sentence with them, not only not be opposed."""
NEGATED_AS_OPPOSITE = frozenset(
    "enabled disabled true false open closed before vor avant antes".split()  # noqa: SIM905 - reads worse one by one
)
"""Words whose negation says what their opposite does: "not open" is "closed"."""
FORBIDS = lazy_pattern(
    r"\b(?:forbid\w*|prohibit\w*|disallow\w*|refus\w*|den(?:y|ies|ied)|exclud\w*|lacks?|verboten"
    r"|untersagt|ausgeschlossen|interdit\w*|prohibid\w*|prohib[eo]n?|except|exkl\w*|ausser"
    r"|ausgenommen|hors|hormis|sauf|excepte|salvo|excepto|escluso|tranne|oprocz|кроме|крім)\b",
    re.IGNORECASE,
)
"""Words that say without a negation that something is not so."""
LATEST = lazy_pattern(
    r"\b(?:at the latest|(?:no|not) later than|spatestens|au plus tard|a mas tardar|al piu tardi"
    r"|o mais tardar|uiterlijk|senast|senest|nejpozdeji|najpozniej|не позднее|не позже|не пізніше"
    r")\b",
    re.IGNORECASE,
)
EARLIEST = lazy_pattern(
    r"\b(?:at the earliest|(?:no|not) (?:earlier|sooner) than|fruhestens|au plus tot"
    r"|como muy pronto|al piu presto|op zijn vroegst|tidigast|tidligst|nejdrive|najwczesniej"
    r"|не ранее|не раньше|не раніше)\b",
    re.IGNORECASE,
)
_NOT_BEFORE = lazy_pattern(
    r"(?:\b(?:not|never|nicht|kein\w*|nie|pas|jamais|no|nunca|non|nao|niet|inte|ikke|nie|не)\b"
    r"|n['’]t\b)[^.;:!?]{0,50}?\b(?:before|until|till|earlier|sooner|vor|bevor|eher|fruher|avant"
    r"|antes|prima|voor|forran|przed|до|раньше|ранее)\b",
    re.IGNORECASE,
)


def is_not_before(text: str) -> bool:
    """Whether a text says from when on something may be: "not before", "at the earliest"."""
    return bool(EARLIEST.search(text) or _NOT_BEFORE.search(text))
