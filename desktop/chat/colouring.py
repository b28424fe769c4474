"""The colours of code: which stretches of a text are keywords, strings, comments and the like."""

from collections.abc import Sequence
from typing import NamedTuple

LONGEST = 200_000
"""Characters; longer code stays in one colour."""

_ROLES = (
    ("Comment", "muted"),
    ("Keyword", "accent"),
    ("Operator.Word", "accent"),
    ("Name.Tag", "accent"),
    ("Literal.String", "good"),
    ("Literal.Number", "warning"),
    ("Name.Function", "accent_hover"),
    ("Name.Class", "accent_hover"),
    ("Name.Decorator", "warning"),
    ("Name.Builtin", "accent_hover"),
    ("Name.Attribute", "warning"),
    ("Generic.Deleted", "error"),
    ("Generic.Inserted", "good"),
    ("Generic.Heading", "accent"),
)


class Stretch(NamedTuple):
    """Letters of a code, counted as Qt does (UTF-16), in the colour of a role."""

    start: int
    length: int
    role: str


def stretches(code: str, language: str) -> Sequence[Stretch]:
    """Return the coloured stretches of `code`; none for a language nobody knows. For any thread."""
    if not language or len(code) > LONGEST:
        return ()
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - 30 ms; many chats have no code
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ()
    found: list[Stretch] = []
    place = 0
    wide = not code.isascii()
    for _, kind, text in lexer.get_tokens_unprocessed(code):
        length = len(text.encode("utf-16-le")) // 2 if wide else len(text)
        name = str(kind).removeprefix("Token.")
        role = next((role for start, role in _ROLES if name.startswith(start)), "")
        if role and text.strip():
            found.append(Stretch(place, length, role))
        place += length
    return found
