"""Code names: functions, options and the like, which a source spells as the statement does."""

import re

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.read_passages import ReadPassage

_SPAN = lazy_pattern(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""Code within a line of Markdown."""
_WORD = lazy_pattern(r"[^\W\d]\w*")
_NAME = lazy_pattern(
    r"(?<![\w-])--[a-z][\w-]*"  # an option
    r"|[^\W\d]\w*(?=\()"  # what is called
    r"|[^\W\d]\w*_\w+"
    r"|\b[^\W\d_]*[a-z][A-Z]\w*",  # camel case
)


def check_code_names(statement: str, passage: ReadPassage) -> RuleFinding:
    """Return LACKING if a code name of the statement stands neither in the passage nor its name."""
    is_lacking = missing_code_names(statement, f"{passage.name}\n{passage.text}")
    return RuleFinding.LACKING if is_lacking else RuleFinding.HOLDS


def missing_code_names(statement: str, source: str) -> frozenset[str]:
    """Return the code names of a statement, in small letters, that its source lacks.

    In a span of code every word is one; elsewhere what is called, has an underscore or a capital
    inside, or begins with two dashes.
    """
    found = {match.group() for match in _NAME.finditer(statement)}
    for span in _SPAN.finditer(statement):
        found.update(_WORD.findall(span.group(2)))
    there = source.casefold()
    return frozenset(
        name for each in found if (name := each.casefold()) and not _stands(name, there)
    )


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
