"""Question forms: a heading, a sentence or a figure turned into a question by rule.

In English, German, French and Spanish the gap gets a question word; in other languages it is "…",
and a heading stands alone.
"""

import re
from typing import NamedTuple

from core.library.search.keyword_ranking import informative_words
from core.library.text.script_tokens import needs_tokenizing
from core.library.text.stop_words import STOP_WORDS

HEADING, SENTENCE, FIGURE = "heading", "sentence", "figure"
KINDS = (HEADING, SENTENCE, FIGURE)
_WORDS_BEFORE, _WORDS_AFTER = 8, 5
"""Words of a sentence that are kept around its gap: people ask with few."""
_FEWEST_WORDS, _MOST_WORDS = 7, 45
_LEAST_INFORMATIVE = 3
_LONGEST_HEADING = 90
_UNSPACED_BEFORE, _UNSPACED_AFTER = 22, 12
_FIGURE = re.compile(r"(?<![\w.,/-])\d[\d.,:]*\d|(?<![\w.,/-])\d(?![\w/-])")
_NUMBERING = re.compile(r"^\s*(?:§+\s*)?[\dIVX]{1,5}(?:\.\d+)*[.)]?\s+")
_FILLING = {
    "en": ("what", "how much", "What is said about “{heading}”?"),
    "de": ("was", "wie viel", "Was steht zu „{heading}“?"),
    "fr": ("quoi", "combien", "Que dit-on sur « {heading} » ?"),
    "es": ("qué", "cuánto", "¿Qué se dice sobre «{heading}»?"),
}
_NEUTRAL = ("…", "…", "{heading}?")
_COMMON_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is that for it with was are be this on by from not or as at",
        "de": "der die das und ist nicht ein eine zu den mit für von auf im wird dem bis in sich",
        "fr": "le la les des est et en une un dans pour que qui par sur au du pas à ce se",
        "es": "el la los las de que en y un una es por con para del se no al lo su",
    }.items()
}
_LEAST_COMMON = 3
_LETTERS = re.compile(r"[^\W\d_]+")


class MadeQuestion(NamedTuple):
    """A question of one of KINDS; `evidence` is what a passage that answers it holds."""

    kind: str
    text: str
    evidence: str


def detect_language(text: str) -> str:
    """Return en, de, fr or es, by the commonest words of a text; "" for any other."""
    words = [word.lower() for word in _LETTERS.findall(text)[:400]]
    counts = {
        language: sum(word in common for word in words)
        for language, common in _COMMON_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= max(_LEAST_COMMON, len(words) // 12) else ""


def ask_for_heading(heading: str, language: str) -> MadeQuestion | None:
    """Return a question for what stands under a heading; None for one that says too little."""
    title = _NUMBERING.sub("", heading.rpartition(" > ")[2] or heading).strip(" .:–—-")
    if not title or len(title) > _LONGEST_HEADING or not _says_enough(title, 2):
        return None
    form = _FILLING.get(language, _NEUTRAL)[2]
    return MadeQuestion(HEADING, form.format(heading=title), heading)


def ask_for_sentence(sentence: str, language: str) -> MadeQuestion | None:
    """Return a sentence around a gap in the place of its longest word."""
    words = list(_LETTERS.finditer(sentence))
    if needs_tokenizing(sentence):
        return _unspaced_cloze(sentence)
    if not _is_plain(sentence):
        return None
    informative = set(informative_words(sentence))
    # The first word is no gap: the sentence would begin with it, in whatever case.
    gaps = [word for word in words[1:] if word[0].lower() in informative and len(word[0]) > 3]
    if len(gaps) <= _LEAST_INFORMATIVE:
        return None
    gap = max(gaps, key=lambda word: len(word[0]))
    filling = _FILLING.get(language, _NEUTRAL)[0]
    return _cloze(SENTENCE, sentence, gap.span(), filling)


def ask_for_figure(sentence: str, language: str) -> MadeQuestion | None:
    """Return a sentence around a gap in the place of its first figure."""
    gap = _FIGURE.search(sentence)
    if gap is None or needs_tokenizing(sentence) or not _is_plain(sentence):
        return None
    filling = _FILLING.get(language, _NEUTRAL)[1]
    return _cloze(FIGURE, sentence, gap.span(), filling)


def _cloze(kind: str, sentence: str, gap: tuple[int, int], filling: str) -> MadeQuestion | None:
    before = sentence[: gap[0]].split()[-_WORDS_BEFORE:]
    after = sentence[gap[1] :].split()[:_WORDS_AFTER]
    text = " ".join([*before, filling, *after]).rstrip(" .!?;:,") + "?"
    if not _says_enough(" ".join([*before, *after]), _LEAST_INFORMATIVE):
        return None
    return MadeQuestion(kind, text, sentence)


def _unspaced_cloze(sentence: str) -> MadeQuestion | None:
    """Return the middle of a sentence without spaces between words, around a gap of two signs."""
    length = len(sentence)
    if not 16 <= length <= 200:
        return None
    middle = length // 2
    before = sentence[max(0, middle - _UNSPACED_BEFORE) : middle]
    after = sentence[middle + 2 : middle + 2 + _UNSPACED_AFTER]
    return MadeQuestion(SENTENCE, f"{before}…{after}".strip(" 。．.!?") + "?", sentence)


def _is_plain(sentence: str) -> bool:
    """Return whether a sentence is running text: no row of a table, no code, neither too short."""
    words = sentence.split()
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or "|" in sentence:
        return False
    letters = sum(each.isalpha() or each.isspace() for each in sentence)
    return letters / len(sentence) > 0.75


def _says_enough(text: str, least: int) -> bool:
    words = {word for word in informative_words(text) if not word.isdigit()}
    return len(words - STOP_WORDS) >= least
