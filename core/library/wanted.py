"""What a question asks for beside its meaning: phrases in quotation marks, exact terms."""

import re

from core.library.bigrams import paired
from core.library.signs import WORD

_QUOTED = re.compile(
    r'"(?!\s)([^"]*)(?<!\s)"|“([^”“]+)”|„([^“”„]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』'
)
_LONGEST = 40
"""Words of a question; in a longer text, which was pasted, the marks are its author's."""


def phrases(question: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, as far as it holds a word; none of a long text."""
    if len(WORD.findall(question)) > _LONGEST:
        return ()
    found = (next(filter(None, match.groups()), "") for match in _QUOTED.finditer(question))
    return tuple(phrase for phrase in found if WORD.search(phrase))


def unquoted(question: str) -> str:
    """Return the question without quotation marks, so that its words may stand apart."""
    return _QUOTED.sub(lambda match: next(filter(None, match.groups()), ""), question)


def phrase_expression(phrase: str) -> str:
    """Return what matches the words of a phrase side by side, in FTS5's own words."""
    return f'"{" ".join(WORD.findall(paired(phrase))).lower()}"'
