"""Courtesy words: clauses that only thank, praise, apologise or take leave.

A clause is one if all its words belong to the closed set of one language, and one of them says so;
what names anything else is a question or an order.
"""

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.all_languages import LANGUAGES

_SETS = tuple(
    (
        frozenset(each.courtesy.telling.split()),
        frozenset(each.courtesy.others.split()),
        frozenset(each.courtesy.openers.split()),
    )
    for each in LANGUAGES
    if each.courtesy.telling
)
_UNSPACED = tuple(
    lazy_pattern(f"(?=.*(?:{each.courtesy.telling_signs}))(?:{each.courtesy.signs})+")
    for each in LANGUAGES
    if each.courtesy.signs
)


def is_courtesy(clause: str) -> bool:
    """Return whether a folded clause only thanks, praises, apologises or takes leave."""
    words = clause.split()
    for telling, others, openers in _SETS:
        says_so = words[0] not in openers and not telling.isdisjoint(words)
        if says_so and all(word in telling or word in others for word in words):
            return True
    return any(pattern.fullmatch(clause.replace(" ", "")) for pattern in _UNSPACED)
