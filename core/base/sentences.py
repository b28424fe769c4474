"""Sentence splitting: text cut into sentences, list items and table rows, as character spans."""

import re

from core.base.lazy_regex import lazy_pattern

_END = lazy_pattern(
    r"""
    (?P<paragraph>\n[ \t]*\n\s*)                                  # a blank line
    | (?P<item>\n(?=[ \t]*(?:[-*+•‣–]|\d{1,3}[.)]|\|)[ \t]))      # the next line is an item or row
    | (?<=[.!?…])["'”’»)\]*_]{0,3}(?P<sentence>\s+)(?=["'“‘«(\[¿¡*_]{0,3}[^\W_a-z])
    | (?<=[。！？｡।॥။።؟۔])(?P<unspaced>["”’」』）]{0,2}[ ]?)         # ends that need no space
    """,
    re.VERBOSE,
)
_ABBREVIATION = lazy_pattern(
    r"(?:(?:^|[\s(])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|Nr|vs|etc|ca|bzw|z\.B|d\.h|e\.g|i\.e|cf|Fig|Abb"
    r"|al|Inc|Ltd|Co|Jr|Sr|approx|Art|Abs|Bd|Hr|Fr|M|Mme|pp?|vol|ed|Sec|Sect|Tel|inkl|zzgl|vgl|evtl"
    r"|usw|Sra?|Ud"
    r"|sig(?:\.ra|\.na|ra|na)?|avv|dott(?:\.ssa|ssa)?|geom|rag|prof(?:\.ssa|ssa)?"
    r"|[Dd]ra?|[Ee]xm[oa]|[Dd]hr|[Mm]evr|[Dd]rs|bijv|inż|mgr|tzw|m\.in|Av|Sok|Mah|Şti|örn"
    r"|вул|просп|ім|див|напр|проф|акад|ул|т\.е|т\.д|डॉ|श्री|प्रो|पं)|['’](?:avv|ing|arch|on))\.$"
)
_BEFORE_FIGURE = lazy_pattern(
    r"(?:^|[\s(’'])(?:No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Okt|Nov|Dec|Dez|artt?|[Pp]agg?|[Pp]ágs?|núm"
    r"|godz|[Nn]r|poz|ust|[Рр]ис|[Тт]абл|ст)\.$"
)
_OPENING = "\"'“‘«([¿¡*_"
_LIST_NUMBER = lazy_pattern(r"(?:\A|\n)[ \t]*\**\d{1,3}\.\Z")
_ORDINAL = lazy_pattern(r"(?:^|[\s(])\d{1,2}\.$")
_BEFORE_ORDINAL = lazy_pattern(
    r"\b(?:am|ab|bis|dem|den|der|des|die|das|im|jede[mnrs]?|seit|vom|zum|zur|und)\s\d{1,2}\.$",
    re.IGNORECASE,
)
_AFTER_ORDINAL = lazy_pattern(
    r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Tag|Woche|Monat|Werktag)"
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence between `start` and `end`, without outer white space.

    A blank line, a list item and a table row end a sentence; an abbreviation, the number of a list
    item and a German ordinal ("am 1. März") don't.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if match.lastgroup == "sentence" and _goes_on(
            text[begin : match.start()], text[stop : stop + 12]
        ):
            continue
        _append(spans, text, begin, stop)
        begin = stop
    _append(spans, text, begin, end)
    return spans


def _goes_on(before: str, after: str) -> bool:
    """Whether the full stop at the end of `before` ends an abbreviation or a number only."""
    tail = before[-12:]
    if after.lstrip(_OPENING)[:1].islower():
        return True
    if _ABBREVIATION.search(tail) or _LIST_NUMBER.search(before[-8:]):
        return True
    if after[:1].isdigit():
        return bool(_BEFORE_FIGURE.search(tail))
    ordinal = _ORDINAL.search(tail)
    return bool(ordinal and (_BEFORE_ORDINAL.search(tail) or _AFTER_ORDINAL.match(after)))


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        offset = start + piece.index(stripped[0])
        spans.append((offset, offset + len(stripped)))
