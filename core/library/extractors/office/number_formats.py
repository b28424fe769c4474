"""Number formats of sheets: whether a number is a date, and the currency or unit around it."""

import re
import unicodedata
from dataclasses import dataclass

_NOT_KIND = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].'
    r"|(?P<figure>[0#?])|(?P<plain>[ $€£¥])|."
)
_SPACES = re.compile(r"\s+")
_LONGEST = 20
"""Characters; a longer text in a format is a sentence of its own, not a unit."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is shown: `kind` is "date", "percent" or neither, with text around it."""

    kind: str = ""
    before: str = ""
    after: str = ""


def read_number_format(code: str) -> NumberFormat:
    """Read a format code (ECMA-376, 18.8.31): "0.0%", "dd/mm/yyyy", "[$€-407] #,##0.00"."""
    letters = _NOT_KIND.sub("", code).lower()
    if "%" in letters:
        return NumberFormat("percent")
    if re.search(r"[ymdhs]", letters):
        return NumberFormat("date")
    before, after = "", ""
    figures = False
    for part in _PART.finditer(code.partition(";")[0]):
        text = "".join(filter(None, part.group("quoted", "escaped", "currency", "plain")))
        figures = figures or part["figure"] is not None
        before, after = (before, after + text) if figures else (before + text, after)
    if not figures:
        return NumberFormat()
    return NumberFormat("", _unit(before).lstrip(), _unit(after).rstrip())


def _unit(text: str) -> str:
    """Return a text that names a unit or currency, "" for brackets and the like."""
    says = any(each.isalpha() or unicodedata.category(each) in {"Sc", "So"} for each in text)
    return _SPACES.sub(" ", text) if says and len(text) <= _LONGEST else ""
