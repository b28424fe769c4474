"""Query syntax: quoted phrases and exact terms in a question."""

import re

from core.library.text.combining_marks import WORD_PATTERN
from core.library.text.script_tokens import tokenize_for_index

_QUOTED = re.compile(
    r'"(?!\s)([^"]*)(?<!\s)"|“([^”“]+)”|„([^“”„]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』'
)
_LONGEST = 40
"""Words of a question; in a longer text, which was pasted, quotation marks mean nothing."""


def quoted_phrases(question: str) -> tuple[str, ...]:
    """Return the phrases in quotation marks that hold a word; none of a long text."""
    if len(WORD_PATTERN.findall(question)) > _LONGEST:
        return ()
    found = (next(filter(None, match.groups()), "") for match in _QUOTED.finditer(question))
    return tuple(phrase for phrase in found if WORD_PATTERN.search(phrase))


def without_quotes(question: str) -> str:
    """Return the question without quotation marks."""
    return _QUOTED.sub(lambda match: next(filter(None, match.groups()), ""), question)


def phrase_expression(phrase: str) -> str:
    """Return the FTS5 expression that matches the words of a phrase side by side."""
    return f'"{" ".join(WORD_PATTERN.findall(tokenize_for_index(phrase))).lower()}"'
