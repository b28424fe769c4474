"""Loosening: a sentence said a little otherwise, its facts kept."""

import re
from random import Random

_LOOSENINGS = (
    (r"\bHowever, ", ""),
    (r"\bIn addition, ", ""),
    (r"\balso ", ""),
    (r"\bapproximately\b", "about"),
    (r"\bbegan\b", "started"),
    (r"\blocated in\b", "in"),
    (r"\bcannot\b", "can not"),
    (r"\blarge\b", "big"),
    (r"\bfor example\b", "for instance"),
    (r"\bpurchased\b", "bought"),
    (r"\bchildren\b", "kids"),
    (r"\bdied\b", "passed away"),
    (r"\bmain\b", "principal"),
    (r"\bfamous\b", "well-known"),
    (r"\bhelp\b", "assist"),
    (r"\bshow\b", "demonstrate"),
    (r"\bnearly\b", "almost"),
    (r"\bprovides\b", "offers"),
    (r"\brequires\b", "needs"),
    (r"\bcreated\b", "made"),
)


def loosen(sentence: str, rng: Random) -> str:
    """Return the sentence said a little otherwise, its facts kept."""
    said = sentence
    if rng.random() < 0.5:
        said = re.sub(r"\s*\([^()]*\)", "", said)
    if rng.random() < 0.4 and ", " in said:
        said = _fewer_clauses(said, rng)
    for pattern, other in _LOOSENINGS:
        if rng.random() < 0.6:
            said = re.sub(pattern, other, said)
    if rng.random() < 0.1:
        said = f"- {said}"
    if rng.random() < 0.05:
        said = f"**{said.rstrip('.')}**"
    return said[:1].upper() + said[1:]


def _fewer_clauses(sentence: str, rng: Random) -> str:
    parts = sentence.rstrip(".").split(", ")
    if len(parts) == 2 and len(parts[0].split()) < 9 and rng.random() < 0.6:
        first, second = parts
        return f"{second[:1].upper()}{second[1:]}, {first[:1].lower()}{first[1:]}."
    kept = ", ".join(parts[: rng.randrange(1, len(parts))]) if len(parts) > 1 else sentence
    return f"{kept}." if len(kept.split()) > 5 else sentence
