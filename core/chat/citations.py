"""Which passage supports which sentence of an answer: the app's own judgement, not the model's."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from core.chat.conversation import Citation, Source

SUPPORTED = 0.6
"""Share of a sentence's weighted words that its passage must hold."""
CLAIMED = 0.4
"""The same for a sentence that the model itself marked with that passage's number."""
MIN_WORDS = 3
"""A sentence with fewer telling words is only cited when it holds a number or a name."""
MAX_PER_SENTENCE = 2

_MARKER = re.compile(r"[ \t]*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_SENTENCE = re.compile(
    r"""[^\n]+?(?:(?<![A-Z]\.)(?<!\b[A-Z])(?<!\bDr)(?<!\bMr)(?<!\bNr)(?<!\bNo)(?<!\bca)(?<!\be\.g)
        (?<!\bi\.e)[.!?…](?:["'”’)\]]*)(?=\s|$)|[。！？]|(?=\n|$))""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+(?:[.,:'’-][^\W_]+)*")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STOP_WORDS = frozenset(  # English, German, French, Spanish: the words every sentence has
    """a an and are as at be been but by can could did do does for from had has have he her his i if
    in into is it its may me my no not of on or our she should so than that the their them then
    there these they this those to was we were what when where which who will with would you your
    according passage passages document documents says states
    der die das und ist sind ein eine einen dem den des im in zu von mit auf für nicht es sie er wir
    le la les un une des et est sont de du en que qui dans pour pas sur au aux
    el los las y es son un una del en que por para con no se al""".split()  # noqa: SIM905 - a list of 130 quoted words reads worse
)


def strip_markers(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Remove [1], [2, 3] from `text`; return it with (place in the new text, number) of each.

    Brackets in code are indices, not markers, and stay.
    """
    parts: list[str] = []
    markers: list[tuple[int, int]] = []
    end = length = 0
    code = [match.span() for match in _CODE.finditer(text)]
    for match in _MARKER.finditer(text):
        if any(first <= match.start() < last for first, last in code):
            continue
        parts.append(text[end : match.start()])
        length += match.start() - end
        end = match.end()
        markers += [(length, int(number)) for number in re.findall(r"\d+", match[1])]
    parts.append(text[end:])
    return "".join(parts), markers


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, white space outside."""
    for match in _SENTENCE.finditer(text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + match[0].index(stripped[0])
            yield start, start + len(stripped)


def words(text: str) -> list[str]:
    """Return the telling words of `text`, folded and cut to a stem; Han and kana in pairs."""
    found: list[str] = []
    for match in _WORD.finditer(text.casefold()):
        word = match[0]
        if _HAN.search(word):
            found += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        elif word not in _STOP_WORDS:
            found.append(_stem(word))
    return found


def _stem(word: str) -> str:
    """Cut the commonest endings, so that "renewed" meets "renews"; numbers stay whole."""
    if any(character.isdigit() for character in word) or len(word) <= 4:
        return word
    for ending in ("ingly", "ings", "ing", "edly", "ies", "ied", "es", "ed", "en", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _weights(passages: Iterable[Counter[str]]) -> dict[str, float]:
    """Weigh words by how few of the sent passages hold them (inverse document frequency)."""
    every = list(passages)
    spread = Counter(word for passage in every for word in passage)
    return {word: math.log(1 + len(every) / count) for word, count in spread.items()}


class _Judge:
    def __init__(self, sources: Sequence[Source]) -> None:
        self._passages = {source.n: Counter(words(source.text)) for source in sources}
        self._weights = _weights(self._passages.values())
        # A word that no passage holds speaks against all of them, as the rarest word would.
        self._unseen = math.log(1 + max(1, len(self._passages)))

    def support(self, sentence: str, n: int) -> float:
        """Return between 0 and 1 how much of `sentence` passage `n` holds."""
        told = set(words(sentence))
        passage = self._passages.get(n)
        if not told or passage is None:
            return 0.0
        numbers = {word for word in told if _is_number(word)}
        if numbers - passage.keys():
            return 0.0  # a figure that the passage doesn't hold can't come from it
        if len(told) < MIN_WORDS and not numbers:
            return 0.0
        total = sum(self._weight(word) for word in told)
        return sum(self._weight(word) for word in told if word in passage) / total

    def _weight(self, word: str) -> float:
        weight = self._weights.get(word, self._unseen)
        return weight * 2 if _is_number(word) else weight

    def best(self, sentence: str, claimed: set[int]) -> list[int]:
        """Return the numbers of the passages that support `sentence`, best first."""
        scores = {n: self.support(sentence, n) for n in self._passages}
        enough = [
            n for n, score in scores.items() if score >= (CLAIMED if n in claimed else SUPPORTED)
        ]
        enough.sort(key=lambda n: (-scores[n], n))
        top = scores[enough[0]] if enough else 0.0
        return [n for n in enough if scores[n] >= top - 0.1][:MAX_PER_SENTENCE]


def cite(raw: str, sources: Sequence[Source]) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer without the model's own markers, and the citations that hold.

    `start` and `end` count characters of the returned text.
    """
    if not sources:
        return raw, ()
    text, markers = strip_markers(raw)
    judge = _Judge(sources)
    citations: list[Citation] = []
    previous_end = 0
    for start, end in sentences(text):
        claimed = {n for place, n in markers if previous_end < place <= end + 1}
        previous_end = end
        citations += [
            Citation(n=n, start=start, end=end) for n in judge.best(text[start:end], claimed)
        ]
    return text, tuple(citations)
