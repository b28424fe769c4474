"""Version numbers: "v3" and "3" read alike where a statement says one and its source the other.

A judge of statements takes them for two things. The rules read the figures of both anyway.
"""

import re

from core.base.lazy_regex import lazy_pattern

_VERSION = lazy_pattern(r"(?<!\w)[vV](?=(\d+(?:\.\d+)*)(?!\w))")


def spelled_alike(statement: str, evidence: str) -> tuple[str, str]:
    """Return both texts without the "v" of versions that the other one writes without."""
    return _written_as(statement, evidence), _written_as(evidence, statement)


def _written_as(text: str, other: str) -> str:
    """Leave out each "v" of `text` whose number stands bare in the other text, and only bare."""

    def replaced(match: re.Match[str]) -> str:
        number = re.escape(match[1])
        stands_bare = re.search(rf"(?<![\w.]){number}(?![\w]|\.\d)", other)
        stands_same = re.search(rf"(?<!\w)[vV]{number}(?![\w]|\.\d)", other)
        return "" if stands_bare and not stands_same else match[0]

    return _VERSION.sub(replaced, text)
