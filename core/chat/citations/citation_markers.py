"""Citation markers like [1] that a model writes itself, and their removal from an answer."""

import re
from collections.abc import Iterator

from core.base.lazy_regex import lazy_pattern

_ONE = r"\[\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\](?!\()"
_SEVERAL = rf"[ \t]*{_ONE}(?:[ \t]*(?:[,;&]|and|und|et|y)?[ \t]*{_ONE})*"
_RUN = lazy_pattern(_SEVERAL)
_LEADING = lazy_pattern(
    rf"[ \t]*(?:[-*+•][ \t]+|\d{{1,2}}[.)][ \t]+)?({_SEVERAL}:?[ \t]+)(?![=+*/<>-])"
)
_GROUP = lazy_pattern(rf"[ \t]*\([^()\n]*{_ONE}[^()\n]*\)")
_CODE = lazy_pattern(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_MASK = "\ue000"
"""Replaces each character of code while markers are searched for."""
_LINE = lazy_pattern(r"[^\n]*\n?")
_CALCULATION = lazy_pattern(r"[=+{}<>]")
_REFERENCE = frozenset(
    """see also cf source sources reference references ref refs passage passages document documents
    p pp page pages and siehe vgl quelle quellen seite s und voir et ver y fuente fuentes
    página""".split()  # noqa: SIM905 - quoted one by one it reads worse
)


def strip_markers(text: str) -> str:
    """Remove [1], [2, 3] and references made of nothing else: "(see [1], p. 3)", "Sources: [1]".

    Brackets in code and directly after the name of a variable are indices, not markers, and stay.
    """
    masked = _CODE.sub(lambda code: re.sub(r"[^\n]", _MASK, code[0]), text)
    parts: list[str] = []
    end = 0
    for first, last in _removed(masked):
        parts.append(text[end:first])
        end = last
    if end == len(text) and parts:
        parts[-1] = parts[-1].rstrip("\n")
    return "".join([*parts, text[end:]])


def _removed(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of what is removed, in order: markers, or lines of references only."""
    for match in _LINE.finditer(text):
        line = match[0]
        spans = _removed_in(line) if "[" in line else []
        rest = _without(line, spans)
        if spans and _MASK not in line and _only_refers(rest):
            yield match.span()
        else:
            yield from ((match.start() + first, match.start() + last) for first, last in spans)


def _removed_in(line: str) -> list[tuple[int, int]]:
    leading = _LEADING.match(line)
    spans = [leading.span(1)] if leading else []
    spans += [match.span() for match in _GROUP.finditer(line) if _only_refers(match[0])]
    for run in _RUN.finditer(line):
        inside = any(first < run.end() <= last for first, last in spans)
        if not inside and not _is_index(line, *run.span()):
            spans.append(run.span())
    return sorted(spans)


def _is_index(line: str, start: int, end: int) -> bool:
    """Whether a bracket follows a variable or an operator: a[1], but not "Friday[1]."."""
    before = line[:start]
    if line[start] == "[" and (word := re.search(r"\w+$", before)):
        prose = len(word[0]) >= 3 and re.match(r"[\s.,;:!?)\]\"'”’*]|$", line[end:])
        return not prose or bool(_CALCULATION.search(line))
    return before.rstrip()[-1:] in {"=", "+", "/", "<", ">"}


def _without(line: str, spans: list[tuple[int, int]]) -> str:
    for first, last in reversed(spans):
        line = line[:first] + line[last:]
    return line


def _only_refers(text: str) -> bool:
    """Whether a text has only reference words and numbers."""
    return all(word.isdigit() or word.casefold() in _REFERENCE for word in re.findall(r"\w+", text))
