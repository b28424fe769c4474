"""Repetition: a stretch that an answer writes over and over, noticed while it streams.

Three signs, learned on loops of small models and checked on texts that repeat rightly (code,
tables, lists, refrains, numbers): the end of the text is one block again and again, nearly all of
the last words stood in the same order several times before, or it stutters: most words are the one
before, or most letters those shortly before, with others strewn in.
"""

import re
from collections import Counter, deque

from core.base.i18n import _

CHECK_CHARACTERS = 80
"""So many new characters are waited for between two looks at the end of the text."""
_TAIL = 4000
"""Characters of the end in which a block is looked for."""
_BLOCK_RULES = ((24, 12, 300), (120, 6, 480), (400, 4, 1000), (1300, 3, 1800))
"""Longest block, how often it must stand, and how many characters that must be, in this order."""
_LAID_OUT_FACTOR = 5
"""In code and tables equal lines are nothing odd: so many times as many are."""
_WORDS_A_GRAM = 8
_WINDOW = 160
"""The last words of which nearly all must have stood before."""
_TIMES = 4
"""How often each must have stood before."""
_SHARE = 0.94
_STUTTER_SHARE = 0.7
"""Of the last words or letters. In 485 documents, sources and catalogs of sentences it is at most
.29 of 160 words and .19 of 480 letters, but for files made to be hostile; in a loop of a model of
135M that nothing else noticed for minutes, .94 and .87."""
_STUTTER_LETTERS = 480
_STUTTER_DISTANCE = 4
"""Of letters within a word, as "verververver"; longer words are counted as words."""
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]|\w+")


def format_repetition() -> str:
    """Return what the app says under an answer that it ended."""
    return _("Inglenook stopped the answer: it had begun to repeat itself.")


class RepetitionCheck:
    """Reads one text as it grows; `add_text` says when it has begun to repeat itself."""

    def __init__(self) -> None:
        self._tail = ""
        self._unchecked = 0
        self._partial = ""
        self._grams: Counter[tuple[str, ...]] = Counter()
        self._last: deque[str] = deque(maxlen=_WORDS_A_GRAM)
        self._repeated: deque[bool] = deque(maxlen=_WINDOW)
        self._stuttered: deque[bool] = deque(maxlen=_WINDOW)
        self._fences = 0
        self._line = ""

    def add_text(self, text: str) -> bool:
        """Add the next piece; return whether the text repeats itself now."""
        self._follow_layout(text)
        self._tail = (self._tail + text)[-_TAIL:]
        self._count_words(text)
        self._unchecked += len(text)
        if self._unchecked < CHECK_CHARACTERS:
            return False
        self._unchecked = 0
        return self._repeats_words() or self._repeats_block() or self._stutters()

    @property
    def _is_laid_out(self) -> bool:
        """Whether the text is within code or a table now."""
        return self._fences % 2 == 1 or self._line.lstrip()[:1] == "|"

    def _follow_layout(self, text: str) -> None:
        *ended, self._line = (self._line + text).split("\n")
        self._fences += sum(line.lstrip().startswith(("```", "~~~")) for line in ended)
        if not self._line and ended:  # between two rows of a table
            self._line = "|" if ended[-1].lstrip()[:1] == "|" else ""

    def _count_words(self, text: str) -> None:
        text = self._partial + text
        words = list(_TOKEN.finditer(text))
        self._partial = ""
        if words and words[-1].end() == len(text):  # it may go on
            self._partial = words.pop().group()
        for match in words:
            word = match.group().casefold()
            is_same = word.isalpha() and bool(self._last) and self._last[-1] == word
            self._stuttered.append(is_same and not self._is_laid_out)
            self._last.append(word)
            if len(self._last) < _WORDS_A_GRAM:
                continue
            gram = tuple(self._last)
            self._repeated.append(self._grams[gram] >= _TIMES and not self._is_laid_out)
            self._grams[gram] += 1

    def _repeats_words(self) -> bool:
        full = len(self._repeated) == _WINDOW
        return full and sum(self._repeated) >= _SHARE * _WINDOW

    def _stutters(self) -> bool:
        """Return whether most words are the one before, or most letters those shortly before."""
        if len(self._stuttered) == _WINDOW and sum(self._stuttered) >= _STUTTER_SHARE * _WINDOW:
            return True
        if self._is_laid_out or len(self._tail) < _STUTTER_LETTERS + _STUTTER_DISTANCE:
            return False
        end = self._tail[-_STUTTER_LETTERS:]
        return any(
            _count_same_letters(end, self._tail[-_STUTTER_LETTERS - distance : -distance])
            >= _STUTTER_SHARE * _STUTTER_LETTERS
            for distance in range(1, _STUTTER_DISTANCE + 1)
        )

    def _repeats_block(self) -> bool:
        """Return whether the text ends in one block of letters again and again."""
        period, length = _shortest_period(self._tail)
        if not period or not any(letter.isalnum() for letter in self._tail[-period:]):
            return False
        factor = _LAID_OUT_FACTOR if self._is_laid_out else 1
        times = length / period
        least = next((rule[1:] for rule in _BLOCK_RULES if period <= rule[0]), None)
        return least is not None and times >= least[0] * factor and length >= least[1] * factor


def _count_same_letters(text: str, before: str) -> int:
    return sum(a == b and a.isalpha() for a, b in zip(text, before, strict=True))


def _shortest_period(text: str) -> tuple[int, int]:
    """Return the block that the text ends in most often: its length and that of all its repeats.

    Both are 0 if nothing is repeated. Of several blocks the one with the longest run counts.
    """
    backwards = text[::-1]
    best = (0, 0)
    borders = [0] * len(backwards)
    place = 0
    for end in range(1, len(backwards)):
        while place and backwards[end] != backwards[place]:
            place = borders[place - 1]
        if backwards[end] == backwards[place]:
            place += 1
        borders[end] = place
        period = end + 1 - place
        if place >= period and end + 1 > best[1]:
            best = (period, end + 1)
    return best
