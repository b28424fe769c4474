"""Lines of a passage as a card shows them: rows and entries apart, sentences in one flow."""

import re

from core.base.lazy_regex import lazy_pattern

MOST_LINES = 8
"""Lines a card begins by itself; what follows stands in the document."""
_ENTRY = lazy_pattern(r"\s*(?:[-*+•‣◦·–—▪]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_FIELD = lazy_pattern(r"\s*[^\s:.!?][^:.!?]{0,39}:\s+\S")
"""A line such as “Name: Bob”: it begins one only beside another, since sentences have colons."""
_WIDEST, _SHARE_OF_WIDTH = 100, 0.75
"""Letters of a page's widest line, and the share of it below which a line was ended on purpose."""
_RULE = lazy_pattern(r"[\s|:+=-]*[|:+=-]{3}[\s|:+=-]*")
"""The line below the head of a table, or between two parts."""
_EMPHASIS = lazy_pattern(r"(?<!\w)(\*\*|__|`)(?=\S)([^\n]*?\S)\1(?!\w)")
_LEFT_OUT = "\u2060"
"""Stands for a letter that isn't shown, so that a text keeps its length; itself it has no width."""


def without_emphasis(text: str) -> str:
    """Return Markdown of the same length whose marks of strong words and code aren't shown."""

    def leave_out(found: re.Match[str]) -> str:
        left = _LEFT_OUT * len(found[1])
        return f"{left}{found[2]}{left}"

    return _EMPHASIS.sub(leave_out, text)


def with_own_lines(text: str) -> str:
    """Return a text of the same length that breaks before rows, entries and paragraphs only."""
    pieces: list[str] = []
    before, is_apart = "", False
    lines = text.split("\n")
    room = _SHARE_OF_WIDTH * min(_WIDEST, max(map(len, lines)))
    for line in lines:
        if _RULE.fullmatch(line) or not line.strip():
            pieces.append(" " * len(line))
            is_apart = True
            continue
        breaks = bool(before) and (is_apart or _begins_own_line(before, line, room))
        pieces.append(line)
        if breaks:
            pieces[-2] = pieces[-2] + "\n"
        before, is_apart = line, False
    return "".join(f"{piece} " if not piece.endswith("\n") else piece for piece in pieces)[:-1]


def _begins_own_line(before: str, line: str, room: float) -> bool:
    """Whether a line goes on with no sentence of the one before: that had `room` for its word."""
    if len(before.strip()) + len(line.split(maxsplit=1)[0]) < room:
        return True
    if " | " in before or " | " in line or _ENTRY.match(line) or line.lstrip().startswith("#"):
        return True
    return bool(_FIELD.match(before) and _FIELD.match(line))


def squeezed_lines(text: str, limit: int) -> str:
    """Return the start of a text, each of its lines without needless white space."""
    lines = [" ".join(line.split()) for line in text.replace(_LEFT_OUT, "").split("\n")]
    kept = "\n".join(line for line in lines if line)
    first, *rest = kept.split("\n", MOST_LINES)
    if len(rest) == MOST_LINES and rest[-1]:
        kept = "\n".join((first, *rest[:-1])) + "…"
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"
