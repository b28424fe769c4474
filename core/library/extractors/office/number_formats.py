"""Number formats of sheets: whether a number is a date, and the currency or unit around it."""

import math
import re
import unicodedata
from dataclasses import dataclass

_NOT_KIND = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].'
    r"|(?P<figure>[0#?])|(?P<plain>[ $€£¥])|."
)
_DECIMALS = re.compile(r"^[^.]*[0#?]\.(0+)(?!0*E)", re.IGNORECASE)
"""The decimals that are always shown; those of 0.00E+00 are of another number."""
_SPACES = re.compile(r"\s+")
_LONGEST = 20
"""Characters; a longer text in a format is a sentence of its own, not a unit."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is shown: `kind` is "date", "percent" or neither, with text around it.

    It has at least so many `decimals`.
    """

    kind: str = ""
    before: str = ""
    after: str = ""
    decimals: int = 0

    def shown_number(self, number: float) -> str:
        """Return a number with the zeros and the text of its format, not rounded: "5.50 €"."""
        text = f"{number:.15g}"
        if self.decimals and "e" not in text and math.isfinite(number):
            whole, _point, fraction = text.partition(".")
            text = f"{whole}.{fraction.ljust(self.decimals, '0')}"
        return f"{self.before}{text}{self.after}"


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
    zeros = _DECIMALS.search(_NOT_KIND.sub("", code.partition(";")[0]))
    decimals = len(zeros[1]) if zeros else 0
    return NumberFormat("", _unit(before).lstrip(), _unit(after).rstrip(), decimals)


def _unit(text: str) -> str:
    """Return a text that names a unit or currency, "" for brackets and the like."""
    says = any(each.isalpha() or unicodedata.category(each) in {"Sc", "So"} for each in text)
    return _SPACES.sub(" ", text) if says and len(text) <= _LONGEST else ""
