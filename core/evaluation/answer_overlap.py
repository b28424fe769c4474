"""Answer overlap: exact match, token F1 and required strings, normalised as SQuAD does it.

Lower case, no punctuation, no English articles, white space folded. A character of a script
without spaces between its words counts as a word, as the multilingual sets of this kind do it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_UNSPACED = re.compile(
    "([\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def normalize_answer(text: str) -> str:
    """Return a text as it is compared."""
    lower = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    plain = "".join(
        "" if unicodedata.category(each)[0] == "P" or each in "$+<=>^`|~" else each
        for each in lower
    )
    return " ".join(_ARTICLES.sub(" ", plain).split())


def answer_tokens(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return _UNSPACED.sub(r" \1 ", normalize_answer(text)).split()


def exact_match(answer: str, references: Sequence[str]) -> float:
    """Return 1 if the answer is one of the references."""
    given = normalize_answer(answer)
    return float(any(given == normalize_answer(each) for each in references))


def token_f1(answer: str, references: Sequence[str]) -> float:
    """Return the best F1 of the answer's words with those of a reference."""
    given = answer_tokens(answer)
    return max((_f1(given, answer_tokens(each)) for each in references), default=0.0)


def contains_all(answer: str, required: Sequence[str]) -> float:
    """Return 1 if the answer holds each of these strings, compared without case and spacing."""
    given = _folded(answer)
    return float(all(_folded(each) in given for each in required))


def _f1(given: list[str], wanted: list[str]) -> float:
    if not given or not wanted:
        return float(given == wanted)
    common = sum((Counter(given) & Counter(wanted)).values())
    if common == 0:
        return 0.0
    precision, recall = common / len(given), common / len(wanted)
    return 2 * precision * recall / (precision + recall)


def _folded(text: str) -> str:
    """Return a text with its case, invisible signs and runs of white space folded."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(plain.split())
