"""Syntax highlighting with Pygments: coloured spans of a piece of code."""

from collections.abc import Sequence
from typing import NamedTuple

MAX_CODE_LENGTH = 200_000
"""Characters; longer code stays in one colour."""

_ROLES = (
    ("Comment", "muted"),
    ("Keyword", "link"),
    ("Operator.Word", "link"),
    ("Name.Tag", "link"),
    ("Literal.String", "good"),
    ("Literal.Number", "warning"),
    ("Name.Function", "info"),
    ("Name.Class", "info"),
    ("Name.Decorator", "warning"),
    ("Name.Builtin", "info"),
    ("Name.Attribute", "warning"),
    ("Generic.Deleted", "error"),
    ("Generic.Inserted", "good"),
    ("Generic.Heading", "link"),
)


class HighlightedSpan(NamedTuple):
    """A span of code, in UTF-16 units as in Qt, and its colour role."""

    start: int
    length: int
    role: str


def highlight_code(code: str, language: str) -> Sequence[HighlightedSpan]:
    """Return the coloured spans of `code`; none for an unknown language. For any thread."""
    if not language or len(code) > MAX_CODE_LENGTH:
        return ()
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - 30 ms; many chats have no code
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ()
    found: list[HighlightedSpan] = []
    place = 0
    wide = not code.isascii()
    for _, kind, text in lexer.get_tokens_unprocessed(code):
        length = len(text.encode("utf-16-le")) // 2 if wide else len(text)
        name = str(kind).removeprefix("Token.")
        role = next((role for start, role in _ROLES if name.startswith(start)), "")
        if role and text.strip():
            found.append(HighlightedSpan(place, length, role))
        place += length
    return found
