"""Citation marks inside Markdown source, placed so that they do not break its structure.

A mark is "OPEN n@e,n@e CLOSE" in two letters of the private use area, which no text keeps (see
`visible`): the writer finds them in whatever token they end up in. "!n@e" is a source that
contradicts the sentence before it, "?" says that no source supports it; `e` is where the cited
span of the answer ends, by which the mark of one sentence is told from those of others.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Citation, JudgedSentence, SentenceVerdict
from desktop.kit.visible_text import replace_controls

_OPEN, _CLOSE = "\ue000", "\ue001"
CITATION_MARK = lazy_pattern(f"[ ]?{_OPEN}([0-9!?@]+(?:,[0-9!?@]+)*){_CLOSE}")
_FENCED = lazy_pattern(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.DOTALL | re.MULTILINE)
_LIST_SIGN = lazy_pattern(r"\n[ \t]*([-+*>#]+|[0-9]+[.)])?\s*$")
_FENCE = lazy_pattern(r"\s*(```|~~~|\$\$|\\\]|[-*_=|: ]+$)")
_MATHS = lazy_pattern(
    r"\$\$.*?\$\$|(?<!\d)\$(?=\S)[^$\n]+(?<=\S)\$(?!\d)|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL
)
"""As the writer reads it: two amounts of dollars in one line are no formula."""
_ADDRESS = lazy_pattern(r"cite:(!?)([0-9]{1,9})(?:@([0-9]{1,9}))?")


class CitationMark(Struct, frozen=True):
    """One mark in an answer: source `n`, for what ends at `end` of the answer (0: not known)."""

    n: int
    end: int = 0
    is_contrary: bool = False


def mark_of_address(address: str) -> CitationMark | None:
    """Return the mark that a link of an answer leads from, None for any other link."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    return CitationMark(int(match[2]), int(match[3] or 0), is_contrary=bool(match[1]))


def citation_number(mark: str) -> int:
    """Return the number of the source that a mark names, 0 if it names none."""
    return int(mark.strip("!?").partition("@")[0] or 0)


def insert_citation_marks(
    text: str, citations: Sequence[Citation], sentences: Sequence[JudgedSentence]
) -> str:
    """Return `text` with each span's mark after its last character."""
    clean = replace_controls(text)
    doubted = _doubted(clean, sentences)
    if not citations and not doubted:
        return clean
    formulas = [hit.span() for hit in _MATHS.finditer(clean)]
    ends: dict[int, dict[str, str]] = {}
    marks = [*((each.end, str(each.n)) for each in citations), *doubted]
    for at, mark in marks:
        end = _end_of_words(clean, _behind(at, formulas))
        ends.setdefault(end, {})[mark] = mark if mark == "?" else f"{mark}@{at}"
    for end in sorted(ends, reverse=True):
        shown = sorted(ends[end], key=lambda mark: (len(mark), mark))
        numbers = ",".join(ends[end][mark] for mark in shown)
        clean = _put(clean, end, f"{_OPEN}{numbers}{_CLOSE}")
    return clean


def _doubted(text: str, sentences: Sequence[JudgedSentence]) -> list[tuple[int, str]]:
    """Return end and mark of each sentence that isn't supported; lines of code get none."""
    marks = {
        SentenceVerdict.CONTRADICTED: "!{n}",
        SentenceVerdict.UNSUPPORTED: "?",
    }
    found = [each for each in sentences if each.verdict in marks]
    fences = [match.span() for match in _FENCED.finditer(text)] if found else []
    return [
        (each.end, marks[each.verdict].format(n=each.n))
        for each in found
        if not any(first <= each.start < last for first, last in fences)
    ]


def _behind(end: int, formulas: Sequence[tuple[int, int]]) -> int:
    """Return `end`, or the end of the formula around it."""
    return next((last for first, last in formulas if first < end < last), end)


def _end_of_words(text: str, end: int) -> int:
    """Return the end of the last word that begins before `end`."""
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return len(_LIST_SIGN.sub("", text[:end]).rstrip())


def _put(text: str, end: int, mark: str) -> str:
    start = text.rfind("\n", 0, end) + 1
    line = text[start:end]
    if _FENCE.match(line):  # behind a fence or a rule a mark would undo it
        return f"{text[:end]}\n\n{mark}\n\n{text[end:]}"
    if line.endswith("|"):  # behind a table's row it would be one cell too many
        return f"{text[: end - 1]} {mark}{text[end - 1 :]}"
    return f"{text[:end]} {mark}{text[end:]}"
