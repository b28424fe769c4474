"""Prompt variables such as {{selection}}, and their replacement by values."""

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern

SELECTION, CLIPBOARD, INPUT, DATE, TIME = "selection", "clipboard", "input", "date", "time"
"""The variables that the app fills in; the person fills in any other."""
_VARIABLE = lazy_pattern(r"\{\{\s*([^\W\d][\w ]{0,40}?)\s*\}\}")


class FilledPrompt(Struct, frozen=True, kw_only=True):
    """A text, and the span of its first variable that the person is to fill in."""

    text: str
    gap: tuple[int, int] | None


def variable_names(text: str) -> tuple[str, ...]:
    """Return the names of the variables in a text, each once, in order."""
    return tuple(dict.fromkeys(match[1].casefold() for match in _VARIABLE.finditer(text)))


def variable_spans(text: str, names: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Return where the variables with these names stand in a text, in order."""
    found = _VARIABLE.finditer(text)
    return tuple(match.span() for match in found if match[1].casefold() in names)


def fill_variables(text: str, values: Mapping[str, Callable[[], str]]) -> FilledPrompt:
    """Return `text` with its known variables filled in; only values that it needs are computed.

    Values are not searched for variables: the clipboard's text can't insert the selection. Input
    of a command without {{input}} is appended.
    """
    pieces: list[str] = []
    known: dict[str, str] = {}
    gap: tuple[int, int] | None = None
    length = end = 0

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for match in _VARIABLE.finditer(text):
        add(text[end : match.start()])
        end = match.end()
        name = match[1].casefold()
        if name in values and name not in known:
            known[name] = values[name]()
        piece = known.get(name, "") or match[0]
        if piece == match[0] and gap is None:
            gap = (length, length + len(piece))
        add(piece)
    add(text[end:])
    typed = values[INPUT]() if INPUT in values and INPUT not in variable_names(text) else ""
    if typed:
        add(f"\n\n{typed}" if "".join(pieces).strip() else typed)
    return FilledPrompt(text="".join(pieces), gap=gap)
