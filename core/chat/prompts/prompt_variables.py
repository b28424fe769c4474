"""Prompt variables such as {{selection}}, and their replacement by values."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern

SELECTION, CLIPBOARD, INPUT, DATE, TIME = "selection", "clipboard", "input", "date", "time"
"""The variables that are filled in; any other is left for the person to fill."""
_VARIABLE = lazy_pattern(r"\{\{\s*([^\W\d][\w ]{0,40}?)\s*\}\}")


class FilledPrompt(Struct, frozen=True, kw_only=True):
    """A text, and the span of the first variable in it that is left to the person."""

    text: str
    gap: tuple[int, int] | None = None


def variable_names(text: str) -> tuple[str, ...]:
    """Return the names of the variables in a text, each once, as they first come."""
    return tuple(dict.fromkeys(match[1].casefold() for match in _VARIABLE.finditer(text)))


def fill_variables(text: str, values: Mapping[str, Callable[[], str]]) -> FilledPrompt:
    """Return `text` with each known variable filled; a value is asked for only if it is needed.

    What is put in is never looked at for variables: a clipboard can't ask for the selection.
    Something typed behind a command that has no place for it is put at the end.
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
