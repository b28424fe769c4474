"""Cuts text into sentences, list items and table rows, as spans that cover it in order."""

import re

_END = re.compile(
    r"""
    (?P<paragraph>\n[ \t]*\n\s*)                                  # a blank line
    | (?P<item>\n(?=[ \t]*(?:[-*+•‣–]|\d{1,3}[.)]|\|)[ \t]))      # the next line is an item or row
    | (?<=[.!?…])["'”’»)\]]{0,2}(?P<sentence>\s+)(?=["'“‘«(\[¿¡]{0,2}[^\W_a-z])
    | (?<=[。！？])(?P<cjk>["”’」』）]{0,2})
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|No|Nr|vs|etc|ca|bzw|z\.B|d\.h|e\.g|i\.e|cf|Fig|Abb"
    r"|al|Inc|Ltd|Co|Jr|Sr|approx|Art|Abs|Bd|Hr|Fr|M|Mme|pp?|vol|ed|Sec|Sect)\.$"
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence between `start` and `end`, without outer white space.

    A blank line, a list item and a table row end a sentence; an abbreviation doesn't.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if match.lastgroup == "sentence" and _ABBREVIATION.search(
            text[begin : match.start()][-12:]
        ):
            continue
        _append(spans, text, begin, stop)
        begin = stop
    _append(spans, text, begin, end)
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        offset = start + piece.index(stripped[0])
        spans.append((offset, offset + len(stripped)))
