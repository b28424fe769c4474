"""Evidence window: the sentences of a passage that are nearest to a question or a statement.

The judge reads so much at a time that a passage takes a tenth of a second; what it needs is mostly
in two or three sentences. Nearness is the share of words (by their first letters, so that inflected
ones match) or, in scripts without spaces, of pairs of characters.
"""

import re

from core.base.sentences import sentence_spans
from core.library.text.script_tokens import needs_tokenizing
from core.library.text.stop_words import STOP_WORDS

_WORD = re.compile(r"[^\W_]{2,}")
_STEM = 6
"""Letters by which two words count as the same."""


def nearest_window(wanted: str, passage: str, limit: int) -> str:
    """Return the run of whole sentences nearest to `wanted`, of at most `limit` characters.

    One sentence that is longer alone is cut. A passage that is short enough comes back whole.
    """
    if len(passage) <= limit:
        return passage
    spans = sentence_spans(passage) or [(0, len(passage))]
    near = _nearness(wanted, passage, spans)
    first = last = max(range(len(spans)), key=lambda place: (near[place], -place))
    while True:
        beside = [
            (near[place], place < first, place)
            for place in (first - 1, last + 1)
            if 0 <= place < len(spans)
            and spans[max(last, place)][1] - spans[min(first, place)][0] <= limit
        ]
        if not beside:
            break
        _near, _before, place = max(beside)
        first, last = min(first, place), max(last, place)
    return passage[spans[first][0] : spans[last][1]][:limit]


def nearest_sentences(wanted: str, passage: str, limit: int) -> str:
    """Return the sentences nearest to `wanted` in their order, with what lay between left out."""
    if len(passage) <= limit:
        return passage
    spans = sentence_spans(passage) or [(0, len(passage))]
    near = _nearness(wanted, passage, spans)
    chosen: list[int] = []
    size = 0
    for place in sorted(range(len(spans)), key=lambda place: (-near[place], place)):
        length = spans[place][1] - spans[place][0] + 1
        if chosen and size + length > limit:
            break
        chosen.append(place)
        size += length
    return " ".join(passage[slice(*spans[place])] for place in sorted(chosen))[:limit]


def _nearness(wanted: str, passage: str, spans: list[tuple[int, int]]) -> list[int]:
    asked = _features(wanted)
    return [len(asked & _features(passage[start:end])) for start, end in spans]


def _features(text: str) -> set[str]:
    lower = text.lower()
    if needs_tokenizing(lower):
        return {lower[place : place + 2] for place in range(len(lower) - 1)}
    return {word[:_STEM] for word in _WORD.findall(lower) if word not in STOP_WORDS}
